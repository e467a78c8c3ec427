"""What the room reads: plain kinds of Markdown come through, and nothing that a screen should not hold."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilitator.curricula.html import TAGS, to_html


def test_a_line_is_a_line_and_an_empty_one_parts_paragraphs() -> None:
    assert to_html("Feet on the floor\nLook around\n\nOne breath") == (
        "<p>Feet on the floor<br>\nLook around</p>\n<p>One breath</p>"
    )


def test_bold_and_italic_words() -> None:
    assert to_html("**You may pass** on *anything*") == "<p><strong>You may pass</strong> on <em>anything</em></p>"


def test_a_list_needs_no_empty_line_above_it() -> None:
    assert to_html("Around the circle:\n- your name\n- one word") == (
        "<p>Around the circle:</p>\n<ul>\n<li>your name</li>\n<li>one word</li>\n</ul>"
    )


def test_a_numbered_list_goes_on_where_it_stopped() -> None:
    assert '<ol start="3">' in to_html("1. one\n2. two\n\nA pause\n\n3. three")


def test_a_list_inside_a_list_lies_flat() -> None:
    assert to_html("- a\n    - b\n- - c") == "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b onclick=alert(1)>bold</b>",
        '<p style="color: red">red</p>',
        "[press](javascript:alert(1))",
        "[look](https://elsewhere.example/)",
        "![look](https://elsewhere.example/x.png)",
        "[look][1]\n\n[1]: https://elsewhere.example/",
        "<https://elsewhere.example/>",
        "<fern@elsewhere.example>",
        "&#60;script&#62;alert(1)&#60;/script&#62;",
        "# Heading\n\nHeading\n=======\n\n---",
        "    code\n\n`code`",
        "- > Cue: quoted",
        "{: onclick=alert(1) }",
        "\x02klzzwxh:0000\x03",
        "***a** b*",
    ],
)
def test_only_paragraphs_lists_and_bold_words_come_out(text: str) -> None:
    html = to_html(text)

    for tag, attributes in re.findall(r"</?([a-z0-9]+)([^>]*)>", html):
        assert tag in TAGS
        assert attributes == ""
    assert "<" not in re.sub(r"</?(?:p|br|ul|ol|li|strong|em)>", "", html)


def test_words_in_angle_brackets_are_shown_not_lost() -> None:
    assert to_html("5 < 7 <b>loud</b>") == "<p>5 &lt; 7 &lt;b&gt;loud&lt;/b&gt;</p>"


def test_a_hidden_character_cannot_be_spelt_out() -> None:
    assert to_html("Tom &amp; &#8238;Sam&#x1b; &#8203;") == "<p>Tom &amp; Sam </p>"


@settings(max_examples=60, deadline=None)
@given(st.text("*_[]()!<>&#-+.1\\`~|: \nab", max_size=600))
def test_anything_comes_out_clean_and_soon(text: str) -> None:
    started = time.process_time()
    html = to_html(text)

    assert time.process_time() - started < 0.5
    assert set(re.findall(r"</?([a-z]+)", html)) <= TAGS
    assert not re.search(r"<(?!ol start=)[a-z]+ ", html)


def test_a_text_leaves_nothing_behind_for_the_next() -> None:
    texts = ("**bold** and <b>", "1. one\n2. two", "- item", "*a **b* _c", "<b>\n\n- x", "3. three\n\n*x", "&#8238;*")

    forwards = [to_html(text) for text in texts]

    assert [to_html(text) for text in reversed(texts)] == forwards[::-1]
