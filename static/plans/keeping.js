/** Words that could not be saved stay in this window, also over signing in again, until they are. */

const text = document.getElementById("text");
const notice = document.getElementById("left");
const key = `plan-draft ${location.pathname}`;

/** Hold on to what is written. */
export function hold() {
  sessionStorage.setItem(key, text.value);
}

/** It is saved. */
export function letGo() {
  sessionStorage.removeItem(key);
}

/** When there are words from before that were not saved, offer them; `taken()` is called when they are put in. */
export function offer(taken) {
  const left = sessionStorage.getItem(key);
  if (left === null || left === text.value) return;
  notice.hidden = false;
  notice.querySelector("button").addEventListener("click", () => {
    notice.hidden = true;
    text.value = left;
    taken();
  });
}
