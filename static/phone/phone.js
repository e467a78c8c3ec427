/** The room on a phone: which scene is shown, what it says, and where an answer goes. */
import { hear as hearClock, now } from "../shared/clock.js";
import { ask, connect } from "../shared/live.js";
import { outbox } from "./outbox.js";
import { chosen, clear, pose } from "./question.js";
import { clear as wipeTab, keeps } from "./tab.js";
import { offerTalk } from "./talk.js";

const LOST_AFTER_MS = 1_500;
const LEFT_AFTER_MS = 1_000;
const SENDING_AFTER_MS = 400;
const LOOK_AT_CLOCK_MS = 10_000;
const ENDS_SOON_MS = 5 * 60_000;
const OVER = new Set(["ended", "gone"]);
const AT_NIGHT = "all";
const IF_DARK = "(prefers-color-scheme: dark)";
const FOLLOWING = {
  doors_open: "We start soon. You can put the phone down.",
  live: "Nothing to do right now. Look up, put the phone down. When there is a check-in, it appears here.",
};

const byId = (id) => document.getElementById(id);
const room = byId("room");
const form = byId("question");
const send = form.querySelector(".primary");
const progress = JSON.parse(room.dataset.progress);
const comfort = JSON.parse(room.dataset.comfort);
const headers = { "X-Seat": room.dataset.seat };

let view = JSON.parse(room.dataset.view);
let shown = room.querySelector(".scene:not([hidden])").dataset.scene;
/** The check-in that was answered on this page, and whether by skipping: the next view may be older than that. */
let mine = { checkIn: null, skipped: false };
let changing = null;
let putAway = null;
let gone = null;
/** What only exercises need; and the check-in that was put away to go on with one. */
let exercises = null;
const madeBefore = keeps();
let bringing = null;
let doneWith = null;

/** Two tabs of one browser are one phone. */
const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("phone") : null;

const line = connect({
  namespace: "/phone",
  auth: { seat: room.dataset.seat },
  viewUrl: room.dataset.viewUrl,
  headers,
  onView(next) {
    view = next;
    draw();
  },
  onStatus: hear,
});

const box = outbox({
  emit: line.emit,
  url: room.dataset.answerUrl,
  headers,
  onChange() {
    setTimeout(() => { send.textContent = box.state === "sending" ? "Sending …" : "Send"; }, SENDING_AFTER_MS);
    draw();
  },
  onSaved({ check_in, value }) {
    mine = { checkIn: check_in, skipped: value === null };
    changing = null;
    clear();
    notice("");
    draw();
    otherTabs?.postMessage("answered");
  },
  onRefused(sentence, late) {
    notice(late ? `${sentence} Your answer was not sent.` : sentence);
    draw();
  },
});

// -- what is shown ------------------------------------------------------------------------------------------------------

function scene() {
  if (view.state === "ended" || gone === "ended") return "ended";
  if (gone) return "gone";
  if (view.blank) return "blank";
  const checkIn = view.check_in;
  if (!checkIn || checkIn.id === doneWith) {
    if (view.tally && view.tally.check_in !== putAway) return "tally";
    return view.exercise && (exercises || shown === "exercise") ? "exercise" : "following";
  }
  if (box.state === "kept" && box.checkIn === checkIn.id) return "kept";
  const answered = checkIn.answered || mine.checkIn === checkIn.id;
  return answered && changing !== checkIn.id ? "answered" : "question";
}

function draw() {
  const next = scene();
  const focused = document.activeElement;
  const before = shown;
  if (view.check_in) drawCheckIn(view.check_in);
  if (view.tally) drawTally(view.tally);
  drawSegment();
  const news = drawExercise(next);
  const led = next === "exercise" ? exercises?.isLed() : next === "following" && view.segment?.kind === "exercise";
  byId("dim").media = next === "blank" || led ? AT_NIGHT : IF_DARK;
  if (next !== shown) change(next);
  if (news) byId("said").textContent = next === before ? news : `${byId("said").textContent}. ${news}`;
  keepFocus(focused);
}

/** Whoever was at something that is not there any more goes on at the top of what has taken its place. */
function keepFocus(focused) {
  if (focused === document.body || (focused.isConnected && !focused.closest("[hidden]"))) return;
  room.querySelector(".scene:not([hidden]) h1")?.focus({ preventScroll: true });
}

/** What is new about what was made here, for somebody who listens. */
function drawExercise(next) {
  byId("back").hidden = !view.exercise;
  if (!exercises) return bringExercises();
  if (!view.blank) exercises.show(view.state === "ended" ? null : view.exercise);
  exercises.offer(view.check_in);
  return exercises.keepsake(next, OVER.has(next) ? "ended" : endsSoon() ? "soon" : "");
}

/** Fetched once an exercise runs, or for what this phone made before. */
function bringExercises() {
  if (!view.exercise && !madeBefore) return "";
  bringing ??= import("./exercises/exercise.js")
    .then(async (found) => {
      await found.open(room.dataset.seat);
      exercises = found;
      draw();
    })
    .catch(() => { bringing = null; });
  return "";
}

function endsSoon() {
  return view.segment?.kind === "closing" || (view.state === "live" && view.planned_end - now() <= ENDS_SOON_MS);
}

