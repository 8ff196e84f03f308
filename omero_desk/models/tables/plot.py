"""Columns of a table as a histogram, or two of them as a cloud of points; what is selected there are rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.tables import OpenTable, TableHead
from omero_desk.models.messages import Message, describe
from omero_desk.models.quantities import number
from omero_desk.models.tables.source import ReadsRows
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, translate

MOST: Final = 1_000_000
"""Rows that are drawn."""
SLICE: Final = 50_000
"""Rows that are read at a time."""
BARS: Final = 60
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
_FEW: Final = 20_000
"""So many points are drawn as discs, more of them as single pixels."""
_DISC: Final = [(y, x) for y in (-2, -1, 0, 1, 2) for x in (-2, -1, 0, 1, 2) if 0 < x * x + y * y <= 5]
_FAINTEST: Final = 70
"""How much of 255 a pixel with the fewest points has of its colour."""
_READ: Final = "read"
_NONE: Final = np.empty(0, np.float64)
_LARGEST: Final = 1e300
"""Greater numbers cannot be subtracted from each other, and count as no numbers."""


class TablePlot(TaskOwner, QObject):
    """Reads the columns that are wanted, of the rows that are shown, as long as it is `open`; till then the old stay.

    `x` and `y` are their values (of a histogram `y` is empty), and `rows` the numbers of their rows; without those that
    are no finite numbers. `chosen` are the numbers of the rows that were selected in the plot.
    `note` says what is not drawn, `problem` why nothing is.
    """

    changed = Signal()
    chosen_changed = Signal()

    def __init__(
        self, reader: ReadsRows, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._tasks = Tasks(report)
        self._table: OpenTable | None = None
        self._order: Rows | None = None
        self.is_open = False
        self.heads: tuple[TableHead, ...] = ()
        self._drawn: tuple[TableHead, ...] = ()
        self._mask: NDArray[np.bool_] | None = None
        self.doing = self.note = ""
        self.problem: Message | None = None
        self.x, self.y, self.rows = _NONE, _NONE, np.arange(0)
        self.chosen: Rows = np.arange(0)

    @property
    def offered(self) -> list[TableHead]:
        """The columns that can be drawn."""
        return [head for head in (self._table.heads if self._table is not None else ()) if head.is_number]

    def show_rows(self, table: OpenTable, order: Rows | None) -> None:
        """Draw these rows from now on: all, or those of `order`."""
        if self._table is None or self._table.heads != table.heads:
            self.heads = ()
        self._table, self._order = table, order
        self._renew()

    def open(self, is_open: bool) -> None:
        """Read what is wanted from now on, or nothing any more."""
        self.is_open = is_open
        self._renew()

    def draw(self, heads: Sequence[TableHead]) -> None:
        """Draw a histogram of one column, or points of two."""
        self.heads = tuple(heads)
        self._renew()

    def bars(self, count: int = BARS) -> tuple[NDArray[np.int64], Numbers]:
        """Return how many values lie between each two of the edges, and the edges; both empty without values."""
        if not len(self.x):
            return np.arange(0), _NONE
        low, high = float(self.x.min()), float(self.x.max())
        if low == high:
            low, high = low - 0.5, high + 0.5
        if low == high:  # a number so great that a half more is the same
            low, high = min(low, 0.0), max(high, 0.0)
        whole = bool(np.all(self.x == np.floor(self.x))) and high - low < count
        edges = np.arange(np.floor(low), np.ceil(high) + 2) - 0.5 if whole else np.linspace(low, high, count + 1)
        counts, found = np.histogram(self.x, edges)
        return counts, found

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """The least and the greatest x and y that are drawn, with a little room; of a histogram y counts values."""
        x = _range(self.x)
        if len(self.heads) < 2:
            edges = self.bars()[1]
            low, high = (float(edges[0]), float(edges[-1])) if len(edges) else x
            return low, high, 0.0, float(max(self.bars()[0].max(initial=0) * 1.05, 1.0))
        return *_padded(*x), *_padded(*_range(self.y))

    def cloud(self, width: int, height: int, colour: int, chosen: bool = False) -> NDArray[np.uint32]:
        """Return the points as pixels (height, width), alpha times `colour` (0xrrggbb) in each, as ARGB of 32 bits.

        The more points a pixel has, the less can be seen through it; with `chosen` only those of chosen rows count.
        """
        left, right, low, high = self.limits
        x, y = (self.x[self._mask], self.y[self._mask]) if chosen and self._mask is not None else (self.x, self.y)
        across = np.clip((x - left) / (right - left) * width, 0, width - 1).astype(np.intp)
        down = np.clip((high - y) / (high - low) * height, 0, height - 1).astype(np.intp)
        counts = np.bincount(down * width + across, minlength=width * height).reshape(height, width)
        if len(x) < _FEW:
            counts = _thickened(counts)
        most = np.log1p(max(int(counts.max(initial=0)), 1))
        alpha = np.where(counts > 0, _FAINTEST + (255 - _FAINTEST) * np.log1p(counts) / most, 0).astype(np.uint32)
        parts = [(colour >> shift & 255) * alpha // 255 for shift in (16, 8, 0)]
        return (alpha << 24 | parts[0] << 16 | parts[1] << 8 | parts[2]).astype(np.uint32)

    def choose_box(self, left: float, right: float, low: float, high: float) -> None:
        """Select the points in a rectangle, or the values of a histogram from `left` to `right`."""
        mask = (self.x >= left) & (self.x <= right)
        if len(self.y):
            mask &= (self.y >= low) & (self.y <= high)
        self.choose(mask)

    def choose_lasso(self, corners: Sequence[tuple[float, float]]) -> None:
        """Select the points within a polygon, by the even-odd rule."""
        if len(corners) < 3 or not len(self.y):
            self.choose(None)
            return
        inside = np.zeros(len(self.x), np.bool_)
        for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if y1 != y2:
                crosses = (y1 > self.y) != (y2 > self.y)
                inside ^= crosses & (self.x < (x2 - x1) * (self.y - y1) / (y2 - y1) + x1)
        self.choose(inside)

    def chosen_bars(self, edges: Numbers) -> NDArray[np.int64]:
        """Return how many values of chosen rows lie between each two of the edges."""
        return np.histogram(self.x[self._mask] if self._mask is not None else _NONE, edges)[0]

    def choose(self, mask: NDArray[np.bool_] | None) -> None:
        """Select the rows of those points that `mask` says; None for none."""
        self._mask = mask
        self.chosen = np.arange(0) if mask is None else self.rows[mask]
        self.chosen_changed.emit()

    def _renew(self) -> None:
        self._tasks.cancel_all()
        if self.heads != self._drawn or not self.is_open:
            self.x, self.y, self.rows = _NONE, _NONE, np.arange(0)
        self._drawn = self.heads
        self.problem, self.doing, self.note = None, "", ""
        if len(self.chosen):
            self.choose(None)
        self._mask = None
        if self.is_open and self._table is not None and self.heads:
            self._tasks.start(_READ, self._read(self._table, self.heads))
        self.changed.emit()

    async def _read(self, table: OpenTable, heads: tuple[TableHead, ...]) -> None:
        order = self._order
        total = table.rows if order is None else len(order)
        wanted = min(total, MOST)
        parts: list[list[Numbers]] = [[] for _ in heads]
        try:
            for start in range(0, wanted, SLICE):
                words = translate("Tables", "Reading… {percent} %")
                self.doing = words.format(percent=start * 100 // wanted)
                self.changed.emit()
                stop = min(start + SLICE, wanted)
                for part, values in zip(parts, await self._some(table, heads, order, start, stop), strict=True):
                    part.append(values)
        except GatewayError as error:
            self.x, self.y, self.rows = _NONE, _NONE, np.arange(0)
            self.doing, self.problem = "", describe(error)
            self.changed.emit()
            return
        columns = [np.concatenate(part) if part else _NONE for part in parts]
        rows = np.arange(wanted) if order is None else order[:wanted]
        self._take(columns, rows, total)

    async def _some(
        self, table: OpenTable, heads: Sequence[TableHead], order: Rows | None, start: int, stop: int
    ) -> Sequence[Numbers]:
        if order is None:
            return await self._reader.numbers(table.file_id, heads, start, stop)
        found = await self._reader.rows_at(table.file_id, heads, order[start:stop].tolist())
        return [np.asarray(values, np.float64) for values in found]

    def _take(self, columns: list[Numbers], rows: Rows, total: int) -> None:
        drawable = np.ones(len(rows), np.bool_)
        for values in columns:
            drawable &= np.abs(values) <= _LARGEST  # false for NaN
        self.x, self.y = columns[0][drawable], columns[1][drawable] if len(columns) > 1 else _NONE
        self.rows, self.doing = rows[drawable], ""
        self.note = _note(total, len(rows), len(self.rows))
        self.changed.emit()


def _range(values: Numbers) -> tuple[float, float]:
    return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def _padded(low: float, high: float) -> tuple[float, float]:
    """Return a range with some room at both ends; one around a value that is alone."""
    room = (high - low) * 0.04 or max(abs(low), 1.0) * 0.5
    return low - room, high + room


def _thickened(counts: Rows) -> Rows:
    """Return counts in which each pixel has spread over those around it: few points are seen as discs."""
    edged = np.pad(counts, 2)  # what is rolled over an edge comes back in the margin
    grown = edged
    for down, across in _DISC:
        grown = np.maximum(grown, np.roll(np.roll(edged, down, 0), across, 1))
    return grown[2:-2, 2:-2]


def _note(total: int, read: int, drawn: int) -> str:
    """Return what is not drawn, in words."""
    notes = []
    if read < total:
        words = translate("Tables", "The first {read} of {total} rows are drawn.")
        notes.append(words.format(read=number(read), total=number(total)))
    if drawn < read:
        notes.append(
            plural(
                "Tables",
                "%n rows without a finite number are left out.",
                "%n row without a finite number is left out.",
                read - drawn,
            )
        )
    return " ".join(notes)
