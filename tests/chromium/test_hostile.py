"""A plan whose every word tries to be more than words: on each screen it is read as it stands, and does nothing."""

from __future__ import annotations

import json
import re
from itertools import count

from playwright.sync_api import Page, expect

from facilitator.curricula.model import Plan
from facilitator.curricula.parse import parse_plan
from facilitator.records import editions
from facilitator.storage.tables import PlanEdition, PlanShelf
from tests.all_parts import ALL_PARTS
from tests.chromium.exercises import scene
from tests.chromium.room import Room
from tests.chromium.windows import Windows
from tests.server import Served

STRIKES = (
    "<img src=//evil.example/{0} onerror=struck=1>",
    "{0}<script>struck=1</script>",
    "{0}<svg onload=struck=1>",
    '{0}"><iframe src=javascript:top.struck=1>',
    "[{0}](javascript:struck=1)",
    "![{0}](//evil.example/{0}.png)",
    '<style>@import "//evil.example/{0}"</style>',
    "{0}&#60;script&#62;struck=1&#60;/script&#62;",
    '<a href="data:text/html,<script>struck=1</script>">{0}</a>',
)
QUESTIONS = """Ask (scale 0-10, <b onclick=struck=1>low to <i onclick=struck=1>high): {1}
> Aloud: {2}

Ask (choose one): {3}
- {4}
- {5}
> Aloud: {6}

"""
PRIVATE = "".join(f"> {label}: {{{number}}}\n\n" for number, label in enumerate(("Say", "Cue", "Safety", "Handout")))
SETTINGS = "track: both\nobjectives:\n  - '{0}'\nsources: '{1}'\nlicence: '{2}'"
DID_NOTHING = """() => [...document.querySelectorAll("*")].flatMap((one) => [...one.attributes]
  .filter(({ name, value }) => name.startsWith("on") || (["src", "href", "srcdoc", "style"].includes(name)
    && /evil\\.example|javascript:|data:text/.test(value)))
  .map(({ name, value }) => `${one.tagName} ${name}=${value}`)).concat(window.struck ? ["It struck."] : [])"""


def hostile(plan_id: str) -> str:
    """A plan with all exercises, two questions and every private line, and a strike in the place of all words."""
    numbers = count(100)

    def strike(_found: re.Match[str] | None = None) -> str:
        number = next(numbers)
        return STRIKES[number % len(STRIKES)].format(number)

    def strikes(form: str) -> str:
        return re.sub(r"\{\d\}", strike, form)

    text = ALL_PARTS.replace("id: T97", f"id: {plan_id}")
    text = re.sub(r"^title: .*$", lambda found: f"title: '{strike()}'", text, flags=re.M)
    text = text.replace("track: both", strikes(SETTINGS))
    text = re.sub(r"(?<=\): ).*$", strike, text, flags=re.M)
    text = re.sub(r"^(- ).*?(?=$|\. (?:True|False): )", lambda found: f"- {strike()}", text, flags=re.M)
    text = re.sub(r"(?<=: )(?:evens|most rise|the tired|a slip) .*$", strike, text, flags=re.M)
    text = re.sub(r"(?<=, )(helps|safe|act on it|morning|speaker)(?= / )", r"<i onclick=struck=1>\1", text)
    text = re.sub(r"^(## [A-Z][a-z]+: ).*(?= \()", lambda found: found[1] + strike(), text, flags=re.M)
    body = "\n".join(strike() for _ in range(len(STRIKES)))
    text = text.replace("Feet on the floor", f"{body}\n\n{strikes(QUESTIONS)}{strikes(PRIVATE)}")
    return text.replace("\n## Opening", f"\n{strike()}\n\n## Opening", 1)


def looked_over(page: Page) -> None:
    """Nothing on this page does, or would do on a tap, what the plan's words ask for."""
    assert page.evaluate(DID_NOTHING) == [], page.url


