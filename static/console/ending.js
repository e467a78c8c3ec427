import { aim, all, list, one, say, show } from "./dom.js";
import { counted } from "./clocks.js";
import { drawRequest, whoWait } from "./requests.js";

/** End, which asks once, and first what was done for everybody who asked to talk; and the way back for ten minutes. */
export function ending(root, page) {
  const dialog = one("#end-dialog");
  const opener = one("[data-end]", root);
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  for (const close of all("[data-close]", dialog)) {
    close.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
  }
  return (view, now) => {
    const open = view.state === "doors_open" || view.state === "live";
    show(opener, open && (view.controller === null || view.controller.id === page.me));
    if (!open && dialog.open) {
      dialog.close();
      // The button that opened the dialog is gone, so the reader goes on at the new part's heading.
      one("#after-title", root).focus();
    }
    settle(whoWait(view), now);
    say(one("[data-loose-ends]", dialog), looseEnds(view, root));
    ended(view, now);
  };

  function settle(waiting, now) {
    const end = one(".dialog-verbs button[name=command]", dialog);
    show(one("[data-end-waiting]", dialog), waiting.length > 0);
    say(one("#end-waiting", dialog), `${waiting.length} still waiting to talk`);
    list(one("[data-end-requests]", dialog), waiting, one("#still-waiting-template"), (card, request) => {
      drawRequest(card, request, page, now);
    });
    aim(end, waiting.length ? null : { command: "End" });
    // The card whose button was pressed is gone: go on with the next one, or with the end.
    if (dialog.open && !dialog.contains(document.activeElement)) (one("[data-outcome]", dialog) ?? end).focus();
  }

  function ended(view, now) {
    const mayReopen = view.reopen_until !== null && now < view.reopen_until;
    const words = view.ended_at === null ? "" : `Ended at ${page.clock.long(view.ended_at)}`;
    const byItself = view.ended_by_itself ? ", by itself, two hours after its planned end" : "";
    say(one("[data-ended=when]", root), words + byItself);
    show(one("[data-ended=reopen]", root), mayReopen);
    aim(one("[data-ended=reopen] button", root), { command: "Reopen" });
    say(one("[data-ended=until]", root), mayReopen ? `Possible until ${page.clock.long(view.reopen_until)}` : "");
  }
}

function looseEnds(view, root) {
  const unmarked = all("[data-member]", root).filter((row) => !view.attendance[row.dataset.member]).length;
  const written = all(".exercise-private", root).map((words) => words.closest("[data-exercise]").dataset.exercise);
  const parts = [
    written.some((id) => view.exercised.includes(id)) ? "What people wrote on their phones goes when you end." : "",
    view.check_in ? "The open check-in will be closed and counted." : "",
    unmarked ? `${counted(unmarked, "person has", "people have")} no mark yet; you can give it afterwards.` : "",
  ];
  return parts.filter(Boolean).join(" ");
}
