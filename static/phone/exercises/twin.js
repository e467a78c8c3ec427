/** What was made, in plain lines: for the file, for paper, and for somebody who reads rather than looks. */
import { DAYS, rung } from "./grids.js";
import { shape } from "./wave.js";

const LINES = {
  "silent writing": (_, { words }) => [["", words]],
  "thought record": boxes,
  "plan builder": boxes,
  ladder: (ladder, { words }) => Array.from({ length: ladder.most }, (_, at) => ladder.most - at).map((one) => [`Rung ${rung(one, ladder)}`, words?.[one]]),
  "decision grid": ({ labels, columns }, { words }) =>
    labels.flatMap((row, r) => columns.map((column, c) => [`${row}: ${column}`, words?.[`${r}${c}`]])),
  "week grid": ({ labels }, { words }) => DAYS.flatMap((day, d) => labels.map((label, r) => [`${day}, ${label}`, words?.[`${d}${r}`]])),
  "sort cards": ({ items, labels }, { order, placed }) =>
    labels.map((label, pile) => [label, list(order.filter((one) => placed[one] === pile).map((one) => items[one]))]),
  rank: ({ items }, { order, moved }) => [["", moved ? list(order.map((one, at) => `${at + 1}. ${items[one]}`)) : ""]],
  "values cards": ({ items }, { kept }) => [["", list(kept.map((one) => items[one]))]],
  "urge wave": (_, { ratings, minutes }) => [["", wave(ratings, minutes)]],
};

/** `title` and `lines`, each a label and words. A place that is empty is left out. */
export function twin({ exercise, values }) {
  const lines = LINES[exercise.part]?.(exercise, values) ?? [];
  return { title: exercise.text, lines: lines.filter(([, words]) => words?.trim()) };
}

function boxes({ items }, { words }) {
  return items.map((label, place) => [label, words?.[place]]);
}

function list(words) {
  return words.join("\n");
}

function wave(ratings, minutes) {
  const rated = Array.from({ length: minutes }, (_, at) => [at, ratings[at] ?? null]);
  if (rated.every(([, one]) => one === null)) return "";
  return list([shape(ratings), ...rated.map(([at, one]) => `Minute ${at + 1}: ${one ?? "skipped"}`)].filter(Boolean));
}
