/** The facilitator's console: one view in, every part drawn in place; one press out, one command. */

import { connect } from "../shared/live.js";
import { hear, now } from "../shared/clock.js";
import { pressOnce } from "./bounce.js";
import { cards } from "./cards.js";
import { checkIn } from "./checkin.js";
import { checklist } from "./checklist.js";
import { clocks } from "./clocks.js";
import { all, one } from "./dom.js";
import { whatWasDone } from "./done.js";
import { ending } from "./ending.js";
import { exercises, stepWords } from "./exercises.js";
import { keys, remote } from "./keys.js";
import { notes } from "./notes.js";
import { notices } from "./notice.js";
import { people } from "./people.js";
import { requests } from "./requests.js";
import { room } from "./room.js";
import { marking, runSheet } from "./runsheet.js";
import { sections } from "./sections.js";
import { commandOf, send } from "./send.js";
import { stage } from "./stage.js";
import { status } from "./status.js";
import { tabs, toNote } from "./tabs.js";

const PUSH_MS = 300;
const root = one("#console");
const { session, me, screen, zone } = root.dataset;
const page = { session, me, screen, clock: clocks(zone) };
const commands = `/sessions/${session}/commands`;
const notice = notices(root);
const part = (name) => one(`[data-part=${name}]`, root);

const parts = [
  sections(root),
  status(part("status"), page),
  runSheet(part("run-sheet"), page),
  stage(root, page),
  exercises(part("exercise")),
  checkIn(part("check-in"), page),
  cards(part("check-in"), page),
  room(root),
  people(part("people"), page),
  requests(part("requests"), page),
  notes(part("note"), page),
  ending(root, page),
];
let view = JSON.parse(root.dataset.view);
hear(view.server_now);

function draw(next) {
  // The roster is fixed when the doors open, and the server knows how.
  if (view.state === "scheduled" && next.state !== "scheduled") return location.reload();
  view = next;
  tick();
}

function tick() {
  for (const drawPart of parts) drawPart(view, now());
}

const live = connect({
  namespace: "/console",
  auth: { session },
  viewUrl: `/sessions/${session}/view`,
  onView: draw,
  onStatus: notice.connection,
});

async function onSubmit(event) {
  const form = event.target.closest("form[data-commands]");
  if (!form) return;
  event.preventDefault();
  if (event.submitter?.getAttribute("aria-disabled") === "true") return;
  const command = commandOf(form, event.submitter);
  const answer = await send(commands, command);
  if (answer.refused) {
    notice.refused(answer.refused, answer.refused.endsWith("Take control?"));
    return live.refresh();
  }
  const { words, undoable } = whatWasDone(command, view, nameOf, stepWords);
  notice.done(words, undoable);
  form.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: command }));
  // The push brings the change; where sockets do not work, it is fetched.
  setTimeout(() => view.rev < answer.rev && live.refresh(), PUSH_MS);
}

const nameOf = (member) => one(`[data-member="${CSS.escape(member)}"]`, root).dataset.name;
const goTo = tabs(root);
const isOn = () => view.state === "live" || view.state === "doors_open";

pressOnce(document);
document.addEventListener("submit", onSubmit);
marking(root);
checklist(root, page);
remote(page, keys(root, { isOn, toNote: () => toNote(root, goTo) }));
for (const close of all("dialog [data-close]")) close.addEventListener("click", () => close.closest("dialog").close());
one("[data-open-projector]", root).addEventListener("click", (event) => {
  event.preventDefault();
  open(event.currentTarget.href, `projector-${session}`, "popup,width=1280,height=720");
});
draw(view);
setInterval(tick, 1000);
