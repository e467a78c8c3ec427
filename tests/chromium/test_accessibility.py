"""Every page in every state, for people who see little, hear the page, use no mouse, or want nothing to move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from facilitator.records import drafts
from tests.chromium.room import Room, button, heading, sign_in
from tests.chromium.stages import Stages
from tests.chromium.windows import LAPTOP, PHONE, WALL, Guard, Size, Windows
from tests.conftest import PASSWORD
from tests.evening import MOOD, Evening
from tests.server import Served
from tests.test_parse import PLAN

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
NARROW: Size = (320, 640)
STAFF = ("fern", "max", "sol", "ada")
# What these answer is for scripts, for pictures, for spreadsheets and for machines that watch the server.
NO_PAGES = {
    "assets.file", "console.cards", "console.qr", "console.view", "health.healthz", "phone.view", "plans.export",
    "projector.qr",
    "projector.view", "review.group_file", "review.record_file", "review.waiting",
}  # fmt: skip
# Letters that do not fit where overflow is hidden. What is hidden from eyes on purpose is no text that is cut.
CUT_TEXT = """
[...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.innerText?.trim())
  .filter((one) => {
    const style = getComputedStyle(one);
    const cut = (way) => ["hidden", "clip"].includes(way);
    if (style.clipPath !== "none") return false;
    return (cut(style.overflowX) && one.scrollWidth > one.clientWidth + 1) ||
      (cut(style.overflowY) && one.scrollHeight > one.clientHeight + 2);
  })
  .map((one) => `${one.tagName} ${one.className}: ${one.innerText.slice(0, 40)}`)
