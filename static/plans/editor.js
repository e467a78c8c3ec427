/** The editor: numbers, marks, live views, saving by itself. Without it the same form saves and checks by its buttons. */
import { fitWalls } from "./fit.js";
import { fixFor } from "./fixing.js";
import { offer, settle } from "./keeping.js";
import { ends, goTo, lineNow, mark, number } from "./lines.js";
import { cleanPastes } from "./pasting.js";
import { edited, isSaved, saveBySelf, takenBack, tooLong } from "./saving.js";
import { screens } from "./screens.js";
import { replace } from "./typing.js";

const LOOK_MS = 200;
const PATIENCE_MS = 15_000;

const form = document.getElementById("editor");
const text = document.getElementById("text");
const views = document.getElementById("views");
const pictures = screens(views, views.dataset, { still: true });
const results = document.getElementById("results");
const findings = document.getElementById("findings");

let looking = null;
let lookSoon = 0;

function slot(name, words) {
  results.querySelector(`[data-slot="${name}"]`).textContent = words;
}

async function post(url, body, signal = AbortSignal.timeout(PATIENCE_MS)) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
  const told = await answer.json();
  return { ok: answer.ok, status: answer.status, told };
}

// -- looking --

async function look() {
  looking?.abort();
  if (tooLong()) return unread(tooLong());
  looking = new AbortController();
  form.elements.line.value = lineNow();
  try {
    const { ok, told } = await post(form.dataset.lookUrl, { text: text.value, line: lineNow() }, looking.signal);
    if (ok) show(told);
    else unread(told.message);
  } catch (error) {
    if (error.name !== "AbortError") unread("No connection to the server. Your words are here; it is tried again.");
  }
}

function show(told) {
  const marks = new Map();
  for (const one of told.warnings) marks.set(one.line, "warning");
  for (const one of told.errors) marks.set(one.line, "error");
  mark(marks);
  const fresh = document.createElement("template");
  fresh.innerHTML = told.views;
  pictures.renew(fresh.content);
  pictures.draw(0);
  fitWalls(views);
  findings.replaceChildren(
    ...told.errors.map((one) => row("error", one)),
    ...told.warnings.map((one) => row("warning", one)),
  );
  results.classList.toggle("bad", told.errors.length > 0);
  document.getElementById("publish").textContent = publishing(told.errors.length);
  // Said aloud only when it is another sentence.
  if (results.querySelector('[data-slot="summary"]').textContent !== told.summary) slot("summary", told.summary);
  slot("hint", told.errors.length ? "Errors stop publishing. A draft always saves."
    : told.warnings.length ? "None of this stops publishing." : "It can be published as it is.");
}

function publishing(errors) {
  return errors ? `Publish: fix ${errors} ${errors === 1 ? "error" : "errors"} first` : "Publish…";
}

function unread(message) {
  slot("summary", "Not read");
  slot("hint", message);
}

function row(kind, { line, message }) {
  const made = document.getElementById(kind).content.firstElementChild.cloneNode(true);
  const link = made.querySelector(".go");
  link.dataset.line = line;
  link.textContent = `Line ${line}`;
  made.querySelector('[data-slot="message"]').textContent = message;
  const fix = fixFor(message, text.value.split("\n")[line - 1] ?? "");
  if (fix) made.lastElementChild.append(fixButton(line, fix));
  return made;
}

function fixButton(line, [from, to, words]) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "as-link fix";
  button.textContent = "Fix it";
  button.addEventListener("click", () => {
    const [start] = ends(line);
    replace(text, start + from, start + to, words);
  });
  return button;
}

// -- the page --

function changed() {
  clearTimeout(lookSoon);
  lookSoon = setTimeout(look, LOOK_MS);
  edited();
}

function moved() {
  if (lineNow() === Number(form.elements.line.value)) return;
  clearTimeout(lookSoon);
  lookSoon = setTimeout(look, LOOK_MS);
}

/** A piece goes on lines of its own, after the line that the cursor is in. */
function insert(piece) {
  const [, end] = ends(lineNow());
  const isSegment = piece.startsWith("##");
  const before = text.value.slice(0, end);
  const gap = before.endsWith("\n\n") || !before ? "" : isSegment && !before.endsWith("\n") ? "\n\n" : "\n";
  replace(text, end, end, gap + piece.trimEnd() + (isSegment ? "\n" : ""));
}

number();
cleanPastes(async (pasted) => {
  const answer = await post(form.dataset.cleanUrl, { text: pasted }).catch(() => null);
  return answer?.ok ? answer.told : null;
});
text.addEventListener("input", changed);
document.addEventListener("selectionchange", () => { if (document.activeElement === text) moved(); });
results.addEventListener("click", (event) => {
  const link = event.target.closest(".go");
  if (!link) return;
  event.preventDefault();
  goTo(Number(link.dataset.line));
});

const bar = document.getElementById("insert");
bar.hidden = false;
for (const button of bar.querySelectorAll("[data-piece]")) {
  button.addEventListener("click", () => insert(button.dataset.piece));
}
// By a button: with the arrow keys each exercise in the list is chosen on the way to the next.
const chosen = bar.querySelector("select");
document.getElementById("add").addEventListener("click", () => {
  if (chosen.value) insert(chosen.value);
  else chosen.focus();
});

for (const what of ["keyup", "click"]) text.addEventListener(what, moved);

saveBySelf(post);
if (isSaved()) settle();
offer((left) => {
  takenBack(left);
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
const at = Number(form.elements.line.value);
// After saving, what is typed next goes on where it was.
if (at > 1) goTo(at, false);
look();
