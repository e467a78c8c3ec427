import { all } from "./dom.js";

/** What a person ticks before the doors open. Kept in this tab only: it is nobody's record. */
export function checklist(root, page) {
  for (const box of all("[data-check]", root)) {
    const key = `facilitator-check-${page.session}-${box.dataset.check}`;
    box.checked = sessionStorage.getItem(key) !== null;
    box.addEventListener("change", () => {
      if (box.checked) sessionStorage.setItem(key, "1");
      else sessionStorage.removeItem(key);
    });
  }
}
