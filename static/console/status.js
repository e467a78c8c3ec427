import { aim, one, say, set, show } from "./dom.js";
import { counted } from "./clocks.js";
import { drift, driftWords, expectedEnd, plannedEnd } from "./pace.js";

/** The bar on top: the time, how late it is, who leads, and whether the connection holds. */
export function status(root, page) {
  const part = (name) => one(`[data-status=${name}]`, root);
  const chip = part("drift");
  return (view, now) => {
    say(part("time"), page.clock.long(now));
    say(part("phones"), counted(view.phones, "phone"));
    show(chip, view.state === "live" || view.state === "scheduled");
    const behind = view.state === "live" ? drift(view, now) : 0;
    say(one("span", chip), view.state === "scheduled" ? untilStart(view, now) : driftWords(behind));
    set(chip, "data-late", behind > 0 ? "" : null);
    say(part("end"), view.state === "live" ? ends(view, now, page) : "");
    leader(view);
  };

  function leader(view) {
    const mine = view.controller?.id === page.me;
    show(part("leader"), view.controller !== null && view.state !== "ended");
    say(one("span", part("leader")), mine ? "You are running this" : `${view.controller?.name} is running this`);
    const take = part("take");
    show(take, view.controller !== null && !mine && view.state !== "ended");
    aim(take, { command: "TakeControl" });
  }
}

function untilStart(view, now) {
  const minutes = Math.round((view.scheduled_at - now) / 60_000);
  if (minutes === 0) return "starts now";
  if (Math.abs(minutes) >= 120) return "";
  return minutes > 0 ? `${minutes} min to start` : `${-minutes} min past the start`;
}

function ends(view, now, page) {
  return `Ends about ${page.clock.short(expectedEnd(view, now))}, planned ${page.clock.short(plannedEnd(view))}`;
}
