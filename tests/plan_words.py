"""The words of a plan, measured: how hard they are to read, and which of them stand in another plan too.

``python -m tests.plan_words FILE…`` prints it for their authors, against every plan of the library.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from facilitator.curricula.library import FOLDER
from facilitator.curricula.model import Plan
from facilitator.curricula.parse import parse_plan
from facilitator.curricula.text import plain

RUN = 8
"""So many words in a row, the same in two plans, and one of them was copied."""

_BLANKS = re.compile(r"\.{4,}|[*_]")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”\u2019)]*\s+|\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_PIECE = re.compile(r"[a-z0-9']+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeiouytd]ed|[^laeiouy]e)$")
_VOWELS = re.compile(r"[aeiouy]{1,2}")


@dataclass(frozen=True)
class Ease:
    """How hard sentences are: the Flesch-Kincaid grade, and the two figures that it is made of."""

    grade: float
    words_a_sentence: float
    syllables_a_word: float


def running_words(plan: Plan) -> list[str]:
    """Everything that is said or read in sentences, paragraph by paragraph. Screens and options are fragments."""
    said: list[str] = []
    for segment in plan.segments:
        said += [plain(cue.text) for cue in segment.cues]
        said += [plain(prompt.aloud) for prompt in segment.prompts if prompt.aloud]
    return said


def own_words(plan: Plan) -> list[str]:
    """Every paragraph that must be this plan's own. Check-in questions are asked in one wording everywhere."""
    words = [*running_words(plan), *plan.welcome.split("\n"), *plan.objectives]
    for segment in plan.segments:
        words += [segment.title, *segment.body.split("\n")]
        for exercise in segment.exercises:
            words += [exercise.text, *exercise.items, *exercise.reasons]
    return [paragraph for paragraph in words if paragraph.strip()]


def ease(paragraphs: list[str]) -> Ease:
    """How hard these are to read."""
    text = _BLANKS.sub(" ", "\n".join(paragraphs))
    sentences = [one for one in _SENTENCE_END.split(text) if re.search("[A-Za-z]{2}", one)]
    words = _WORD.findall(text)
    long, heavy = len(words) / len(sentences), sum(map(syllables, words)) / len(words)
    return Ease(0.39 * long + 11.8 * heavy - 15.59, long, heavy)


def syllables(word: str) -> int:
    """How many syllables an English word has, as near as its vowels tell: "chair" 1, "notice" 2."""
    letters = re.sub("[^a-z]", "", word.lower())
    return max(1, len(_VOWELS.findall(_SILENT.sub("", letters))))


def runs(paragraphs: list[str]) -> Counter[str]:
    """Every run of eight words, and how often it is there. A run does not reach from one paragraph to the next."""
    found: Counter[str] = Counter()
    for paragraph in paragraphs:
        pieces = _PIECE.findall(_BLANKS.sub(" ", paragraph).lower().replace("\u2019", "'"))
        found.update(" ".join(pieces[at : at + RUN]) for at in range(len(pieces) - RUN + 1))
    return found


def shared(all_runs: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Each run that stands in two plans, behind their names: "T04 and T17: …"."""
    first: dict[str, str] = {}
    for name, own in all_runs.items():
        for run in own:
            if (other := first.setdefault(run, name)) != name:
                yield f"{other} and {name}: {run}"


def _main(files: list[Path]) -> None:
    read = {path.stem: parse_plan(path.read_text(encoding="utf-8")) for path in (*FOLDER.rglob("*.md"), *files)}
    asked = {path.stem for path in files}
    for name in sorted(asked):
        found, number = ease(running_words(read[name])), sum(len(one.split()) for one in own_words(read[name]))
        parts = f"{found.words_a_sentence:.1f} words a sentence, {found.syllables_a_word:.2f} syllables a word"
        print(f"{name}: grade {found.grade:.1f} ({parts}), {number} words")
    all_runs = {name: runs(own_words(plan)) for name, plan in read.items()}
    twice = (f"{name} twice: {run}" for name in sorted(asked) for run, number in all_runs[name].items() if number > 1)
    for line in (*twice, *shared(all_runs)):
        if asked & set(line.partition(":")[0].split()):
            print(f"   {line}")


if __name__ == "__main__":
    _main([Path(name) for name in sys.argv[1:]])
