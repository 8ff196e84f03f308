"""Split texts into words as OMERO's FullTextAnalyzer does: runs of letters and digits, in lower case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import Final

from omero_desk.server.database.driver import SqlValue

LONGEST: Final = 255
"""The most characters of a word; a longer run is cut into words of this length, as in Lucene."""

_KINDS: Final = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"})
_PLANE: Final = 0x10000  # characters above are two surrogates in UTF-16, which are no letters
_ASCII_WORD: Final = re.compile(f"[a-z0-9]{{1,{LONGEST}}}")


def words(text: str) -> list[str]:
    """Return the words of a text in their order."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _word().findall(lower(text))


def lower(text: str) -> str:
    """Return a text in lower case, with one character for each, as Java's Character.toLowerCase makes them."""
    return text.lower() if text.isascii() else text.translate(_lower_case())


def joined_words(text: SqlValue) -> str:
    """Return the words of a value joined by spaces, where SQLite's ascii tokenizer splits them again; "" for null."""
    return "" if text is None else " ".join(words(str(text)))


def is_word_character(character: str) -> bool:
    """Return whether a character is a letter or a digit for Java, which sees UTF-16: none above U+FFFF is."""
    return ord(character) < _PLANE and unicodedata.category(character) in _KINDS


@cache
def _word() -> re.Pattern[str]:
    ranges = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _ranges())
    return re.compile(f"[{ranges}]{{1,{LONGEST}}}")


def _ranges() -> Iterator[tuple[int, int]]:
    found = (code for code in range(_PLANE) if is_word_character(chr(code)))
    for _, run in groupby(enumerate(found), key=lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        yield codes[0], codes[-1]


@cache
def _lower_case() -> dict[int, str]:
    changed = ((code, chr(code).lower()[:1]) for code in range(_PLANE))
    return {code: low for code, low in changed if ord(low) != code and ord(low) < _PLANE}
