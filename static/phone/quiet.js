/** What a phone keeps of the group: one entry in its history, and no word that somebody typed or chose. */
import { clear } from "./tab.js";

const PAGE = { Accept: "text/html" };

/** Whether the way to a person was opened in this page: then the browser's own way back closes it. */
let opened = false;

/** One page takes the place of the other, so that the way back leads out of the group and not through it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const quick = "quick" in link.dataset;
  const within = link.getAttribute("href").startsWith("#");
  const closes = within && !link.hash;
  if (within && !closes) opened = true;
  if (!quick && (link.origin !== location.origin || (within && !closes))) return;
  event.preventDefault();
  if (closes && opened) return history.back();
  if (quick) clear();
  location.replace(link.href);
});

/** The same for what is sent: joining, leaving, forgetting. Without a network the browser does it, and says so. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !("quiet" in form.dataset)) return;
  event.preventDefault();
  // Before it is known whether the server heard it: whoever leaves leaves nothing here.
  if ("wipes" in form.dataset) wipe();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: PAGE });
    if (answer.redirected) return location.replace(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main:not(#more)").replaceWith(page.querySelector("main:not(#more)"));
    document.querySelector("[aria-invalid]")?.focus();
  } catch {
    form.submit();
  }
});

/** Here and in other tabs of this browser, which are the same phone. */
function wipe() {
  clear();
  if (!("BroadcastChannel" in window)) return;
  const otherTabs = new BroadcastChannel("phone");
  otherTabs.postMessage("left");
  otherTabs.close();
}

/** A session that ended while this phone was away: its words are sealed, and nobody has the key any more. */
if (document.querySelector("[data-over]")) clear();

/** A browser that shows a page again from its memory shows it empty. */
addEventListener("pagehide", () => { for (const form of document.forms) form.reset(); });
