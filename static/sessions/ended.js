// The summary's buttons without leaving the page: send the command, then draw the page anew from the server.

import { commandOf, send } from "../console/send.js";

const summary = () => document.getElementById("summary");
const said = document.getElementById("said");
const SAID_MS = 6000;
let sending = false;
let quiet;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-pressing]")) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  const command = commandOf(form, event.submitter);
  const { refused } = await send(summary().dataset.commands, command);
  if (!refused && command.command === "Reopen") {
    location.assign("console");
    return;
  }
  if (!refused) await drawAnew();
  say(refused ?? "Saved.");
  sending = false;
});

async function drawAnew() {
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!page.ok) return location.reload();
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("summary");
  // A session that was continued elsewhere has no summary any more.
  if (!fresh) return location.reload();
  summary().replaceWith(fresh);
  // The pressed button is gone; go on with what is left.
  document.getElementById("settle")?.focus({ preventScroll: true });
}

function say(words) {
  clearTimeout(quiet);
  said.textContent = words;
  quiet = setTimeout(() => { said.textContent = ""; }, SAID_MS);
}
