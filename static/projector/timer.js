/** The disc that shrinks, the digits, and the three sentences for those who listen. */
import { mmss, now, remaining } from "../shared/clock.js";
import { slice } from "../shared/disc.js";

const EVERY_MS = 250;
const MOST_TICKS = 60;
const CLOSE_TO_THE_END = 0.2;
const TWO_MINUTES = 120;
const JUMP_S = 5;
const SVG = "http://www.w3.org/2000/svg";

const disc = document.getElementById("left");
const ticks = document.getElementById("ticks");
const said = document.getElementById("said");
const slot = (name) => document.querySelector(`[data-slot="${name}"]`);
const column = document.querySelector('[data-part="timer"]');
const still = matchMedia("(prefers-reduced-motion: reduce)");

let timer = null;
let before = null;
let atTheEnd = () => {};

/** Show this timer from now on; `onEnd` is called when it comes to 00:00 by itself. */
export function setTimer(next, onEnd) {
  if (timer === null || next.planned_s !== timer.planned_s) drawTicks(next.planned_s);
  if (timer === null || next.ends_at !== timer.ends_at || next.planned_s !== timer.planned_s) before = null;
  timer = next;
  atTheEnd = onEnd;
  tick();
}

function tick() {
  const left = timer && remaining(timer, now());
  if (left === null) return;
  const paused = timer.ends_at === null;
  put(slot("digits"), mmss(left));
  put(slot("small-digits"), mmss(left));
  put(slot("phase"), phase(left, paused));
  column.classList.toggle("over", left <= 0);
  // Without motion the disc moves once a minute, like the hand of a clock.
  drawDisc(still.matches ? Math.ceil(left / 60) * 60 : left);
  if (!paused) announce(left);
}

function phase(left, paused) {
  if (left <= 0) return "Time to wrap up";
  if (paused) return "Paused";
  return left <= timer.planned_s * CLOSE_TO_THE_END ? "Nearly there" : "";
}

/** Said once each, as the time goes by: half, two minutes, the end. Not when somebody moves the time. */
function announce(left) {
  const passed = (mark) => before > mark && left <= mark && before - left < JUMP_S;
  if (before !== null) {
    if (passed(0)) {
      put(said, "Time to wrap up.");
      atTheEnd();
    } else if (passed(TWO_MINUTES)) put(said, "Two minutes left.");
    else if (passed(timer.planned_s / 2)) put(said, "Half of the time is left.");
  }
  before = left;
}

function drawDisc(left) {
  const path = slice(timer.planned_s ? Math.min(1, Math.max(0, left / timer.planned_s)) : 0);
  if (disc.getAttribute("d") !== path) disc.setAttribute("d", path);
}

function drawTicks(seconds) {
  const minutes = Math.round(seconds / 60);
  const count = minutes <= MOST_TICKS ? minutes : Math.round(minutes / 5);
  ticks.replaceChildren(...Array.from({ length: count }, (_, index) => {
    const line = document.createElementNS(SVG, "line");
    const parts = { y1: -51, y2: -55, transform: `rotate(${(index * 360) / count})` };
    for (const [name, value] of Object.entries(parts)) line.setAttribute(name, value);
    return line;
  }));
}

function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

setInterval(tick, EVERY_MS);
