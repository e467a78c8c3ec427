"""Plans in one file that travels: a zip of Markdown with the checksum of each. Nothing in a zip is trusted."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import PurePosixPath

from facilitator.curricula.library import CURRICULUM, PLAN
from facilitator.curricula.problems import short
from facilitator.curricula.text import MAX_BYTES

SUMS = "SHA256SUMS"
LARGEST_PACK = 2 * 1024 * 1024
MOST_FILES = 500
MOST_UNPACKED = 8 * 1024 * 1024
LONGEST_NAME = 200
# What other systems put beside the files; nobody wrote it.
LEFT_BY_OTHERS = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
# The earliest moment that a zip can hold, so that the same plans always make the same file.
LONG_AGO = (1980, 1, 1, 0, 0, 0)

TOO_LARGE = f"This file is too large. A pack of plans has at most {LARGEST_PACK // 1024 // 1024} MB."
_NO_ZIP = "This is not a zip file that can be opened. Pack the plans again, or bring them in one by one."
_SUM_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass
class Unpacked:
    """What was in a pack: the bytes of each plan, the names of curricula, and every reason not to bring it in."""

    plans: dict[str, bytes] = field(default_factory=dict)
    curricula: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, name: str, sentence: str) -> None:
        """Note why a file, or with "" the whole, cannot be brought in."""
        self.problems.append((name, sentence))


def pack(files: Mapping[str, str]) -> bytes:
    """A zip of these texts by their names, with ``SHA256SUMS`` first. The same files make the same bytes."""
    texts = {name: text.encode() for name, text in sorted(files.items())}
    sums = "".join(f"{_digest(data)}  {name}\n" for name, data in texts.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in {SUMS: sums.encode(), **texts}.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def unpack(data: bytes) -> Unpacked:
    """What is in the zip ``data``. Whatever is wrong with it is noted, and then nothing of it should be brought in."""
    unpacked = Unpacked()
    if len(data) > LARGEST_PACK:
        unpacked.refuse("", TOO_LARGE)
        return unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _read(archive, unpacked)
    # zipfile calls what it cannot unpack "not implemented".
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, LookupError):
        unpacked.refuse("", _NO_ZIP)
    return unpacked


def _read(archive: zipfile.ZipFile, unpacked: Unpacked) -> None:
    entries = _from_own_folder([entry for entry in archive.infolist() if not LEFT_BY_OTHERS.search(entry.filename)])
    if len(entries) > MOST_FILES:
        unpacked.refuse("", f"There are {len(entries)} files in this. A pack has at most {MOST_FILES}.")
        return
    sums: dict[str, str] | None = None
    left = MOST_UNPACKED
    for entry in entries:
        name = entry.filename = _plain_name(entry.filename)
        if problem := _problem_of(entry):
            unpacked.refuse(name, problem)
            continue
        if entry.is_dir():
            continue
        content = _content(archive, entry, unpacked)
        if content is None:
            continue
        left -= len(content)
        if left <= 0:
            unpacked.refuse("", "There is too much text in this. Bring the plans in in several parts.")
            return
        if name == SUMS:
            sums = _sums(content, unpacked)
        else:
            unpacked.plans[name] = content
    unpacked.curricula = sorted(name for name in unpacked.plans if name.lower().endswith(CURRICULUM))
    _check(unpacked, sums, entries)
    for name in unpacked.curricula:
        del unpacked.plans[name]
    if not unpacked.plans and not unpacked.problems:
        unpacked.refuse("", "There is no plan in this. Plans are files that end in .md.")


def _from_own_folder(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The entries by their names below the folder of ``SHA256SUMS``, when all of them are in it.

    A pack that was opened and packed again from its folder has that in front of each name.
    """
    folder, slash, rest = next((e.filename for e in entries if e.filename.endswith(f"/{SUMS}")), "").partition("/")
    if rest != SUMS or folder in ("", ".", "..") or not all(e.filename.startswith(folder + slash) for e in entries):
        return entries
    for entry in entries:
        entry.filename = entry.filename.removeprefix(folder + slash)
    return [entry for entry in entries if entry.filename]


def _problem_of(entry: zipfile.ZipInfo) -> str:
    """Why this entry is not even read; "" when it may be."""
    name = entry.filename
    path = PurePosixPath(name)
    if len(name) > LONGEST_NAME or not name.isprintable():
        return "This name cannot be used. Give the file a short, plain one."
    if "\\" in name or ":" in name or _DRIVE.match(name):
        return "This is a name from another system's folders. Use plain names, with / between folders."
    if path.is_absolute() or ".." in path.parts:
        return "This name leads out of the pack. Pack the files again from inside their own folder."
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "This is a link to another file, and not the file. Pack the file itself."
    if entry.is_dir():
        return ""
    if entry.flag_bits & 0x1:
        return "This file has a password. Pack it without one."
    if path.suffix.lower() in (".zip", ".gz", ".tar", ".7z", ".rar"):
        return "A pack inside a pack is not opened. Put the plans in directly."
    if name != SUMS and path.suffix.lower() not in (PLAN, CURRICULUM):
        return f"This is no plan. Only files that end in .md, .toml, and {SUMS} belong in a pack."
    return ""


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacked: Unpacked) -> bytes | None:
    """The bytes of one file, of which never more than a plan can have are unpacked, whatever the zip says of it."""
    try:
        with archive.open(entry) as file:
            content = file.read(MAX_BYTES + 1)
    except NotImplementedError:
        unpacked.refuse(entry.filename, "This is packed in a way that cannot be opened here. Use a plain zip.")
        return None
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError):
        unpacked.refuse(entry.filename, "This file is broken in the pack. Pack it again.")
        return None
    if len(content) > MAX_BYTES:
        unpacked.refuse(entry.filename, f"This file is too large. A plan has at most {MAX_BYTES // 1024} kB.")
        return None
    return content


def _sums(content: bytes, unpacked: Unpacked) -> dict[str, str]:
    """The checksum of each file by its name. What an editor of another system adds (a mark, line ends) is no harm."""
    sums: dict[str, str] = {}
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        unpacked.refuse(SUMS, "This file is not saved as plain text in UTF-8. Save it again so, or take it out.")
        return sums
    for line in filter(None, map(str.strip, lines)):
        match = _SUM_LINE.fullmatch(line)
        if not match:
            unpacked.refuse(SUMS, f"{short(line)} is no checksum. A line is 64 digits, two spaces and a name.")
        elif sums.setdefault(name := _plain_name(match[2]), match[1].lower()) != match[1].lower():
            unpacked.refuse(SUMS, f"There are two different checksums for {short(name)}. Take one of them out.")
    return sums


def _plain_name(name: str) -> str:
    """A file's name without what tools put before it, its letters composed: some systems take them apart."""
    return unicodedata.normalize("NFC", name.removeprefix("./"))


def _check(unpacked: Unpacked, sums: Mapping[str, str] | None, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Each name once, and where there are checksums, each file with its own."""
    for name, count in Counter(entry.filename for entry in entries).items():
        if count > 1:
            unpacked.refuse(name, f"There are {count} files of this name in the pack.")
    if sums is None:
        return
    for name, content in unpacked.plans.items():
        if name not in sums:
            unpacked.refuse(name, f"This file is not in {SUMS}. Take it out, or take {SUMS} out.")
        elif sums[name] != _digest(content):
            unpacked.refuse(name, "This file is not what its checksum says: it was changed or broken on its way.")
    refused = {name for name, _ in unpacked.problems}
    for name in sums:
        if name not in unpacked.plans and name not in refused:
            unpacked.refuse(name, f"This file is in {SUMS}, and missing from the pack.")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
