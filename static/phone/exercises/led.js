/** Exercises that the room does together: the same step on every phone. There is hardly anything to tap. */
import { disc } from "../../shared/disc.js";
import { make, say } from "../../shared/elements.js";
import { isAnswer, isForFour, rhythm, roleNow, rolesOfFour, stepped, time } from "../../shared/exercise.js";
import { pacer } from "../../shared/pacer.js";
import { button, rows } from "./field.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const TOGETHER = {
  "go-round": "Turn by turn, out loud. Passing is always fine.",
  "grounding steps": "In your own way. You can stop any time.",
  "body scan": "Eyes open or closed. Leave out any place.",
};

/** A disc that shrinks, without numbers. */
export function together({ part }) {
  const clock = disc();
  const told = make("p", { className: "muted" }, TOGETHER[part] ?? "");
  const element = make("div", { className: "led" }, clock.element, told);
  return {
    element,
    tick: (now) => show(clock, now),
  };
}

function show(clock, exercise) {
  const at = time(exercise);
  if (!at) return;
  clock.show(still.matches ? stepped(at.share, exercise.timer) : at.share);
  clock.element.classList.toggle("over", at.over);
}

/** Who begins, and when they have swapped. */
export function pairs(exercise) {
  const clock = disc();
  const told = make("p", { className: "muted" });
  return {
    element: make("div", { className: "led" }, clock.element, told),
    update({ step, steps }) {
      say(told, steps < 2 ? "Say only what you want to say." : step % 2 ? "Now swap: the other one begins." : "One begins. The other listens.");
    },
    tick: (now) => show(clock, now),
  };
}

/** The circle, in step with the wall. It can be put out of sight. */
export function breathing(exercise) {
  const circle = pacer();
  const told = make("p", { className: "muted" }, `${rhythm(exercise)}, or in your own way. Stop any time.`);
  const hide = button("Hide this", () => {
    circle.element.hidden = !circle.element.hidden;
    say(hide, circle.element.hidden ? "Show it again" : "Hide this");
  }, "");
  return {
    element: make("div", { className: "led" }, circle.element, told),
    beside: hide,
    update: (now) => circle.follow(now),
    stop: () => circle.stop(),
  };
}

/** Three roles that move on, or four. Which one was mine at first is known to this phone alone. */
export function roles({ labels }, values, save) {
  const clock = disc();
  const mine = make("p", { className: "big-card", role: "status", hidden: true });
  const legend = make("p", { className: "strong", id: "roles" }, "Which is yours in the first round?");
  const four = rolesOfFour(labels);
  let now = { step: 0, steps: 0 };
  const choices = rows("radio", "role", four, [values.role ?? -1], (place) => {
    values.role = place;
    save();
    draw();
  });
  const ofFour = rows("checkbox", "four", ["We are four"], values.four ? [0] : [], (_, is) => {
    values.four = is;
    // Of three nobody is the fourth.
    if (!is && values.role === labels.length) delete values.role;
    choices.at(-1).querySelector("input").checked = is && values.role === labels.length;
    save();
    draw();
  });
  const choice = make("div", { className: "rows", role: "radiogroup", "aria-labelledby": "roles" }, ...choices);
  const about = make("p", { className: "scene-words", dir: "auto" });
  const rest = make("p", { className: "muted", hidden: true }, "This round is for groups of four. Three of you? Rest, or go once more.");

  function draw() {
    choices.at(-1).hidden = !values.four;
    rest.hidden = !isForFour(now) || Boolean(values.four);
    mine.hidden = values.role === undefined;
    if (!mine.hidden) say(mine, `You are the ${roleNow(values.four ? four : labels, values.role, now.step)}${now.step ? " now" : ""}.`);
  }

  return {
    element: make("div", { className: "body" }, about, make("div", { className: "led small" }, clock.element), rest, mine, ...ofFour, legend, choice),
    update(next) {
      now = next;
      say(about, now.item ?? "");
      about.hidden = !now.item;
      draw();
    },
    tick: (now) => show(clock, now),
  };
}

/** One scene at a time, with a choice where there is one to make. */
export function scenes({ labels, step }, values, save) {
  values.choices ??= {};
  const choice = rows("radio", `scene-${step}`, labels, [values.choices[step] ?? -1], (place) => {
    values.choices[step] = place;
    save();
  });
  const group = make("div", { className: "rows", role: "radiogroup", "aria-label": "Your choice" }, ...choice);
  return { element: make("div", { className: "body" }, labels.length ? group : make("p", { className: "muted" }, "Think it over. We talk about it in the room.")) };
}

/** True or false, and then why. Nobody counts how many were right. */
export function quiz(exercise, values, save) {
  values.choices ??= {};
  const at = Math.floor(exercise.step / 2);
  if (isAnswer(exercise)) {
    const { answer } = exercise;
    const mine = values.choices[at];
    return {
      element: make("div", { className: "body" },
        make("p", { className: "big-card" }, make("b", {}, answer.true ? "True: " : "False: "), answer.why),
        mine === undefined ? null : make("p", { className: "muted" }, `You thought: ${mine ? "false" : "true"}. Only you can see that.`)),
    };
  }
  const choice = rows("radio", `quiz-${at}`, ["True", "False"], [values.choices[at] ?? -1], (place) => {
    values.choices[at] = place;
    save();
  });
  return {
    element: make("div", { className: "body" },
      make("div", { className: "rows", role: "radiogroup", "aria-label": "What do you think?" }, ...choice),
      make("p", { className: "muted" }, "The answer comes when the room is ready.")),
  };
}
