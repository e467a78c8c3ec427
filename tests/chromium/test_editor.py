"""Writing a plan in a real browser: numbers, marks, live views, saving by itself, pasting, two people at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from facilitator.records import drafts
from facilitator.storage.tables import PlanDraft
from tests.all_parts import ALL_PARTS
from tests.chromium.room import button, heading
from tests.chromium.windows import PHONE, Windows
from tests.server import Served
from tests.test_parse import PLAN

PASTE = """(words) => {
  const event = new ClipboardEvent("paste", { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
  event.clipboardData.setData("text/plain", words);
  if (document.getElementById("text").dispatchEvent(event)) throw new Error("The browser would paste it as it is.");
}"""
# As a paste of the browser's own does it: at once.
PUT = """(words) => {
  const text = document.getElementById("text");
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture
def draft(site: Served) -> PlanDraft:
    """A plan that Fern is writing."""
    with site.db.write() as s:
        return drafts.start(s, site.cast.fern, site.clock(), PLAN)


def kept(site: Served, draft: PlanDraft) -> str:
    with site.db.read() as s:
        return drafts.one(s, draft.id).text


def opened(windows: Windows, draft: PlanDraft, by: str = "fern") -> tuple[Page, Locator]:
    """The editor of ``by``, and its text."""
    page = windows.laptop(f"/plans/drafts/{draft.id}", by=by)
    expect(page.locator("#lines > div").last).to_be_attached()
    return page, page.get_by_label("The text of the plan")


def at(page: Page, words: str) -> None:
    """Put the cursor behind ``words``."""
    page.evaluate(
        """(words) => {
          const text = document.getElementById("text");
          const end = text.value.indexOf(words) + words.length;
          text.focus();
          text.setSelectionRange(end, end);
        }""",
        words,
    )


def test_a_plan_is_written_with_marks_views_and_a_word_when_it_is_saved(
    windows: Windows, site: Served, draft: PlanDraft
) -> None:
    page, text = opened(windows, draft)
    expect(page.locator("#lines > div")).to_have_count(PLAN.count("\n") + 1)
    at(page, "Home practice since last time")
    views = page.get_by_role("region", name="Preview")
    expect(views.get_by_text("Segment 2 of 6")).to_be_visible()
    expect(views.get_by_role("region", name="Phone").get_by_text("I did some")).to_be_visible()

    at(page, "## Exercise")
    page.keyboard.type("x")
    expect(page.locator("#lines > .error")).to_have_count(1)
    expect(heading(page, "1 error")).to_be_visible()
    expect(button(page, "Publish: fix 1 error first")).to_be_visible()
    expect(page.get_by_text(re.compile("^Draft saved"))).to_be_visible()
    button(page, "Fix it").click()
    expect(heading(page, "No errors")).to_be_visible()
    page.evaluate(PUT, PLAN.replace("## Exercise:", "## Exersise:").replace("(18 min,", "(18 Mn,"))
    for left in ("1 error", "No errors"):
        page.get_by_role("button", name="Fix it").first.press("Enter")
        expect(heading(page, left)).to_be_visible()
    expect(text).to_have_value(PLAN)

    at(page, "Cool water.")
    button(page, "Cue").click()
    page.get_by_label("An exercise").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    button(page, "Add").click()
    expect(text).to_have_value(re.compile(r"Cool water\.\n> Cue: What to do.*\n\n## Exercise: Try it here", re.DOTALL))
    expect(page.get_by_text("Segment 4 of 7")).to_be_visible()
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()
    page.get_by_role("link", name=re.compile("^Line")).first.click()
    expect(text).to_be_focused()
    assert page.evaluate("getSelection().toString()").startswith("length: 46 min")


def test_an_exercise_is_drawn_as_wall_and_phones_draw_it_in_a_picture_that_nobody_can_touch(
    windows: Windows, site: Served
) -> None:
    with site.db.write() as s:
        draft = drafts.start(s, site.cast.fern, site.clock(), ALL_PARTS)
    page, _ = opened(windows, draft)
    views = page.get_by_role("region", name="Preview")
    phone, wall = (views.frame_locator(f"[data-screen={screen}] iframe") for screen in ("phone", "wall"))
    at(page, "Do (decision grid")
    expect(phone.get_by_label("act on it: now")).to_be_attached()
    expect(wall.locator("td").first).to_be_visible()
    at(page, "Do (urge wave")
    expect(phone.locator("#wave-minute")).to_have_text("Minute 1 of 8")
    expect(wall.get_by_text("Minute 1 of 8")).to_be_visible()
    kept = views.locator("iframe").all()
    assert [one.evaluate("frame => frame.inert && frame.tabIndex") for one in kept] == [-1, -1]
    views.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Throw this draft away")).to_be_focused()
    at(page, "Feet on the floor")
    expect(views.locator(".wall.in-words").get_by_text("Feet on the floor")).to_be_visible()
    expect(views.locator("iframe").first).to_be_hidden()


def test_what_is_done_on_the_phone_of_a_rehearsal_is_kept_nowhere(windows: Windows, site: Served) -> None:
    with site.db.write() as s:
        draft = drafts.start(s, site.cast.fern, site.clock(), ALL_PARTS)
    page = windows.laptop(f"/plans/drafts/{draft.id}/try", by="fern")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    button(page, "Start").click()
    for title in ("Round the room", "In the body", "On cards", "For yourself", "What matters", "On paper"):
        button(page, f"Next: {title}").click()
    button(page, "Start: silent writing, A line to a friend").click()
    phone = page.frame_locator("[data-screen=phone] iframe")
    phone.get_by_label("Write here").fill("Nobody reads this")

    button(page, "Blank").click()
    expect(page.get_by_text("Back in a moment")).to_be_visible()
    button(page, "Go on").click()

    expect(phone.get_by_label("Write here")).to_have_value("Nobody reads this")
    assert sent and not any("Nobody" in one for one in sent)
    assert {frame.evaluate("sessionStorage.length + localStorage.length") for frame in page.frames} == {0}


def test_a_paste_from_a_word_processor_is_cleaned_and_can_be_undone(windows: Windows, draft: PlanDraft) -> None:
    page, text = opened(windows, draft)
    at(page, "Feet on the floor")

    page.evaluate(PASTE, "\n• “Slowly”\r\n• It\u2019s fine")

    expect(text).to_have_value(re.compile(r'Feet on the floor\n- "Slowly"\n- It\'s fine\n'))
    said = page.get_by_text("Pasted and cleaned: 2 bullets became dashes, 2 curly quotation marks became straight, 1")
    expect(said).to_be_visible()
    button(page, "Undo").click()
    expect(text).to_have_value(re.compile("Feet on the floor\n• “Slowly”\n• It\u2019s fine\n"))


def test_a_whole_plan_is_pasted_at_once(windows: Windows, draft: PlanDraft) -> None:
    page, text = opened(windows, draft)
    page.evaluate("document.getElementById('text').select()")
    page.evaluate("performance.mark('pasted')")

    page.evaluate(PASTE, "“A line”\n" * 2_000)

    expect(text).to_have_value('"A line"\n' * 2_000)
    assert page.evaluate("performance.measure('took', 'pasted').duration") < 10_000
    button(page, "Undo").click()
    expect(text).to_have_value("“A line”\n" * 2_000)


def test_two_people_in_one_draft_are_told_and_lose_nothing(windows: Windows, site: Served, draft: PlanDraft) -> None:
    windows.guard.expect("status of 409")
    (ferns, fern), (sols, sol) = opened(windows, draft), opened(windows, draft, by="sol")
    at(sols, "Feet on the floor")
    sols.keyboard.type(", says Sol")
    expect(sol).to_have_value(re.compile("says Sol"))
    expect(sols.locator("input[name=edition]")).to_have_value("1")
    assert "says Sol" in kept(site, draft)

    at(ferns, "Feet on the floor")
    ferns.keyboard.type(", says Fern")
    expect(ferns.get_by_text("Press Save to see both texts.")).to_be_visible()
    button(ferns, "Save and check").click()

    expect(heading(ferns, "What was saved meanwhile")).to_be_visible()
    expect(ferns.get_by_role("listitem").filter(has_text="says Sol")).to_be_visible()
    ferns.get_by_text("The whole text that was saved").click()
    expect(ferns.get_by_role("textbox", name="What was saved meanwhile")).to_have_value(re.compile("says Sol"))
    expect(fern).to_have_value(re.compile("says Fern"))
    assert "says Sol" in kept(site, draft)
    button(ferns, "Save and check").click()
    expect(ferns.get_by_text("The draft is saved.")).to_be_visible()
    assert "says Fern" in kept(site, draft)


def test_what_two_people_wrote_in_different_places_is_shown_in_one_text_and_saved_when_that_is_wished(
    windows: Windows, site: Served, draft: PlanDraft
) -> None:
    windows.guard.expect("status of 409")
    page, _ = opened(windows, draft)
    with site.db.write() as s:
        drafts.save(s, site.cast.sol, draft.id, PLAN.replace("Cool water.", "Cool water, or a walk."), 0, site.clock())
    at(page, "Feet on the floor")
    page.keyboard.type(", says Fern")
    expect(page.get_by_text("Press Save to see both texts.")).to_be_visible()
    button(page, "Save and check").click()

    expect(heading(page, "Both can go into one text")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="or a walk")).to_have_count(2)
    assert "says Fern" not in kept(site, draft)
    button(page, "Save this text with both").click()

    expect(page.get_by_text("The draft is saved, with both texts in it.")).to_be_visible()
    assert {"says Fern", "or a walk"} <= {words for words in ("says Fern", "or a walk") if words in kept(site, draft)}


def test_what_is_too_long_is_said_and_saves_by_itself_once_it_is_shorter(
    windows: Windows, site: Served, draft: PlanDraft
) -> None:
    page, text = opened(windows, draft)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate(PUT, PLAN + "\nlong " * 60_000)
    expect(page.get_by_text("Not saved: too long. A plan has at most 256 kB, and this has 353 kB.")).to_be_visible()
    expect(page.locator("#lines > div")).to_have_count(5_001)
    button(page, "Save and check").click()
    expect(text).to_be_focused()
    page.close(run_before_unload=True)
    expect(text).to_be_visible()
    assert asked == ["beforeunload"]

    page.evaluate(PUT, PLAN + "\nShort\n")
    expect(page.get_by_text(re.compile("^Draft saved"))).to_be_visible()
    assert kept(site, draft).endswith("Short\n")


def test_somebody_who_is_signed_out_while_writing_goes_on_after_signing_in_again(
    windows: Windows, site: Served, draft: PlanDraft
) -> None:
    windows.guard.expect("status of 401", "status of 403")
    page, _ = opened(windows, draft)
    page.context.clear_cookies()
    at(page, "Feet on the floor")
    page.keyboard.type(", still")
    expect(page.get_by_text("You are signed out. Your words stay in this window")).to_be_visible()
    assert "still" not in kept(site, draft)
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", re.compile(draft.id))

    signed_in = site.desk("fern").http.cookies
    page.context.add_cookies([{"name": one.name, "value": str(one.value), "url": site.url} for one in signed_in])
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_text(re.compile("^Draft saved"))).to_be_visible()
    assert "Feet on the floor, still" in kept(site, draft)
    button(page, "Save and check").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()


def test_without_scripts_the_same_form_saves_checks_and_publishes(
    windows: Windows, site: Served, draft: PlanDraft
) -> None:
    page = windows.laptop(f"/plans/drafts/{draft.id}", by="fern", java_script_enabled=False, size=PHONE)
    page.get_by_label("The text of the plan").fill(PLAN.replace("title: R", "titel: R"))
    button(page, "Save and check").click()
    expect(page.get_by_text("Did you mean 'title'?")).to_be_visible()
    page.get_by_label("The text of the plan").fill(PLAN.replace("T99", "T97"))
    button(page, "Publish").click()
    page.get_by_label("What changed, and why").fill("A first version.")
    button(page, "Publish as Fern").click()
    expect(page.get_by_text("Version 1.10 is published.")).to_be_visible()


def test_words_that_could_not_be_saved_are_offered_again(windows: Windows, site: Served, draft: PlanDraft) -> None:
    windows.guard.expect("status of 409", "status of 5", "ERR_")
    page, text = opened(windows, draft)
    page.route("**/save", lambda route: route.abort())
    at(page, "Feet on the floor")
    page.keyboard.type(", or not")
    expect(page.get_by_text("Not saved yet: no connection.")).to_be_visible()
    with site.db.write() as s:
        drafts.save(s, site.cast.sol, draft.id, PLAN + "\nSol was here\n", 0, site.clock())
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(text).to_have_value(re.compile("Sol was here"))
    page.unroute("**/save")
    button(page, "Put them back").click()
    expect(text).to_have_value(re.compile("Feet on the floor, or not"))
    expect(page.get_by_text("Press Save to see both texts.")).to_be_visible()
    button(page, "Save and check").click()
    expect(heading(page, "What was saved meanwhile")).to_be_visible()
    button(page, "Save and check").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_text("words of yours that were not saved")).to_be_hidden()
    assert "Sol" not in kept(site, draft)


def test_a_button_pressed_while_it_saves_waits_for_that(windows: Windows, site: Served, draft: PlanDraft) -> None:
    page, _ = opened(windows, draft)
    saving: list[Route] = []
    page.route("**/save", lambda route: saving.append(route))
    at(page, "Feet on the floor")
    with page.expect_request("**/save"):
        page.keyboard.type(", one")
    page.keyboard.type(", two")
    answer = saving[0].fetch()
    button(page, "Save and check").click()
    saving[0].fulfill(response=answer)

    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert "Feet on the floor, one, two" in kept(site, draft)
