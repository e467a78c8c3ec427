/** Exercises as wall and phones draw them: their own scripts and styles, in frames of their own. */

const HOST = "[data-screen]";
const NAMES = { wall: "Projector, with the exercise", phone: "Phone, with the exercise" };
const PHONE_WIDTH = 360;

/** A phone is laid out at the width of a phone, and made smaller as a whole. */
const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => {
  target.style.setProperty("--scale", target.clientWidth / PHONE_WIDTH);
}));

/**
 * The frames inside `place`, made of the pages in `documents` (`wall`, `phone`). `still`: pictures that nobody can touch.
 * `renew(fresh)` puts in what is in `fresh`, `draw(now)` has the frames show what their places say at that time (ms UTC).
 */
export function screens(place, documents, { still }) {
  const told = new WeakMap();
  let at = 0;

  function frameIn(host) {
    const frame = document.createElement("iframe");
    frame.title = NAMES[host.dataset.screen];
    frame.inert = still;
    if (still) frame.tabIndex = -1;
    frame.srcdoc = documents[host.dataset.screen];
    host.append(frame);
    if (host.dataset.screen === "phone") sizes.observe(host);
    return frame;
  }

  function tell(host, frame) {
    const words = host.dataset.exercise;
    if (!frame.hasAttribute("data-ready") || (still && told.get(frame) === words)) return;
    told.set(frame, words);
    const exercise = words ? JSON.parse(words) : null;
    // While somebody writes, every exercise is the first one. In a picture each is another.
    if (still && exercise) exercise.id = words;
    frame.contentWindow.postMessage({ exercise, now: at, still }, self.origin);
  }

  function draw(now) {
    at = now;
    for (const host of place.querySelectorAll(HOST)) {
      const frame = host.firstElementChild ?? (host.dataset.exercise ? frameIn(host) : null);
      if (frame) tell(host, frame);
    }
  }

  addEventListener("message", ({ data, origin, source }) => {
    const host = [...place.querySelectorAll(HOST)].find((one) => one.firstElementChild?.contentWindow === source);
    if (!host || origin !== self.origin || data !== "ready") return;
    host.firstElementChild.setAttribute("data-ready", "");
    told.delete(host.firstElementChild);
    tell(host, host.firstElementChild);
  });

  return { draw, renew: (fresh) => renew(place, fresh) };
}

/** What is in `fresh` in place of what is in `old`, around the frames: one that is taken out would begin anew. */
function renew(old, fresh) {
  const [there, next] = [old, fresh].map((one) => [...one.children].filter((child) => child.matches(HOST) || child.querySelector(HOST)));
  if (there.length !== next.length) return old.replaceChildren(...fresh.childNodes);
  for (const node of [...old.childNodes]) if (!there.includes(node)) node.remove();
  let at = 0;
  for (const node of [...fresh.childNodes]) {
    if (node === next[at]) renewOne(there[at++], node);
    else old.insertBefore(node, there[at] ?? null);
  }
}

function renewOne(old, fresh) {
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name) && name !== "style") old.removeAttribute(name);
  for (const name of fresh.getAttributeNames()) old.setAttribute(name, fresh.getAttribute(name));
  if (!old.matches(HOST)) renew(old, fresh);
}
