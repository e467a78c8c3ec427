/** Words on a small wall shrink until they fit, as they do on the real one. */

const SMALLEST = 0.5;
const STEP = 0.94;

/** Fit every small wall inside `place`. */
export function fitWalls(place) {
  for (const words of place.querySelectorAll(".wall-words")) {
    let fit = 1;
    words.style.setProperty("--fit", fit);
    while (words.scrollHeight > words.clientHeight + 1 && fit * STEP >= SMALLEST) {
      fit *= STEP;
      words.style.setProperty("--fit", fit);
    }
  }
}
