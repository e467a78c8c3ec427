"""The page "How is this private?": the same words as the document, from every question, for somebody of twelve."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from facilitator.realtime import commands as c
from tests.conftest import ROOT, Clinic
from tests.room import CRAVING, HELPS, MOOD, PRACTICE, Phone, Room

DOCUMENT = (ROOT / "docs" / "anonymity.md").read_text()
# Grade 6 of school, at whose end people are twelve.
HARDEST, HARDEST_PART = 6.0, 8.0
SENTENCE_WORDS = 13
VOWELS = re.compile(r"[aeiouy]+")


@pytest.fixture
def room(app: Flask, clinic: Clinic) -> Room:
    return Room(app, clinic)


@pytest.fixture
def parts(room: Room) -> list[str]:
    """Every heading, paragraph and line of the page, as they are read."""
    page = room.show("/private").text
    main = page[page.index('<main class="page read">') :].split("</main>")[0]
    found = re.findall(r"<(h2|p|li)[^>]*>(.*?)</\1>", main, re.DOTALL)
    return [plain(re.sub(r"<[^>]+>", "", text)) for _, text in found]


def plain(text: str) -> str:
    return " ".join(unescape(text).split())


def written() -> list[str]:
    """The same of the document's section."""
    section = DOCUMENT.split("## How is this private? The page on the phone\n")[1].split("\n## ")[0]
    # What comes before the first empty line tells about the page.
    section = section.split("\n\n", 1)[1]
    blocks = re.split(r"\n\s*\n|\n(?=- )|(?<=\n)(?=### )", section)
    return [plain(re.sub(r"^(### |- )|\*", "", block.strip())) for block in blocks if block.strip()]


def test_the_page_and_the_document_say_the_same(parts: list[str]) -> None:
    assert parts == written()


def test_the_numbers_are_the_installations_own(room: Room, parts: list[str]) -> None:
    settings = room.app.extensions["facilitator"].settings
    assert any(f"at least {settings.floor}, or {settings.sensitive_floor} when" in part for part in parts)


def syllables(word: str) -> int:
    """As they are spoken, near enough: groups of vowels, without an e that is silent at the end."""
    groups = len(VOWELS.findall(word))
    silent = re.search(r"[^aeiouyl]e[sd]?$", word) and not re.search(r"([td]ed|[szxc]es|ges)$", word)
    return max(1, groups - bool(silent and groups > 1))


def grade(text: str) -> tuple[float, float]:
    """The school grade in which this can be read (Flesch and Kincaid), and how many words a sentence has."""
    sentences = [one for one in re.split(r"[.!?:]+\s|[.!?:]+$", text) if one.strip()]
    words = re.findall(r"[a-z']+", text.lower())
    long = len(words) / len(sentences)
    return 0.39 * long + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, long


@pytest.mark.parametrize(
    ("word", "spoken"),
    [("phone", 1), ("group", 1), ("answer", 2), ("private", 2), ("closes", 2), ("wiped", 1), ("counted", 2),
     ("supervisor", 4), ("people", 2), ("decides", 2), ("somebody", 4), ("the", 1)],
)  # fmt: skip
def test_syllables_are_counted_as_people_speak_or_one_more(word: str, spoken: int) -> None:
    """More makes a text harder than it is, which is the safe side."""
    assert spoken <= syllables(word) <= spoken + 1


def test_somebody_of_twelve_can_read_it(parts: list[str]) -> None:
    told = [part for part in parts if part.endswith(".")]
    hard, long = grade(" ".join(told))
    assert hard <= HARDEST and long <= SENTENCE_WORDS, (hard, long)
    for part in told:
        assert grade(part)[0] <= HARDEST_PART, (grade(part), part)


def test_a_hard_text_is_found_hard() -> None:
    hard = "Pseudonymous participation notwithstanding, re-identification of individuals remains possible."
    assert grade(hard)[0] > 12 > grade("We keep no names. You can skip this one.")[0]


@pytest.mark.parametrize("prompt", [MOOD, PRACTICE, HELPS, CRAVING])
def test_it_is_one_tap_from_every_question(room: Room, prompt: str) -> None:
    room.go_live()
    phone = Phone(room).join()
    check_in = room.ask(prompt)
    link = f'href="/private?code={room.code}">How is this private?'
    question = phone.get().text.split('data-scene="question"')[1].split("</section>")[0]
    assert link in question
    answered = phone.answer(check_in=check_in, skip="1")
    assert link in phone.browser.get(answered.location).text
    room.do(c.CloseCheckIn(check_in), c.ShowTally(check_in))
    assert link in phone.get().text
