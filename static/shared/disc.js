/** What is left of a time as a piece of a disc. It ends at twelve o'clock, so that it shrinks the way a hand goes. */
import { draw } from "./elements.js";

const RADIUS = 47;

/** The outline of this share (0 to 1) of the disc. */
export function slice(share) {
  const angle = (1 - share) * 2 * Math.PI;
  const [x, y] = [RADIUS * Math.sin(angle), -RADIUS * Math.cos(angle)].map((part) => part.toFixed(2));
  if (share >= 0.999) return `M0-${RADIUS}A${RADIUS} ${RADIUS} 0 1 1-.01-${RADIUS}Z`;
  return share <= 0 ? "" : `M0 0L${x} ${y}A${RADIUS} ${RADIUS} 0 ${share > 0.5 ? 1 : 0} 1 0-${RADIUS}Z`;
}

/** A disc without numbers: `element` to put somewhere, `show(share)` to draw what is left. */
export function disc() {
  const left = draw("path", { class: "left", d: "" });
  const face = draw("circle", { class: "face", r: RADIUS });
  return {
    element: draw("svg", { class: "disc", viewBox: "-50 -50 100 100", "aria-hidden": "true" }, face, left),
    show(share) {
      const path = slice(share);
      if (left.getAttribute("d") !== path) left.setAttribute("d", path);
    },
  };
}
