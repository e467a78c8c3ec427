import { all, aim, icon, one, say, set, show } from "./dom.js";
import {
  actualMinutes, drift, driftWords, expectedEnd, expectedStart, outcomeWords, plannedEnd, plannedStart, plannedStarts,
  trims,
} from "./pace.js";

const MARKS = { covered: "check-circle", shortened: "shorten", adapted: "pencil", skipped: "skip" };

/** The plan as it was meant and as it goes: one row a segment, each of which can be entered. */
export function runSheet(root, page) {
  const part = (name) => one(`[data-run=${name}]`, root);
  const rows = all("[data-segment]", root);
  let seen;
  return (view, now) => {
    say(part("began"), beganWords(view, page));
    const starts = plannedStarts(view);
    rows.forEach((row, index) => drawRow(row, view, index, starts[index], now));
    keepInSight(view);
    say(part("planned-end"), page.clock.short(plannedEnd(view)));
    const over = view.state === "live" || view.state === "doors_open";
    say(part("expected-end"), over ? `about ${page.clock.short(expectedEnd(view, now))}` : "");
    advice(view, now);
  };

  function keepInSight({ segment }) {
    if (segment === seen) return;
    seen = segment;
    const box = part("scroll");
    const row = rows[segment];
    // Only the sheet scrolls, never the page under the reader's hand.
    if (row && box.scrollHeight > box.clientHeight) box.scrollTop = row.offsetTop - box.clientHeight / 3;
  }

  function drawRow(row, view, index, start, now) {
    const cell = (name) => one(`[data-cell=${name}]`, row);
    const { planned_minutes: planned, mark } = view.segments[index];
    const actual = actualMinutes(view, index, now);
    const here = index === view.segment && view.state === "live";
    set(row, "aria-current", here ? "step" : null);
    say(cell("start"), page.clock.short(start));
    say(cell("actual"), actual === null ? "–" : String(actual));
    say(cell("pace"), pace(view, index, planned, actual, now));
    say(cell("mark"), mark ? ` · ${mark}` : "");
    icon(one("svg", row), MARKS[mark] ?? (here ? "play" : actual === null ? "circle" : "check"));
    aim(one("[data-go]", row), go(view, index));
    show(one("[data-go]", row), view.state === "live");
    show(one("[data-go-words]", row), go(view, index) !== null);
  }

  function pace(view, index, planned, actual, now) {
    if (index === view.segment && view.state === "live") return driftWords(drift(view, now));
    if (actual !== null) return outcomeWords(planned, actual);
    const coming = view.state === "live" && index > view.segment;
    return coming ? `about ${page.clock.short(expectedStart(view, index, now))}` : "";
  }

  function advice(view, now) {
    const taken = view.state === "live" ? trims(view, now) : [];
    show(part("advice"), taken.length > 0);
    if (taken.length === 0) return;
    say(part("advice-title"), `To end at ${page.clock.short(plannedEnd(view))}`);
    const parts = taken.map(({ index, minutes }) => `${minutes} min from ${view.segments[index].title}`);
    say(part("advice-words"), `Take ${parts.join(" and ")}.`);
    const here = taken.find(({ index }) => index === view.segment);
    show(part("trim"), Boolean(here) && !view.blank);
    if (here) {
      aim(part("trim"), { command: "AddTime", seconds: -60 * here.minutes });
      say(part("trim"), `Take ${here.minutes} min off now`);
    }
  }
}

function go(view, index) {
  const free = view.state === "live" && !view.blank && index !== view.segment;
  return free ? { command: "EnterSegment", segment: index } : null;
}

function beganWords(view, page) {
  if (view.started_at === null) return `Planned ${page.clock.short(view.scheduled_at)}`;
  const late = Math.round((view.started_at - plannedStart(view)) / 60_000);
  const began = `Began ${page.clock.short(view.started_at)}`;
  if (late === 0) return began;
  return late > 0 ? `${began}, ${late} min late` : `${began}, ${-late} min early`;
}

/** The dialog that asks how a segment went. */
export function marking(root) {
  const dialog = one("#mark-dialog");
  const form = one("form", dialog);
  for (const button of all("[data-mark-segment]", root)) {
    button.addEventListener("click", () => {
      say(one("[data-mark-title]", dialog), button.dataset.title);
      for (const choice of all("button[data-mark]", form)) {
        const segment = Number(button.dataset.markSegment);
        aim(choice, { command: "MarkSegment", segment, mark: choice.dataset.mark });
      }
      form.reset();
      dialog.showModal();
    });
  }
  form.addEventListener("sent", () => dialog.close());
}
