/** What is pasted from a word processor comes in cleaned, and it is said what was changed. */
import { replace, type } from "./typing.js";

// Letters that need no look: those of a keyboard, and letters with accents in one piece.
const AS_TYPED = /^[\n -~\u00c0-\u02af]*$/;

const text = document.getElementById("text");
const notice = document.getElementById("pasted");
let last = null;

/** `ask(words)` gives what the server made of them, or null when it cannot. */
export function cleanPastes(ask) {
  text.addEventListener("paste", async (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!pasted || AS_TYPED.test(pasted)) return;
    event.preventDefault();
    // Nothing may come between the place and what goes there.
    text.readOnly = true;
    const cleaned = await ask(pasted);
    text.readOnly = false;
    const from = text.selectionStart;
    type(text, cleaned?.text ?? pasted);
    say(cleaned, pasted, from);
  });
  document.getElementById("unpaste").addEventListener("click", () => {
    if (last && text.value.slice(last.from, last.from + last.cleaned.length) === last.cleaned) {
      replace(text, last.from, last.from + last.cleaned.length, last.pasted);
    }
    notice.hidden = true;
    text.focus();
  });
}

function say(cleaned, pasted, from) {
  notice.hidden = !cleaned?.changes.length;
  if (notice.hidden) return;
  last = { from, pasted: pasted.replace(/\r\n?/g, "\n"), cleaned: cleaned.text };
  notice.querySelector('[data-slot="said"]').textContent = `Pasted and cleaned: ${cleaned.changes.join(", ")}.`;
}
