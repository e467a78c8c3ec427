/** I need to talk to someone: its address opens it, and this sends what is asked without leaving the page. */
import { ask } from "../shared/live.js";

const opener = document.getElementById("talk");
const panel = document.getElementById("more");
const form = document.getElementById("ask");
const told = document.getElementById("told");
const mistake = document.getElementById("name-mistake");
const name = form.elements.name;

const NOT_TOLD = "This phone is not connected, so nobody was told. Go to any staff, or use the numbers below.";

/** Follow the panel as it opens and closes, and send what is asked with these headers. */
export function offerTalk(headers) {
  addEventListener("hashchange", () => {
    const opened = panel.matches(":target");
    if (!opened) {
      // Somebody else in need may take this phone: the next request is a new one.
      told.hidden = true;
      form.hidden = false;
    }
    (opened ? panel.querySelector("h1") : opener).focus();
    scrollTo(0, 0);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain(await request(headers));
    told.hidden = !mistake.hidden;
    const named = Boolean(name.value.trim());
    document.getElementById("told-name").hidden = !named;
    document.getElementById("told-nameless").hidden = named;
    form.hidden = !told.hidden;
    if (told.hidden) return name.focus();
    form.reset();
    told.focus();
  });
}

/** Ask for staff. What went wrong, or nothing. */
async function request(headers) {
  const post = { method: "POST", body: JSON.stringify({ name: name.value }) };
  try {
    const { ok, said } = await ask(form.action, { ...headers, "Content-Type": "application/json" }, post);
    return ok ? "" : said?.message ?? NOT_TOLD;
  } catch {
    return NOT_TOLD;
  }
}

function complain(sentence) {
  mistake.textContent = sentence;
  mistake.hidden = !sentence;
  name.toggleAttribute("aria-invalid", Boolean(sentence));
}
