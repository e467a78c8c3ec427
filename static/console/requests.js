import { aim, all, list, one, say, set, show } from "./dom.js";

/** People who asked to talk, by name if they gave one. Each stays until somebody says what was done. No sound. */
export function requests(root, page) {
  const template = one("#request-template");
  const open = one("[data-open-requests]", root);
  const handled = one("[data-handled-requests]", root);
  return (view, now) => {
    const waiting = whoWait(view);
    const done = view.requests.filter((request) => request.outcome !== null);
    show(root, view.requests.length > 0);
    show(open, waiting.length > 0);
    list(open, waiting, template, (card, request) => drawRequest(card, request, page, now));
    show(handled.closest("details"), done.length > 0);
    say(one("summary", handled.closest("details")), `${done.length} handled`);
    list(handled, done, one("#handled-template"), (row, request) => {
      say(row, `${who(request)}, ${page.clock.short(request.at)}: ${request.outcome}`);
    });
  };
}

/** Those of whom nobody has said yet what was done. */
export const whoWait = (view) => view.requests.filter((request) => request.outcome === null);

/** One of them on a card: who, since when, and the ways to say what was done. */
export function drawRequest(card, request, page, now) {
  const minutes = Math.max(0, Math.floor((now - request.at) / 60_000));
  const told = request.escalated_at === null ? "" : ". The supervisors know";
  say(one("[data-who]", card), `${who(request)} asks to talk`);
  say(one("[data-when-asked]", card), `${page.clock.long(request.at)}, waiting ${minutes} min${told}`);
  show(one("[data-nameless]", card), !request.name);
  const command = { command: "HandleRequest", request: request.id };
  for (const button of all("[data-outcome]", card)) aim(button, { ...command, outcome: button.dataset.outcome });
  set(one("input[name=command]", card), "value", JSON.stringify(command));
  const field = one("input[name=outcome]", card);
  if (!field.id) {
    field.id = `${field.dataset.place}-${request.id}`;
    one("label", card).htmlFor = field.id;
  }
}

const who = (request) => request.name || "Somebody who gave no name";