"""

# Whether what has the focus, or what is drawn in its place, has a line around it.
SHOWS_FOCUS = """
(() => {
  const one = document.activeElement;
  const drawn = [one, one.nextElementSibling].filter(Boolean);
  return one === document.body || drawn.some((each) => getComputedStyle(each).outlineStyle !== "none");
})()
"""
# A picture in the middle of a cross-fade has colours that nobody is meant to read.
SETTLED = "() => Promise.allSettled([document.fonts.ready, ...document.getAnimations().map((one) => one.finished)])"
MOVES = """
[...document.querySelectorAll("*")].filter((one) => {
  const style = getComputedStyle(one);
  return style.animationName !== "none" || style.transitionDuration !== "0s" || style.scrollBehavior === "smooth";
}).map((one) => one.outerHTML.slice(0, 80))
"""


@dataclass(frozen=True)
class Case:
    """A page of ``endpoint`` as ``who`` sees it at ``stage``, after ``do``."""

    endpoint: str
    address: str
    who: str = ""
    stage: str = "scheduled"
    do: Callable[[Page], None] | None = None
    size: Size = LAPTOP

    def __str__(self) -> str:
        done = self.do.__name__ if self.do else ""
        return "-".join(part for part in (self.endpoint, self.who, self.stage, done) if part)


# -- what is done on a page before it is looked at --


def wrong(page: Page) -> None:
    """Send the form as it is: what is missing is said in words."""
    page.locator("main button[type=submit]").click()
    expect(heading(page, "There is a problem")).to_be_visible()


def wrong_password(page: Page) -> None:
    sign_in(page, "nobody@clinic.example", "no such password")
    expect(heading(page, "There is a problem")).to_be_visible()


def wrong_signature(page: Page) -> None:
    button(page, "Sign the note").click()
    expect(heading(page, "There is a problem")).to_be_visible()


def ending(page: Page) -> None:
    page.get_by_text("End session").first.click()


def marking(page: Page) -> None:
    button(page, "Say how Arrive and settle went").click()


def keys(page: Page) -> None:
    page.keyboard.press("?")


def menus(page: Page) -> None:
    for summary in page.locator("summary").filter(visible=True).all():
        summary.click()


def answered(phone: Page) -> None:
    phone.get_by_role("radio").first.tap()
    button(phone, "Send").tap()
    expect(phone.get_by_text("Saved", exact=True)).to_be_visible()


def heavy(phone: Page) -> None:
    phone.get_by_label("Your card").fill("I want to die")
    expect(phone.get_by_text("nobody knows that they are yours")).to_be_visible()


def written(console: Page) -> None:
    expect(console.locator(".wall-card")).to_have_count(4)


def nothing_chosen(phone: Page) -> None:
    button(phone, "Send").tap()
    expect(phone.get_by_text("Choose an answer first, or skip this one.")).to_be_visible()


def kept(phone: Page) -> None:
    phone.context.set_offline(True)
    phone.get_by_role("radio").first.tap()
    button(phone, "Send").tap()
    expect(heading(phone, "Your answer is kept on this phone")).to_be_visible()


def talk(phone: Page) -> None:
    phone.get_by_role("link", name="I need to talk to someone").first.tap()
    expect(button(phone, "Ask Fern to find me")).to_be_visible()


def somebody(phone: Page) -> None:
    phone.get_by_role("link", name="I need to talk to someone").first.tap()
    expect(heading(phone, "Tell any staff in the room")).to_be_visible()


def told(phone: Page) -> None:
    phone.get_by_label("What should Fern call you?").fill("Sam")
    button(phone, "Ask Fern to find me").tap()
    expect(phone.get_by_text("Fern can see your name now,")).to_be_visible()


def wrong_code(phone: Page) -> None:
    phone.get_by_label("Code on the screen").fill("CCC-CCC")
    button(phone, "Join quietly").tap()
    expect(phone.get_by_text("That code is not open. Check the screen.")).to_be_visible()


def knocking(phone: Page) -> None:
    button(phone, "Join quietly").tap()
    expect(heading(phone, "The door is closed just now")).to_be_visible()


def mistyped(editor: Page) -> None:
    text = editor.get_by_label("The text of the plan")
    text.press("Control+End")
    text.press_sequentially("\n## Exersise: Once more (3 min)")
    expect(heading(editor, "1 error")).to_be_visible()


def tried(page: Page) -> None:
    for name in ("Start", "Next: How I am arriving", "Ask on phones: Home practice since last time"):
        button(page, name).click()
    expect(button(page, "Close the check-in")).to_be_visible()


def light_and_large(wall: Page) -> None:
    wall.keyboard.press("l")
    wall.keyboard.press("t")


CASES = [
    Case("staff.sign_in", "/sign-in"),
    Case("staff.sign_in", "/sign-in", do=wrong_password),
    Case("staff.index", "/staff", "ada"),
    Case("staff.add", "/staff/add", "ada"),
    Case("staff.add", "/staff/add", "ada", do=wrong),
    Case("staff.show", "/staff/{staff}", "ada"),
    Case("groups.index", "/groups", "ada"),
    Case("groups.index", "/groups", "max"),
    Case("groups.show", "/groups/{group}", "ada"),
    Case("groups.show", "/groups/{group}", "fern", "co_signed"),
    Case("groups.add", "/groups/add", "ada"),
    Case("groups.change", "/groups/{group}/change", "ada"),
    Case("groups.member", "/groups/{group}/members/{member}", "ada"),
    Case("plans.index", "/plans", "fern"),
    Case("plans.index", "/plans?words=nothing+like+this", "fern"),
    Case("curricula.show", "/curricula/mental-health", "fern"),
    Case("plans.show", "/plans/T01", "fern"),
    Case("plans.show", "/plans/T44?length=50", "fern"),
    Case("plans.print_out", "/plans/T32/print", "fern"),
    Case("plans.history", "/plans/T04/versions", "ada"),
    Case("plans.version", "/plans/T04/versions/1.0", "fern"),
    Case("plans.version_print_out", "/plans/T04/versions/1.0/print", "fern"),
    Case("plans.drafts", "/plans/drafts", "fern"),
    Case("plans.edit", "/plans/drafts/{draft}", "fern"),
    Case("plans.edit", "/plans/drafts/{draft}", "fern", do=mistyped),
    Case("plans.edit", "/plans/drafts/{draft}", "fern", size=PHONE),
    Case("plans.confirm", "/plans/drafts/{draft}/publish", "fern"),
    Case("plans.discard", "/plans/drafts/{draft}/discard", "fern"),
    Case("plans.begin", "/plans/drafts/{draft}/try", "fern"),
    Case("plans.begin", "/plans/drafts/{draft}/try", "fern", do=tried),
    Case("plans.begin_plan", "/plans/T04/try", "fern"),
    Case("plans.bring", "/plans/import", "fern"),
    Case("plans.bring", "/plans/import", "fern", do=wrong),
    Case("sessions.index", "/sessions", "fern", "returned"),
    Case("sessions.index", "/sessions", "max"),
    Case("week.show", "/week", "fern", "co_signed"),
    Case("week.show", "/week?day=9999-12-31", "max"),
    Case("sessions.schedule", "/sessions/schedule", "fern"),
    Case("sessions.schedule", "/sessions/schedule", "fern", do=wrong),
    Case("sessions.schedule", "/sessions/schedule?plan=T04&length=120", "fern", "co_signed"),
    Case("sessions.show", "/sessions/{session}", "fern"),
    Case("sessions.change", "/sessions/{session}/change", "fern"),
    Case("sessions.cancel", "/sessions/{session}/cancel", "fern"),
    Case("sessions.plan", "/sessions/{session}/plan", "fern", "leading"),
    Case("sessions.plan_print_out", "/sessions/{session}/plan/print", "fern", "leading"),
    Case("sessions.ended", "/sessions/{session}/ended", "fern", "ended"),
    Case("sessions.ended", "/sessions/{session}/ended", "fern", "left"),
    Case("sessions.ended", "/sessions/{session}/ended", "fern", "never_began"),
    Case("sessions.ended", "/sessions/{session}/ended", "fern", "co_signed"),
    *(
        Case("console.show", "/sessions/{session}/console", "fern", stage)
        for stage in ("scheduled", "doors_open", "exercise", "scale", "tally", "withheld", "aloud", "blank", "joining")
    ),
    *(Case("console.show", "/sessions/{session}/console", "fern", "exercise", do) for do in (ending, marking, keys)),
    *(Case("console.show", "/sessions/{session}/console", "fern", "asking", do) for do in (menus, ending)),
    Case("console.show", "/sessions/{session}/console", "fern", "waited", menus),
    Case("console.show", "/sessions/{session}/console", "fern", "locked"),
    Case("console.show", "/sessions/{session}/console", "fern", "leading", menus),
    Case("console.show", "/sessions/{session}/console", "fern", "cards", written),
    Case("console.show", "/sessions/{session}/console", "fern", "ended"),
    Case("review.index", "/review", "sol", "signed"),
    Case("review.trends", "/review/trends?group={group}", "sol", "asked_often"),
    Case("review.index", "/review", "sol", "waited"),
    Case("review.show", "/review/{session}", "sol", "waited"),
    Case("review.show", "/review/{session}", "sol", "left"),
    *(
        Case("review.show", "/review/{session}", "sol", stage)
        for stage in ("scheduled", "ended", "never_began", "settled", "signed", "returned", "co_signed")
    ),
    *(
        Case("review.note", "/sessions/{session}/note", "fern", stage)
        for stage in ("ended", "settled", "returned", "signed")
    ),
    Case("review.note", "/sessions/{session}/note", "fern", "ended", wrong_signature),
    Case("review.note", "/sessions/{session}/note", "sol", "co_signed"),
    Case("phone.join", "/", "stranger", "doors_open", size=PHONE),
    Case("phone.join", "/", "stranger", "doors_open", wrong_code, PHONE),
    Case("phone.join", "/", "stranger", "doors_open", somebody, PHONE),
    Case("phone.room", "/j/{code}", "stranger", "doors_open", size=PHONE),
    Case("phone.room", "/j/{code}", "stranger", "locked", knocking, PHONE),
    *(
        Case("phone.room", "/j/{code}", "phone", stage, size=PHONE)
        for stage in (
            "doors_open", "live", "exercise", "scale", "choice", "choices", "few", "tally", "cards", "withheld",
            "blank",
        )
    ),
    *(Case("phone.room", "/j/{code}", "phone", "scale", do, PHONE) for do in (answered, nothing_chosen, kept, talk)),
    Case("phone.room", "/j/{code}", "phone", "words", heavy, PHONE),
    Case("phone.help", "/help", "stranger", size=PHONE),
    Case("phone.help", "/j/{code}/help", "phone", "live", size=PHONE),
    Case("phone.help", "/j/{code}/help", "phone", "live", told, PHONE),
    Case("phone.private", "/private", "stranger", size=PHONE),
    Case("phone.away", "/time", "stranger", size=PHONE),
    *(
        Case("projector.show", "/p/{screen}", "wall", stage, size=WALL)
        for stage in (
            "scheduled", "doors_open", "exercise", "scale", "choices", "tally", "withheld", "aloud", "blank", "joining",
            "cards", "ended",
        )
    ),
    *(Case("projector.show", "/p/{screen}", "wall", one, light_and_large, WALL) for one in ("exercise", "tally")),
    Case("error", "/nothing/here", "fern"),
    Case("error", "/j/{code}/nothing/here", "stranger", size=PHONE),
]  # fmt: skip


class Devices:
    """One window of everybody, for all cases: opening one for each would take most of the time."""

    def __init__(self, windows: Windows, stages: Stages) -> None:
        self._windows, self._stages = windows, stages
        self._pages: dict[str, Page] = {}

    @contextmanager
    def at(self, case: Case) -> Iterator[Page]:
        """The page that ``case`` is about."""
        page = self._page(case.who)
        page.set_viewport_size({"width": case.size[0], "height": case.size[1]})
        evening = self._stages.at(case.stage)
        address = self._address(case, evening)
        if case.who == "phone":
            page.goto(f"/j/{evening.code}")
            button(page, "Join quietly").tap()
            expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        if case.who != "phone" or not page.url.endswith(address):
            page.goto(address)
        if case.do:
            case.do(page)
        yield page
        page.context.set_offline(False)
        if case.who not in STAFF:
            page.context.clear_cookies()
            page.evaluate("localStorage.clear()")

    def _page(self, who: str) -> Page:
        if who not in self._pages:
            settings = {"is_mobile": True, "has_touch": True} if who in ("phone", "stranger") else {}
            somebody = who if who in STAFF else ""
            self._pages[who] = self._windows.device(by=somebody, **settings).new_page()
        return self._pages[who]

    def _address(self, case: Case, evening: Evening) -> str:
        clinic = evening.served.clinic
        return case.address.format(
            session=evening.id,
            code=evening.code,
            screen=evening.session.screen_token,
            group=clinic.group.id,
            member=clinic.roster[0].id,
            staff=clinic.cast.max.id,
            draft=self._draft(evening.served) if "{draft}" in case.address else "",
        )

    def _draft(self, served: Served) -> str:
        """A plan that Fern is writing."""
        with served.db.write() as s:
            return drafts.start(s, served.clinic.cast.fern, 1, PLAN).id


@pytest.fixture(scope="module")
def devices(chromium: Browser, site: Served) -> Iterator[Devices]:
    """Sessions at every stage, and devices to look at them."""
    guard, stages = Guard(site.url), Stages(site)
    windows = Windows(chromium, site.url, guard, site.desk)
    yield Devices(windows, stages)
    windows.close()
    stages.close()
    # A form that is sent back, a page that is not there, and a network that a case takes away.
    guard.expect("status of 4", "ERR_INTERNET_DISCONNECTED", "WebSocket connection")
    guard.nothing_went_wrong()


def test_every_page_of_the_application_has_a_case(app: Flask) -> None:
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - NO_PAGES == {case.endpoint for case in CASES} - {"error"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_can_be_read_by_everybody(case: Case, devices: Devices) -> None:
    with devices.at(case) as page:
        assert violations(page) == ""
        # The wall is no page that somebody could make narrower; its own key makes its letters larger.
        if case.who != "wall":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            everything_fits(page, case.size)
            page.evaluate("document.documentElement.style.fontSize = ''")
            page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
            everything_fits(page, NARROW)


def everything_fits(page: Page, size: Size) -> None:
    """Nothing has to be scrolled sideways, and no word is cut."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(CUT_TEXT) == []


