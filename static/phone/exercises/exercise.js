/**
 * An exercise on a phone. What somebody does in it stays here: this file and those beside it have no line to the server.
 * They are fetched when the first exercise begins, all at once, so that nothing is fetched because of what somebody does.
 */
import { icon, make, say, style } from "../../shared/elements.js";
import { counted, kind, time } from "../../shared/exercise.js";
import { boxes, page } from "./boxes.js";
import { keepers, rank, sort } from "./cards.js";
import { BOUNCE_MS, button } from "./field.js";
import { decision, ladder, week } from "./grids.js";
import * as kept from "./kept.js";
import { breathing, pairs, quiz, roles, scenes, together } from "./led.js";
import { mine } from "./mine.js";
import { shape, wave } from "./wave.js";

const EVERY_MS = 250;
const PRIVATE = "This stays on your phone. Nobody else can see it, and it is not sent.";
const HERE = "What you do here stays on your phone.";
const PARTS = {
  "go-round": together,
  pairs,
  "breathing pacer": breathing,
  "grounding steps": together,
  "body scan": together,
  "urge wave": wave,
  "sort cards": sort,
  "scenario cards": scenes,
  rank,
  ladder,
  "decision grid": decision,
  "week grid": week,
  "values cards": keepers,
  quiz,
  "role-play": roles,
  "silent writing": page,
  "thought record": boxes,
  "plan builder": boxes,
};
/** Led by the room: people look up. The others are done at one's own pace, on the phone. */
const LED = new Set(["go-round", "pairs", "breathing pacer", "grounding steps", "body scan", "role-play", "urge wave"]);
/** The step's own words are the heading. */
const BY_ITEM = new Set(["grounding steps", "body scan", "scenario cards", "quiz"]);
/** A step of these is a page of its own; the others go on where they are. */
const BY_STEP = new Set(["scenario cards", "quiz"]);
const WITH_MINE = new Set(["following", "exercise", "answered", "tally", "ended", "gone"]);
/** People may read out here what they wrote before: one line to a partner, a word to the round. */
const READ_FROM = new Set(["go-round", "pairs", "role-play"]);
const NOTHING_MADE = new Set(["go-round", "pairs", "breathing pacer", "grounding steps", "body scan"]);

const scene = document.querySelector('[data-scene="exercise"]');
const said = document.getElementById("said");
const owned = mine(kept);
const offered = make("p", { className: "line offered", hidden: true });
const ready = [style("exercises.css", import.meta.url), style("paper.css", import.meta.url, "print")];

let exercise = null;
let part = null;
let built = "";
let place = "";
let over = false;
let askedOf = null;
let parts = {};
let pressed = { id: "", at: 0 };

/** Bring back what this phone made before, and be ready to show exercises. */
export async function open(seat) {
  kept.open(seat);
  document.getElementById("answers").before(offered);
  await Promise.all(ready);
}

/** Draw this exercise into its scene; null when none runs. While the screens are blank nobody calls this. */
export function show(next) {
  exercise = next;
  if (!exercise) return takeDown();
  const away = kept.isAway(exercise.id);
  // Whoever rests is not disturbed by a step.
  const build = [exercise.id, away || (BY_STEP.has(exercise.part) && exercise.step)].join();
  if (build !== built) {
    // Another page in the same place begins at its top, like any other.
    if (built && !scene.hidden && scene.checkVisibility?.()) scrollTo(0, 0);
    built = build;
    part?.stop?.();
    part = away ? null : begin(exercise);
    scene.replaceChildren(...(away ? resting() : doing()));
    over = false;
  }
  if (!away) update();
}

/** Whether the room leads it, so that the phone should be dark. */
export function isLed() {
  return exercise !== null && (LED.has(exercise.part) || kept.isAway(exercise.id));
}

/**
 * What was made, with Save and Print, in this scene of the phone. `when`: "", "soon" (the session ends) or "ended". Beside an
 * exercise only where it is all about writing, or where people speak of what they wrote; somebody who rests has a screen
 * like all the others until it is time.
 */
export function keepsake(next, when) {
  const doing = next === "exercise";
  const here = doing && !kept.isAway(exercise.id);
  const beside = here && exercise.private ? exercise.id : "";
  const spoken = here && READ_FROM.has(exercise.part);
  return owned.show(WITH_MINE.has(next) && (!doing || beside !== "" || spoken || when !== ""), when, beside);
}

