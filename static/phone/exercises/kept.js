/** What somebody makes in exercises: in this page's memory, and sealed in its tab so that it outlives a reload. Never sent. */
import { read, remove, write } from "../tab.js";
import { seal, unseal } from "./seal.js";

const KEY = "exercises";

let secret = "";
let kept = empty();

function empty() {
  return { away: [], made: {} };
}

/** Bring back what this phone made in this session. What another session left is taken out unread. */
export function open(seat) {
  secret = seat;
  try {
    const found = JSON.parse(unseal(read(KEY) ?? "", seat));
    kept = { ...empty(), ...found };
  } catch {
    kept = empty();
    remove(KEY);
  }
}

/** What was made of this exercise so far: its own words with it, so that it can be read when the exercise is over. */
export function madeOf({ id, part, text, items, labels, columns, most }) {
  kept.made[id] ??= { exercise: { id, part, text, items, labels, columns, most }, values: {} };
  return kept.made[id].values;
}

/** Everything that was made, in the order in which it was begun. */
export function all() {
  return Object.values(kept.made);
}

/** What was made of the exercise of this id, or nothing. */
export function one(id) {
  return kept.made[id];
}

/** Whether somebody has said "not for me now" to this exercise. */
export function isAway(id) {
  return kept.away.includes(id);
}

/** Say so, or take it back. */
export function setAway(id, is) {
  kept.away = kept.away.filter((one) => one !== id).concat(is ? [id] : []);
  save();
}

/** After every letter. A browser that keeps nothing lets it live as long as the page. */
export function save() {
  if (secret) write(KEY, seal(JSON.stringify(kept), secret));
}

/** From now on nothing more is put into the tab; what is there goes. What the page remembers stays until it is left. */
export function stopKeeping() {
  secret = "";
  remove(KEY);
}

/** Forget it all. */
export function forget() {
  kept = empty();
}
