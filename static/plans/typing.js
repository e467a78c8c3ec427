/** Putting words into a text area so that the browser's own Undo takes them out again. */

/** Put `words` in place of what is selected. */
export function type(field, words) {
  field.focus();
  // The only way that keeps Undo; where it is gone, the words come in without it.
  if (document.execCommand("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Put `words` in place of what stands between two places. */
export function replace(field, from, to, words) {
  field.focus();
  field.setSelectionRange(from, to);
  type(field, words);
}
