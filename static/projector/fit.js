/** Long words are set smaller until all of them are on the wall. */

const SMALLEST = 0.5;
const STEP = 0.94;

/** Fit the words of the scene that `wall` shows. */
export function fitInto(wall) {
  const words = wall.querySelector(".scene:not([hidden]) .words");
  if (!words) return;
  const room = words.parentElement.clientHeight;
  // Larger text is a wish for what fits: it may never hide more than the usual size does.
  const smallest = SMALLEST / parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--large"));
  for (let size = 1; size >= smallest; size *= STEP) {
    document.documentElement.style.setProperty("--fit", size);
    if (words.scrollHeight <= room && words.scrollWidth <= words.clientWidth) return;
  }
}
