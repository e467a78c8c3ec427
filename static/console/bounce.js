const BOUNCE_MS = 400;
const SAME_SPOT_PX = 24;
/** Pressed twice in a breath, these are meant twice. */
const MEANT = new Set(["AddTime", "Undo"]);

/**
 * A hand that taps twice presses once: what came of the first tap has put another command under the finger already, so
 * that the second one would skip a segment, or close the check-in that the first one opened. Keys see to themselves.
 */
export function pressOnce(root) {
  let last = { at: -BOUNCE_MS };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=command]");
    if (!button || !event.isTrusted || meant(button)) return;
    const now = { at: event.timeStamp, button, byHand: event.detail > 0, x: event.clientX, y: event.clientY };
    const again = now.at - last.at < BOUNCE_MS && (last.button === button || sameSpot(last, now));
    // Of a mouse the browser itself knows which click is the second half of a double one.
    if (event.pointerType === "mouse" ? event.detail > 1 && again : again) event.preventDefault();
    last = now;
  }, true);
}

function meant(button) {
  return button.value !== "" && MEANT.has(JSON.parse(button.value).command);
}

function sameSpot(one, other) {
  return one.byHand && other.byHand && Math.hypot(one.x - other.x, one.y - other.y) < SAME_SPOT_PX;
}
