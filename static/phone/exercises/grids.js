/** Steps from easy to hard, four sides of a decision, and a week. */
import { make, say } from "../../shared/elements.js";
import { button, writing } from "./field.js";

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** A field for this place; what is written there is kept at once. */
function cell(values, save, place, label, rows = 1) {
  values.words ??= {};
  return writing(label, values.words[place], (words) => {
    values.words[place] = words;
    save();
  }, rows);
}

/** The name of this rung, from 1 at the bottom, with the plan's own words for both ends where it has some. */
export function rung(number, { most, labels }) {
  const [low, high] = labels.length ? labels : ["the easiest", "the hardest"];
  return number === 1 ? `1, ${low}` : number === most ? `${most}, ${high}` : String(number);
}

/** Rungs from the highest at the top to the lowest at the bottom. */
export function ladder(exercise, values, save) {
  const { items, most } = exercise;
  const rungs = Array.from({ length: most }, (_, at) => {
    const number = most - at;
    const { element } = cell(values, save, number, `Rung ${rung(number, exercise)}`);
    return make("li", {}, element);
  });
  const examples = items.length
    ? make("details", { className: "twin" }, make("summary", {}, "Examples"), make("ul", { className: "plain-list" }, ...items.map((one) => make("li", { dir: "auto" }, one))))
    : null;
  return { element: make("div", { className: "body" }, examples, make("ol", { className: "ladder", reversed: true }, ...rungs)) };
}

/** Two by two. */
export function decision({ labels, columns }, values, save) {
  const cells = labels.flatMap((row, r) => columns.map((column, c) => cell(values, save, `${r}${c}`, `${row}: ${column}`, 3).element));
  return { element: make("div", { className: "body two-by-two" }, ...cells) };
}

/** The days one below the other; each opens to its own times. */
export function week({ labels, items }, values, save) {
  let last = null;
  const days = DAYS.map((day, d) => {
    const told = make("span", { className: "muted" });
    const count = () => {
      const filled = labels.filter((_, r) => values.words?.[`${d}${r}`]?.trim()).length;
      say(told, filled ? `${filled} ${filled > 1 ? "things" : "thing"}` : "free");
    };
    const cells = labels.map((label, r) => {
      const { element, area } = cell(values, save, `${d}${r}`, label);
      area.addEventListener("focus", () => { last = area; });
      area.addEventListener("input", count);
      return element;
    });
    count();
    return make("details", { className: "day", open: d === 0 }, make("summary", {}, make("b", {}, day), told), make("div", { className: "day-cells" }, ...cells));
  });
  return { element: make("div", { className: "body" }, things(items, () => last), ...days) };
}

/** Things to place: a tap writes one where somebody wrote last. */
function things(items, place) {
  if (!items.length) return null;
  const told = make("p", { className: "muted", role: "status" }, "Tap a time in the week, then a thing to put there.");
  const choices = items.map((words) => {
    const made = button(words, () => {
      const area = place();
      if (!area) return say(told, "First tap a time in the week.");
      area.value = [area.value.trim(), words].filter(Boolean).join(", ");
      area.dispatchEvent(new Event("input"));
      say(told, `${words}: it is in your week.`);
    }, "placed");
    made.dir = "auto";
    return make("li", {}, made);
  });
  return make("div", {}, told, make("ul", { className: "pile" }, ...choices));
}
