/** Cards that are sorted, put in order or kept, by buttons. */
import { icon, make, say } from "../../shared/elements.js";
import { BOUNCE_MS, button, rows } from "./field.js";

/** One card after the other goes onto a pile. A tap on a card there takes it up again. */
export function sort({ items, labels }, values, save) {
  values.placed ??= {};
  values.order ??= [...items.keys()];
  const card = make("p", { className: "big-card", role: "status", dir: "auto", tabIndex: -1 });
  const left = make("p", { className: "muted" });
  let last = { at: -BOUNCE_MS };
  const piles = make("div", { className: "pair" }, ...labels.map((label, pile) => button(label, () => put(pile))));
  const later = button("Leave this one for later", () => {
    values.order.push(...values.order.splice(values.order.indexOf(waiting()[0]), 1));
    changed();
  }, "plain");
  const lists = labels.map((label) => {
    const list = make("ul", { className: "pile" });
    return { list, element: make("section", {}, make("h2", { dir: "auto" }, label), list) };
  });

  function waiting() {
    return values.order.filter((one) => !(one in values.placed));
  }

  /** The same pile twice in a breath was meant once: nobody has read the next card yet. */
  function put(pile) {
    const again = last.pile === pile && performance.now() - last.at < BOUNCE_MS;
    last = { pile, at: performance.now() };
    if (again) return;
    values.placed[waiting()[0]] = pile;
    changed();
    if (!waiting().length) card.focus();
  }

  function takeUp(one) {
    delete values.placed[one];
    values.order = [one, ...values.order.filter((other) => other !== one)];
    changed();
    card.focus();
  }

  function changed() {
    save();
    draw();
  }

  function draw() {
    const open = waiting();
    say(card, open.length ? items[open[0]] : "Every card has a place.");
    say(left, open.length > 1 ? `${open.length - 1} more after this one` : open.length ? "The last one" : "Tap a card to move it.");
    piles.hidden = later.hidden = !open.length;
    later.hidden ||= open.length < 2;
    lists.forEach(({ list, element }, pile) => {
      const here = values.order.filter((one) => values.placed[one] === pile);
      element.hidden = !here.length;
      list.replaceChildren(...here.map((one) => {
        const move = button(items[one], () => takeUp(one), "placed");
        move.setAttribute("aria-label", `Move: ${items[one]}`);
        move.dir = "auto";
        return make("li", {}, move);
      }));
    });
  }

  draw();
  return { element: make("div", { className: "body" }, card, left, piles, later, ...lists.map((one) => one.element)) };
}

/** Up and down by buttons. */
export function rank({ items, most }, values, save) {
  values.order ??= [...items.keys()];
  const told = make("p", { className: "visually-hidden", role: "status" });
  const list = make("ol", { className: "ranked" });
  const lines = items.map((words, one) => {
    const number = make("b", {});
    const [up, down] = [-1, 1].map((by) => {
      const move = button(icon("chevron-down"), () => shift(one, by, move), by < 0 ? "move up" : "move");
      move.setAttribute("aria-label", `${by < 0 ? "Up" : "Down"}: ${words}`);
      return move;
    });
    return { number, up, down, element: make("li", {}, number, make("span", { dir: "auto" }, words), up, down) };
  });

  function shift(one, by, pressed) {
    const at = values.order.indexOf(one);
    const to = at + by;
    if (to < 0 || to >= items.length) return;
    values.order.splice(at, 1);
    values.order.splice(to, 0, one);
    values.moved = true;
    save();
    draw();
    pressed.focus();
    say(told, `Number ${to + 1}: ${items[one]}`);
  }

  function draw() {
    values.order.forEach((one, place) => {
      const { number, up, down, element } = lines[one];
      say(number, String(place + 1));
      up.setAttribute("aria-disabled", String(place === 0));
      down.setAttribute("aria-disabled", String(place === items.length - 1));
      element.classList.toggle("top", place < most);
      element.classList.toggle("below", most > 0 && place >= most);
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    });
  }

  draw();
  const hint = !most || most === items.length ? "The first one matters most."
    : `${most > 1 ? `The first ${most} count` : "The first one counts"}. The order below does not matter.`;
  return { element: make("div", { className: "body" }, make("p", { className: "muted" }, hint), list, told) };
}

/** Pick as many as you like, then let go until those are left that count. */
export function keepers({ items, most }, values, save) {
  values.kept ??= [];
  const told = make("p", { className: "muted", role: "status" });
  const group = make("div", { className: "rows", role: "group", "aria-label": "Values" }, ...rows("checkbox", "values", items, values.kept, (place, is) => {
    values.kept = values.kept.filter((one) => one !== place).concat(is ? [place] : []);
    save();
    draw();
  }));

  function draw() {
    const over = values.kept.length - most;
    if (over > 0) say(told, `You have picked ${values.kept.length}. Let go of ${over}, when you are ready.`);
    else if (over < 0) say(told, `Pick any that speak to you. In the end, keep ${most}.`);
    else say(told, most > 1 ? `These are your ${most}. You can still change them.` : "This is your one. You can still change it.");
  }

  draw();
  return { element: make("div", { className: "body" }, told, group) };
}
