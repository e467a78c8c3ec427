// On a phone the plans come first: filters that are not in use fold away.
const more = document.getElementById("more");
if (matchMedia("(max-width: 62rem)").matches && !("used" in more.dataset)) more.open = false;
