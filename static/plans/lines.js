/** Line numbers and marks beside a text area: a copy of the text behind it, line by line, that wraps as it does. */

const sheet = document.getElementById("sheet");
const copy = document.getElementById("lines");
const text = document.getElementById("text");
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
  [...copy.children].forEach((line, index) => { line.className = marks.get(index + 1) ?? ""; });
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
  copy.children[line - 1]?.scrollIntoView({ block: "center" });
}

/** Where a line begins and ends in the text. */
export function ends(line) {
  const lines = text.value.split("\n");
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return [from, from + (lines[line - 1] ?? "").length];
}

function draw() {
  const lines = text.value.split("\n");
  while (copy.children.length > lines.length) copy.lastChild.remove();
  while (copy.children.length < lines.length) copy.append(document.createElement("div"));
  lines.forEach((line, index) => {
    if (line !== shown[index]) copy.children[index].textContent = line || "\u200b";
  });
  shown = lines;
}
