/** The check-in as a form: built once for each asking, so that what somebody has begun to choose is never lost. */

const form = document.getElementById("question");
const answers = document.getElementById("answers");
const privacy = document.getElementById("privacy");
const unanswered = document.getElementById("unanswered");

/** Show this check-in in the form. The one that is there already keeps what was chosen, and the focus. */
export function pose(checkIn) {
  if (form.dataset.checkIn !== checkIn.id) {
    form.dataset.checkIn = checkIn.id;
    form.elements.check_in.value = checkIn.id;
    answers.replaceChildren(...controls(checkIn));
    privacy.open = false;
    clear();
  }
  if (checkIn.kind === "words") import("./words.js").catch(() => {});
  space(checkIn);
}

/** Take out what was chosen: nobody who looks over should read it later. */
export function clear() {
  form.reset();
  complain("");
}

/** What is chosen, as the server takes it; null and a sentence beside the form when it cannot be sent. */
export function chosen(checkIn) {
  if (checkIn.kind === "words") {
    const words = form.elements.value.value.trim();
    return words ? complain("") ?? words : complain("Write a few words first, or skip this one.");
  }
  const values = [...form.querySelectorAll("[name=value]:checked")].map((input) => Number(input.value));
  const several = checkIn.kind === "choices";
  if (!values.length) return complain("Choose an answer first, or skip this one.");
  if (several && values.length > checkIn.most) return complain(`Choose at most ${checkIn.most}.`);
  complain("");
  return several ? values : values[0];
}

function complain(sentence) {
  unanswered.textContent = sentence;
  unanswered.hidden = !sentence;
  return null;
}

function controls({ kind, scale, options }) {
  if (kind === "words") return [document.getElementById("words").content.cloneNode(true)];
  if (!scale) return options.map((words, index) => control(kind === "choices" ? "checkbox" : "radio", index, words));
  return numbers(scale).map((number) => {
    if (number === scale.from) return control("end", number, scale.from_words);
    if (number === scale.to) return control("end", number, scale.to_words);
    return control("key", number, "");
  });
}

function control(template, value, words) {
  const label = document.getElementById(template).content.firstElementChild.cloneNode(true);
  label.querySelector("input").value = value;
  label.querySelector(".words").textContent = words;
  const number = label.querySelector(".number");
  if (number) number.textContent = value;
  return label;
}

function numbers({ from, to }) {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Between its ends a scale has rows of three keys, or of four or five where that leaves fewer gaps. */
function space({ scale }) {
  const between = scale ? scale.to - scale.from - 1 : 0;
  answers.classList.toggle("by-four", [4, 7, 8].includes(between));
  answers.classList.toggle("by-five", between === 5);
}
