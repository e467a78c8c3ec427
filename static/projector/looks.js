/** How this screen looks: light or dark, larger text, full screen, never asleep. Kept in this browser only. */
import { press } from "./keys.js";

const root = document.documentElement;

/** Two states of one attribute of the page, switched by a letter and remembered. */
function choice(name, on, letter, changed) {
  const key = `projector-${name}`;
  const show = (is) => {
    root.toggleAttribute(`data-${name}`, is);
    if (is) root.setAttribute(`data-${name}`, on);
    press(letter, is);
    changed();
  };
  show(localStorage.getItem(key) === on);
  return () => {
    const is = !root.hasAttribute(`data-${name}`);
    localStorage.setItem(key, is ? on : "");
    show(is);
  };
}

/** What the letters L, T and F do; `changed()` is called when there is more or less room. */
export function looks(changed) {
  return {
    l: choice("theme", "light", "l", changed),
    t: choice("text", "large", "t", changed),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.()),
  };
}

/** Keep the screen on. Not possible over plain http from another machine; the console says so beforehand. */
export async function stayAwake() {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  await navigator.wakeLock.request("screen").catch(() => {});
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
