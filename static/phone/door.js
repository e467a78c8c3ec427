/** Waiting at a locked door: knock again by itself, until there is a place or nobody is at home. */
import { ask } from "../shared/live.js";

const EVERY_MS = 3_000;
const BY_ITSELF = "This phone knocks again by itself.";

const form = document.getElementById("knock");
const waiting = document.getElementById("waiting");

async function knock() {
  try {
    // The cookie brings the ticket, and the answer brings the cookie of the seat.
    const { status } = await ask(form.action, {}, { method: "POST" });
    if (status !== 202) return location.reload();
    waiting.textContent = BY_ITSELF;
  } catch {
    waiting.textContent = "This phone lost its connection. It tries again by itself.";
  }
  setTimeout(knock, EVERY_MS);
}

form.hidden = true;
waiting.textContent = BY_ITSELF;
setTimeout(knock, EVERY_MS);
