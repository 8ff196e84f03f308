"""What can be looked for among words: phrases, patterns, similar words and ranges.

Each says how an index finds it (`hits`), and itself finds it among the words of a short text (`matches`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from omero_desk.server.search.index import Index
from omero_desk.server.search.similarity import SIMILARITY, similarity
from omero_desk.server.search.words import is_word_character, words

Hits = tuple[str, tuple[Any, ...]]
"""A statement that gives rowids, and its parameters."""

_NO_HITS: Final[Hits] = ("SELECT 0 AS hit WHERE false", ())

_SELECTIVE: Final = 3
"""A pattern of so many plain characters fits few words."""

LAST: Final = "\U0010ffff"
"""Sorts after every character of a word."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other; with a slop, at most so many others between them and in any order."""

    words: tuple[str, ...]
    slop: int = 0

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """Return the statement that finds the rows of an index; `columns` are those that count."""
        # FTS5 counts the words between, Lucene the moves: from two words on, in any order.
        if self.slop and len(self.words) > 1:
            parts = " ".join(f'"{word}"' for word in self.words)
            return _match(index, columns, f"NEAR({parts}, {self.slop})")
        return _match(index, columns, f'"{" ".join(self.words)}"')

    def matches(self, text: str) -> bool:
        """Tell whether a text has it."""
        found = words(text)
        if self.slop:
            return all(word in found for word in self.words)
        count = len(self.words)
        return any(tuple(found[n : n + count]) == self.words for n in range(len(found) - count + 1))


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin with some characters."""

    start: str

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """As for a phrase."""
        if not all(map(is_word_character, self.start)):
            return _NO_HITS
        return _match(index, columns, f'"{self.start}" *')

    def matches(self, text: str) -> bool:
        """Tell whether a text has it."""
        return any(word.startswith(self.start) for word in words(text))


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words of a pattern, in which `*` stands for any characters and `?` for one."""

    pattern: str

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """As for a phrase."""
        start = re.split(r"[*?]", self.pattern)[0]
        glob = self.pattern.replace("[", "[[]")
        condition = "term >= ? AND term < ? AND term GLOB ?"
        look = _similar_terms if len(re.sub(r"[*?]", "", self.pattern)) >= _SELECTIVE else _terms
        return look(index, columns, condition, start, start + LAST, glob)

    def matches(self, text: str) -> bool:
        """Tell whether a text has it."""
        parts = re.split(r"([*?])", self.pattern)
        pattern = "".join({"*": ".*", "?": "."}.get(part) or re.escape(part) for part in parts)
        return any(re.fullmatch(pattern, word, re.DOTALL) for word in words(text))


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that are like another: `similarity` is one minus the edits needed, by the length of the shorter word."""

    word: str
    similarity: float = 0.5

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """As for a phrase."""
        condition, values = self.condition()
        return _similar_terms(index, columns, condition, *values)

    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """Return the condition, with its parameters, that a term is similar; cheap ones keep from most of the work."""
        length, pieces = len(self.word), self._kept_pieces()
        shortest, longest = int(length * self.similarity), int(length * (2 - self.similarity)) + 1
        near = f"length(term) BETWEEN ? AND ? AND ({' OR '.join('instr(term, ?)' for _ in pieces) or 'true'})"
        condition = f"CASE WHEN {near} THEN {SIMILARITY}(term, ?) > ? ELSE false END"
        return condition, (shortest, longest, *pieces, self.word, self.similarity)

    def matches(self, text: str) -> bool:
        """Tell whether a text has it."""
        return any(similarity(word, self.word) > self.similarity for word in words(text))

    def _kept_pieces(self) -> list[str]:
        """Of pieces one more than there may be edits, one at least stays whole."""
        count = int((1 - self.similarity) * len(self.word)) + 1
        size, more = divmod(len(self.word), count)
        if size == 0:
            return []
        ends = [size * n + min(n, more) for n in range(count + 1)]
        return [self.word[first:last] for first, last in pairwise(ends)]


@dataclass(frozen=True, slots=True)
class Range:
    """Words from one to another, which themselves belong to it or not."""

    first: str
    last: str
    with_first: bool = True
    with_last: bool = True

    def hits(self, index: Index, columns: tuple[str, ...]) -> Hits:
        """As for a phrase."""
        low, high = (">=" if self.with_first else ">"), ("<=" if self.with_last else "<")
        return _terms(index, columns, f"term {low} ? AND term {high} ?", self.first, self.last)

    def holds(self, word: str) -> bool:
        """Tell whether a word belongs to it."""
        above = word >= self.first if self.with_first else word > self.first
        return above and (word <= self.last if self.with_last else word < self.last)

    def matches(self, text: str) -> bool:
        """Tell whether a text has a word of it."""
        return any(self.holds(word) for word in words(text))


Pattern = Phrase | Prefix | Wildcard | Fuzzy | Range


def _match(index: Index, columns: tuple[str, ...], expression: str) -> Hits:
    where = " ".join(f'"{column}"' for column in columns)
    is_any = len(columns) == len(index.columns)
    statement = f"SELECT rowid AS hit FROM {index.name} WHERE {index.name} MATCH ?"
    return statement, (expression if is_any else f"{{{where}}} : {expression}",)


def _terms(index: Index, columns: tuple[str, ...], condition: str, *values: Any) -> Hits:
    where = ", ".join("?" for _ in columns)
    return f"SELECT doc AS hit FROM {index.terms} WHERE {condition} AND col IN ({where})", (*values, *columns)


def _similar_terms(index: Index, columns: tuple[str, ...], condition: str, *values: Any) -> Hits:
    """Each term is looked at once, and not each time that it stands in a row."""
    return _terms(index, columns, f"term IN (SELECT term FROM {index.vocabulary} WHERE {condition})", *values)
