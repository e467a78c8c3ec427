/** Words for oneself: a page to write on, the boxes of a thought record, the boxes of a plan. */
import { make } from "../../shared/elements.js";
import { button, number, writing } from "./field.js";

const A_NUMBER = /\b0 ?(?:to|-|–) ?10\b/;

/** A free page; a tap on a beginning puts it in. */
export function page({ text, items }, values, save) {
  const { element, area } = writing("Write here", values.words, (words) => {
    values.words = words;
    save();
  }, 6);
  const starters = items.map((starter) => {
    const made = button(starter, () => {
      area.value = [area.value.trimEnd(), starter].filter(Boolean).join("\n") + " ";
      area.dispatchEvent(new Event("input"));
      area.focus();
    }, "placed");
    made.dir = "auto";
    return make("li", {}, made);
  });
  const ways = items.length ? make("div", {}, make("p", { className: "muted" }, "Ways to begin, if you like:"), make("ul", { className: "pile" }, ...starters)) : null;
  return { element: make("div", { className: "body" }, element, ways) };
}

/** One field below the other, each with its name. */
export function boxes({ items }, values, save) {
  values.words ??= {};
  const fields = items.map((label, place) => {
    const field = A_NUMBER.test(label) ? number : writing;
    return field(label, values.words[place], (words) => {
      values.words[place] = words;
      save();
    }).element;
  });
  return { element: make("div", { className: "body" }, ...fields) };
}
