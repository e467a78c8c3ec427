/** Fields for what stays here. No browser fills them in, remembers them, or has them spelled by somebody elsewhere. */
import { make } from "../../shared/elements.js";

/** Two taps on one thing within this time are a hand that meant it once. */
export const BOUNCE_MS = 400;

const QUIET = { autocomplete: "off", autocapitalize: "sentences", spellcheck: "false", translate: "no", dir: "auto" };
const LONGEST = 4_000;
let named = 0;

/** Whenever a field comes into sight or gets another width: what was written before shows whole, too. */
const grower = new ResizeObserver((seen) => requestAnimationFrame(() => seen.forEach(({ target }) => grow(target))));

function grow(area) {
  area.style.height = "auto";
  if (area.scrollHeight) area.style.height = `${area.scrollHeight + 4}px`;
}

/** A label with a field to write in. `changed(words)` after every letter. */
export function writing(label, words, changed, rows = 1) {
  const id = `own-${(named += 1)}`;
  const area = make("textarea", { id, className: "input own", rows, maxLength: LONGEST });
  for (const [name, value] of Object.entries(QUIET)) area.setAttribute(name, value);
  area.value = words ?? "";
  area.addEventListener("input", () => {
    grow(area);
    changed(area.value);
  });
  grower.observe(area);
  return { element: make("div", { className: "field" }, make("label", { htmlFor: id, dir: "auto" }, label), area), area };
}

/** A label with the numbers 0 to 10 to choose from. */
export function number(label, chosen, changed) {
  const id = `own-${(named += 1)}`;
  const choices = [make("option", { value: "" }, "Choose")];
  for (let at = 0; at <= 10; at += 1) choices.push(make("option", { value: String(at) }, String(at)));
  const select = make("select", { id, className: "input", autocomplete: "off" }, ...choices);
  select.value = chosen ?? "";
  select.addEventListener("change", () => changed(select.value));
  return { element: make("div", { className: "field" }, make("label", { htmlFor: id, dir: "auto" }, label), select) };
}

/** Rows to choose one or several of. `chosen` is a set of places; `changed(place, is)`. */
export function rows(type, name, labels, chosen, changed) {
  return labels.map((label, place) => {
    const row = document.getElementById(type).content.firstElementChild.cloneNode(true);
    const input = row.querySelector("input");
    Object.assign(input, { name, value: place, required: false, checked: chosen.includes(place), autocomplete: "off" });
    row.querySelector(".words").textContent = label;
    row.querySelector(".words").dir = "auto";
    input.addEventListener("change", () => changed(place, input.checked));
    return row;
  });
}

/** A button that a thumb finds. */
export function button(words, pressed, kind = "outline") {
  const made = make("button", { type: "button", className: `button ${kind}` }, words);
  made.addEventListener("click", pressed);
  return made;
}
