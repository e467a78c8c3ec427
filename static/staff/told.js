// Who waits too long to talk, at the top of every supervisor's page: looked for again while the page is open.

const EVERY_MS = 15_000;
const place = document.getElementById("told");
const said = document.getElementById("told-said");

async function look() {
  try {
    const answer = await fetch(place.dataset.url, { headers: { Accept: "text/html" }, cache: "no-store" });
    // Signed out meanwhile: this page has nothing more to say.
    if (answer.redirected || answer.status === 401 || answer.status === 403) return;
    if (answer.ok) draw(await answer.text());
  } catch {
    // Without a server there is nothing to draw. What is shown stays.
  }
  setTimeout(look, EVERY_MS);
}

function draw(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  if (waiting(fresh) === waiting(place)) return drawTimes(fresh);
  place.replaceChildren(...fresh.childNodes);
  said.textContent = place.querySelector("h2")?.textContent ?? "";
}

const waiting = (part) => part.querySelector("[data-waiting]")?.dataset.waiting ?? "";

/** Nobody came and nobody went, so nothing is drawn anew: a reader keeps the place where they are. */
function drawTimes(fresh) {
  const times = fresh.querySelectorAll("[data-ago]");
  place.querySelectorAll("[data-ago]").forEach((ago, index) => { ago.textContent = times[index].textContent; });
}

setTimeout(look, EVERY_MS);
