"""Files from the server onto the disk: whole and as they were stored, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.system import lazy_imports as late
from omero_desk.system.atomic_file import share

if TYPE_CHECKING:
    from omero_desk.gateway.annotations import files
else:
    files = late.LazyModule("omero_desk.gateway.annotations.files")

_HASHES: Final = {"MD5-128": "md5", "SHA1-160": "sha1"}
"""OMERO's names of algorithms (ChecksumAlgorithm), by those of hashlib; of others only the size is checked."""
_NOT_WRITTEN: Final = mark("Annotations", "{name} could not be written: {reason}")
_NOT_WHOLE: Final = mark("Annotations", "{name} arrived incomplete or changed, so it was not kept. Try again.")


async def download(calls: SendsCalls, file: StoredFile, path: Path, progress: Callable[[int], object]) -> None:
    """Write a file of the server's to `path`, in place of what is there; `progress` is told the bytes so far.

    A cancelled download leaves nothing. Raises GatewayError.
    """
    disk, target = Worker("download"), _Target(file, path)
    try:
        await disk.run(target.begin)
        total: int | None = None
        done = 0
        while total is None or done < total:
            found, total = await calls.call(Lane.JOBS, files.blocks, file.id, done, total)
            if not found:
                break
            await disk.run(partial(target.write, found))
            done += sum(map(len, found))
            progress(done)
        await disk.run(partial(target.finish, total))
    except OSError as error:
        raise FailedError(_NOT_WRITTEN, str(error), name=path.name, reason=error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            await asyncio.shield(disk.run(target.discard))
        disk.close()


class _Target:
    """A file beside the one that is wanted, which takes its place at the end. All methods raise OSError."""

    def __init__(self, file: StoredFile, path: Path) -> None:
        self._wanted, self._path = file, path
        self._hash = hashlib.new(_HASHES.get(file.hasher, "sha1"), usedforsecurity=False)
        self._size = 0
        self._file: BinaryIO | None = None
        self._temporary: Path | None = None

    def begin(self) -> None:
        """Make the file beside."""
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".", suffix=".part")
        self._file, self._temporary = os.fdopen(handle, "wb"), Path(name)

    def write(self, blocks: Sequence[bytes]) -> None:
        """Write blocks."""
        assert self._file is not None
        for block in blocks:
            self._file.write(block)
            self._hash.update(block)
            self._size += len(block)

    def finish(self, size: int | None) -> None:
        """Put it in its place. Raises FailedError if it is not what the server's database says that it has."""
        assert self._file is not None
        assert self._temporary is not None
        if not self._is_whole(size):
            raise FailedError(_NOT_WHOLE, name=self._path.name)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        share(self._temporary)
        self._temporary.replace(self._path)
        self._temporary = None

    def discard(self) -> None:
        """Remove the file beside, if it has not taken its place."""
        if self._file is not None:
            self._file.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def _is_whole(self, size: int | None) -> bool:
        """Return whether all bytes came; a table may have grown since its size was entered into the database."""
        wanted = self._wanted
        if self._size != size or (wanted.size not in (None, size) and wanted.mimetype != TABLE):
            return False
        return wanted.hasher not in _HASHES or wanted.hash.lower() in ("", self._hash.hexdigest())
