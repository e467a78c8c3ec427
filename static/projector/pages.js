/** What does not fit on the wall at once: a page of it that can be read from the chairs, and that turns slowly. */
import { isHeld } from "../shared/clock.js";

const TURN_MS = 20_000;

/**
 * `list` takes the items of one page, `where` says which page it is, `turned()` is called after each turn, and `make`
 * makes an element of one item. Pages turn by themselves until somebody turns them by hand.
 */
export function pages({ list, where, make, turned }) {
  let items = [];
  let most = 1;
  let page = 0;
  let turning = 0;
  const count = () => Math.ceil(items.length / most);

  function draw() {
    list.replaceChildren(...items.slice(page * most, (page + 1) * most).map((one, index) => make(one, page * most + index)));
    list.hidden = !items.length;
    where.textContent = count() > 1 ? `${page + 1} of ${count()}` : "";
  }

  function turn() {
    if (count() < 2) return;
    page = (page + 1) % count();
    draw();
    turned();
  }

  return {
    /** Whether there is more than one. */
    get many() { return count() > 1; },

    /** Show these, at most so many at once. The same ones stay as they are. */
    set(next, atOnce = 1) {
      if (next.length === items.length && next.every((one, index) => one === items[index])) return;
      items = next;
      most = atOnce;
      page = Math.min(page, Math.max(0, count() - 1));
      clearInterval(turning);
      if (count() > 1 && !isHeld()) turning = setInterval(turn, TURN_MS);
      draw();
    },

    /** The next page, by hand: from then on it turns by hand only. */
    turn() {
      clearInterval(turning);
      turn();
    },
  };
}
