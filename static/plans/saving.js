/** Saving by itself: it tries again whenever that makes sense, and says in words what is kept and what is not. */
import { hold, letGo } from "./keeping.js";

const SAVE_MS = 1_000;
const RETRY_MS = 5_000;
const KB = 1024;
const SIGNED_OUT = 401;
const OLD_TOKEN = 403;
/** What only a person can settle: two texts, or a draft that is gone. */
const FOR_A_PERSON = new Set([404, 409]);
/** What these very words cause: other words may be taken. */
const FOR_OTHER_WORDS = new Set([413, 422]);

const form = document.getElementById("editor");
const text = document.getElementById("text");
const told = document.getElementById("saved");
const signIn = document.getElementById("sign-in");
const most = Number(form.dataset.most);

let when = told.dataset.when;
/** What is saved; null: nobody knows, or it is another text. */
let kept = form.hasAttribute("data-unsaved") ? null : text.value;
/** What the words here were made from, as the edition in the form has it. */
let base = kept ?? form.elements.base.value;
let refused = null;
let stopped = form.hasAttribute("data-two-texts");
let isSignedOut = false;
let saving = false;
/** The button that was pressed while the draft was being saved: it waits, so that nobody is told of their own words. */
let pressed = null;
let soon = 0;
let post = null;

/** From now on save by itself. `send(url, body)` posts JSON; call `edited()` after each change. */
export function saveBySelf(send) {
  post = send;
  addEventListener("beforeunload", (event) => { if (text.value !== kept) event.preventDefault(); });
  // Whoever signed in again in another window comes back to this one.
  addEventListener("focus", () => { if (isSignedOut) save(); });
  // What is held here needs no warning: it is offered again.
  signIn.addEventListener("click", () => { if (hold(base)) kept = text.value; });
  form.addEventListener("submit", submitted);
}

/** The words are other ones now. */
export function edited() {
  hold(base);
  clearTimeout(soon);
  if (tooLong()) return refuse();
  soon = setTimeout(save, SAVE_MS);
  if (!stopped && !isSignedOut && text.value !== kept) say("Not saved yet", true);
}

/** The words that are put in come from before, and so does what they were made from. */
export function takenBack(left) {
  base = left.base ?? "";
  kept = null;
}

/** Whether what this page shows is saved. */
export function isSaved() {
  return kept !== null;
}

/** Why the text is too long, in a sentence; "" when it is not. */
export function tooLong() {
  const size = new TextEncoder().encode(text.value).length;
  return size > most ? `A plan has at most ${most / KB} kB, and this has ${Math.ceil(size / KB)} kB.` : "";
}

async function save() {
  clearTimeout(soon);
  if (saving || stopped || [kept, refused].includes(text.value)) return;
  if (tooLong()) return refuse();
  saving = true;
  const sent = text.value;
  try {
    settle(sent, await sendIt(sent));
  } catch {
    say("Not saved yet: no connection. It is tried again.", false);
  }
  saving = false;
  const button = pressed;
  pressed = null;
  if (button) return form.requestSubmit(button);
  if (stopped || isSignedOut || [kept, refused].includes(text.value)) return;
  soon = setTimeout(save, kept === sent ? SAVE_MS : RETRY_MS);
}

async function sendIt(sent) {
  const body = { text: sent, edition: Number(form.elements.edition.value) };
  const answer = await post(form.dataset.saveUrl, body);
  return answer.status === OLD_TOKEN && (await freshToken()) ? post(form.dataset.saveUrl, body) : answer;
}

function settle(sent, { ok, status, told: answer }) {
  isSignedOut = status === SIGNED_OUT;
  signIn.hidden = !isSignedOut;
  if (ok) {
    [kept, base, when] = [sent, sent, answer.saved];
    if (text.value === kept) letGo();
    form.elements.edition.value = answer.edition;
    return say(`Draft saved ${when}`, true);
  }
  stopped = FOR_A_PERSON.has(status);
  if (FOR_OTHER_WORDS.has(status)) refused = sent;
  if (isSignedOut) return say("You are signed out. Your words stay in this window, and are saved when you have signed in.", false);
  say(FOR_OTHER_WORDS.has(status) ? `${answer.message} ${keptWords()}` : answer.message, false);
}

function refuse() {
  say(`Not saved: too long. ${tooLong()} ${keptWords()} Once it is shorter, it saves by itself.`, false);
}

function keptWords() {
  return `What was saved ${when} is kept.`;
}

/** Signed in again in another window, the page's token is another one. False when that is not so. */
async function freshToken() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!token || !page.getElementById("editor")) return false;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  return true;
}

function submitted(event) {
  if (saving) {
    event.preventDefault();
    pressed = event.submitter;
    return;
  }
  if (tooLong()) {
    event.preventDefault();
    refuse();
    text.focus();
    return;
  }
  if (isSignedOut) {
    event.preventDefault();
    signIn.click();
    return;
  }
  // Three texts must fit in one form; without it, both are shown and nothing is put together.
  form.elements.base.value = base.length + text.value.length < most / 2 ? base : "";
  kept = text.value;
}

function say(words, good) {
  told.classList.toggle("not", !good);
  const place = told.lastElementChild;
  if (place.textContent !== words) place.textContent = words;
}
