"""What every answer says, whatever it is: what it may load, who may frame it, what is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from facilitator import create_app
from facilitator.pages import places
from facilitator.pages.assets import asset
from facilitator.settings import Settings
from facilitator.storage.engine import Database
from tests.conftest import SettableClock

# A page, an answer for scripts, a redirect, an error of each sort, a static file.
ADDRESSES = ["/", "/sign-in", "/healthz", "/sessions", "/nowhere", "/j/none", "/static/old/shared/base.css"]
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(app: Flask, address: str, method: str) -> None:
    headers = app.test_client().open(address, method=method).headers

    assert {name: headers[name] for name in FIXED} == FIXED
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers and "Strict-Transport-Security" not in headers


def test_a_page_runs_and_draws_only_what_comes_from_here(app: Flask) -> None:
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in app.test_client().get("/sign-in").headers["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["img-src"] == "'self' data:"
    assert policy["connect-src"] == "'self' ws://localhost"


OF_A_PAGE = {"Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"}
PARTS = ["shared/base.css", "phone/phone.js", "vendor/atkinson-hyperlegible-next-basic.woff2"]


@pytest.mark.parametrize("path", PARTS)
def test_a_style_a_script_or_a_typeface_carries_what_means_something_there(app: Flask, path: str) -> None:
    headers = app.test_client().get(asset(path)).headers
    assert {name: headers.get(name) for name in FIXED if name not in OF_A_PAGE} == {
        name: value for name, value in FIXED.items() if name not in OF_A_PAGE
    }
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    # It is never a page: what a page may load, who opened it and what it may use is said by the page that asks for it.
    assert not OF_A_PAGE & set(headers.keys())


@pytest.mark.parametrize("path", ["shared/icons.svg", "shared/mark.svg"])
def test_a_picture_can_be_opened_as_a_page_and_carries_everything(app: Flask, path: str) -> None:
    headers = app.test_client().get(asset(path)).headers
    assert {name: headers[name] for name in FIXED} == FIXED
    assert headers["Content-Security-Policy"] and headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/static/x/phone/none.js", "/static/x/phone/phone.js"])
def test_an_answer_in_place_of_a_file_carries_everything(app: Flask, address: str) -> None:
    headers = app.test_client().get(address).headers
    assert {name: headers[name] for name in FIXED} == FIXED and headers["Content-Security-Policy"]


def test_over_https_the_browser_is_told_to_stay_there(
    settings: Settings, db: Database, clock: SettableClock
) -> None:
    app = create_app(replace(settings, url="https://group.example.org"), clock)
    answer = app.test_client().get("/sign-in", base_url="https://group.example.org")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "connect-src 'self' wss://group.example.org" in answer.headers["Content-Security-Policy"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-facilitator=")
    assert all(word in cookie for word in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"))
    app.extensions["facilitator"].db.close()


def test_over_plain_http_the_cookie_is_as_safe_as_it_can_be(app: Flask) -> None:
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("facilitator=") and "Secure" not in cookie
    assert "; HttpOnly" in cookie and "; SameSite=Lax" in cookie


@pytest.mark.parametrize("file", sorted(places.folder("templates").rglob("*.html")), ids=lambda file: file.stem)
def test_no_template_writes_a_script_or_a_style_inside_a_page(file: Path) -> None:
    text = file.read_text()
    assert "<style" not in text and " style=" not in text and "javascript:" not in text
    assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:])
    assert not any(f" on{event}=" in text for event in ("click", "load", "submit", "change", "input", "error", "focus"))
