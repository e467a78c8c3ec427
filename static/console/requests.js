import { aim, all, list, one, say, set, show } from "./dom.js";

/** People who asked to talk, by name. Each stays until somebody says what was done. No sound, nothing flashes. */
export function requests(root, page) {
  const template = one("#request-template");
  const open = one("[data-open-requests]", root);
  const handled = one("[data-handled-requests]", root);
  return (view, now) => {
    const waiting = view.requests.filter((request) => request.outcome === null);
    const done = view.requests.filter((request) => request.outcome !== null);
    show(root, view.requests.length > 0);
    show(open, waiting.length > 0);
    list(open, waiting, template, (card, request) => draw(card, request, now));
    show(handled.closest("details"), done.length > 0);
    say(one("summary", handled.closest("details")), `${done.length} handled`);
    list(handled, done, one("#handled-template"), (row, request) => {
      say(row, `${who(request)}, ${page.clock.short(request.at)}: ${request.outcome}`);
    });
  };

  function draw(card, request, now) {
    const minutes = Math.max(0, Math.floor((now - request.at) / 60_000));
    say(one("[data-who]", card), `${who(request)} asks to talk`);
    say(one("[data-when-asked]", card), `${page.clock.long(request.at)}, waiting ${minutes} min`);
    const command = { command: "HandleRequest", request: request.id };
    for (const button of all("[data-outcome]", card)) aim(button, { ...command, outcome: button.dataset.outcome });
    set(one("input[name=command]", card), "value", JSON.stringify(command));
    const field = one("input[name=outcome]", card);
    if (!field.id) {
      field.id = `outcome-${request.id}`;
      one("label", card).htmlFor = field.id;
    }
  }
}

const who = (request) => request.name || "One person";
