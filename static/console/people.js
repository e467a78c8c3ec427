import { aim, all, icon, list, one, say, set, show } from "./dom.js";

const MARKS = {
  present: { words: "Here", icon: "check-circle" },
  late: { words: "Late", icon: "clock" },
  left_early: { words: "Left early", icon: "log-out" },
  absent: { words: "Absent", icon: "circle-slash" },
  excused: { words: "Excused", icon: "calendar" },
};

/** The roster: one tap says that somebody is here, a menu says the rest. Nothing is ever guessed. */
export function people(root, page) {
  const template = one("#person-template");
  const guests = one("[data-guests]", root);
  root.addEventListener("sent", (event) => event.target.closest("[data-add-guest]")?.reset());
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenu(event.target);
  });
  return (view) => {
    list(guests, view.guests, template, (row, guest) => {
      if (!row.dataset.member) label(row, guest);
    });
    const rows = all("[data-member]", root);
    for (const row of rows) draw(row, view.attendance[row.dataset.member]);
    say(one("[data-here]", root), `${view.present} of ${rows.length} here`);
  };

  function label(row, guest) {
    row.dataset.member = guest.id;
    row.dataset.name = guest.name;
    say(one("[data-name-shown] bdi", row), guest.name);
    for (const choice of all("button[data-mark]", row)) {
      aim(choice, { command: "MarkAttendance", member: guest.id, mark: choice.dataset.mark });
    }
    set(one("[data-mark-here]", row), "aria-label", `Mark ${guest.name} here`);
  }

  function draw(row, attendance) {
    const mark = MARKS[attendance?.mark];
    const summary = one("summary", row);
    const words = mark ? `${mark.words} ${page.clock.short(attendance.at)}` : "More";
    say(one("[data-mark-words]", summary), words);
    set(summary, "aria-label", mark ? `${row.dataset.name}: ${words}. Change` : `Other marks for ${row.dataset.name}`);
    icon(one("svg", summary), mark ? mark.icon : "more");
    if (row.dataset.mark !== (attendance?.mark ?? "")) change(row, attendance?.mark ?? "");
  }

  function change(row, mark) {
    const hadFocus = row.contains(document.activeElement);
    row.dataset.mark = mark;
    show(one("[data-mark-here]", row), !mark);
    one("details", row).open = false;
    for (const choice of all("details button", row)) set(choice, "aria-pressed", choice.dataset.mark === mark);
    // What was pressed has gone; the reader goes on at the mark that it gave.
    if (hadFocus && mark) one("summary", row).focus();
  }

  function closeMenu(target) {
    const menu = target.closest("details[open]");
    if (!menu) return;
    menu.open = false;
    one("summary", menu).focus();
  }
}
