/** The breathing circle. Without motion it is words and a bar that fills second by second. */
import { draw, make, say } from "./elements.js";
import { breath, rhythm } from "./exercise.js";

const SMALLEST = 0.42;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** `element` to put somewhere; `follow(exercise)` from now on, until `stop()`. */
export function pacer() {
  const ball = draw("circle", { class: "pacer-ball", r: 56 });
  const circle = draw(
    "svg", { class: "pacer-circle", viewBox: "-60 -60 120 120", "aria-hidden": "true" },
    draw("circle", { class: "pacer-ground", r: 56 }), ball, draw("circle", { class: "pacer-ring", r: 56 }),
  );
  const bar = make("span", { className: "pacer-bar" });
  const word = make("b");
  const count = make("span");
  const words = make("p", { className: "pacer-words", "aria-hidden": "true" }, word, count, bar);
  const told = make("p", { className: "visually-hidden" });
  const element = make("div", { className: "pacer" }, circle, words, told);
  let exercise = null;
  let asked = 0;

  function frame() {
    asked = requestAnimationFrame(frame);
    if (!element.checkVisibility?.() && element.checkVisibility) return;
    const at = breath(exercise);
    element.classList.toggle("still", still.matches);
    element.classList.toggle("over", !at);
    say(word, at ? at.words : "");
    say(count, at ? `${at.second} of ${at.of}` : "");
    if (still.matches) fill(at);
    else ball.style.transform = `scale(${(SMALLEST + (1 - SMALLEST) * (at ? at.full : 0.4)).toFixed(4)})`;
  }

  function fill(at) {
    const of = at?.of ?? 0;
    if (bar.childElementCount !== of) bar.replaceChildren(...Array.from({ length: of }, () => make("i")));
    const full = at?.name === "out" ? of - at.second + 1 : at?.second;
    [...bar.children].forEach((one, index) => one.classList.toggle("full", index < full));
  }

  return {
    element,
    follow(next) {
      exercise = next;
      say(told, `${rhythm(next)}. Or breathe in your own way.`);
      if (!asked) frame();
    },
    stop() {
      cancelAnimationFrame(asked);
      asked = 0;
    },
  };
}
