"""A file from which several threads read bytes at given places at the same time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.regular_file import open_regular


class FileReader:
    """An open file; raises OSError if it cannot be opened. It is closed when nothing refers to the reader any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = open_regular(path, buffering=0)
        self._lock = threading.Lock()
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, offset: int, count: int) -> bytes:
        """Return exactly `count` bytes; ImageFileError where the file is shorter or cannot be read."""
        if offset + count > self.size:
            raise ImageFileError(f"{self._path} is cut off: some of its pixels are missing.")
        try:
            found = self._read(offset, count)
        except (OSError, ValueError) as error:
            raise ImageFileError(
                f"{self._path} cannot be read: {getattr(error, 'strerror', None) or 'it was closed'}."
            ) from error
        if len(found) < count:
            raise ImageFileError(f"{self._path} is cut off: some of its pixels are missing.")
        return found

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()

    def _read(self, offset: int, count: int) -> bytes:
        """Read again until all bytes are there: the system may return fewer than it was asked for."""
        parts: list[bytes] = []
        while count:
            part = self._read_once(offset, count)
            if not part:
                break
            parts.append(part)
            offset += len(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_once(self, offset: int, count: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), count, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.read(count)
