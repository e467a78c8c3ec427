"""Passwords: which are good enough, and how they are kept."""

from __future__ import annotations

import pytest

from facilitator.people import passwords
from facilitator.people.passwords import WeakPassword

GUESSED_FIRST = [
    "",
    "fourteen chars",
    "password1234567",
    "PasswordPassword",
    "Letmein-letmein-letmein",
    "p4ss p4ss p4ss p4ss",
    "fern fern fern fern",
    "123456789012345",
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "qwertyuiopasdfgh",
    "1qaz2wsx3edc4rfv",
    "summer2026Summer2026!",
    "trustno1trustno1",
    "Fern Clinic 2026 Fern",
    "correct horse battery staple",
    "welcome-passwor",
    "abcdefghijklmnop",
]
GOOD = [
    "seven blue teapots sing",
    "7kfh2-9dk3n-xmq01",
    "83920174650192837465",
    "password of the ferns",
    "ééééé ñañdú çà ø",
    "   spaces around   ",
    "\N{HERB} in a rainy spring",
]


@pytest.mark.parametrize("password", GUESSED_FIRST)
def test_passwords_that_guessers_try_first_are_refused_in_a_sentence(password: str) -> None:
    with pytest.raises(WeakPassword, match=r"^(Use at least 15|This password is too easy)"):
        passwords.accept(password, "Fern", "fern@clinic.example")


@pytest.mark.parametrize("password", GOOD)
def test_any_characters_make_a_password_if_there_are_enough(password: str) -> None:
    passwords.accept(password, "Fern", "fern@clinic.example")
    assert passwords.verified(password, passwords.hashed(password))[0]


def test_an_accent_typed_in_one_or_in_two_is_the_same_password() -> None:
    assert passwords.verified("cafe\u0301 au lait noir", passwords.hashed("caf\u00e9 au lait noir"))[0]
