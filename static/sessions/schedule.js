// What the chosen plan, length and group mean, shown as soon as they are chosen. Nothing is saved before the form is sent.

const form = document.querySelector("form[data-advised]");
const place = document.getElementById("advice");
const asked = ["group", "plan", "length"].map((name) => form?.elements[name]).filter(Boolean);
let latest = 0;

async function look() {
  const turn = ++latest;
  const query = new URLSearchParams(asked.map((field) => [field.name, field.value]));
  try {
    const answer = await fetch(`${form.dataset.advice ?? location.pathname}?${query}`, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("advice");
    // A later choice may have been answered sooner.
    if (fresh && turn === latest) place.replaceChildren(...fresh.childNodes);
  } catch {
    // Without a server nothing new is known, and the form still says what was chosen.
  }
}

if (form && place) {
  document.getElementById("look").hidden = true;
  for (const field of asked) field.addEventListener("change", look);
}
