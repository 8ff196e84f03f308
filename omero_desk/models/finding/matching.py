"""The words that are looked for in names: how well a name fits, and where in it they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from omero_desk.entities.words import folded

_ID: Final = re.compile(r"(?:([^\W\d_]+)\s*[:\s]\s*)?(\d{1,18})")
_JAMO: Final = range(0x1160, 0x1200)
"""Vowels and ends of Korean syllables, which NFC joins to what is before them."""


class Fit(IntEnum):
    """How well a name fits, the best first."""

    ID = 0
    WHOLE = 1
    START = 2
    WORD = 3
    INSIDE = 4
    BESIDE = 5
    """The words are not all in the name, but in what is said beside it."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for: words that all have to be found, in folded case, and perhaps an ID with the kind's name."""

    words: tuple[str, ...]
    kind: str = ""
    id: int | None = None

    @classmethod
    def of(cls, text: str) -> Needle:
        """Return what a text asks for; "Image:12" and "12" ask for IDs as well as for names."""
        plain = folded(text.strip())
        found = _ID.fullmatch(plain)
        words = tuple(plain.split())
        return cls(words, found[1] or "", int(found[2])) if found else cls(words)

    def narrows(self, other: Needle) -> bool:
        """Return whether all that this finds by its words is among what `other` finds."""
        return all(any(old in new for new in self.words) for old in other.words)

    def fit(self, name: str, beside: str) -> Fit | None:
        """Return how well a name fits, None if it does not. Both texts are in folded case."""
        if not all(word in name for word in self.words):
            return Fit.BESIDE if all(word in name or word in beside for word in self.words) else None
        first = self.words[0] if self.words else ""
        if name == " ".join(self.words):
            return Fit.WHOLE
        if name.startswith(first):
            return Fit.START
        return Fit.WORD if starts_word(first, name) else Fit.INSIDE


def starts_word(word: str, name: str) -> bool:
    """Return whether a word of `name` begins with `word`; both in folded case."""
    place = name.find(word)
    while place >= 0:
        if place == 0 or not name[place - 1].isalnum():
            return True
        place = name.find(word, place + 1)
    return False


def spans(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return where words, in folded case, stand in a text: their starts and lengths in it, without overlaps.

    Letters and their marks may be written in another way in the text than in the words.
    """
    places = list(_folded_letters(text))
    whole = "".join(letter for letter, _start, _stop in places)
    starts = [start for letter, start, _stop in places for _ in letter]
    stops = [stop for letter, _start, stop in places for _ in letter]
    marked = [False] * len(text)
    for word in words:
        found = whole.find(word) if word else -1
        while found >= 0:
            for place in range(starts[found], stops[found + len(word) - 1]):
                marked[place] = True
            found = whole.find(word, found + len(word))
    return list(_runs(marked))


def _folded_letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each letter with its marks in folded case, and where it begins and ends in the text."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _joins(text[place]):
            yield folded(text[start:place]), start, place
            start = place


def _joins(letter: str) -> bool:
    return bool(unicodedata.combining(letter)) or ord(letter) in _JAMO


def _runs(marked: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for place, is_marked in enumerate((*marked, False)):
        if is_marked and start is None:
            start = place
        elif not is_marked and start is not None:
            yield start, place - start
            start = None
