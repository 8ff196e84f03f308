"""Files that are written piece by piece on the disk's thread, under another name until they are complete."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from functools import partial
from io import BufferedWriter
from pathlib import Path

from omero_desk.gateway.lanes.worker import Worker
from omero_desk.system.atomic_file import share


class StreamedFile:
    """One file that is being written. The async methods raise OSError."""

    def __init__(self, disk: Worker, path: Path) -> None:
        self._disk, self._path = disk, path
        self._file: BufferedWriter | None = None
        self._temporary: Path | None = None

    async def start(self) -> StreamedFile:
        """Make the file."""
        try:
            await self._disk.run(self._start)
        except BaseException:
            self.abandon()
            raise
        return self

    async def add(self, make: Callable[[], bytes]) -> None:
        """Write what `make` returns next; it is called on the disk's thread."""
        await self._disk.run(partial(self._add, make))

    async def finish(self) -> None:
        """Give the file its name."""
        await self._disk.run(self._finish)

    def abandon(self) -> object:
        """Remove the unfinished file."""
        return self._disk.run(self._abandon)

    def _start(self) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".", suffix=".part")
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")

    def _add(self, make: Callable[[], bytes]) -> None:
        assert self._file is not None
        self._file.write(make())

    def _finish(self) -> None:
        assert self._file is not None and self._temporary is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        share(self._temporary)
        self._temporary.replace(self._path)
        self._temporary = None

    def _abandon(self) -> None:
        # A disk that is full cannot take what is still to be written either, which is not wanted any more.
        with contextlib.suppress(OSError):
            if self._file is not None:
                self._file.close()
        with contextlib.suppress(OSError):
            if self._temporary is not None:
                self._temporary.unlink(missing_ok=True)
