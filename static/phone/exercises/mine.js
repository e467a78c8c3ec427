/** What somebody made, to read, to save as a file and to print. All of it happens on the phone. */
import { make, say } from "../../shared/elements.js";
import { button } from "./field.js";
import { twin } from "./twin.js";

const FILE = "notes.txt";
const TOLD = {
  "": ["Yours, on this phone only", "It goes when the session ends. You can keep a copy."],
  soon: ["Yours, until the session ends", "The session ends soon, and then this goes from your phone. Save or print it now, if you want to keep it."],
  ended: ["One last time: yours", "Save or print what you made now, if you want to keep it. When you leave this page, it is gone."],
};
const STAYS = "A saved file stays on this phone until you delete it.";
const SAVED = "Saved as a file named notes.txt. On a phone that others use too, delete it when you are done.";

/**
 * `show(visible, when, beside)` draws it, and returns what somebody who listens should hear of it; `changed()` after every
 * letter; `leave()` takes it off the page.
 */
export function mine(kept) {
  const place = document.getElementById("mine");
  const title = make("h2");
  const told = make("p");
  const read = make("div", { className: "own" });
  read.translate = false;
  const looked = make("details", { className: "twin" }, make("summary", {}, "Read it"), read);
  // The exercise that is open on the page itself: nobody needs to read that a second time.
  let open = "";
  let heard = "";
  const done = make("p", { className: "muted", role: "status" });
  const both = make("div", { className: "pair" }, button("Save", save, ""), button("Print", () => print(), ""));
  const made = (but = "") => kept.all().filter((one) => one.exercise.id !== but).map(twin).filter((one) => one.lines.length);

  looked.addEventListener("toggle", () => { if (looked.open) fill(); });

  function fill() {
    read.replaceChildren(...made(open).flatMap(section));
  }

  function save() {
    if (!made().length) return say(done, "There is nothing to save yet.");
    const address = URL.createObjectURL(new Blob([asText(made())], { type: "text/plain;charset=utf-8" }));
    make("a", { href: address, download: FILE }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say(done, SAVED);
  }

  addEventListener("beforeprint", () => {
    document.getElementById("paper")?.remove();
    const sections = made();
    if (sections.length) document.body.append(make("div", { id: "paper", className: "own" }, ...sections.flatMap(section)));
  });
  addEventListener("afterprint", () => document.getElementById("paper")?.remove());

  return {
    /** `beside`: the exercise that is shown itself, so that there may be nothing yet; "" elsewhere. */
    show(visible, when, beside) {
      const there = visible && (beside || made().length > 0);
      place.hidden = !there;
      if (!there) return "";
      // Nobody who looks over at the end should find the words lying open.
      if (when === "ended" && !place.classList.contains("over")) looked.open = false;
      place.classList.toggle("over", when === "ended");
      if (!place.childElementCount) place.append(title, told, both, make("p", { className: "small muted" }, STAYS), done, looked);
      place.classList.toggle("soon", when !== "");
      open = when === "" ? beside : "";
      title.hidden = open !== "";
      looked.hidden = !made(open).length;
      say(title, TOLD[when][0]);
      say(told, TOLD[when][1]);
      if (looked.open) fill();
      const news = when !== heard && when && made().length ? TOLD[when][1] : "";
      if (news) heard = when;
      return news;
    },
    changed() {
      say(done, "");
      place.dispatchEvent(new Event("redraw", { bubbles: true }));
    },
    leave() {
      place.replaceChildren();
      read.replaceChildren();
      document.getElementById("paper")?.remove();
    },
  };
}

function section({ title, lines }) {
  const parts = lines.flatMap(([label, words]) => [label ? make("h3", { dir: "auto" }, label) : null, make("p", { dir: "auto" }, words)]);
  return [make("h2", { dir: "auto" }, title), ...parts.filter(Boolean)];
}

function asText(sections) {
  return sections
    .map(({ title, lines }) => [title, "-".repeat(Math.min(60, title.length)), ...lines.map(([label, words]) => (label ? `${label}\n${words}\n` : `${words}\n`))].join("\n"))
    .join("\n\n");
}
