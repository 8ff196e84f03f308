"""The cells of a table that were read: blocks of rows of a column, of which the ones used last are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.tables import CellValue, TableHead, Values

ROWS: Final = 1_000
"""Rows of a block, unless its values are wide."""
_LEAST: Final = 8
REPLY: Final = 8 * 2**20
"""Bytes at most that one request may bring, as far as that is known: Ice refuses larger messages (MessageSizeMax)."""
CELLS: Final = 400_000
"""Cells that are kept: those outside of what is shown are forgotten, the ones used longest ago first."""
_ACROSS: Final = 4
"""Blocks in a row that one request may bring."""


@dataclass(frozen=True, slots=True)
class Request:
    """Columns of rows that are not there: from `start` to before `stop`, all of blocks of `size` rows."""

    heads: tuple[TableHead, ...]
    start: int
    stop: int
    size: int


def block_rows(head: TableHead) -> int:
    """Return how many rows a block of a column has."""
    return max(_LEAST, min(ROWS, REPLY // head.width))


class Blocks:
    """Blocks by column and number, of a table of `total` rows."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self._kept: OrderedDict[tuple[int, int], Values] = OrderedDict()
        self._cells = 0

    def __len__(self) -> int:
        """Return how many cells there are."""
        return self._cells

    def value(self, row: int, head: TableHead) -> CellValue | None:
        """Return a cell, None if it was not read."""
        size = block_rows(head)
        values = self._kept.get((head.number, row // size))
        return None if values is None or row % size >= len(values) else values[row % size]

    def missing(self, first: int, last: int, heads: Iterable[TableHead]) -> list[Request]:
        """Return what is missing of rows from `first` to `last`, in few requests; what is there counts as used."""
        wanted: dict[tuple[int, int], list[TableHead]] = {}
        for head in heads:
            size = block_rows(head)
            for number in range(first // size, last // size + 1):
                if (head.number, number) in self._kept:
                    self._kept.move_to_end((head.number, number))
                else:
                    wanted.setdefault((size, number), []).append(head)
        requests: list[Request] = []
        for (size, number), some in sorted(wanted.items(), key=lambda one: (-one[0][0], one[0][1])):
            for heads_ in _split(some, size):
                self._add(requests, Request(heads_, number * size, min((number + 1) * size, self.total), size))
        return requests

    def _add(self, requests: list[Request], new: Request) -> None:
        """Add a request, or have the one before ask for its rows too."""
        before = requests[-1] if requests else None
        if before is not None and (before.heads, before.stop, before.size) == (new.heads, new.start, new.size):
            width = sum(head.width for head in new.heads)
            rows = new.stop - before.start
            if rows <= _ACROSS * new.size and rows * width <= REPLY:
                requests[-1] = Request(new.heads, before.start, new.stop, new.size)
                return
        requests.append(new)

    def take(self, request: Request, columns: Sequence[Values]) -> None:
        """Keep what a request brought, and forget what was not used for longest."""
        for head, values in zip(request.heads, columns, strict=True):
            for start in range(request.start, request.stop, request.size):
                key = head.number, start // request.size
                some = values[start - request.start : start - request.start + request.size]
                self._cells += len(some) - len(self._kept.get(key, ()))
                self._kept[key] = some
                self._kept.move_to_end(key)
        while self._cells > CELLS and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._cells -= len(gone)


def _split(heads: Sequence[TableHead], size: int) -> list[tuple[TableHead, ...]]:
    """Return the columns in groups that a reply can hold."""
    groups: list[tuple[TableHead, ...]] = []
    width = 0
    for head in heads:
        if groups and (width + head.width) * size <= REPLY:
            groups[-1] += (head,)
            width += head.width
        else:
            groups.append((head,))
            width = head.width
    return groups
