"""The cache of thumbnails on disk, by the id and version of their rows; the least recently used are removed."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from pathlib import Path
from typing import Final

_LIMIT: Final = 256 * 2**20  # bytes
_KEPT: Final = 0.8  # of the limit, after old ones were removed


class ThumbnailCache:
    """Files of a folder. Safe from any thread; losing one costs no more than making it again."""

    def __init__(self, folder: Path, limit: int = _LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._size: int | None = None

    def get(self, thumbnail_id: int, version: int) -> bytes | None:
        """Return a thumbnail, None where it is not kept."""
        path = self._path(thumbnail_id, version)
        try:
            found = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return found or None

    def has(self, thumbnail_id: int, version: int) -> bool:
        """Tell whether a thumbnail is kept."""
        return self._path(thumbnail_id, version).exists()

    def put(self, thumbnail_id: int, version: int, jpeg: bytes) -> None:
        """Keep a thumbnail in place of its older versions; where the disk refuses, nothing is kept."""
        path = self._path(thumbnail_id, version)
        unfinished = path.with_name(f"{uuid.uuid4()}.part")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(jpeg)
            unfinished.replace(path)
            older = path.parent.glob(f"{thumbnail_id}-*.jpg") if version > 0 else ()
            for each in older:
                if each != path:
                    each.unlink(missing_ok=True)
            self._count(len(jpeg))

    def _path(self, thumbnail_id: int, version: int) -> Path:
        return self._folder / f"{thumbnail_id % 1000:03}" / f"{thumbnail_id}-{version}.jpg"

    def _count(self, added: int) -> None:
        with self._lock:
            self._size = sum(size for _, size, _ in self._files()) if self._size is None else self._size + added
            if self._size > self._limit:
                self._size = self._shrink()

    def _shrink(self) -> int:
        """Remove what was used longest ago and return the size of the rest."""
        files = sorted(self._files())
        left = sum(size for _, size, _ in files)
        for _, size, path in files:
            if left <= self._limit * _KEPT:
                break
            path.unlink(missing_ok=True)
            left -= size
        return left

    def _files(self) -> list[tuple[float, int, Path]]:
        found = []
        for path in self._folder.rglob("*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                if path.is_file():
                    found.append((status.st_mtime, status.st_size, path))
        return found
