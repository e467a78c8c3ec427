// What the record's pages gain from a script; each of them also works without it.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// On a wide screen the filter is always open; the element has to say so too.
const wide = window.matchMedia("(min-width: 62rem)");
for (const box of document.querySelectorAll("[data-open-wide]")) {
  if (wide.matches) box.open = true;
}

// A printed record shows what the screen folds away.
const folded = document.querySelectorAll("details:not([data-open-wide])");
window.addEventListener("beforeprint", () => { for (const one of folded) one.open = true; });

const form = document.querySelector("form[data-unsaved]");
if (form) {
  // With two texts side by side, mine is not saved yet.
  let typed = form.querySelector(".theirs") !== null;
  form.addEventListener("input", (event) => { typed = typed || event.target.name !== "password"; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // Enter in the password field means what stands beside it, not the form's first button.
  const sign = form.querySelector("[data-sign]");
  form.elements.password.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    sign.click();
  });
}
