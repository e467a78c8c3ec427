/** The wall: which scene is shown and what it says. It draws the view, the whole view and nothing but the view. */
import { hear } from "../shared/clock.js";
import { connect } from "../shared/live.js";
import { setCards, turnCards } from "./cards.js";
import { chime } from "./chime.js";
import { fitInto } from "./fit.js";
import { listen, press } from "./keys.js";
import { looks } from "./looks.js";
import { setTimer } from "./timer.js";

const WITH_SMALL_TIMER = new Set(["question", "asked", "tally"]);
const PROGRESS = {
  waiting: "Take your time.",
  some: "Some have answered.",
  most: "Most have answered.",
  everyone: "Everyone has answered.",
};
const COMFORT = { withheld: "That is fine. We can simply talk.", uncounted: "That is fine. We can simply talk." };

const wall = document.getElementById("screen");
let view = JSON.parse(wall.dataset.view);
let shown = null;
/** J pressed here: whether the join page is shown, until the console or the doors say otherwise. */
let joinHere = null;
/** What shows exercises: here once the first one has begun. */
let exercises = null;
const fit = () => fitInto(wall);

function scene() {
  if (view.blank) return "blank";
  if (view.state === "ended") return "ended";
  if (view.join && (joinHere ?? view.join_shown)) return "join";
  if (view.state !== "live") return "welcome";
  if (view.check_in) return "question";
  if (view.asked) return "asked";
  if (view.tally) return "tally";
  return view.exercise && exercises ? "exercise" : "segment";
}

function draw() {
  const next = scene();
  document.body.classList.toggle("quiet", next === "blank" || next === "ended");
  drawFooter(next);
  if (view.join) drawJoin(view.join);
  if (view.segment) drawSegment(view.segment);
  say("plan", view.title);
  html("welcome", view.welcome);
  wall.querySelector('[data-scene="join"]').classList.toggle("with-welcome", Boolean(view.welcome));
  document.getElementById("join-title").classList.toggle("visually-hidden", Boolean(view.welcome));
  if (view.check_in) drawQuestion(view.check_in);
  if (view.asked) drawAsked(view.asked);
  const moreCards = view.tally ? drawTally(view.tally) : setCards([], fit);
  if (!view.blank) drawExercise(view.exercise);
  if (next !== shown) {
    shown = next;
    for (const section of wall.querySelectorAll(".scene")) section.hidden = section.dataset.scene !== next;
  }
  press("j", next === "join");
  const more = { tally: moreCards, exercise: exercises?.more.pages }[next];
  document.querySelector('[data-key="m"]').hidden = !more;
  setTimer(view.timer, () => { if (view.chime) chime(); });
  fit();
}

async function drawExercise(exercise) {
  if (!exercise && !exercises) return;
  if (!exercises) {
    exercises = await import("./exercise.js").catch(() => null);
    if (exercises) draw();
    return;
  }
  await exercises.setExercise(exercise, fit);
  fit();
}

function drawFooter(next) {
  const left = {
    join: "No name and no account",
    question: "Skipping is always fine",
    exercise: exercises?.foot(view.exercise),
    tally: hasPicture(view.tally) ? view.tally.message : "",
  }[next];
  say("next", left ?? (view.next ? `Next: ${view.next}` : ""));
  part("join", Boolean(view.join));
  const small = WITH_SMALL_TIMER.has(next) || (next === "exercise" && !view.exercise.timer);
  part("small-timer", small && !view.hide_timer);
  part("timer", !view.hide_timer);
}

function drawJoin({ code, address }) {
  say("code", code);
  say("address", address);
  const qr = document.getElementById("qr");
  // A new code is a new picture; without the code in it, the address would still bring the old one.
  const source = `${wall.dataset.qrUrl}?code=${encodeURIComponent(code)}`;
  if (qr.getAttribute("src") !== source) qr.setAttribute("src", source);
  qr.hidden = false;
}

function drawSegment(segment) {
  say("number", `${segment.number} of ${segment.of}`);
  say("title", segment.title);
  html("segment", segment.html);
}

function drawQuestion(checkIn) {
  say("prompt", checkIn.prompt);
  say("progress", PROGRESS[checkIn.progress]);
  choices("question", checkIn);
}

function drawAsked(asked) {
  say("asked", asked.prompt);
  choices("asked", asked);
}

function choices(name, { scale, options }) {
  const list = wall.querySelector(`[data-list="${name}"]`);
  list.classList.toggle("ends", Boolean(scale));
  const lines = scale
    ? [[scale.from, scale.from_words], [scale.to, scale.to_words]].map(([number, words]) => line([["b", number], ["span", words]]))
    : options.map((words) => line([["span", words]]));
  list.replaceChildren(...lines);
}

function drawTally(tally) {
  say("tally", tally.prompt);
  say("message", tally.message);
  say("comfort", COMFORT[tally.state] ?? "");
  wall.querySelector('[data-scene="tally"]').classList.toggle("has-bands", hasPicture(tally));
  document.getElementById("bands").replaceChildren(...tally.bands.map(band));
  return setCards(tally.cards ?? [], fit);
}

function hasPicture(tally) {
  return Boolean(tally?.bands.length || tally?.cards?.length);
}

/** The bar says no more than its word: there is one length for each word. */
function band({ label, word }) {
  const [, name, range] = label.match(/^(.*), (\d+(?: to \d+)?)$/) ?? [null, label, ""];
  const made = line([["span", ""], ["span", ""], ["span", word]]);
  const [words, bar] = made.children;
  words.className = "band-label";
  words.append(element("b", name), element("small", range));
  bar.className = "bar";
  bar.append(element("span", ""));
  bar.firstChild.className = "fill";
  made.dataset.length = word;
  return made;
}

function line(parts) {
  const made = document.createElement("li");
  made.append(...parts.map(([tag, text]) => element(tag, text)));
  return made;
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function say(slot, text) {
  for (const place of document.querySelectorAll(`[data-slot="${slot}"]`)) {
    if (place.textContent !== text) place.textContent = text;
  }
}

function part(name, there) {
  document.querySelector(`[data-part="${name}"]`).hidden = !there;
}

/** The one place where the plan's own text becomes elements. The server has cleaned it when the plan was read. */
function html(name, text) {
  for (const place of wall.querySelectorAll(`[data-html="${name}"]`)) {
    if (place.dataset.text === text) continue;
    place.dataset.text = text;
    place.innerHTML = text;
  }
}

function status(now, words) {
  const text = { reconnecting: "Reconnecting", gone: words }[now] ?? "";
  document.getElementById("status").textContent = text;
}

listen(wall.dataset.screen, {
  ...looks(fit),
  m: () => (scene() === "exercise" ? exercises.more.turn() : turnCards()),
  j() {
    joinHere = scene() !== "join";
    draw();
  },
});
hear(view.server_now);
draw();
document.fonts.ready.then(fit);
addEventListener("resize", fit);
connect({
  namespace: "/projector",
  auth: { screen: wall.dataset.screen },
  viewUrl: wall.dataset.viewUrl,
  onView(next) {
    if (next.join_shown !== view.join_shown || next.state !== view.state) joinHere = null;
    view = next;
    draw();
  },
  onStatus: status,
});
