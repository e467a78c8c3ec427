/** A rehearsal without loading the page anew: buttons are pressed in place, clocks run, and open check-ins are followed. */

import { fitWalls } from "./fit.js";
import { screens } from "./screens.js";

const FOLLOW_MS = 1_500;
const TICK_MS = 250;

const room = document.getElementById("rehearsal");
/** What somebody does on this phone stays in its frame, and is gone with this page. */
const frames = screens(room, room.dataset, { still: false });
let offset = Number(room.dataset.now) - Date.now();
let busy = false;

async function press(command) {
  if (busy) return;
  busy = true;
  const form = document.getElementById("try");
  const fields = new FormData(form);
  if (command) fields.set("command", command);
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("rehearsal");
    if (next) draw(next, command);
    else location.href = answer.url;
  } catch {
    if (command) form.requestSubmit();
  }
  busy = false;
}

/** What is looked at again by itself keeps the focus where it is. */
function draw(next, command) {
  const held = document.activeElement?.value;
  offset = Number(next.dataset.now) - Date.now();
  frames.renew(next);
  frames.draw(Date.now() + offset);
  fitWalls(room);
  const same = [...room.querySelectorAll("button")].find((button) => button.value === held);
  const first = room.querySelector(".try-console button");
  if (same) same.focus({ preventScroll: true });
  else if (command) first?.focus({ preventScroll: true });
  tick();
}

function tick() {
  for (const clock of room.querySelectorAll("[data-ends-at]")) {
    if (!clock.dataset.endsAt) continue;
    const left = Math.max(0, Math.ceil((Number(clock.dataset.endsAt) - Date.now() - offset) / 1000));
    clock.textContent = `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
  }
}

room.addEventListener("submit", (event) => {
  event.preventDefault();
  press(event.submitter?.value);
});
fitWalls(room);
frames.draw(Date.now() + offset);
setInterval(tick, TICK_MS);
setInterval(() => { if (room.querySelector('[value*="CloseCheckIn"]') && !document.hidden) press(); }, FOLLOW_MS);
tick();
