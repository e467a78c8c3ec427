import { aim, all, one, say, set, show } from "./dom.js";
import { counted } from "./clocks.js";

/** The door and the screens: code, phones beside people, join page, blank, lock, and what the room sees now. */
export function room(root) {
  const part = (name) => one(`[data-room=${name}]`, root);
  const verb = (name) => one(`[data-verb=${name}]`, root);
  if (!("wakeLock" in navigator)) show(part("awake"), true);
  return (view) => {
    const open = view.state === "doors_open" || view.state === "live";
    say(part("phones"), `${counted(view.phones, "phone")} connected`);
    say(part("present"), `${counted(view.present, "person", "people")} marked here`);
    show(part("more-phones"), open && view.phones > view.present);
    toggle("blank", open, view.blank, ["Blank", "Blank"], ["Unblank", "Unblank"]);
    toggle("join", view.state === "live", view.join_shown, ["Show join", "ShowJoin"], ["Hide join", "HideJoin"]);
    toggle("lock", open, view.locked, ["Lock the door", "Lock"], ["Unlock the door", "Unlock"]);
    show(part("waiting"), view.locked);
    const waiting = `${counted(view.waiting, "phone")} waiting at the door`;
    say(part("waiting-words"), view.waiting > 0 ? waiting : "Locked. Nobody waits.");
    show(part("at-door"), view.waiting > 0);
    say(part("how-many"), String(view.waiting));
    aim(verb("admit"), open && view.waiting > 0 ? { command: "Admit" } : null);
    for (const now of all("[data-room=now]", root)) say(now, onScreen(view));
  };

  function toggle(name, possible, isOn, off, on) {
    const [words, command] = isOn ? on : off;
    aim(verb(name), possible ? { command } : null);
    say(one("span", verb(name)), words);
    set(verb(name), "data-on", isOn ? "" : null);
  }
}

function onScreen(view) {
  if (view.state === "scheduled") return "Welcome";
  if (view.state === "ended") return "Goodbye";
  if (view.blank) return "A calm screen, nothing to read";
  if (view.join_shown || view.state === "doors_open") return "How to join";
  if (view.shown) return `Tally: ${view.tally.prompt}`;
  if (view.asked_aloud) return "A question, asked aloud";
  if (view.check_in) return `Check-in: ${view.check_in.prompt}`;
  if (view.exercise) return `Exercise: ${one(`[data-exercise="${view.exercise.id}"]`)?.dataset.title ?? ""}`;
  return view.segments[view.segment].title;
}
