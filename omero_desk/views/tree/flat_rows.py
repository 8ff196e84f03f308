"""The rows that a tree view shows, one below the other, without a list of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex


class RowRun(NamedTuple):
    """The rows from `first` to `last` below `parent`."""

    parent: QModelIndex
    first: int
    last: int


class _Open:
    """An open row: how many rows it has, and which of them are open.

    `starts` are the places of those, counted from the first row below this one, and `ends` the places of the last rows
    below each of them. `total` is the number of all rows below this one that are shown.
    """

    __slots__ = ("above", "below", "count", "ends", "index", "starts", "total")

    def __init__(self, index: QModelIndex, above: _Open | None, count: int) -> None:
        self.index, self.above, self.count, self.total = index, above, count, count
        self.below: list[_Open] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def place(self, row: int) -> int:
        """Return the place of a row of its own."""
        number = bisect_right(self.below, row - 1, key=lambda one: one.index.row())
        return row + (self.ends[number - 1] - self.below[number - 1].index.row() if number else 0)

    def at(self, place: int) -> tuple[int, _Open | None]:
        """Return the row at a place; for one further down the open row that it is below, and the place there."""
        number = bisect_right(self.starts, place) - 1
        if number < 0:
            return place, None
        if place == self.starts[number]:
            return self.below[number].index.row(), None
        if place <= self.ends[number]:
            return place - self.starts[number] - 1, self.below[number]
        return self.below[number].index.row() + place - self.ends[number], None


class FlatRows:
    """Places of the rows of a model below those that are open: what a place costs follows from the number of those.

    `is_open` tells whether a row is. `forget` what is known when the model or a row's being open has changed.
    """

    def __init__(self, model: QAbstractItemModel, is_open: Callable[[QModelIndex], bool]) -> None:
        self._model, self._is_open = model, is_open
        self._opened: dict[QPersistentModelIndex, None] = {}
        self._known: dict[int, _Open] = {}

    def note(self, index: QModelIndex, is_open: bool) -> None:
        """Take note of a row that was opened or closed."""
        key = QPersistentModelIndex(index)
        if is_open:
            self._opened[key] = None
        else:
            self._opened.pop(key, None)
        self.forget()

    def forget(self) -> None:
        """Find out anew what is shown, once somebody asks."""
        self._known = {}

    def __len__(self) -> int:
        return self._root.total

    def open_rows(self) -> Iterator[QModelIndex]:
        """Yield the rows that are open and shown."""
        root = self._root
        yield from (one.index for one in list(self._known.values()) if one is not root)

    def place(self, index: Index) -> int | None:
        """Return the place of a row from the top, None if it is not shown."""
        root = self._root
        known = self._known.get(_key(index.parent())) if index.isValid() else None
        if known is None:
            return None
        place = known.place(index.row())
        while known is not root and known.above is not None:
            place += known.above.place(known.index.row()) + 1
            known = known.above
        return place

    def level(self, index: Index) -> int:
        """Return how many rows a row is below."""
        level, above = 0, index.parent()
        while above.isValid():
            level, above = level + 1, above.parent()
        return level

    def at(self, place: int) -> QModelIndex:
        """Return the row at a place; an invalid index for none."""
        if not 0 <= place < len(self):
            return QModelIndex()
        known = self._root
        while True:
            number, below = known.at(place)
            if below is None:
                return self._model.index(number, 0, known.index)
            place, known = number, below

    def ranges(self, first: int, last: int) -> Iterable[RowRun]:
        """Yield the rows from one place to another, one run below each open row."""
        yield from _ranges(self._root, max(first, 0), min(last, len(self) - 1))

    def runs(self, first: int) -> Iterator[RowRun]:
        """Yield the rows from a place to the end in the order in which they stand."""
        yield from _runs(self._root, first)

    @property
    def _root(self) -> _Open:
        if not self._known:
            self._find()
        return self._known[_ROOT]

    def _find(self) -> None:
        rows = {one: one.sibling(one.row(), one.column()) for one in self._opened if one.isValid()}
        self._opened = {one: None for one, row in rows.items() if self._is_open(row)}
        below: dict[int, list[QModelIndex]] = defaultdict(list)
        for one in self._opened:
            below[_key(one.parent())].append(rows[one])
        self._add(QModelIndex(), None, below)

    def _add(self, index: QModelIndex, above: _Open | None, below: dict[int, list[QModelIndex]]) -> _Open:
        key = _key(index)
        known = self._known[key] = _Open(index, above, self._model.rowCount(index))
        inner = 0
        for child in sorted(below.get(key, ()), key=QModelIndex.row):
            one = self._add(child, known, below)
            known.below.append(one)
            known.starts.append(child.row() + inner)
            inner += one.total
            known.ends.append(child.row() + inner)
        known.total = known.count + inner
        return known


_ROOT = 0


def _key(index: Index) -> int:
    return index.internalId() if index.isValid() else _ROOT


def _ranges(known: _Open, first: int, last: int) -> Iterator[RowRun]:
    """Yield the ranges between two places below an open row."""
    if first > last:
        return
    top, within = known.at(first)
    start = top if within is None else within.index.row() + 1
    bottom, within = known.at(last)
    stop = bottom if within is None else within.index.row()
    if start <= stop:
        yield RowRun(known.index, start, stop)
    for one, begin, end in zip(known.below, known.starts, known.ends, strict=True):
        if begin < last and end >= first and one.total:
            yield from _ranges(one, max(first - begin - 1, 0), min(last, end) - begin - 1)


def _runs(known: _Open, first: int) -> Iterator[RowRun]:
    """Yield the runs from a place below an open row on."""
    row, within = known.at(first) if first < known.total else (known.count, None)
    if within is not None:
        yield from _runs(within, row)
        row = within.index.row() + 1
    for one in known.below:
        if one.index.row() >= row:
            yield RowRun(known.index, row, one.index.row())
            yield from _runs(one, 0)
            row = one.index.row() + 1
    if row < known.count:
        yield RowRun(known.index, row, known.count - 1)