/** A check-in that asks for the shape of a wave gets the shape of this phone's curve, which is not sent by that. */
export function offer(checkIn) {
  const form = document.getElementById("question");
  const made = checkIn?.exercise && kept.one(checkIn.exercise);
  const words = made?.values.ratings ? shape(made.values.ratings) : null;
  const choice = words ? checkIn.options.indexOf(words) : -1;
  offered.hidden = choice < 0;
  if (choice < 0 || askedOf === checkIn.id) return;
  askedOf = checkIn.id;
  say(offered, `The curve on this phone: “${words}”. It is chosen below; change it as you like. Only Send sends it.`);
  const row = form.querySelector(`input[name="value"][value="${choice}"]`);
  if (row && !form.querySelector(":checked")) row.checked = true;
}

/** The session is over. What was made lives as long as this page. */
export function ended() {
  kept.stopKeeping();
  takeDown();
}

/** Somebody left, in another tab: nothing of it stays here. */
export function left() {
  kept.stopKeeping();
  kept.forget();
  owned.leave();
  part?.stop?.();
  built = "";
}

function begin(now) {
  const values = NOTHING_MADE.has(now.part) ? {} : kept.madeOf(now);
  return PARTS[now.part](now, values, () => {
    kept.save();
    owned.changed();
  });
}

function doing() {
  parts = {
    eyebrow: make("p", { className: "eyebrow" }),
    title: make("h1", { tabIndex: -1, dir: "auto" }),
    time: make("p", { className: "exercise-time" }),
  };
  const stays = NOTHING_MADE.has(exercise.part) ? null : make("p", { className: "line" }, icon("lock"), make("span", {}, exercise.private ? PRIVATE : HERE));
  const away = button("Not for me now", () => setAway(true), "");
  const foot = make("div", { className: "pair exercise-foot" }, part.beside ?? null, away);
  return [make("div", { className: "top-words" }, parts.eyebrow, parts.title, stays), part.element, parts.time, foot];
}

/** The same for everybody and everything: it says nothing of what is being sat out. */
function resting() {
  const shore = document.querySelector(".shore").cloneNode(true);
  return [
    make("div", { className: "top-words" },
      make("h1", { tabIndex: -1 }, "A quiet moment"),
      make("p", {}, "Nothing to do. Look up, or rest your eyes. Nobody can see what is on your phone.")),
    shore,
    button("Back to the exercise", () => setAway(false), ""),
  ];
}

/** The button back comes to lie where the one to rest was: a hand that taps twice has pressed once. */
function setAway(is) {
  const at = performance.now();
  if (pressed.id === exercise.id && at - pressed.at < BOUNCE_MS) return;
  pressed = { id: exercise.id, at };
  kept.setAway(exercise.id, is);
  show(exercise);
  const heading = scene.querySelector("h1");
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  scene.dispatchEvent(new Event("redraw", { bubbles: true }));
}

function update() {
  const { text, item } = exercise;
  const byItem = BY_ITEM.has(exercise.part) && item;
  say(parts.eyebrow, [byItem ? text : kind(exercise), counted(exercise)].filter(Boolean).join(" · "));
  say(parts.title, byItem ? item : text);
  part.update?.(exercise);
  const at = `${exercise.id} ${exercise.step}`;
  if (at !== place) {
    if (!scene.hidden && place) {
      const goesOn = place.startsWith(`${exercise.id} `);
      say(said, [goesOn ? counted(exercise) : parts.eyebrow.textContent, !goesOn || byItem ? parts.title.textContent : ""].filter(Boolean).join(": "));
    }
    place = at;
    over = false;
  }
  tick();
}

/** Time without numbers. At its end soft words come in, and stay until somebody leads on. */
function tick() {
  if (!part || !exercise || scene.hidden) return;
  const at = time(exercise);
  const focused = document.activeElement;
  const news = part.tick?.(exercise);
  if (scene.contains(focused) && focused.closest("[hidden]")) parts.title.focus({ preventScroll: true });
  if (news) say(said, news);
  if (!at) return say(parts.time, "");
  say(parts.time, at.words);
  parts.time.classList.toggle("over", at.over);
  if (at.over && !over) say(said, at.words);
  over = at.over;
}

function takeDown() {
  part?.stop?.();
  exercise = part = null;
  built = place = "";
  // While it is still in sight it stays: another scene is about to take its place.
  if (scene.hidden) scene.replaceChildren();
}

/** A browser that shows the page again from its memory shows nothing that was written, and then brings it back itself. */
addEventListener("pagehide", () => {
  built = "";
  scene.replaceChildren();
  owned.leave();
  kept.forget();
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
setInterval(tick, EVERY_MS);
