/** What projector and phones say alike of an exercise: its steps in words, its time without numbers, its breath. */
import { now, remaining } from "./clock.js";

const MINUTE = 60;
const WORTH_WORDS_S = 2 * MINUTE;
const NEARLY_S = 45;
const COUNTED = {
  pairs: "Round",
  "role-play": "Round",
  "grounding steps": "Step",
  "body scan": "Place",
  "scenario cards": "Card",
  quiz: "Statement",
};
const HELD = {
  "go-round": "When you are ready, pass it on.",
  pairs: "Finish your sentence. No hurry.",
  "breathing pacer": "Let your breath find its own way.",
  "grounding steps": "Stay here until we go on together.",
  "body scan": "Stay here until we go on together.",
  "urge wave": "The watching is done. Let the wave go.",
  "role-play": "Finish your sentence. No hurry.",
};
const WRITING = "Finish your sentence. No hurry.";
const BREATHS = { in: "Breathe in", hold: "Hold gently", out: "Breathe out" };

/** What kind of exercise it is, as people read it. */
export function kind({ part }) {
  return part[0].toUpperCase() + part.slice(1);
}

/** Whether a quiz shows its answer now. */
export function isAnswer(exercise) {
  return exercise.answer !== null;
}

/** "Round 1 of 2", or nothing where there is one step, or nobody counts. A round more than planned is for groups of four. */
export function counted({ part, step, steps }) {
  const [at, of] = part === "quiz" ? [Math.floor(step / 2), steps / 2] : [step, steps];
  if (isForFour({ step, steps })) return `Round ${at + 1}, groups of four`;
  return COUNTED[part] && of > 1 ? `${COUNTED[part]} ${at + 1} of ${of}` : "";
}

/** Whether a role-play has come to the round that only groups of four need. */
export function isForFour({ step, steps }) {
  return steps > 0 && step >= steps;
}

/** How the time of this step stands: `share` left (1 to 0), `over`, and words; null when the step has no time. */
export function time({ part, timer }) {
  if (!timer) return null;
  const left = remaining(timer, now());
  const share = timer.planned_s ? Math.min(1, Math.max(0, left / timer.planned_s)) : 0;
  return { left, share, over: left <= 0, words: left <= 0 ? (HELD[part] ?? WRITING) : words(timer, left) };
}

function words(timer, left) {
  if (timer.ends_at === null) return "Paused";
  if (timer.planned_s < WORTH_WORDS_S) return "";
  if (left < NEARLY_S) return "Nearly there";
  const minutes = Math.round(left / MINUTE);
  return minutes > 1 ? `About ${minutes} minutes left` : "About a minute left";
}

/** The share that is drawn for somebody who wants nothing to move: it steps like the hand of a clock. */
export function stepped(share, { planned_s: planned }) {
  const steps = planned > 2 * MINUTE ? Math.round(planned / MINUTE) : 4;
  return Math.ceil(share * steps - 0.001) / steps;
}

/**
 * Where the breath is, the same on every screen because all count from one server's time: `words`, `second` of `of`, and
 * how full the chest is (0 to 1). Null when its time is over.
 */
export function breath({ breath: { in: into, hold, out }, timer }) {
  const left = remaining(timer, now());
  if (left <= 0) return null;
  let at = Math.max(0, timer.planned_s - left) % (into + hold + out);
  for (const [name, lasts] of [["in", into], ["hold", hold], ["out", out]]) {
    if (at < lasts) {
      const full = { in: eased(at / lasts), hold: 1, out: 1 - eased(at / lasts) }[name];
      return { name, words: BREATHS[name], second: Math.floor(at) + 1, of: lasts, full };
    }
    at -= lasts;
  }
  return null;
}

/** "In for 4, out for 6", for somebody who does not look. */
export function rhythm({ breath: { in: into, hold, out } }) {
  return `In for ${into}, ${hold ? `hold for ${hold}, ` : ""}out for ${out}`;
}

function eased(share) {
  return (1 - Math.cos(Math.PI * share)) / 2;
}

/** Which minute of an urge wave it is, from 0, and of how many; null when the watching is done. */
export function minute({ timer }) {
  const of = Math.max(1, Math.round(timer.planned_s / MINUTE));
  const left = remaining(timer, now());
  return left <= 0 ? null : { at: Math.min(of - 1, Math.floor((timer.planned_s - left) / MINUTE)), of };
}

/** How many minutes an urge wave has. */
export function minutes({ timer }) {
  return Math.max(1, Math.round(timer.planned_s / MINUTE));
}

/** The roles of a group of four: two have the last one, one after the other. */
export function rolesOfFour(labels) {
  return [...labels, `second ${labels.at(-1)}`];
}

/** Who is what in this round of a role-play: each role moves on to the next one. */
export function roleNow(labels, first, round) {
  return labels[(first + round) % labels.length];
}
