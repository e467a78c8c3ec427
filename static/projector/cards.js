/** Cards on the wall: as many as can be read from the chairs, and a page that turns slowly when there are more. */

const A_PAGE = 6;
const TURN_MS = 20_000;

const wall = document.getElementById("cards");
const where = document.getElementById("cards-page");
const control = document.querySelector('[data-key="m"]');
let cards = [];
let page = 0;
let turning = 0;
let fitted = () => {};

/** Show these words, one card each; `changed()` is called when another page is there. The same words stay as they are. */
export function setCards(next, changed) {
  fitted = changed;
  if (next.length === cards.length && next.every((words, index) => words === cards[index])) return;
  cards = next;
  page = Math.min(page, Math.max(0, pages() - 1));
  clearInterval(turning);
  if (pages() > 1) turning = setInterval(turn, TURN_MS);
  draw();
}

/** The next page, by hand: from then on it turns by hand only. */
export function turnByHand() {
  clearInterval(turning);
  turn();
}

function turn() {
  if (pages() < 2) return;
  page = (page + 1) % pages();
  draw();
  fitted();
}

function pages() {
  return Math.ceil(cards.length / A_PAGE);
}

function draw() {
  wall.replaceChildren(...cards.slice(page * A_PAGE, (page + 1) * A_PAGE).map(card));
  wall.hidden = !cards.length;
  control.hidden = pages() < 2;
  where.textContent = pages() > 1 ? `${page + 1} of ${pages()}` : "";
}

function card(words) {
  const made = document.createElement("li");
  made.dir = "auto";
  made.textContent = words;
  return made;
}
