/** Elements made by scripts: words go in as text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with these properties or attributes, and `inside` it elements and words. Null and false leave one out. */
export function make(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === false) continue;
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== false));
  return made;
}

/** A piece of a drawing. */
export function draw(tag, given = {}, ...inside) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** A sign of the sprite. Decoration: what it stands for is also said in words. */
export function icon(name) {
  const sprite = new URL("icons.svg", import.meta.url);
  return draw("svg", { class: "icon", "aria-hidden": "true" }, draw("use", { href: `${sprite}#${name}` }));
}

/** Write words into an element, only if they are others: screen readers and selections stay where they are. */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** After a moment without a network a style sheet is asked for again: the module that wants it is there by then. */
const AGAIN_MS = 1_000;

/** Bring in a style sheet that lies beside the module `from`; done when it is there, or could not be had as yet. */
export function style(name, from, media = "all", again = AGAIN_MS) {
  return new Promise((done) => {
    const link = make("link", { rel: "stylesheet", href: new URL(name, from).href, media });
    link.onload = done;
    link.onerror = () => {
      link.remove();
      setTimeout(() => style(name, from, media, 2 * again), again);
      done();
    };
    document.head.append(link);
  });
}
