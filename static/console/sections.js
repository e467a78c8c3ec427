import { all, one, show } from "./dom.js";

/** Parts of the page that belong to some states only: scheduled, doors_open, live, ended. */
export function sections(root) {
  const parts = all("[data-when]", root);
  return (view) => {
    if (root.dataset.state === view.state) return;
    root.dataset.state = view.state;
    const focused = document.activeElement;
    for (const part of parts) show(part, part.dataset.when.split(" ").includes(view.state));
    // The pressed button may have gone with its part; the reader goes on at the new part's heading.
    if (focused !== document.body && focused.closest("[hidden]")) {
      parts.map((part) => !part.hidden && one("[tabindex='-1']", part)).find(Boolean)?.focus();
    }
  };
}
