/** An urge, rated each minute. The curve is drawn at the end, on this phone and nowhere else. */
import { draw, make, say } from "../../shared/elements.js";
import { minute, minutes } from "../../shared/exercise.js";
import { button } from "./field.js";

const HIGHEST = 10;
/** A change of less than this is no change. */
const A_STEP = 2;
const SHAPES = { "": "It stayed level", up: "It went up", down: "It went down", "up down": "It rose and fell" };
const OTHERWISE = "It went up and down";
const TOO_FEW = 2;

/** What shape these ratings have, in the words of the question; null when too few minutes were rated. */
export function shape(ratings) {
  const rated = Object.values(ratings).filter((one) => one !== null);
  if (rated.length < TOO_FEW) return null;
  const turns = [];
  let [low, high] = [rated[0], rated[0]];
  for (const one of rated) {
    [low, high] = [Math.min(low, one), Math.max(high, one)];
    if (one - low >= A_STEP && turns.at(-1) !== "up") turns.push("up");
    else if (high - one >= A_STEP && turns.at(-1) !== "down") turns.push("down");
    else continue;
    [low, high] = [one, one];
  }
  return SHAPES[turns.join(" ")] ?? OTHERWISE;
}

/** Rate each minute; skip any of them. */
export function wave(exercise, values, save) {
  values.minutes = minutes(exercise);
  values.ratings ??= {};
  const asked = make("p", { className: "strong", id: "wave-minute" });
  const keys = make("div", { className: "answers", role: "radiogroup", "aria-labelledby": "wave-minute" });
  const told = make("p", { className: "muted", role: "status" });
  const skip = button("Skip this minute", () => rate(null), "");
  const rating = make("div", { className: "body" }, asked, keys, told);
  const curve = make("div", { className: "body", hidden: true });
  let at = null;

  for (let value = 0; value <= HIGHEST; value += 1) keys.append(key(value));

  function key(value) {
    const end = value === 0 || value === HIGHEST;
    const label = document.getElementById(end ? "end" : "key").content.firstElementChild.cloneNode(true);
    const input = label.querySelector("input");
    Object.assign(input, { name: "wave", value, required: false, autocomplete: "off" });
    label.querySelector(".number").textContent = value;
    label.querySelector(".words").textContent = { 0: "no pull", [HIGHEST]: "the strongest" }[value] ?? "";
    input.addEventListener("change", () => rate(value));
    return label;
  }

  function rate(value) {
    if (at === null) return;
    values.ratings[at] = value;
    save();
    mark();
  }

  function mark() {
    const value = values.ratings[at];
    for (const input of keys.querySelectorAll("input")) input.checked = value !== null && value !== undefined && Number(input.value) === value;
    say(told, value === null ? "Skipped. The next minute comes by itself." : value === undefined ? "" : "You can change it until the minute is over.");
  }

  return {
    element: make("div", { className: "body" }, rating, curve),
    beside: skip,
    /** What is new since the last time, for somebody who listens. */
    tick(now) {
      const next = minute(now);
      const place = next ? next.at : null;
      if (place === at && rating.hidden === !next) return "";
      at = place;
      rating.hidden = skip.hidden = !next;
      curve.hidden = Boolean(next);
      // Minutes that have yet to come were rated in an earlier wave: this is another one.
      if (next && Object.keys(values.ratings).some((rated) => Number(rated) > place)) {
        values.ratings = {};
        save();
      }
      if (!next) {
        curve.replaceChildren(...picture(values));
        return "";
      }
      say(asked, `Minute ${next.at + 1} of ${next.of}`);
      mark();
      return asked.textContent;
    },
  };
}

/** The curve, its shape in words, and its table. */
export function picture(values) {
  const words = shape(values.ratings);
  const rated = [...Array(values.minutes).keys()].map((at) => values.ratings[at] ?? null);
  if (rated.every((one) => one === null)) return [make("p", { className: "big-card" }, "You watched without numbers. That counts too.")];
  const cells = rated.map((one, at) => make("tr", {}, make("th", { scope: "row" }, String(at + 1)), make("td", {}, one === null ? "skipped" : String(one))));
  const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Minute"), make("th", { scope: "col" }, "Pull"))), make("tbody", {}, ...cells));
  return [
    make("p", { className: "strong" }, words ? `${words}.` : "One minute is rated."),
    drawing(rated, words),
    make("details", { className: "twin" }, make("summary", {}, "The same in numbers"), table),
  ];
}

function drawing(rated, words) {
  const last = Math.max(1, rated.length - 1);
  const [x, y] = [(at) => 14 + (at * 280) / last, (one) => 118 - one * 10.8];
  const points = rated.flatMap((one, at) => (one === null ? [] : [[x(at), y(one)]]));
  return draw(
    "svg", { class: "curve", viewBox: "0 0 308 132", role: "img", "aria-label": `The curve of your wave. ${words ?? ""}` },
    ...[0, 5, 10].map((one) => draw("line", { class: "curve-rule", x1: 8, x2: 300, y1: y(one), y2: y(one) })),
    draw("polyline", { class: "curve-line", points: points.map((one) => one.map((part) => part.toFixed(1)).join(",")).join(" ") }),
    ...points.map(([cx, cy]) => draw("circle", { class: "curve-point", cx: cx.toFixed(1), cy: cy.toFixed(1), r: 4 })),
  );
}