function change(next) {
  shown = next;
  for (const section of room.querySelectorAll(".scene")) section.hidden = section.dataset.scene !== next;
  byId("links").hidden = byId("status").hidden = OVER.has(next);
  const heading = room.querySelector(`[data-scene="${next}"] h1`);
  byId("said").textContent = next === "question" ? `Check-in: ${heading.textContent}` : heading.textContent;
  // A new picture begins at its top, where the way to a person is; whoever is on that way stays where they are.
  if (room.checkVisibility?.() ?? true) scrollTo(0, 0);
  if (next === "ended") forget();
}

function drawCheckIn(checkIn) {
  pose(checkIn);
  say("prompt", checkIn.prompt);
  say("floor", checkIn.floor);
  say("most", checkIn.most);
  part("enough", checkIn.enough);
  part("few", !checkIn.enough);
  part("most", checkIn.kind === "choices");
  byId("keep").hidden = changing !== checkIn.id;
  const skipped = mine.skipped && mine.checkIn === checkIn.id;
  say("saved", skipped ? "Skipped" : "Saved");
  say("in", skipped ? "You skipped this one" : "Your answer is in, mixed with the group's");
  say("hidden", skipped ? "That is fine. Nothing is kept." : "It is hidden on this phone too, in case someone looks over.");
  say("progress", progress[checkIn.progress]);
}

function drawTally(tally) {
  say("tally", tally.prompt);
  say("message", tally.message);
  say("comfort", comfort[tally.state]);
  const lines = tally.cards?.map(card) ?? tally.bands.map(band);
  byId("bands").hidden = !lines.length;
  byId("bands").replaceChildren(...lines);
}

function band({ label, word }) {
  const made = byId("band").content.firstElementChild.cloneNode(true);
  made.dataset.length = word;
  made.querySelector(".band-label").textContent = label;
  made.querySelector(".band-word").textContent = word;
  return made;
}

function card(words) {
  const made = document.createElement("li");
  made.className = "card";
  made.dir = "auto";
  made.textContent = words;
  return made;
}

function drawSegment() {
  say("following", FOLLOWING[view.state] ?? FOLLOWING.doors_open);
  part("now", Boolean(view.segment));
  say("segment", view.segment?.title ?? "");
  const ends = view.timer.ends_at;
  say("until", ends !== null && ends > now() ? `until about ${clockTime(ends)}` : "");
}

function clockTime(at) {
  return new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" }).format(at).toLowerCase();
}

function say(slot, text) {
  for (const place of document.querySelectorAll(`[data-slot="${slot}"]`)) {
    if (place.textContent !== String(text)) place.textContent = text;
  }
}

function part(name, there) {
  for (const place of room.querySelectorAll(`[data-part="${name}"]`)) place.hidden = !there;
}

function notice(sentence) {
  byId("notice").hidden = !sentence;
  byId("notice").querySelector("span").textContent = sentence;
}

// -- the line to the server ---------------------------------------------------------------------------------------------

let lostSoon = 0;

function hear(status, words, code) {
  clearTimeout(lostSoon);
  gone = status === "gone" ? { 410: "ended" }[code] ?? words : null;
  if (status === "reconnecting") lostSoon = setTimeout(() => connected(false), LOST_AFTER_MS);
  else connected(true);
  say("gone", words);
  if (status === "connected" && box.state === "kept") box.send();
  draw();
}

function connected(is) {
  byId("lost").hidden = is;
  byId("status").classList.toggle("lost", !is);
  byId("status").querySelector("span").textContent = is ? "Connected" : "Not connected";
}

/** The session is over, and so is this phone's place in it. */
function forget() {
  line.close();
  box.drop();
  clear();
  exercises?.ended();
  wipeTab();
  for (const kept of ["seat", "view"]) delete room.dataset[kept];
  ask(room.dataset.forgetUrl, {}, { method: "POST" }).catch(() => {});
}

/** Somebody left in another tab: what they made goes from this one, too, before the next person finds it. */
function leftElsewhere() {
  box.drop();
  clear();
  wipeTab();
  exercises?.left();
  draw();
  setTimeout(line.refresh, LEFT_AFTER_MS);
}

// -- what somebody does -------------------------------------------------------------------------------------------------

form.noValidate = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const value = chosen(view.check_in);
  if (value !== null) box.post(view.check_in.id, value);
});
form.elements.skip.addEventListener("click", (event) => {
  event.preventDefault();
  box.post(view.check_in.id, null);
});
form.addEventListener("change", () => notice(""));
byId("keep").addEventListener("click", () => {
  changing = null;
  clear();
  draw();
});
byId("change").addEventListener("click", (event) => {
  event.preventDefault();
  changing = view.check_in.id;
  draw();
});
byId("try").addEventListener("click", () => {
  line.refresh();
  box.send();
});
byId("drop").addEventListener("click", () => {
  box.drop();
  clear();
});
byId("follow").addEventListener("click", () => {
  putAway = view.tally.check_in;
  draw();
});

byId("back").addEventListener("click", () => {
  doneWith = view.check_in.id;
  draw();
});
room.addEventListener("redraw", draw);

otherTabs?.addEventListener("message", ({ data }) => {
  if (data === "left") leftElsewhere();
  else line.refresh();
});
hearClock(view.server_now);
offerTalk(headers);
byId("follow").hidden = false;
byId("refresh").hidden = true;
byId("status").hidden = false;
connected(true);
setInterval(draw, LOOK_AT_CLOCK_MS);
draw();
