// The print button does nothing without a script, so it is only there with one.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
