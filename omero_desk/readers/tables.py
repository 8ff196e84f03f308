"""Reads and makes tables through the calls of an account: what is shown on one lane, files on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Entity, Ref
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.entities.tables import Condition, FoundTable, NewColumn, OpenTable, TableHead, Values
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls, SendsCalls
from omero_desk.models.delimited import decoded
from omero_desk.models.tables.draft import Draft, DraftError, parsed
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    from omero_desk.gateway.tables import listing, reading, writing
else:  # used when somebody has signed in, by which time omero is loaded
    listing = LazyModule("omero_desk.gateway.tables.listing")
    reading = LazyModule("omero_desk.gateway.tables.reading")
    writing = LazyModule("omero_desk.gateway.tables.writing")

LARGEST: Final = 64 * 2**20
"""Bytes of a file that is made a table of: it is in memory as texts."""
_TOO_LARGE: Final = mark("Tables", "The file is larger than {most} MB.")


class TableReader:
    """Reads and makes tables; `disk` is the worker that reads files, off the GUI's thread."""

    def __init__(self, calls: SendsCalls, disk: Worker | None = None) -> None:
        self._calls, self._disk = calls, disk

    def bound(self) -> TableReader:
        """Return a reader for the present account, whose calls are refused once another one is signed in."""
        return TableReader(AccountCalls(self._calls), self._disk)

    # What is shown

    async def tables_of(self, refs: Sequence[Ref]) -> Sequence[FoundTable]:
        """Return the tables that hang on objects."""
        return await self._calls.call(Lane.METADATA, listing.tables_of, refs)

    async def objects(self, refs: Sequence[Ref]) -> Sequence[Entity]:
        """Return those objects that are there."""
        return await self._calls.call(Lane.METADATA, listing.objects, refs)

    async def images_of_rois(self, roi_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the ids of images by those of regions in them."""
        return await self._calls.call(Lane.METADATA, listing.images_of_rois, roi_ids)

    async def open(self, file_id: int) -> OpenTable:
        """Return the columns and the number of rows."""
        return await self._calls.call(Lane.METADATA, reading.opened, file_id)

    async def block(self, file_id: int, heads: Sequence[TableHead], start: int, stop: int) -> Sequence[Values]:
        """Return the values of columns from a row to before another."""
        return await self._calls.call(Lane.METADATA, reading.block, file_id, heads, start, stop)

    async def rows_at(
        self, file_id: int, heads: Sequence[TableHead], rows: Sequence[int], whole: bool = False
    ) -> Sequence[Values]:
        """Return the values of columns of some rows."""
        return await self._calls.call(Lane.METADATA, reading.rows_at, file_id, heads, rows, whole)

    async def matching(self, file_id: int, condition: Condition, start: int, stop: int) -> NDArray[np.int64]:
        """Return which rows a condition is true of."""
        return await self._calls.call(Lane.METADATA, reading.matching, file_id, condition, start, stop)

    async def ordered(
        self, file_id: int, head: TableHead, total: int, rows: NDArray[np.int64] | None, descending: bool
    ) -> NDArray[np.int64]:
        """Return the numbers of rows in the order of a column."""
        some = None if rows is None else rows.tolist()
        return await self._calls.call(Lane.METADATA, reading.ordered, file_id, head, total, some, descending)

    async def numbers(
        self, file_id: int, heads: Sequence[TableHead], start: int, stop: int
    ) -> Sequence[NDArray[np.float64]]:
        """Return the values of columns of numbers."""
        return await self._calls.call(Lane.METADATA, reading.numbers, file_id, heads, start, stop)

    async def release(self, file_id: int) -> None:
        """Let the server close a table."""
        await self._calls.call(Lane.METADATA, reading.release, file_id)

    # Files

    async def whole(self, file_id: int, heads: Sequence[TableHead], rows: range | Sequence[int]) -> Sequence[Values]:
        """Return the values of columns of rows, with texts in full length."""
        if isinstance(rows, range):
            return await self._calls.call(Lane.JOBS, reading.block, file_id, heads, rows.start, rows.stop, True)
        return await self._calls.call(Lane.JOBS, reading.rows_at, file_id, heads, rows, True)

    async def release_whole(self, file_id: int) -> None:
        """Let the server close the table that `whole` read."""
        await self._calls.call(Lane.JOBS, reading.release, file_id)

    async def read(self, path: Path) -> Draft:
        """Read a file of comma-separated values. Raises OSError, and DraftError for what is no table."""
        assert self._disk is not None
        return await self._disk.run(partial(_read, path))

    async def create(self, ref: Ref, title: str, columns: Sequence[NewColumn]) -> int:
        """Make a table without rows."""
        return await self._calls.write(Lane.JOBS, writing.CreateTable(ref, title, columns))

    def chunk(self, columns: Sequence[NewColumn]) -> int:
        """Return how many rows are added at a time."""
        return writing.chunk(columns)

    async def append(self, ref: Ref, file_id: int, columns: Sequence[NewColumn], start: int, stop: int) -> None:
        """Add rows."""
        await self._calls.write(Lane.JOBS, writing.AppendRows(ref, file_id, columns, start, stop))

    async def link(self, ref: Ref, file_id: int) -> None:
        """Hang the table on its object."""
        await self._calls.write(Lane.JOBS, writing.LinkTable(ref, file_id))

    async def delete(self, file_id: int) -> None:
        """Take a table back."""
        await self._calls.write(Lane.JOBS, writing.DeleteTable(file_id))


def _read(path: Path) -> Draft:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise DraftError(Sentence.of(_TOO_LARGE, most=LARGEST // 2**20))
    return parsed(decoded(content))
