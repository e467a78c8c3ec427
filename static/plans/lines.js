/** Line numbers and marks beside a text area: a copy of the text behind it, line by line, that wraps as it does. */

const sheet = document.getElementById("sheet");
const copy = document.getElementById("lines");
const text = document.getElementById("text");
/** More lines than a plan may have. What is pasted beyond them stands in one piece, as drawing each would take minutes. */
const MOST = 5_000;
const rows = [];
let shown = [];

/** Draw the numbers, from now on whenever the text changes. */
export function number() {
  sheet.classList.add("numbered");
  copy.classList.add("code");
  text.removeAttribute("rows");
  text.addEventListener("input", draw);
  draw();
}

/** Mark lines: `marks` maps a line's number to "error" or "warning". */
export function mark(marks) {
  rows.forEach((row, index) => { row.className = marks.get(index + 1) ?? ""; });
}

/** The number of the line that the cursor is in. */
export function lineNow() {
  return text.value.slice(0, text.selectionStart).split("\n").length;
}

/** Go to a line and select it, so that it is seen; with `select` false the cursor is only put at its end. */
export function goTo(line, select = true) {
  const [from, to] = ends(line);
  text.focus();
  text.setSelectionRange(select ? from : to, to);
  rows[Math.min(line, rows.length) - 1]?.scrollIntoView({ block: "center" });
}

/** Where a line begins and ends in the text. */
export function ends(line) {
  const lines = text.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [from, from + (lines[line - 1] ?? "").length];
}

function draw() {
  const all = text.value.split("\n");
  const lines = all.length > MOST ? [...all.slice(0, MOST), all.slice(MOST).join("\n")] : all;
  for (const row of rows.splice(lines.length)) row.remove();
  const more = Array.from({ length: Math.max(0, lines.length - rows.length) }, () => document.createElement("div"));
  rows.push(...more);
  copy.append(...more);
  lines.forEach((line, index) => {
    if (line !== shown[index]) rows[index].textContent = line || "\u200b";
  });
  shown = lines;
}
