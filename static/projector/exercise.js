/** An exercise on the wall: one thing at a time, in words that carry to the last row. It never moves on by itself. */
import { disc } from "../shared/disc.js";
import { make, say, style } from "../shared/elements.js";
import { counted, isForFour, kind, minute, roleNow, rolesOfFour, stepped, time } from "../shared/exercise.js";
import { pacer } from "../shared/pacer.js";
import { pages } from "./pages.js";

const A_PAGE = { lines: 5, tiles: 6, chips: 6 };
const EVERY_MS = 250;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HINTS = {
  "go-round": "Passing is always fine.",
  pairs: "Say only what you want to say.",
  "breathing pacer": "Or in your own way. You can stop any time.",
  "grounding steps": "In your own way. You can stop any time.",
  "body scan": "Eyes open or closed. Leave out any place.",
  "urge wave": "Rate it from 0 to 10 each minute, on your phone or on paper. The curve stays with you.",
  "role-play": "You can stop or pass at any time.",
};
const LOOKS = { "sort cards": "tiles", "values cards": "tiles", "week grid": "chips" };
/** Of these the step's own words stand in the large letters, and not what the exercise asks. */
const LED = new Set(["grounding steps", "body scan", "scenario cards", "quiz"]);

const scene = document.querySelector('[data-scene="exercise"]');
const still = matchMedia("(prefers-reduced-motion: reduce)");
const said = document.getElementById("said");
const ready = style("exercise.css", import.meta.url);

const above = make("span");
const where = make("span", { className: "where" });
const eyebrow = make("p", { className: "eyebrow" }, above, where);
const title = make("h1", { dir: "auto" });
const body = make("div", { className: "exercise-body" });
const list = make("ul", { hidden: true });
const hint = make("p", { className: "aside" });
const held = make("p", { className: "held" });
const words = make("div", { className: "words" }, eyebrow, title, body, list, hint, held);
const clock = disc();
const left = make("p", { className: "left-words" });
const circle = pacer();
const figure = make("div", { className: "figure" });

let fitted = () => {};
let exercise = null;
let step = "";
const paged = pages({ list, where, make: line, turned: () => fitted() });

/** Show this exercise, or none; `changed()` is called when its words need another size. Done when it can be looked at. */
export async function setExercise(next, changed) {
  fitted = changed;
  // Another exercise begins with its first page.
  if (exercise?.id !== next?.id) paged.set([]);
  exercise = next;
  if (!exercise) {
    circle.stop();
    step = "";
    return;
  }
  if (!scene.contains(words)) scene.append(words, figure);
  const at = `${exercise.id} ${exercise.step}`;
  drawWords();
  if (at !== step) {
    if (step) say(said, [counted(exercise), title.textContent].filter(Boolean).join(": "));
    step = at;
    drawFigure();
  }
  if (exercise.part === "breathing pacer") circle.follow(exercise);
  tick();
  await ready;
}

/** What stands below it. */
export function foot(next) {
  return next?.private ? "This stays on your phone. Paper works too." : "You can always sit this one out";
}

/** Whether there are more pages of it, and the way to the next one. */
export const more = { get pages() { return paged.many; }, turn: paged.turn };

function drawWords() {
  const { part, text, item } = exercise;
  const led = LED.has(part) && item;
  say(above, [led ? text : kind(exercise), counted(exercise)].filter(Boolean).join(" · "));
  say(title, led ? item : text);
  body.replaceChildren(...(BODIES[part]?.(exercise) ?? []));
  const look = LOOKS[part] ?? "lines";
  list.className = look;
  paged.set(LED.has(part) ? [] : exercise.items, A_PAGE[look]);
  hint.hidden = !HINTS[part];
  say(hint, HINTS[part] ?? "");
}

