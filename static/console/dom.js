/** Small steps that touch the page only where something changed: focus stays, and screen readers stay quiet. */

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Write words into an element. */
export function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Show or hide an element. */
export function show(element, visible) {
  if (element.hidden === Boolean(visible)) element.hidden = !visible;
}

/** Set an attribute, or remove it when the value is null. */
export function set(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/**
 * Give a button the command that it sends, or null when there is nothing to send now.
 * It is never disabled in earnest, because a disabled button drops the focus of whoever just pressed it.
 */
export function aim(button, command) {
  button.disabled = false;
  set(button, "aria-disabled", command ? null : "true");
  const value = command ? JSON.stringify(command) : "";
  if (button.value !== value) button.value = value;
}

/** Make a list hold one element per item, in order, from a template; elements that stay are not moved. */
export function list(parent, items, template, draw) {
  const before = new Map([...parent.children].map((child) => [child.dataset.id, child]));
  for (const item of items) {
    const child = before.get(String(item.id)) ?? parent.appendChild(copy(template, item.id));
    before.delete(String(item.id));
    draw(child, item);
  }
  for (const gone of before.values()) gone.remove();
}

function copy(template, id) {
  const child = template.content.firstElementChild.cloneNode(true);
  child.dataset.id = id;
  return child;
}

/** Point an icon at another symbol of the sprite. */
export function icon(svg, name) {
  const use = svg.querySelector("use");
  const href = use.getAttribute("href").replace(/#.*$/, `#${name}`);
  set(use, "href", href);
}
