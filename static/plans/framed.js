/** A screen in a frame: the page around it says what to draw. It says nothing back, asks no server and keeps nothing. */
import { hear, hold } from "../shared/clock.js";

/** `show(exercise)` whenever the page says so; null: none runs. */
export function drawn(show) {
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || origin !== self.origin) return;
    if (data.still) hold(data.now);
    else hear(data.now);
    show(data.exercise);
  });
  parent.postMessage("ready", self.origin);
}
