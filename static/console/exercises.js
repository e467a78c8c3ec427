import { aim, all, one, say, set, show } from "./dom.js";
import { left, plannedEnd } from "./pace.js";
import { mmss } from "../shared/clock.js";

const REMIND_MS = 5 * 60_000;

/** The exercises of this segment: start one, lead it on step by step, stop it. No clock ever leads it on. */
export function exercises(root) {
  const rows = all("[data-exercise]", root).map(row);
  return (view, now) => {
    const running = view.exercise?.id;
    const here = rows.filter(({ segment, id }) => segment === view.segment || id === running);
    const goes = reminds(view, now, rows);
    show(root, view.state === "live" && (here.length > 0 || goes));
    show(one("[data-exercises=goes]", root), goes);
    const first = here.find(({ id }) => !view.exercised.includes(id)) ?? here[0];
    for (const each of rows) {
      show(each.article, here.includes(each));
      each.draw(view, now, running === undefined && each === first);
    }
  };
}

/** What a step of an exercise is called: "Round 2 of 2"; "" when there is only one. */
export function stepWords(exercise, step) {
  const { steps, open } = one(`[data-exercise="${CSS.escape(exercise)}"]`).dataset;
  return open === undefined ? JSON.parse(steps)[step] : `Turn ${step + 1}`;
}

function row(article) {
  const part = (name) => one(`[data-exercises=${name}]`, article);
  const { exercise: id, segment, open, prompt } = article.dataset;
  const [next, held, at] = ["next", "held", "at"].map((name) => JSON.parse(article.dataset[name]));
  const items = all("[data-item]", article);
  const isPrivate = one(".exercise-private", article) !== null;
  return { article, id, segment: Number(segment), isPrivate, draw };

  function draw(view, now, isFirst) {
    const runs = view.exercise?.id === id;
    const free = view.state === "live" && !view.blank;
    set(article, "data-runs", runs ? "" : null);
    show(part("on"), runs && !view.blank);
    show(part("done"), !runs && view.exercised.includes(id));
    show(part("start"), !runs);
    aim(part("start"), free ? { command: "StartExercise", exercise: id } : null);
    set(part("start"), "data-verb", isFirst ? "step" : null);
    set(part("start"), "aria-keyshortcuts", isFirst ? "E" : null);
    show(part("now"), runs);
    for (const [name, verb] of [["back", "step-back"], ["next", "step"], ["stop", "exercise-stop"]]) {
      if (part(name)) set(part(name), "data-verb", runs ? verb : null);
    }
    const step = runs ? view.exercise.step : 0;
    const shown = runs ? at[step] : undefined;
    items.forEach((item, index) => set(item, "aria-current", index === shown ? "step" : null));
    if (runs) lead(view, now, step, free);
  }

  function lead(view, now, step, free) {
    const on = open === undefined ? next[step] : next[0];
    say(part("step"), stepWords(id, step));
    say(part("item"), items[at[step]] ? itemWords(items[at[step]], step) : "");
    time(view, now, held[step] ?? held[0]);
    aim(part("stop"), free ? { command: "StopExercise" } : null);
    if (prompt) aim(part("ask"), free && !view.check_in ? { command: "OpenCheckIn", prompt } : null);
    if (!part("next")) return;
    const to = (other) => ({ command: "StepExercise", exercise: id, step: other });
    aim(part("back"), free && step > 0 ? to(step - 1) : null);
    aim(part("next"), free && on ? to(step + 1) : null);
    say(one("span", part("next")), on || "The last one");
  }

  function time(view, now, heldWords) {
    const { timer } = view.exercise;
    const rest = timer ? left(timer, now) : null;
    const over = rest !== null && rest <= 0;
    say(part("left"), timer && !over ? mmss(rest / 1000) : "");
    say(part("rest"), timer ? restWords(view, timer, over, heldWords) : "");
    show(part("rest").parentElement, timer);
  }
}

function restWords(view, timer, over, heldWords) {
  if (over) return heldWords;
  if (view.blank) return "paused while blank";
  return timer.ends_at === null ? "paused with the segment’s timer" : "left";
}

/** What a step shows: of a quiz's item first the statement alone, then all of it. */
const itemWords = (item, step) => (step % 2 ? item : item.firstChild).textContent.trim();

/** Whether it is time to say that what was written on phones will go. */
function reminds(view, now, rows) {
  if (view.state !== "live" || !rows.some(({ id, isPrivate }) => isPrivate && view.exercised.includes(id))) return false;
  const last = view.segment === view.segments.length - 1 || view.segments[view.segment].kind === "closing";
  return last || plannedEnd(view) - now <= REMIND_MS;
}
