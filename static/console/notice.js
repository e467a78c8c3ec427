import { one, say, show } from "./dom.js";

const TOAST_MS = 10_000;
const RECONNECTING = "Reconnecting. The timer goes on, and what the room sees stays as it is.";

/** What went wrong, said until the next thing works; and what was just done, with its way back for ten seconds. */
export function notices(root) {
  const problem = one("[data-notice=problem]", root);
  const toast = one("[data-notice=toast]", root);
  const line = one("[data-notice=line]", root);
  let timer;
  // Nobody should have to hurry for a button that goes away: it waits while it is pointed at or focused.
  for (const event of ["focusin", "pointerenter"]) toast.addEventListener(event, () => clearTimeout(timer));
  for (const event of ["focusout", "pointerleave"]) toast.addEventListener(event, hideLater);
  return { refused, done, connection };

  function refused(sentence, takeControl) {
    show(toast, false);
    say(one("span", problem), sentence);
    show(one("button", problem), takeControl);
    show(problem, true);
  }

  function done(words, undoable) {
    show(problem, false);
    say(one("span", problem), "");
    say(one("span", toast), words);
    show(one("button", toast), undoable);
    show(toast, words);
    hideLater();
  }

  function connection(state, words) {
    show(line, state !== "connected");
    say(one("span", line), state === "gone" ? words : state === "connected" ? "" : RECONNECTING);
  }

  function hideLater() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      show(toast, false);
      say(one("span", toast), "");
    }, TOAST_MS);
  }
}
