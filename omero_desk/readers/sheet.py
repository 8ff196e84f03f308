"""Reads the rows of spreadsheets, on the lane for metadata, and the files that are imported into them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.sheet import SheetRow
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.sheet.blocks import Block, as_csv, from_file
from omero_desk.readers import excel
from omero_desk.system import lazy_imports as late

if TYPE_CHECKING:
    from omero_desk.gateway.annotations import cells
else:  # used when somebody has signed in, by which time omero is loaded
    cells = late.LazyModule("omero_desk.gateway.annotations.cells")

_NOBODY = -1


class SheetReader:
    """Reads through the calls of an account; `read` and `write` are those of `disk`, on which files are parsed."""

    def __init__(
        self,
        calls: SendsCalls,
        read: Callable[[Path, int], Awaitable[bytes]],
        write: Callable[[Path, bytes], Awaitable[None]],
        disk: Worker,
    ) -> None:
        self._calls, self._disk = calls, disk
        self.read, self.write = read, write

    async def rows(
        self, image_ids: Sequence[int], following: Sequence[int] = (), anew: bool = False
    ) -> dict[int, SheetRow]:
        """Return the rows of images by their ids; those of `following` are asked for meanwhile."""
        account = self._calls.account
        user = account.user.id if account is not None else _NOBODY
        return await self._calls.call(Lane.METADATA, cells.rows, image_ids, user, following, anew)

    async def parsed(self, content: bytes) -> Block:
        """Return the rows of a file, read off the GUI's thread. Raises FailedError for what is refused."""
        return await self._disk.run(partial(excel.rows_of if excel.is_excel(content) else from_file, content))

    async def export(self, path: Path, rows: Iterable[Sequence[str]]) -> None:
        """Write rows into a file: Excel's, with tabs or with commas, by its ending.

        Raises OSError, and FailedError for what Excel does not take.
        """
        await self.write(path, await self._disk.run(partial(_content, path.suffix.lower(), rows)))


def _content(ending: str, rows: Iterable[Sequence[str]]) -> bytes:
    if ending == ".xlsx":
        return excel.as_excel(rows)
    return as_csv(rows, "\t" if ending in (".tsv", ".tab") else ",")
