"""Patterns of words: phrases, prefixes, wildcards, similar words and ranges.

Each has `hits`, the SQL by which a full-text index finds it, and `matches`, which looks for it in one short text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from omero_desk.server.database.driver import SqlValue
from omero_desk.server.database.full_text import Index
from omero_desk.server.database.similarity import SIMILARITY, similarity
from omero_desk.server.database.words import is_word_character, words

Hits: TypeAlias = tuple[str, tuple[SqlValue, ...]]
"""A statement that selects rowids of an index as `hit`, and its parameters."""

_NO_HITS: Final[Hits] = ("SELECT 0 AS hit WHERE false", ())

_SELECTIVE: Final = 3
"""A pattern with so many plain characters is taken to match few words."""

LAST: Final = "\U0010ffff"
"""Sorts after every character of a word."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other; with a slop, in any order and with at most `slop` words between them."""

    words: tuple[str, ...]
    slop: int = 0

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement that finds the rows of an index that match in one of `columns`."""
        # FTS5 counts the words between, Lucene the moves needed; NEAR takes the words in any order.
        if self.slop and len(self.words) > 1:
            parts = " ".join(f'"{word}"' for word in self.words)
            return _match(index, columns, f"NEAR({parts}, {self.slop})")
        return _match(index, columns, f'"{" ".join(self.words)}"')

    def matches(self, text: str) -> bool:
        """Return whether a text has a match."""
        found = words(text)
        if self.slop:
            return all(word in found for word in self.words)
        count = len(self.words)
        return any(tuple(found[n : n + count]) == self.words for n in range(len(found) - count + 1))


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with `start`."""

    start: str

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement for an index and columns, as for a phrase."""
        if not all(map(is_word_character, self.start)):
            return _NO_HITS
        return _match(index, columns, f'"{self.start}" *')

    def matches(self, text: str) -> bool:
        """Return whether a text has a match."""
        return any(word.startswith(self.start) for word in words(text))


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words that match a pattern, in which `*` stands for any characters and `?` for one."""

    pattern: str

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement for an index and columns, as for a phrase."""
        start = re.split(r"[*?]", self.pattern)[0]
        glob = self.pattern.replace("[", "[[]")
        condition = "term >= ? AND term < ? AND term GLOB ?"
        look = _similar_terms if len(re.sub(r"[*?]", "", self.pattern)) >= _SELECTIVE else _terms
        return look(index, columns, condition, start, start + LAST, glob)

    def matches(self, text: str) -> bool:
        """Return whether a text has a match."""
        return any(_fits(word, self.pattern) for word in words(text))


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words whose similarity to `word` (see `database.similarity`) is greater than `similarity`."""

    word: str
    similarity: float = 0.5

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement for an index and columns, as for a phrase."""
        condition, values = self.condition()
        return _similar_terms(index, columns, condition, *values)

    def condition(self) -> tuple[str, tuple[SqlValue, ...]]:
        """Return the SQL condition, with its parameters, that a column `term` is similar.

        Cheap conditions come first, so that few terms are compared in full.
        """
        length, pieces = len(self.word), self._kept_pieces()
        shortest, longest = int(length * self.similarity), int(length * (2 - self.similarity)) + 1
        near = f"length(term) BETWEEN ? AND ? AND ({' OR '.join('instr(term, ?)' for _ in pieces) or 'true'})"
        condition = f"CASE WHEN {near} THEN {SIMILARITY}(term, ?) > ? ELSE false END"
        return condition, (shortest, longest, *pieces, self.word, self.similarity)

    def matches(self, text: str) -> bool:
        """Return whether a text has a match."""
        return any(similarity(word, self.word) > self.similarity for word in words(text))

    def _kept_pieces(self) -> list[str]:
        """Return pieces of the word, one more than the edits that are allowed, so that one of them stays whole."""
        count = int((1 - self.similarity) * len(self.word)) + 1
        size, more = divmod(len(self.word), count)
        if size == 0:
            return []
        ends = [size * n + min(n, more) for n in range(count + 1)]
        return [self.word[first:last] for first, last in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Range:
    """Words that sort between two others, which are included or not."""

    first: str
    last: str
    with_first: bool = True
    with_last: bool = True

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement for an index and columns, as for a phrase."""
        low, high = (">=" if self.with_first else ">"), ("<=" if self.with_last else "<")
        return _terms(index, columns, f"term {low} ? AND term {high} ?", self.first, self.last)

    def holds(self, word: str) -> bool:
        """Return whether a word is in the range."""
        above = word >= self.first if self.with_first else word > self.first
        return above and (word <= self.last if self.with_last else word < self.last)

    def matches(self, text: str) -> bool:
        """Return whether a text has a word in the range."""
        return any(self.holds(word) for word in words(text))


Pattern = Phrase | Prefix | Wildcard | Fuzzy | Range


def _fits(word: str, pattern: str) -> bool:
    """Return whether a word matches a pattern; after a mismatch the last `*` alone takes one more character."""
    at, place, star, retry = 0, 0, -1, 0
    while at < len(word):
        if place < len(pattern) and pattern[place] == "*":
            star, retry, place = place, at, place + 1
        elif place < len(pattern) and pattern[place] in ("?", word[at]):
            at, place = at + 1, place + 1
        elif star < 0:
            return False
        else:
            retry += 1
            at, place = retry, star + 1
    return not pattern[place:].strip("*")


def _match(index: Index, columns: tuple[str, ...], expression: str) -> Hits:
    where = " ".join(f'"{column}"' for column in columns)
    is_any = len(columns) == len(index.columns)
    statement = f"SELECT rowid AS hit FROM {index.name} WHERE {index.name} MATCH ?"
    return statement, (expression if is_any else f"{{{where}}} : {expression}",)


def _terms(index: Index, columns: tuple[str, ...], condition: str, *values: SqlValue) -> Hits:
    where = ", ".join("?" for _ in columns)
    return f"SELECT doc AS hit FROM {index.terms} WHERE {condition} AND col IN ({where})", (*values, *columns)


def _similar_terms(index: Index, columns: tuple[str, ...], condition: str, *values: SqlValue) -> Hits:
    """Return the hits of terms that fulfil a condition, which is tested once for a term, not for each of its places."""
    return _terms(index, columns, f"term IN (SELECT term FROM {index.vocabulary} WHERE {condition})", *values)
