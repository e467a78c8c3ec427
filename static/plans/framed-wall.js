/** The wall in a frame. */
import { foot, setExercise } from "../projector/exercise.js";
import { fitInto } from "../projector/fit.js";
import { say } from "../shared/elements.js";
import { drawn } from "./framed.js";

const fit = () => fitInto(document.getElementById("screen"));

drawn(async (exercise) => {
  say(document.getElementById("foot"), foot(exercise));
  await setExercise(exercise, fit);
  fit();
});
addEventListener("resize", fit);
document.fonts.ready.then(fit);
