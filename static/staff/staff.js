// What every staff page gets from a script; each page also works without it.

const problem = document.getElementById("problem");
if (problem) problem.focus();

for (const button of document.querySelectorAll("button[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // A password must leave as one, or the browser offers to remember it as plain text.
  field.form.addEventListener("submit", () => { field.type = "password"; });
}
