"""The ids of the objects of a class that a query finds, whoever may see them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from omero_desk.server.database.schema import Schema
from omero_desk.server.search.ast import EVERYTHING, All, Clauses, Leaf, Node
from omero_desk.server.search.documents import PAIRS, Document, Texts, document_of
from omero_desk.server.search.index import indexes
from omero_desk.server.search.moments import span_of
from omero_desk.server.search.patterns import Pattern, Phrase

LONGEST_SECONDS: Final = 60.0
"""A search that takes longer is given up."""

_STEPS_BETWEEN_LOOKS: Final = 200_000  # of SQLite's machine: some milliseconds

Ids = NDArray[np.int64]


class TooLongError(Exception):
    """The search took too long."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in rising order, and of how many wanted clauses each has."""

    ids: Ids
    scores: Ids

    def best_first(self) -> Ids:
        """Return the ids with the most clauses first, and in rising order among equals."""
        return self.ids[np.argsort(-self.scores, kind="stable")]


def find(schema: Schema, connection: Connection, class_name: str, query: Node) -> Ids:
    """Return the ids of a class's objects that a query finds, the best ones first.

    Objects of a sibling class may be among them where classes share a table. Raises TooLongError.
    """
    driver: Any = connection.connection.driver_connection
    with _deadline(driver):
        return _Finder(schema, driver, document_of(schema, class_name)).node(query).best_first()


@contextmanager
def _deadline(driver: sqlite3.Connection) -> Iterator[None]:
    end = time.monotonic() + LONGEST_SECONDS
    driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            raise TooLongError(f"The search took longer than {LONGEST_SECONDS:.0f} s.") from None
        raise
    finally:
        driver.set_progress_handler(None, 0)


class _Finder:
    """Answers one query."""

    def __init__(self, schema: Schema, driver: sqlite3.Connection, document: Document) -> None:
        self._indexes = indexes(schema)
        self._driver = driver
        self._document = document

    def node(self, node: Node) -> Found:
        match node:
            case Leaf(field, pattern):
                return _plain(_union(list(self._leaf(field, pattern))))
            case Clauses():
                return self._clauses(node)
            case All():
                return _plain(self._ids(f"SELECT id FROM {self._document.table} ORDER BY id"))

    def _clauses(self, node: Clauses) -> Found:
        must, should = [self.node(each) for each in node.must], [self.node(each) for each in node.should]
        if must:
            ids = reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), (each.ids for each in must))
        else:
            ids = _union([each.ids for each in should])
        for each in node.none:
            ids = np.setdiff1d(ids, self.node(each).ids, assume_unique=True)
        scores = np.zeros_like(ids)
        for found in (*must, *should):
            scores += _scores_of(found, ids)
        return Found(ids, scores)

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

    def _texts(self, texts: Texts, pattern: Pattern) -> Ids:
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

    def _ids(self, statement: str, values: Sequence[Any] = ()) -> Ids:
        """Read ids as one text: a million rows take a third of the time so, and hardly any memory."""
        together = f"WITH found(id) AS ({statement}) SELECT group_concat(id) FROM found"
        text = self._driver.execute(together, values).fetchone()[0]
        return _union([np.fromstring(text, np.int64, sep=",")]) if text else _NOTHING


_NOTHING: Final[Ids] = np.empty(0, np.int64)


def _plain(ids: Ids) -> Found:
    return Found(ids, np.ones_like(ids))


def _union(parts: Sequence[Ids]) -> Ids:
    """Return ids in rising order, each once; a single part that is in order already is left as it is."""
    kept = [part for part in parts if part.size]
    if not kept:
        return _NOTHING
    ids = kept[0] if len(kept) == 1 else np.concatenate(kept)
    return ids if bool(np.all(ids[1:] > ids[:-1])) else np.unique(ids)


def _scores_of(found: Found, ids: Ids) -> Ids:
    """Return the scores of some ids, zero for those that were not found."""
    if not found.ids.size:
        return np.zeros_like(ids)
    places = np.minimum(np.searchsorted(found.ids, ids), found.ids.size - 1)
    return np.where(found.ids[places] == ids, found.scores[places], 0)


def _number(pattern: Pattern) -> int | None:
    """Return the number that is looked for; SQLite's are below two to the 63rd."""
    if isinstance(pattern, Phrase) and len(pattern.words) == 1 and pattern.words[0].isascii():
        word = pattern.words[0]
        return int(word) if word.isdigit() and len(word) < 19 else None
    return None
