"""Static files: named by one hash, kept for ever, small on the way, found in the source tree and once installed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from facilitator.pages import places
from facilitator.pages.assets import TYPES, asset, read_assets

FILES = sorted(read_assets(places.folder("static")).files)


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_served_with_its_type_and_may_be_kept_for_ever(app: Flask, path: str) -> None:
    answer = app.test_client().get(asset(path))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == TYPES[Path(path).suffix]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.data == (places.folder("static") / path).read_bytes()
    assert "Set-Cookie" not in answer.headers


def test_a_browser_that_takes_gzip_gets_the_same_file_in_less(app: Flask) -> None:
    address = asset("staff/staff.css")
    plain = app.test_client().get(address)
    packed = app.test_client().get(address, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


def test_what_is_packed_already_is_not_packed_again(app: Flask) -> None:
    font = asset("vendor/atkinson-hyperlegible-next.woff2")
    assert "Content-Encoding" not in app.test_client().get(font, headers={"Accept-Encoding": "gzip"}).headers


def test_an_address_from_before_an_upgrade_leads_to_the_file_of_today(app: Flask) -> None:
    answer = app.test_client().get("/static/0123456789abcdef/shared/live.js")

    assert answer.status_code == 302
    assert answer.headers["Location"] == asset("shared/live.js")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["shared/none.js", "vendor/VENDOR.md", "../pyproject.toml", "%2e%2e/pyproject.toml", "shared", "", "%00"]
)
def test_nothing_else_is_served(app: Flask, path: str) -> None:
    version = read_assets(places.folder("static")).version
    assert app.test_client().get(f"/static/{version}/{path}").status_code == 404


def test_the_version_changes_with_any_byte_of_any_file(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.js").write_text("let a;")
    before = read_assets(tmp_path).version
    read_assets.cache_clear()
    (tmp_path / "one" / "a.js").write_text("let b;")

    assert read_assets(tmp_path).version != before


def test_a_template_that_names_a_missing_file_fails_at_once() -> None:
    with pytest.raises(LookupError, match=r"There is no static file phone/none\.js"):
        asset("phone/none.js")


@pytest.mark.parametrize("path", [path for path in FILES if path.endswith((".css", ".js")) and "vendor" not in path])
def test_files_name_each_other_by_relative_addresses_that_exist(path: str) -> None:
    top = places.folder("static")
    text = (top / path).read_text()
    named = re.findall(r'(?:from|import)\s*\(?\s*"([^"]+)"|url\("?([^")]+)"?\)', text)
    for address in (module or style for module, style in named):
        if not address.startswith("data:"):
            assert address.startswith((".", "chevron")) and ((top / path).parent / address).is_file(), address


def test_the_folders_are_found_in_the_source_tree() -> None:
    assert places.folder("templates").is_dir() and places.folder("static").is_dir()
    with pytest.raises(FileNotFoundError, match="missing from this installation"):
        places.folder("nowhere")
