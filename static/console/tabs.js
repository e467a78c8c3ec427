import { all, one, set } from "./dom.js";

/** On a phone, one part at a time: Now, People, Screen, Note. On wider screens all are there and this does nothing. */
export function tabs(root) {
  const buttons = all("[data-tab-to]", root);
  for (const button of buttons) button.addEventListener("click", () => go(button.dataset.tabTo));
  go("now");
  return go;

  function go(name) {
    if (root.dataset.tab !== name) scrollTo(0, 0);
    root.dataset.tab = name;
    for (const button of buttons) set(button, "aria-current", button.dataset.tabTo === name ? "true" : null);
  }
}

/** To the note's field, wherever it is. */
export function toNote(root, go) {
  go("note");
  one("[data-note-field]", root).focus();
}
