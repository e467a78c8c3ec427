/** The phone in a frame. It has no place in a session, so nothing that is done on it is put anywhere. */
import { isLed, open, show } from "../phone/exercises/exercise.js";
import { drawn } from "./framed.js";

const NO_SEAT = "";

const dark = () => { document.getElementById("dim").media = isLed() ? "all" : "not all"; };

await open(NO_SEAT);
drawn((exercise) => {
  show(exercise);
  dark();
});
document.getElementById("room").addEventListener("redraw", dark);
