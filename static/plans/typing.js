/** Putting words into a text area so that the browser's own Undo takes them out again. */

/** With more lines than these a browser takes seconds for it, and for a whole plan a minute. */
const MOST_LINES = 60;

/** Put `words` in place of what is selected. Of very many lines Undo knows nothing: whoever puts them in offers one. */
export function type(field, words) {
  field.focus();
  if (!typed(words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put `words` in place of what stands between two places. */
export function replace(field, from, to, words) {
  field.focus();
  field.setSelectionRange(from, to);
  type(field, words);
}

/** As if by hand, and heard of once: on the way, the browser tells of each line. */
function typed(words) {
  if (words.split("\n").length > MOST_LINES) return false;
  const hush = (event) => event.stopImmediatePropagation();
  addEventListener("input", hush, true);
  const done = document.execCommand("insertText", false, words);
  removeEventListener("input", hush, true);
  return done;
}
