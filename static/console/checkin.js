import { aim, all, list, one, say, set, show } from "./dom.js";
import { counted } from "./clocks.js";

const PROGRESS = {
  waiting: "Waiting for answers",
  some: "Some have answered",
  most: "Most have answered",
  everyone: "Everyone has answered",
};
const OUTCOMES = {
  shown: "Counted. Ready to show.",
  cards: "Closed. Read each card below, then show those that the group may see.",
  similar: "Counted: answers were very similar. The room reads only that.",
  withheld:
    "Too few answers, so nothing is shown. " +
    "Say: “Too few of us answered to draw a picture. That rule protects each of us.”",
  again:
    "Asked before of nearly the same phones, so it is not shown again. " +
    "Say: “Two pictures side by side could point at one of us. We keep the first.”",
  uncounted: "This one could not be counted. Ask again, or ask aloud.",
};
// Tallies that say something, and so are never shown twice of nearly the same phones.
const SEEN = ["shown", "similar"];
const FITS_THE_CHOOSER = 52;

/** Asking the room: choose a question, open it, close it, show its tally; or ask it aloud. */
export function checkIn(root, page) {
  const part = (name) => one(`[data-check-in=${name}]`, root);
  const verb = (name) => one(`[data-verb=${name}]`, root);
  const chooser = part("chooser");
  const prompts = new Map(all("option[value]:not([value=''])", chooser).map((option) => [option.value, option]));
  let segment;
  let latest;
  let picked = false;
  chooser.addEventListener("change", () => {
    picked = true;
    draw(latest);
  });
  return draw;

  function draw(view) {
    latest = view;
    if (view.segment !== segment) choose(view);
    const open = view.check_ins.find((asking) => asking.state === "open");
    if (open) {
      chooser.value = open.prompt;
      picked = false;
    }
    const prompt = prompts.get(chooser.value);
    const asking = view.check_ins.findLast((one) => one.prompt === chooser.value);
    const free = view.state === "live" && !view.blank;
    words(view, prompt, asking);
    buttons(view, prompt, asking, free);
    bands(view, asking);
  }

  function choose(view) {
    const arriving = segment === undefined;
    segment = view.segment;
    picked = false;
    const [mine, others] = all("optgroup", chooser);
    for (const option of prompts.values()) {
      (Number(option.dataset.segment) === segment ? mine : others).append(option);
    }
    // Whoever loads the page again finds the question that was asked last, with its tally, as it was left.
    chooser.value = (arriving ? lastAsked(view) : undefined) ?? nextUnasked(view) ?? mine.querySelector("option")?.value ?? "";
  }

  function lastAsked({ check_ins: asked, segment: here }) {
    return asked.findLast(({ prompt }) => Number(prompts.get(prompt).dataset.segment) === here)?.prompt;
  }

  function nextUnasked(view) {
    const asked = new Set(view.check_ins.map((asking) => asking.prompt));
    const mine = [...prompts.values()].filter((option) => Number(option.dataset.segment) === view.segment);
    return mine.find((option) => !asked.has(option.value))?.value;
  }

  function words(view, prompt, asking) {
    const open = asking?.state === "open";
    const few = Boolean(prompt) && view.phones < Number(prompt.dataset.floor);
    show(part("progress"), open);
    say(one("span", part("progress")), open ? PROGRESS[view.check_in.progress] : "");
    show(part("nothing"), !prompt);
    show(part("prompt"), prompt);
    say(part("question"), prompt?.dataset.text ?? "");
    say(part("answers"), prompt?.dataset.answers ?? "");
    const seen = view.check_ins.some((one) => one.prompt === prompt?.value && SEEN.includes(one.tally));
    say(part("floor"), isOnPhones(prompt) && !asking?.cards ? (seen && !open ? againWords(prompt) : floorWords(prompt, view.phones)) : "");
    set(part("floor"), "data-few", few ? "" : null);
    const aloud = prompt !== undefined && view.asked_aloud === prompt.value;
    // On a wide screen the chooser shows a question of this length whole.
    const fits = !open && !aloud && (prompt?.dataset.text.length ?? 0) <= FITS_THE_CHOOSER;
    set(part("reading"), "data-fits", fits ? "" : null);
    show(chooser, !open);
    show(part("aloud"), aloud && prompt.dataset.aloud);
    say(one("span", part("aloud")), prompt?.dataset.aloud ?? "");
    say(part("outcome"), outcome(view, prompt, asking));
  }

  function outcome(view, prompt, asking) {
    if (prompt && view.asked_aloud === prompt.value) return "The question is on the screen. Phones show nothing.";
    if (!asking || asking.state === "open") return "";
    if (view.shown === asking.id) return `On the screen now. ${view.tally.message}`;
    return OUTCOMES[asking.reason ?? asking.tally] ?? "";
  }

  function buttons(view, prompt, asking, free) {
    const open = asking?.state === "open";
    const next = asking && !picked && asking.tally !== "uncounted" ? nextUnasked(view) : undefined;
    const other = prompts.get(next) ?? prompt;
    aim(verb("check-in"), open ? closing(asking, view) : opening(other?.value, free && isOnPhones(other)));
    const again = next ? "Open the next" : asking ? "Ask again" : "Open on phones";
    say(one("span", verb("check-in")), open ? "Close" : again);
    const onScreen = view.shown !== null || view.asked_aloud !== null;
    aim(verb("reveal"), showOrHide(view, asking, onScreen));
    say(one("span", verb("reveal")), onScreen ? "Take off screen" : "Show on screen");
    const canAskAloud = free && prompt && !open && view.asked_aloud !== prompt.value;
    show(verb("aloud"), !open);
    aim(verb("aloud"), canAskAloud ? { command: "AskAloud", prompt: prompt.value } : null);
  }

  /** Staff read the tally before the room does. */
  function bands(view, asking) {
    const shown = asking && view.tally?.check_in === asking.id ? view.tally.bands : [];
    show(part("bands"), shown.length > 0);
    const items = shown.map((band, index) => ({ ...band, id: index }));
    list(one("ul", part("bands")), items, one("#band-template"), (row, band) => {
      say(one("[data-label]", row), band.label);
      say(one("[data-word]", row), band.word);
    });
  }
}

const isOnPhones = (prompt) => prompt !== undefined && !("aloudOnly" in prompt.dataset);
const closing = (asking, view) => (view.state === "live" ? { command: "CloseCheckIn", check_in: asking.id } : null);
const opening = (prompt, free) => (free && prompt ? { command: "OpenCheckIn", prompt } : null);

function showOrHide(view, asking, onScreen) {
  if (view.state !== "live") return null;
  if (onScreen) return { command: "HideTally" };
  if (asking?.cards?.approved === 0) return null;
  return asking?.state === "closed" ? { command: "ShowTally", check_in: asking.id } : null;
}

function againWords(prompt) {
  const floor = prompt.dataset.floor;
  return `Asked before. A second tally is shown only when ${floor} answers come from new phones, so that two ` +
    "pictures side by side never point at one person.";
}

function floorWords(prompt, phones) {
  const floor = prompt.dataset.floor;
  const kind = "sensitive" in prompt.dataset ? "Sensitive: shown" : "Shown";
  const here = phones === 1 ? "1 phone is here" : `${counted(phones, "phone")} are here`;
  const few = phones < Number(floor) ? " Ask it aloud instead." : "";
  return `${kind} only with ${floor} answers or more, in bands. ${here}.${few}`;
}
