import { list, one, say, show } from "./dom.js";
import { counted } from "./clocks.js";

/** Quick private notes. Enter saves; what is not saved yet is kept in this tab, whatever happens to the page. */
export function notes(root, page) {
  const form = one("form", root);
  const field = one("textarea", form);
  const key = `facilitator-note-${page.session}`;
  field.value = field.value || (sessionStorage.getItem(key) ?? "");
  field.addEventListener("input", keep);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") field.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (field.value.trim()) form.requestSubmit();
  });
  form.addEventListener("sent", ({ detail }) => {
    // What was typed while the note was on its way is the next note.
    field.value = field.value === detail.text ? "" : field.value.replace(detail.text, "").trimStart();
    keep();
  });

  return (view) => {
    say(one("[data-note-count]", root), view.notes.count ? `${counted(view.notes.count, "note")} kept` : "");
    show(one("[data-note-list]", root), view.notes.count > 0);
    list(one("[data-note-list]", root), view.notes.last, one("#note-template"), (row, note) => {
      say(one("[data-note-when]", row), when(note, view));
      say(one("[data-note-text]", row), note.text);
    });
  };

  function keep() {
    if (field.value) sessionStorage.setItem(key, field.value);
    else sessionStorage.removeItem(key);
  }

  function when(note, view) {
    const segment = note.segment === null ? "" : `, ${view.segments[note.segment].title}`;
    return `${page.clock.short(note.at)}${segment}`;
  }
}
