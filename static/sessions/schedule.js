// What the chosen plan, length and group mean, shown as soon as they are chosen. Nothing is saved before the form is sent.

const form = document.querySelector("form[data-advised]");
const places = ["fit", "advice"].map((id) => document.getElementById(id)).filter(Boolean);
// By name, because elements.length is how many there are.
const asked = ["group", "plan", "length"].map((name) => form?.elements.namedItem(name)).filter(Boolean);
let latest = 0;

async function look() {
  const turn = ++latest;
  const query = new URLSearchParams(asked.map((field) => [field.name, field.value]));
  try {
    const answer = await fetch(`${location.pathname}?${query}`, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A later choice may have been answered sooner.
    if (turn === latest) draw(fresh);
  } catch {
    // Without a server nothing new is known, and the form still says what was chosen.
  }
}

function draw(fresh) {
  for (const place of places) place.replaceChildren(...(fresh.getElementById(place.id)?.childNodes ?? []));
}

for (const field of asked) field.addEventListener("change", look);
