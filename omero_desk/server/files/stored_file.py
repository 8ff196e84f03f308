"""One file on disk, read and written in pieces."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EISDIR, ENOSPC
from pathlib import Path
from typing import Final

import omero

from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.files.held import is_held

MAX_READ: Final = 64_000_000
"""The most bytes that one call reads (RepoRawFileStoreI)."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that exists or, where it may be written, may come to be; nothing is kept open between calls.

    Raises omero.ResourceError where the disk refuses, omero.SecurityViolation for a write that is not allowed,
    omero.ApiUsageException for places that no file has.
    """

    path: Path
    is_writable: bool

    def exists(self) -> bool:
        """Return whether the file exists."""
        return self.path.is_file()

    def size(self) -> int:
        """Return the size in bytes."""
        with self._told():
            if self.path.is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            return self.path.stat().st_size

    def read(self, position: int, length: int) -> bytes:
        """Return `length` bytes, zeros behind the end of the file as in RawFileBean."""
        if position < 0 or length < 0:
            raise api_usage(f"No file has {length} bytes at {position}.")
        if length > MAX_READ:
            raise api_usage(f"Too big: {length}")
        with self._told(), self.path.open("rb") as file:
            file.seek(position)
            return file.read(length).ljust(length, b"\0")

    def create(self) -> None:
        """Make an empty file where there is none."""
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()

    def write(self, data: bytes, position: int, length: int) -> None:
        """Write the first `length` bytes of `data`."""
        if position < 0 or not 0 <= length <= len(data):
            raise api_usage(f"{length} of {len(data)} bytes cannot be written at {position}.")
        self._check_writable()
        self.create()
        self._check_space(position + length)
        with self._told(), self.path.open("r+b") as file:
            file.seek(position)
            file.write(data[:length])

    def truncate(self, length: int) -> bool:
        """Cut the file to `length` bytes; return False if it is not longer."""
        if length < 0:
            raise api_usage(f"No file is cut to {length} bytes.")
        self._check_writable()
        if not self.exists() or length >= self.size():
            return False
        with self._told(), self.path.open("r+b") as file:
            file.truncate(length)
        return True

    def _check_writable(self) -> None:
        if not self.is_writable:
            raise security_violation("File not writeable!")
        if is_held(self.path):
            raise server_error(omero.ResourceError, f"{self.path.name} is open as a table, and written as one alone.")

    def _check_space(self, end: int) -> None:
        """Refuse a hole that the disk could never hold: computing its checksum would take for ever."""
        with self._told():
            if end - self.path.stat().st_size > shutil.disk_usage(self.path.parent).free:
                raise OSError(ENOSPC, os.strerror(ENOSPC))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise server_error(omero.ResourceError, f"{self.path.name}: {reason}") from error
