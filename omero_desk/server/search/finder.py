"""Find the ids of a class's objects that match a full-text query, without regard to who may see them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from omero_desk.server.database.driver import SqlValue, driver_of, is_interruption, time_limit
from omero_desk.server.database.full_text import indexes
from omero_desk.server.database.schema import Schema
from omero_desk.server.scheduling.task import checkpoint
from omero_desk.server.search.ast import EVERYTHING, All, Boosted, Clauses, Leaf, Node
from omero_desk.server.search.documents import PAIRS, Document, TextSource, document_of
from omero_desk.server.search.moments import span_of
from omero_desk.server.search.patterns import Pattern, Phrase

Ids = NDArray[np.int64]
Scores = NDArray[np.float64]


class TooLongError(Exception):
    """The search took too long."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in ascending order, int64, and for each the sum of the boosts of the clauses that it matches; shape (n,)."""

    ids: Ids
    scores: Scores

    def where(self, kept: NDArray[np.bool_]) -> Found:
        """Return those of the ids for which `kept`, of shape (n,), is true."""
        return Found(self.ids[kept], self.scores[kept])

    def best_first(self) -> Ids:
        """Return the ids by descending score, and ascending among those of one score."""
        return self.ids[np.argsort(-self.scores, kind="stable")]


def find(schema: Schema, connection: Connection, class_name: str, query: Node, seconds: float) -> Ids:
    """Return the ids of a class's objects that match a query, those that match most clauses first.

    Ids of objects of a sibling class may be among them where classes share a table. Raises TooLongError after
    `seconds`, and EndedError where the call is to end.
    """
    driver = driver_of(connection)
    finder = _Finder(schema, driver, document_of(schema, class_name), time.monotonic() + seconds)
    try:
        with time_limit(driver, seconds):
            return finder.node(query).best_first()
    except sqlite3.OperationalError as error:
        if is_interruption(error):
            checkpoint()
            raise TooLongError from None
        raise


class _Finder:
    """Answers one query over the documents of one class."""

    def __init__(self, schema: Schema, driver: sqlite3.Connection, document: Document, deadline: float) -> None:
        self._indexes = indexes(schema)
        self._driver = driver
        self._document = document
        self._deadline = deadline

    def node(self, node: Node) -> Found:
        checkpoint()
        if time.monotonic() > self._deadline:
            raise TooLongError
        match node:
            case Leaf(field, pattern):
                return _plain(_union(list(self._leaf(field, pattern))))
            case Clauses():
                return self._clauses(node)
            case Boosted(inner, factor):
                found = self.node(inner)
                return Found(found.ids, found.scores * factor)
            case All():
                return _plain(self._ids(f"SELECT id FROM {self._document.table} ORDER BY id"))

    def _clauses(self, node: Clauses) -> Found:
        """Answer one clause after the other, so that never more than two answers are in memory.

        A clause that stands there several times is answered once.
        """
        found: Found | None = None
        for each, times in Counter(node.must).items():
            found = _both(found, self._scored(each, times))
        for each, times in Counter(node.should).items():
            other = self._scored(each, times)
            found = _either(found, other) if not node.must else _raised(found or _EMPTY, other)
        found = found or _EMPTY
        for each in dict.fromkeys(node.none):
            found = found.where(~np.isin(found.ids, self.node(each).ids, assume_unique=True))
        return found

    def _scored(self, node: Node, times: int) -> Found:
        found = self.node(node)
        return Found(found.ids, found.scores * times)

    def _leaf(self, field: str, pattern: Pattern) -> Iterator[Ids]:
        document = self._document
        for texts in document.texts:
            if field in (texts.field, EVERYTHING):
                ids = self._texts(texts, pattern)
                yield ids
                if texts.finds_all and ids.size:
                    return
        for source in document.sources:
            if source.field == field:
                hits, values = pattern.hits(self._indexes[source.index], source.columns)
                yield self._ids(source.path.replace("{hits}", hits), values)
        if field == EVERYTHING:
            return
        yield from self._times(field, pattern)
        yield from self._numbers(field, pattern)
        if document.pairs is not None:
            hits, values = pattern.hits(self._indexes[PAIRS], ("value",))
            yield self._ids(document.pairs.replace("{hits}", hits), (*values, field))

    def _texts(self, texts: TextSource, pattern: Pattern) -> Ids:
        keys = [key for key, text in self._driver.execute(texts.texts) if text is not None and pattern.matches(text)]
        if not keys:
            return _NOTHING
        return self._ids(texts.path.replace("{keys}", "SELECT value FROM json_each(?)"), (json.dumps(keys),))

    def _times(self, field: str, pattern: Pattern) -> Iterator[Ids]:
        for each in self._document.times:
            span = span_of(pattern, each.digits) if each.field == field else None
            if span is not None:
                yield self._ids(each.path.replace("{time}", "BETWEEN ? AND ?"), span)

    def _numbers(self, field: str, pattern: Pattern) -> Iterator[Ids]:
        for name, column in self._document.numbers:
            number = _number(pattern) if name == field else None
            if number is not None:
                yield self._ids(f"SELECT id FROM {self._document.table} WHERE {column} = ?", (number,))

    def _ids(self, statement: str, values: Sequence[SqlValue] = ()) -> Ids:
        """Return the ids that a statement selects, in ascending order.

        They are read as one text: for a million rows this takes a third of the time, and hardly any memory.
        """
        together = f"WITH found(id) AS ({statement}) SELECT group_concat(id) FROM found"
        text = self._driver.execute(together, values).fetchone()[0]
        return _union([np.fromstring(text, np.int64, sep=",")]) if text else _NOTHING


_NOTHING: Final[Ids] = np.empty(0, np.int64)
_EMPTY: Final = Found(_NOTHING, np.zeros(0))


def _plain(ids: Ids) -> Found:
    return Found(ids, np.ones(ids.size))


def _union(parts: Sequence[Ids]) -> Ids:
    """Return the ids of all parts in ascending order, each once."""
    kept = [part for part in parts if part.size]
    if not kept:
        return _NOTHING
    ids = kept[0] if len(kept) == 1 else np.concatenate(kept)
    return ids if bool(np.all(ids[1:] > ids[:-1])) else np.unique(ids)


def _both(one: Found | None, other: Found) -> Found:
    """Return what both have found, with the sums of its scores; None stands for everything, without a score."""
    if one is None:
        return other
    ids, mine, theirs = np.intersect1d(one.ids, other.ids, assume_unique=True, return_indices=True)
    return Found(ids, one.scores[mine] + other.scores[theirs])


def _either(one: Found | None, other: Found) -> Found:
    """Return what any of the two has found, with the sums of its scores; None stands for nothing."""
    if one is None:
        return other
    ids = np.union1d(one.ids, other.ids)
    return _raised(_raised(Found(ids, np.zeros(ids.size)), one), other)


def _raised(found: Found, other: Found) -> Found:
    """Return what was found with the scores raised by those that another clause gives it."""
    if not found.ids.size or not other.ids.size:
        return found
    places = np.minimum(np.searchsorted(other.ids, found.ids), other.ids.size - 1)
    return Found(found.ids, found.scores + np.where(other.ids[places] == found.ids, other.scores[places], 0))


def _number(pattern: Pattern) -> int | None:
    """Return the number that a pattern is; None for no number, or one of 19 digits, which SQLite may not hold."""
    if isinstance(pattern, Phrase) and len(pattern.words) == 1 and pattern.words[0].isascii():
        word = pattern.words[0]
        return int(word) if word.isdigit() and len(word) < 19 else None
    return None