def violations(page: Page) -> str:
    """What axe finds on the settled page, in words; empty when nothing."""
    page.evaluate(SETTLED)
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""


def tab_to(page: Page, place: Locator, most: int = 60) -> None:
    """Press Tab until ``place`` has the focus. Every stop on the way shows that it has it."""
    expect(place).to_be_visible()
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if place.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {place}.")


def test_a_facilitator_leads_with_the_keyboard_alone(room: Room, windows: Windows) -> None:
    page = windows.laptop("/sign-in")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type("fern@clinic.example")
    tab_to(page, page.get_by_label("Password", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(heading(page, "Good evening, Fern")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Skip to the page"))
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, page.locator(f"a[href='{room.console_path}']"))
    page.keyboard.press("Enter")
    for name in ("Open doors", "Start", "Next: Check-in", "Open on phones", "Close", "Mark Kit here"):
        tab_to(page, button(page, name).first)
        page.keyboard.press("Enter")
    expect(page.get_by_label("Kit: Here 6:")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("By hand.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Last notes")).to_contain_text("By hand.")
    page.keyboard.press("Escape")
    tab_to(page, page.get_by_role("button", name="End session").first, most=99)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="End session"))
    page.keyboard.press("Enter")
    expect(heading(page, "This session has ended")).to_be_focused()


