/**
 * The server's clock, as far as this screen knows it, and the time left on a timer.
 *
 * Counted on from performance.now(), so that somebody who sets the clock of the device changes nothing.
 */

/** A phone that wakes up takes long to ask, and the answer then comes quickly: of a long trip, the way back is less than half. */
const WAY_BACK_MS = 50;

let ahead = null;
let held = null;

/** The server said that it is `serverNow` (ms UTC). `tripMs`: how long a fetch of that took; null when it was pushed. */
export function hear(serverNow, tripMs = null) {
  const heard = serverNow - performance.now() + Math.min((tripMs ?? 0) / 2, WAY_BACK_MS);
  // What was pushed may have been late but never early; what was fetched starts the reckoning anew.
  ahead = tripMs === null && ahead !== null ? Math.max(ahead, heard) : heard;
}

/** From now on it is `at`: what is shown is a picture, in which nothing moves. */
export function hold(at) {
  held = at;
}

/** Whether it is a picture. */
export function isHeld() {
  return held !== null;
}

/** The server's time now, ms UTC. */
export function now() {
  if (held !== null) return held;
  return ahead === null ? Date.now() : performance.now() + ahead;
}

/** Seconds left on a view's timer, below 0 when it is over; null when there is none. */
export function remaining(timer, at = now()) {
  if (timer.ends_at !== null) return (timer.ends_at - at) / 1000;
  return timer.remaining_s;
}

/** "09:59" for seconds left; whole seconds are rounded up, so that 00:00 is the end and not the second before. */
export function mmss(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}
