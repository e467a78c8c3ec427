/**
 * Keys and presenter remotes. This screen has no right to command anything: what would move the session is handed to
 * the console, if one is open in the same browser, and does nothing otherwise. What is about this screen happens here.
 */

const REPEAT_MS = 400;
const HANDED_ON = new Set(["ArrowRight", "ArrowLeft", "PageDown", "PageUp", " ", ".", "b"]);
// A remote sends F5 for "start the show"; the browser would load the page again.
const SWALLOWED = new Set(["F5", "ArrowUp", "ArrowDown", "Home", "End", "Backspace"]);
const CONTROLS_MS = 3_000;

const controls = document.getElementById("controls");

/** `own` maps a letter to what it does on this screen; `screen` is this screen's token. */
export function listen(screen, own) {
  const channel = new BroadcastChannel("facilitator-remote");
  const last = new Map();

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onButton = event.target.closest?.("button") && (key === " " || key === "Enter");
    if (onButton || !(own[key] || HANDED_ON.has(key) || SWALLOWED.has(key))) return;
    event.preventDefault();
    const at = performance.now();
    const bounced = event.repeat || at - (last.get(key) ?? -REPEAT_MS) < REPEAT_MS;
    last.set(key, at);
    if (bounced) return;
    if (own[key]) own[key]();
    else if (HANDED_ON.has(key)) channel.postMessage({ screen, key });
  });

  for (const button of controls.querySelectorAll("button")) {
    button.addEventListener("click", () => own[button.dataset.key]());
  }
  showOnMove();
}

/** Say on the control of this letter whether it is on. */
export function press(letter, on) {
  controls.querySelector(`[data-key="${letter}"]`).setAttribute("aria-pressed", String(on));
}

/** The controls, and the pointer, are there while the mouse moves. */
function showOnMove() {
  let soon = 0;
  const rest = () => {
    controls.classList.remove("there");
    document.body.classList.add("still");
  };
  addEventListener("pointermove", () => {
    clearTimeout(soon);
    soon = setTimeout(rest, CONTROLS_MS);
    controls.classList.add("there");
    document.body.classList.remove("still");
  });
  soon = setTimeout(rest, CONTROLS_MS);
}