const BODIES = {
  pairs: ({ step, steps }) => (steps > 1 ? [make("p", {}, step % 2 ? "Now swap: the other one begins." : "One begins. The other listens.")] : []),
  "sort cards": ({ labels }) => [choices(labels)],
  "scenario cards": ({ labels }) => (labels.length ? [choices(labels)] : []),
  quiz: ({ answer }) => (answer ? [make("p", { className: "answer" }, make("b", {}, answer.true ? "True: " : "False: "), answer.why)] : [choices(["True", "False"])]),
  rank: ({ most }) => (most ? [make("p", { className: "aside" }, most > 1 ? `Choose the first ${most}.` : "Choose one.")] : []),
  "values cards": ({ most }) => [make("p", { className: "aside" }, `Keep ${most}.`)],
  "role-play": roles,
  "decision grid": ({ labels, columns }) => [grid(["", ...columns], labels.map((row) => [row, ...columns.map(() => "")]))],
  "week grid": ({ labels }) => [grid(["", ...DAYS], labels.map((row) => [row, ...DAYS.map(() => "")]))],
  ladder: ({ most, labels }) => [make("p", { dir: "auto" }, `${most} rungs${labels.length ? `, from ${labels.join(" to ")}` : ""}`)],
};

function choices(labels) {
  return make("p", { className: "piles" }, ...labels.map((label) => make("b", { dir: "auto" }, label)));
}

/** No names: whoever had one role has the next one now. */
function roles({ labels, step, steps, item }) {
  const scenes = item ? [make("p", { dir: "auto" }, item)] : [];
  const aside = (words) => make("p", { className: "aside", dir: "auto" }, words);
  const four = rolesOfFour(labels);
  if (!step) return [...scenes, choices(labels), aside(`Choose among the three of you. Four of you? Add a ${four.at(-1)}.`)];
  const last = isForFour({ step, steps });
  const now = last ? four : labels;
  const change = (label, index) => make("li", {}, `${label} becomes `, make("b", {}, roleNow(now, index, 1)));
  const others = last ? "Three of you? Rest, or go once more." : `Four of you? After ${four.slice(-2).join(" comes ")}, then ${four[0]}.`;
  return [...scenes, make("ul", { className: "roles" }, ...now.map(change)), aside(others)];
}

function grid(head, rows) {
  const cell = (tag) => (words) => make(tag, { dir: "auto" }, words);
  return make(
    "table", { className: head.length > 4 ? "plan-grid many" : "plan-grid" },
    make("thead", {}, make("tr", {}, ...head.map((one) => (one ? make("th", { scope: "col" }, one) : make("td"))))),
    make("tbody", {}, ...rows.map(([row, ...cells]) => make("tr", {}, make("th", { scope: "row" }, row), ...cells.map(cell("td"))))),
  );
}

function line(words, index) {
  const numbered = exercise.part === "thought record" || exercise.part === "plan builder";
  return make("li", { dir: "auto" }, numbered ? make("b", {}, String(index + 1)) : null, make("span", {}, words));
}

function drawFigure() {
  const { part, timer, most } = exercise;
  const parts = part === "breathing pacer" ? [circle.element] : timer ? [clock.element, left] : [];
  if (part === "ladder" && !timer) parts.push(rungs(most));
  scene.classList.toggle("breathing", part === "breathing pacer");
  figure.replaceChildren(...parts);
  figure.hidden = !parts.length;
}

function rungs(most) {
  return make("div", { className: "rungs", "aria-hidden": "true" }, ...Array.from({ length: most }, () => make("i")));
}

/** Time without numbers. At its end soft words come in, and stay until somebody goes on. */
function tick() {
  if (!exercise) return;
  const at = time(exercise);
  if (!at) {
    say(held, "");
    return;
  }
  clock.show(still.matches ? stepped(at.share, exercise.timer) : at.share);
  scene.classList.toggle("over", at.over);
  say(left, at.over ? "" : wave() || at.words);
  const before = held.textContent;
  say(held, at.over ? at.words : "");
  if (held.textContent !== before) fitted();
}

/** An urge wave counts its minutes, as each is rated. */
function wave() {
  const at = exercise.part === "urge wave" && exercise.timer.ends_at !== null ? minute(exercise) : null;
  return at ? `Minute ${at.at + 1} of ${at.of}` : "";
}

setInterval(tick, EVERY_MS);
