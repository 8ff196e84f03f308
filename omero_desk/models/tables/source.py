"""What the models of tables ask of a server and of the disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.objects import Entity, Ref
from omero_desk.entities.tables import Condition, FoundTable, NewColumn, OpenTable, TableHead, Values
from omero_desk.models.tables.draft import Draft


class ReadsRows(Protocol):
    """Reads the rows of tables. All raise GatewayError."""

    async def open(self, file_id: int) -> OpenTable:
        """Return the columns and the number of rows."""

    async def block(self, file_id: int, heads: Sequence[TableHead], start: int, stop: int) -> Sequence[Values]:
        """Return the values of columns from a row to before another, to be shown."""

    async def rows_at(
        self, file_id: int, heads: Sequence[TableHead], rows: Sequence[int], whole: bool = False
    ) -> Sequence[Values]:
        """Return the values of columns of some rows, to be shown, or whole."""

    async def matching(self, file_id: int, condition: Condition, start: int, stop: int) -> NDArray[np.int64]:
        """Return which of the rows from `start` to before `stop` a condition is true of."""

    async def ordered(
        self, file_id: int, head: TableHead, total: int, rows: NDArray[np.int64] | None, descending: bool
    ) -> NDArray[np.int64]:
        """Return the numbers of rows, or of all, in the order of a column."""

    async def numbers(
        self, file_id: int, heads: Sequence[TableHead], start: int, stop: int
    ) -> Sequence[NDArray[np.float64]]:
        """Return the values of columns of numbers."""

    async def release(self, file_id: int) -> None:
        """Let the server close a table that nobody looks at any more."""


class ReadsObjects(Protocol):
    """Finds tables of objects, and objects of tables. All raise GatewayError."""

    async def tables_of(self, refs: Sequence[Ref]) -> Sequence[FoundTable]:
        """Return the tables that hang on objects."""

    async def objects(self, refs: Sequence[Ref]) -> Sequence[Entity]:
        """Return those objects that are there."""

    async def images_of_rois(self, roi_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the ids of images by those of regions in them."""


class ExportsRows(Protocol):
    """Reads whole rows for files, beside what is shown."""

    async def whole(self, file_id: int, heads: Sequence[TableHead], rows: range | Sequence[int]) -> Sequence[Values]:
        """Return the values of columns of rows, none of them shortened; raises GatewayError."""

    async def release_whole(self, file_id: int) -> None:
        """Let the server close the table that `whole` read."""


class MakesTables(Protocol):
    """Makes tables. All but `read` raise GatewayError."""

    async def read(self, path: Path) -> Draft:
        """Read a file of comma-separated values; raises OSError, and ValueError with a sentence."""

    async def create(self, ref: Ref, title: str, columns: Sequence[NewColumn]) -> int:
        """Make a table without rows for an object, and return its file's id."""

    def chunk(self, columns: Sequence[NewColumn]) -> int:
        """Return how many rows are added at a time."""

    async def append(self, ref: Ref, file_id: int, columns: Sequence[NewColumn], start: int, stop: int) -> None:
        """Add the rows from `start` to before `stop`."""

    async def link(self, ref: Ref, file_id: int) -> None:
        """Hang the table on its object."""

    async def delete(self, file_id: int) -> None:
        """Take a table back that hangs nowhere."""


class TextFile(Protocol):
    """A file under a temporary name until it is finished; each method works off the GUI's thread, raises OSError."""

    async def add(self, make: Callable[[], bytes]) -> None:
        """Write what `make` returns, which is called off the GUI's thread."""

    async def finish(self) -> None:
        """Give the file its name."""

    def abandon(self) -> object:
        """Delete what has been written; does not wait for that."""
