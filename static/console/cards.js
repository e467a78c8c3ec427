/** Cards of a closed question, to be read one by one. They are fetched and never pushed; the view only counts them. */
import { ask } from "../shared/live.js";
import { aim, list, one, say, set, show } from "./dom.js";

const AGAIN_MS = 2_000;
const HEAVY = "May need the attention of the room.";
const STATES = { waiting: "Not read yet", approved: "The group may see it", left_out: "Left out" };

export function cards(root, page) {
  const part = (name) => one(`[data-cards=${name}]`, root);
  const chooser = one("[data-check-in=chooser]", root);
  const template = one("#card-template");
  let written = [];
  let fetchedFor = "";
  let triedAt = -AGAIN_MS;
  let latest;
  chooser.addEventListener("change", () => latest && draw(latest));
  return draw;

  function draw(view) {
    latest = view;
    if (view.state !== "live") written = [];
    const asking = view.check_ins.findLast((one) => one.prompt === chooser.value);
    const mine = asking?.cards ? written.filter((card) => card.check_in === asking.id) : [];
    show(part("part"), asking?.cards && mine.length);
    say(part("count"), asking?.cards ? counts(asking.cards) : "");
    list(part("list"), mine, template, drawCard);
    show(part("heavy"), mine.some((card) => card.hints.includes(HEAVY)));
    const now = JSON.stringify(view.check_ins.map((one) => one.cards ?? null));
    if (view.state === "live" && asking?.cards && now !== fetchedFor) load(now);
  }

  async function load(now) {
    if (performance.now() - triedAt < AGAIN_MS && fetchedFor === "") return;
    triedAt = performance.now();
    fetchedFor = now;
    const { ok, said } = await ask(`/sessions/${page.session}/cards`, {}).catch(() => ({ ok: false }));
    if (!ok || !said) {
      fetchedFor = "";
      return;
    }
    written = said.cards;
    draw(latest);
  }
}

function counts({ waiting, approved }) {
  return `${waiting} to read, ${approved} for the group`;
}

function drawCard(row, { id, text, state, hints }) {
  say(one("[data-words]", row), text);
  say(one("[data-state]", row), STATES[state]);
  set(row, "data-decided", state);
  say(one("[data-hints]", row), hints.join(" "));
  show(one("[data-hints]", row), hints.length);
  const [approve, leaveOut] = row.querySelectorAll("button");
  aim(approve, state === "approved" ? null : { command: "ApproveCard", card: id });
  aim(leaveOut, state === "left_out" ? null : { command: "LeaveOutCard", card: id });
  set(approve, "aria-label", `Let the group see: ${text}`);
  set(leaveOut, "aria-label", `Leave out: ${text}`);
}
