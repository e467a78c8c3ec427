/** Words that could not be saved stay in this window, also over signing in again, until they are. */

const form = document.getElementById("editor");
const text = document.getElementById("text");
const notice = document.getElementById("left");
const key = `plan-draft ${location.pathname}`;

/** Hold on to what is written, and to the edition and the text that it was made from. Whether there is room for it. */
export function hold(base) {
  try {
    sessionStorage.setItem(key, JSON.stringify({ text: text.value, edition: form.elements.edition.value, base }));
    return true;
  } catch {
    // More than a window can hold, and far more than a draft can: the page says so when it is saved.
    letGo();
    return false;
  }
}

/** It is saved. */
export function letGo() {
  sessionStorage.removeItem(key);
}

/** Let go of what this page shows as saved: it was saved with the form's own buttons. */
export function settle() {
  if (held()?.text === text.value) letGo();
}

/**
 * When there are words from before that were not saved, offer them; `taken(left)` is called when they are put in. They go
 * with their own edition: what somebody else saved meanwhile is not replaced unseen.
 */
export function offer(taken) {
  const left = held();
  if (!left || left.text === text.value) return;
  notice.hidden = false;
  notice.querySelector("button").addEventListener("click", () => {
    notice.hidden = true;
    text.value = left.text;
    form.elements.edition.value = left.edition;
    taken(left);
  });
}

function held() {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}
