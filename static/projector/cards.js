/** Cards on the wall: as many as can be read from the chairs, and a page that turns slowly when there are more. */
import { make } from "../shared/elements.js";
import { pages } from "./pages.js";

const A_PAGE = 6;

let fitted = () => {};
const cards = pages({
  list: document.getElementById("cards"),
  where: document.getElementById("cards-page"),
  make: (words) => make("li", { dir: "auto" }, words),
  turned: () => fitted(),
});

/** Show these words, one card each; `changed()` is called when another page is there. Whether there are more pages. */
export function setCards(next, changed) {
  fitted = changed;
  cards.set(next, A_PAGE);
  return cards.many;
}

/** The next page, by hand. */
export const turnCards = cards.turn;
