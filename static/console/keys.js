import { all, one } from "./dom.js";

const REPEAT_MS = 400;
const SWITCH = "facilitator-single-keys";
/** What each key presses, by the name of the button (data-verb). Letters are compared in lower case. */
const SINGLE = {
  " ": "pause", ArrowRight: "next", ArrowLeft: "back", "+": "more", "=": "more", "-": "less",
  c: "check-in", r: "reveal", e: "step", x: "exercise-stop", n: "note", j: "join", b: "blank", ".": "blank", "?": "keys",
};
/** A presenter remote sends these; they are no characters, so they stay on when single keys are off. */
const REMOTE = { PageDown: "next", PageUp: "back" };
/** Pressed twice by a bouncing remote, these would skip a segment or undo themselves. */
const BOUNCING = new Set(["next", "back", "blank", "pause", "join", "check-in", "reveal", "step", "step-back"]);
const PRESSED_BY_SPACE = "a, button, input, label, select, summary";
const TYPING = "input:not([type=checkbox]), select, textarea, [contenteditable]";

/** The verb that a key stands for, or undefined. */
export function verbOf({ key, code, shiftKey }, singleKeys) {
  if (REMOTE[key]) return REMOTE[key];
  if (!singleKeys) return undefined;
  // The key that carries the plus, with Shift: "+" itself, or "*" where plus needs no Shift (German keyboards).
  if (shiftKey && (key === "+" || (key === "*" && code === "BracketRight"))) return "five";
  if (shiftKey && key.toLowerCase() === "e") return "step-back";
  return SINGLE[key.length === 1 ? key.toLowerCase() : key];
}

/** Keyboard and presenter remote. A key presses the button that it stands for; there is no second way to act. */
export function keys(root, { isOn, toNote }) {
  const sheet = one("#keys-dialog");
  const singleKeys = one("[data-single-keys]", sheet);
  const last = new Map();
  singleKeys.checked = localStorage.getItem(SWITCH) !== "off";
  singleKeys.addEventListener("change", () => localStorage.setItem(SWITCH, singleKeys.checked ? "on" : "off"));
  for (const button of all("[data-verb=keys]")) button.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", letGo);
  return (key) => act(verbOf({ key, shiftKey: false }, singleKeys.checked));

  function onKey(event) {
    if (!isOn()) return;
    // A remote sends F5 to begin; a browser would reload the page in the middle of a session.
    if (event.key === "F5" && !event.ctrlKey) event.preventDefault();
    if (one("dialog[open]") || event.target.closest(TYPING)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) {
      event.preventDefault();
      press("undo");
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === " " && event.target.closest(PRESSED_BY_SPACE)) return;
      const verb = verbOf(event, singleKeys.checked);
      if (verb) event.preventDefault();
      if (!event.repeat) act(verb);
    }
  }

  function act(verb) {
    if (!verb) return;
    const now = performance.now();
    if (BOUNCING.has(verb) && now - (last.get(verb) ?? -REPEAT_MS) < REPEAT_MS) return;
    last.set(verb, now);
    if (verb === "note") toNote();
    else press(verb);
  }

  function press(verb) {
    one(`[data-verb=${verb}]`, root)?.click();
  }

  // After a click by mouse the button lets the focus go, so that Space goes on to mean "pause".
  function letGo({ pointerType, target }) {
    const pressed = target.closest("button, summary");
    if (pointerType === "mouse" && pressed === document.activeElement) pressed?.blur();
  }
}

/**
 * Keys that are pressed in the projector's window, when it is the one of this session.
 * Of several consoles in one browser only the one used last listens, or "+1" would be given twice.
 */
export function remote(page, act) {
  const owner = `facilitator-remote-${page.screen}`;
  const me = String(Math.random());
  const own = () => localStorage.setItem(owner, me);
  addEventListener("focus", own);
  own();
  new BroadcastChannel("facilitator-remote").addEventListener("message", ({ data }) => {
    if (data?.screen === page.screen && localStorage.getItem(owner) === me) act(String(data.key));
  });
}
