/** The editor: numbers, marks, live views, saving by itself. Without it the same form saves and checks by its buttons. */
import { fitWalls } from "./fit.js";
import { fixFor } from "./fixing.js";
import { hold, letGo, offer, settle } from "./keeping.js";
import { ends, goTo, lineNow, mark, number } from "./lines.js";
import { cleanPastes } from "./pasting.js";
import { screens } from "./screens.js";
import { replace } from "./typing.js";

const LOOK_MS = 200;
const SAVE_MS = 1_000;
const RETRY_MS = 5_000;
const PATIENCE_MS = 15_000;

const form = document.getElementById("editor");
const text = document.getElementById("text");
const views = document.getElementById("views");
const pictures = screens(views, views.dataset, { still: true });
const results = document.getElementById("results");
const findings = document.getElementById("findings");
const saved = document.getElementById("saved");
const token = document.querySelector('meta[name="csrf-token"]').content;

let looking = null;
let lookSoon = 0;
let saveSoon = 0;
let saving = false;
/** The button that was pressed while the draft was being saved: it waits, so that nobody is told of their own words. */
let pressed = null;
let kept = form.hasAttribute("data-unsaved") ? null : text.value;
/** Somebody else saved other words, or we are signed out: from then on only the form's own button saves. */
let stopped = form.hasAttribute("data-two-texts");

function slot(name, words) {
  results.querySelector(`[data-slot="${name}"]`).textContent = words;
}

async function post(url, body, signal = AbortSignal.timeout(PATIENCE_MS)) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
  const told = await answer.json();
  return { ok: answer.ok, status: answer.status, told };
}

// -- looking --

async function look() {
  looking?.abort();
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

// -- saving --

async function save() {
  if (saving || stopped || text.value === kept) return;
  saving = true;
  const sent = text.value;
  try {
    const { ok, status, told } = await post(form.dataset.saveUrl, { text: sent, edition: Number(form.elements.edition.value) });
    if (ok) {
      kept = sent;
      if (text.value === kept) letGo();
      form.elements.edition.value = told.edition;
      say(`Draft saved ${told.saved}`, true);
    } else {
      // 409: both texts are shown by the form's own button. Otherwise whatever it is, the words stay here.
      stopped = status < 500;
      say(status === 409 ? "Somebody else saved this draft. Press Save to see both texts." : told.message, false);
    }
  } catch {
    say("Not saved yet: no connection. It is tried again.", false);
  }
  saving = false;
  if (pressed) return form.requestSubmit(pressed);
  if (text.value !== kept && !stopped) saveSoon = setTimeout(save, kept === sent ? SAVE_MS : RETRY_MS);
}

function say(words, good) {
  saved.classList.toggle("not", !good);
  if (saved.lastElementChild.textContent !== words) saved.lastElementChild.textContent = words;
}

// -- the page --

function changed() {
  hold();
  clearTimeout(lookSoon);
  clearTimeout(saveSoon);
  lookSoon = setTimeout(look, LOOK_MS);
  saveSoon = setTimeout(save, SAVE_MS);
  if (!stopped && text.value !== kept) say("Not saved yet", true);
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

addEventListener("beforeunload", (event) => { if (text.value !== kept) event.preventDefault(); });
form.addEventListener("submit", (event) => {
  if (saving) {
    event.preventDefault();
    pressed = event.submitter;
    return;
  }
  kept = text.value;
});
for (const what of ["keyup", "click"]) text.addEventListener(what, moved);

if (kept !== null) settle();
offer(() => text.dispatchEvent(new Event("input", { bubbles: true })));
const at = Number(form.elements.line.value);
// After saving, what is typed next goes on where it was.
if (at > 1) goTo(at, false);
look();
