import { aim, all, icon, one, say, set, show } from "./dom.js";
import { countdown, left, plannedStarts } from "./pace.js";

/** The current segment, its timer and its cues, and the verbs that are always in the same place. */
export function stage(root, page) {
  const part = (name) => one(`[data-stage=${name}]`, root);
  const verb = (name) => one(`[data-verb=${name}]`, root);
  const cues = all("[data-cues]", root);
  return (view, now) => {
    const live = view.state === "live";
    if (live) segment(view, now);
    show(part("calm"), view.blank);
    for (const own of cues) show(own, own.dataset.cues === String(view.segment ?? 0));
    if (live) verbs(view, !view.blank);
  };

  function segment(view, now) {
    const current = view.segments[view.segment];
    say(part("where"), `Now · ${sentence(current.kind)} · ${view.segment + 1} of ${view.segments.length}`);
    say(part("title"), current.title);
    const began = page.clock.short(view.entered_at);
    say(part("began"), `Began ${began}, planned ${page.clock.short(plannedStarts(view)[view.segment])}`);
    timer(view, now);
  }

  function timer(view, now) {
    const rest = left(view.timer, now);
    const minutes = Math.round(view.timer.planned_s / 60);
    say(part("timer"), countdown(rest));
    set(part("timer"), "data-over", rest < 0 ? "" : null);
    say(part("rest"), restWords(view, rest, minutes));
    const share = view.timer.planned_s ? Math.min(1, Math.max(0, rest / 1000 / view.timer.planned_s)) : 0;
    set(part("disc"), "stroke-dasharray", `${Math.round(share * 1000) / 10} 100`);
  }

  function restWords(view, rest, minutes) {
    if (view.blank) return "paused while blank";
    if (view.timer.ends_at === null) return `paused, of ${minutes} min`;
    if (rest < 0) return `over ${minutes} min`;
    return `left of ${minutes} min, ends ${page.clock.short(view.timer.ends_at)}`;
  }

  function verbs(view, free) {
    const { segment: here, segments } = view;
    const enter = (index) => (free && segments[index] ? { command: "EnterSegment", segment: index } : null);
    const next = segments[here + 1];
    set(root, "data-last", next ? null : "");
    aim(verb("back"), enter(here - 1));
    aim(verb("next"), enter(here + 1));
    say(one("span", verb("next")), nextWords(next));
    const paused = view.timer.ends_at === null;
    aim(verb("pause"), free ? { command: paused ? "ResumeTimer" : "PauseTimer" } : null);
    say(one("span", verb("pause")), paused ? "Resume" : "Pause");
    icon(one("svg", verb("pause")), paused ? "play" : "pause");
    for (const [name, seconds] of [["less", -60], ["more", 60], ["five", 300]]) {
      aim(verb(name), free ? { command: "AddTime", seconds } : null);
    }
  }
}

function nextWords(next) {
  if (!next) return "This is the last segment";
  return `Next: ${sentence(next.kind)}, ${next.planned_minutes} min`;
}

export const sentence = (words) => words[0].toUpperCase() + words.slice(1);