def test_a_participant_takes_part_with_the_keyboard_alone(room: Room, windows: Windows) -> None:
    room.go_live()
    phone = windows.phone(f"/j/{room.code}")
    tab_to(phone, button(phone, "Join quietly"))
    phone.keyboard.press("Enter")
    expect(heading(phone, "You are in")).to_be_visible()
    room.do("OpenCheckIn", prompt=MOOD)
    tab_to(phone, phone.get_by_role("radio", name="0 very low"))
    phone.keyboard.press("ArrowDown")
    tab_to(phone, button(phone, "Send"))
    phone.keyboard.press("Enter")
    saved = heading(phone, "Your answer is in, mixed with the group's")
    expect(saved).to_be_focused()
    tab_to(phone, phone.get_by_role("link", name="I need to talk to someone"))
    phone.keyboard.press("Enter")
    expect(heading(phone, "I need to talk to someone")).to_be_focused()
    tab_to(phone, phone.get_by_label("What should Fern call you?"))
    phone.keyboard.type("Sam")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Fern can see your name now,")).to_be_visible()


def test_nothing_moves_for_those_who_want_it_so(room: Room, windows: Windows) -> None:
    room.go_live()
    phone = room.hand(reduced_motion="reduce")
    console = windows.laptop(room.console_path, by="fern", reduced_motion="reduce")
    wall = windows.device(WALL, reduced_motion="reduce").new_page()
    wall.goto(f"/p/{room.session.screen_token}")
    expect(heading(wall, "How I am arriving")).to_be_visible()
    for page in (phone, console, wall):
        assert page.evaluate(MOVES) == []
    # The disc steps once a minute, like the hand of a clock.
    piece = wall.locator("#left").get_attribute("d")
    room.served.clock.forward(seconds=20)
    wall.reload()
    expect(wall.get_by_role("timer")).to_have_text(re.compile("^19:[0-4]"))
    expect(wall.locator("#left")).to_have_attribute("d", str(piece))
