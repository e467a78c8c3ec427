"""How often somebody may guess."""

from __future__ import annotations

from contextlib import suppress

import pytest

from facilitator.people.attempts import Attempts, SignInLimit, TooMany

QUARTER = 15 * 60_000


def test_the_sixth_try_waits_until_the_first_is_a_quarter_of_an_hour_old() -> None:
    limit = SignInLimit()
    for minute in range(5):
        limit.count("fern@clinic.example", "10.0.0.9", minute * 60_000)

    with pytest.raises(TooMany) as refusal:
        limit.count(" FERN@clinic.example", "10.0.0.9", QUARTER - 1)
    assert refusal.value.until == QUARTER
    limit.count("fern@clinic.example", "10.0.0.9", QUARTER)


def test_guessing_at_one_account_keeps_nobody_else_out_and_not_its_owner_elsewhere() -> None:
    limit = SignInLimit()
    for _ in range(5):
        limit.count("fern@clinic.example", "10.0.0.9", 0)

    limit.count("sol@clinic.example", "10.0.0.9", 0)
    limit.count("fern@clinic.example", "10.0.0.8", 0)


def test_one_address_cannot_try_many_accounts() -> None:
    limit = SignInLimit()
    for guess in range(30):
        limit.count(f"{guess}@clinic.example", "10.0.0.9", 0)

    with pytest.raises(TooMany):
        limit.count("30@clinic.example", "10.0.0.9", 0)


def test_whoever_was_right_at_an_address_is_not_kept_out_by_others_who_guess_there() -> None:
    limit = SignInLimit()
    limit.count("fern@clinic.example", "10.0.0.9", 0)
    limit.forgive("fern@clinic.example", "10.0.0.9")
    for guess in range(30):
        limit.count(f"{guess}@clinic.example", "10.0.0.9", 0)

    for _ in range(5):
        limit.count(" FERN@clinic.example", "10.0.0.9", 0)
    with pytest.raises(TooMany):
        limit.count("fern@clinic.example", "10.0.0.9", 0)


def test_a_closed_address_and_a_closed_account_use_up_nothing_of_each_other() -> None:
    limit = SignInLimit()
    for _ in range(100):
        with suppress(TooMany):
            limit.count("fern@clinic.example", "10.0.0.9", 0)
    for guess in range(25):
        limit.count(f"{guess}@clinic.example", "10.0.0.9", 0)
    for guess in range(1_000):
        with pytest.raises(TooMany):
            limit.count(f"new {guess}", "10.0.0.9", 0)
    with pytest.raises(TooMany):
        limit.count("sol@clinic.example", "10.0.0.9", QUARTER - 1)

    limit.count("sol@clinic.example", "10.0.0.9", QUARTER)
    assert len(limit) < 40, "what was refused is not kept"


def test_a_right_password_takes_the_wrong_tries_back() -> None:
    limit = SignInLimit()
    for _day in range(3):
        for _try in range(4):
            limit.count("fern@clinic.example", "10.0.0.9", 0)
        limit.forgive("fern@clinic.example", "10.0.0.9")


def test_a_clinic_that_signs_in_from_one_address_all_day_is_never_kept_out() -> None:
    limit = SignInLimit()
    for person in range(200):
        limit.count(f"{person}@clinic.example", "10.0.0.9", 0)
        limit.forgive(f"{person}@clinic.example", "10.0.0.9")


def test_guessing_with_ever_new_names_fills_no_memory() -> None:
    tries = Attempts(allowed=1, window=10)
    for second in range(20_100):
        tries.count(f"guess {second}", second)

    assert len(tries) < 10_101
