/** What this tab of the browser keeps. The small browsers inside other apps may keep nothing: then there is nothing here. */

/** The words of this name, or null. */
export function read(name) {
  return tried((kept) => kept.getItem(name)) ?? null;
}

/** Keep words under this name, if there is room and leave for it. */
export function write(name, words) {
  tried((kept) => kept.setItem(name, words));
}

/** Keep them no longer. */
export function remove(name) {
  tried((kept) => kept.removeItem(name));
}

/** Keep nothing. */
export function clear() {
  tried((kept) => kept.clear());
}

/** Whether anything is kept. */
export function keeps() {
  return tried((kept) => kept.length > 0) ?? false;
}

function tried(what) {
  try {
    return what(sessionStorage);
  } catch {
    return undefined;
  }
}