def test_no_word_of_a_plan_does_anything_on_any_screen(windows: Windows, site: Served) -> None:
    room = Room(windows, site, hostile("HOST"))
    plan = parse_plan(room.session.plan_text)
    console, wall = room.console_window(), room.wall()
    room.go_live(phones=4)
    room.do("EnterSegment", segment=0)
    phone = room.hand()
    screens = (console, wall, phone)
    expect(wall.get_by_text("onload=struck=1").first).to_be_visible()
    for page in screens:
        looked_over(page)
    _ask(room, plan, phone, wall)
    for screen in screens:
        looked_over(screen)
    for segment, exercise in plan.exercises():
        room.do("EnterSegment", segment=segment)
        room.do("StartExercise", exercise=exercise.id)
        for screen in screens:
            expect(scene(screen) if screen is not console else screen.locator("main")).to_contain_text(exercise.text)
            looked_over(screen)
    room.do("End")
    _read(room, console)
    room.close()


def _ask(room: Room, plan: Plan, phone: Page, wall: Page) -> None:
    """The question with options goes to phones, and its tally to the wall."""
    prompt = plan.segments[0].prompts[1]
    check_in = room.ask(prompt.id)
    expect(phone.get_by_text(prompt.options[0])).to_be_visible()
    looked_over(phone)
    room.all_answer(check_in, [0, 0, 1, 1])
    room.tally_of(check_in)
    expect(wall.locator("#bands").get_by_text(prompt.options[0])).to_be_visible()


def _read(room: Room, page: Page) -> None:
    """Everywhere that staff read a plan, or a session of it, also of what was packed and brought in again."""
    fern, site = room.fern, room.served
    text = hostile("HOST")
    sent = {"files": {"pack": ("HOST.md", text.replace("version: 1.0", "version: 1.1"))}}
    token = re.search(r'csrf_token" value="([^"]+)"', fern.get("/plans/import").text)
    assert token is not None
    brought = fern.post("/plans/import", data={"csrf_token": token[1]}, **sent)
    with site.db.write() as s:
        for version in ("1.0", "0.9"):
            old = text.replace("version: 1.0", f"version: {version}").replace("struck=1", f"struck={version}")
            editions.publish(s, old, parse_plan(old), author=None, now=0)
    draft = re.search(r"/plans/drafts/[\w-]+", brought.text)
    assert draft is not None, brought.text
    here = f"/sessions/{room.id}"
    for path in (
        "/plans", "/plans/HOST", "/plans/HOST?length=90", "/plans/HOST/print", "/plans/HOST/print?for=group",
        "/plans/HOST/versions", "/plans/HOST/versions/1.0", "/plans/HOST/try", "/plans/import", "/plans/drafts",
        draft[0], f"{draft[0]}?line=40", f"{draft[0]}/publish", f"{draft[0]}/try",
        here, f"{here}/plan", f"{here}/plan/print", f"{here}/ended", f"{here}/note", f"/review/{room.id}",
        f"/groups/{room.session.group_id}", "/sessions/schedule?plan=HOST&length=90",
    ):  # fmt: skip
        answer = page.goto(path)
        assert answer is not None and answer.status == 200, path
        looked_over(page)


def test_not_even_what_was_put_into_the_database_by_hand_runs(windows: Windows, site: Served) -> None:
    with site.db.write() as s:
        there = editions.newest(s, "T04")
        assert there is not None
        kept = json.loads(there.plan_read)
        strike = '<script>struck=1</script><img src="//evil.example/x" onerror="struck=1"><p>Still here</p>'
        kept["plan"]["segments"][0]["html"] = strike
        other = {"id": "by hand", "plan_id": "HAND", "plan_read": json.dumps(kept)}
        s.add(PlanEdition(**{name: getattr(there, name) for name in PlanEdition.model_fields} | other))
        s.flush()
        s.add(PlanShelf(plan_id="HAND", edition_id="by hand"))
    windows.guard.expect("Policy", "violates the following Content Security Policy", "http://evil.example/x")
    page = windows.device(by="fern").new_page()
    stopped: list[str | None] = []
    page.on("requestfailed", lambda request: stopped.append(request.failure))

    page.goto("/plans/HAND", wait_until="networkidle")

    expect(page.get_by_text("Still here")).to_be_visible()
    assert (page.evaluate("window.struck"), stopped) == (None, ["csp"])
