/**
 * A few words on a card: whoever writes something heavy is shown at once how to reach a person. It is noticed here, on
 * the phone alone; nothing of it is sent, and sending is never held up. `facilitator/pages/card_hints.py` has the rule.
 */
import { ask } from "../shared/live.js";

const AGAIN_MS = 3_000;
const form = document.getElementById("question");
const AFTERWARDS = '[data-scene="answered"], [data-scene="kept"]';
let phrases = [];

async function load() {
  try {
    const { said } = await ask(new URL("heavy.json", import.meta.url), {}, { cache: "default" });
    phrases = Object.values(said).filter(Array.isArray).flat();
    look();
  } catch {
    setTimeout(load, AGAIN_MS);
  }
}

function isHeavy(text) {
  const seen = text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(/['’ʼ]/g, "").toLowerCase();
  const said = ` ${seen.replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  return phrases.some((phrase) => said.includes(` ${phrase} `));
}

function notice() {
  return document.getElementById("heavy").content.cloneNode(true);
}

function look() {
  const field = form.querySelector("textarea");
  if (!field) return;
  const place = form.querySelector(".field [role=status]");
  const heavy = isHeavy(field.value);
  if (heavy !== place.hasChildNodes()) place.replaceChildren(...(heavy ? [notice()] : []));
}

/** The card is on its way: what was shown beside it stays, until the next question. */
function keep() {
  for (const scene of document.querySelectorAll(AFTERWARDS)) {
    scene.querySelector(".ask")?.remove();
    if (form.querySelector(".field .ask")) scene.prepend(notice());
  }
}

form.addEventListener("input", look);
form.addEventListener("submit", keep, { capture: true });
form.addEventListener("reset", () => setTimeout(look));
new MutationObserver(() => {
  for (const shown of document.querySelectorAll(":is([data-scene=answered], [data-scene=kept]) .ask")) shown.remove();
}).observe(form, { attributeFilter: ["data-check-in"] });
load();
