/** How the session stands against its plan. Pure: a view and a moment in, numbers and words out. All in ms UTC. */

import { remaining } from "../shared/clock.js";

const MINUTE = 60_000;
const A_SESSION_BEGUN_ON_TIME = 30 * MINUTE;
const WORTH_TRIMMING = 2;
const LEAST_LEFT = 2;

/** What is left of the current timer; negative when the segment runs over. */
export function left(timer, now) {
  return (remaining(timer, now) ?? 0) * 1000;
}

/**
 * When the plan begins. A session that was moved by more than half an hour is measured from its real start:
 * "300 min behind" would help nobody.
 */
export function plannedStart(view) {
  const moved = Math.abs((view.started_at ?? view.scheduled_at) - view.scheduled_at);
  return moved > A_SESSION_BEGUN_ON_TIME ? view.started_at : view.scheduled_at;
}

/** When each segment begins by the plan. */
export function plannedStarts(view) {
  let at = plannedStart(view);
  return view.segments.map((segment) => {
    const start = at;
    at += segment.planned_minutes * MINUTE;
    return start;
  });
}

export function plannedEnd(view) {
  return plannedStart(view) + minutesFrom(view, 0) * MINUTE;
}

/** When a segment after the current one will begin, if nothing more is changed. */
export function expectedStart(view, index, now) {
  const between = view.segments.slice((view.segment ?? -1) + 1, index);
  return leftOff(view, now) + sum(between.map((segment) => segment.planned_minutes)) * MINUTE;
}

export function expectedEnd(view, now) {
  return expectedStart(view, view.segments.length, now);
}

function leftOff(view, now) {
  if (view.segment === null) return Math.max(now, view.scheduled_at);
  return now + Math.max(0, left(view.timer, now));
}

/** Whole minutes behind the plan; negative when ahead. */
export function drift(view, now) {
  return Math.round((expectedEnd(view, now) - plannedEnd(view)) / MINUTE);
}

/** "4 min behind", "on time", "3 min ahead". */
export function driftWords(minutes) {
  if (minutes === 0) return "on time";
  return minutes > 0 ? `${minutes} min behind` : `${-minutes} min ahead`;
}

/** Minutes spent in a segment, the running stay included; null when it was never entered. */
export function actualMinutes(view, index, now) {
  const before = view.segments[index].actual_ms;
  if (index !== view.segment || view.state !== "live") return before === null ? null : Math.round(before / MINUTE);
  return Math.floor(((before ?? 0) + now - view.entered_at) / MINUTE);
}

/** How a finished segment went against its plan: "2 min over", "1 min under", "as planned". */
export function outcomeWords(planned, actual) {
  if (actual === planned) return "as planned";
  return actual > planned ? `${actual - planned} min over` : `${planned - actual} min under`;
}

/**
 * What to shorten so that the session ends on time: [{index, minutes}], longest segments first.
 * Breaks and the closing are left alone; nothing is offered for a minute's delay, or when it cannot be made good.
 */
export function trims(view, now) {
  let behind = drift(view, now);
  if (view.segment === null || behind < WORTH_TRIMMING) return [];
  const spare = view.segments
    .map((segment, index) => ({ index, minutes: spareMinutes(view, segment, index, now) }))
    .filter((one) => one.minutes > 0)
    .sort((one, other) => other.minutes - one.minutes);
  if (sum(spare.map((one) => one.minutes)) < behind) return [];
  const taken = [];
  for (const { index, minutes } of spare) {
    if (behind === 0) break;
    const part = Math.min(minutes, behind);
    taken.push({ index, minutes: part });
    behind -= part;
  }
  return taken.sort((one, other) => one.index - other.index);
}

function spareMinutes(view, segment, index, now) {
  if (index < view.segment || segment.kind === "break" || segment.kind === "closing") return 0;
  if (index === view.segment) return Math.max(0, Math.floor(left(view.timer, now) / MINUTE) - LEAST_LEFT);
  return Math.floor(segment.planned_minutes / 3);
}

/** "10:40", and "+02:10" past zero. */
export function countdown(ms) {
  const seconds = ms > 0 ? Math.ceil(ms / 1000) : Math.floor(-ms / 1000);
  const words = `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
  return ms < 0 && seconds > 0 ? `+${words}` : words;
}

const pad = (number) => String(number).padStart(2, "0");
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const minutesFrom = (view, first) => sum(view.segments.slice(first).map((segment) => segment.planned_minutes));
