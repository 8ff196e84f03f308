"""Pixels that clients wrote: one file of raw planes for each, as OMERO's ROMIO keeps them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.stored_plane import StoredPlane

FOLDER: Final = "Pixels"
_PER_FOLDER: Final = 1000
_TILE_BYTES: Final = 2**20


def place_of(data: Path, pixels_id: int) -> Path:
    """Where the pixels of an id lie: at most 1000 files to a folder (AbstractFileSystemService.getPath)."""
    parts = [str(pixels_id)]
    remaining = pixels_id // _PER_FOLDER
    while remaining:
        parts.insert(0, f"Dir-{remaining % _PER_FOLDER:03d}")
        remaining //= _PER_FOLDER
    return data.joinpath(FOLDER, *parts)


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the axes X, Y, Z, C and T and the type of the pixels; planes follow each other by Z, then C, then T."""

    sizes: tuple[int, int, int, int, int]
    dtype: np.dtype[Any]

    @property
    def plane_bytes(self) -> int:
        """Bytes of one plane."""
        return self.sizes[0] * self.sizes[1] * self.dtype.itemsize

    @property
    def bytes(self) -> int:
        """Bytes of all planes."""
        return prod(self.sizes) * self.dtype.itemsize

    def offset(self, z: int, c: int, t: int) -> int:
        """Where a plane begins."""
        _, _, size_z, size_c, _ = self.sizes
        return ((t * size_c + c) * size_z + z) * self.plane_bytes


class RomioSource:
    """The pixels that clients wrote; ImageFileError where nobody has written any."""

    def __init__(self, path: Path, shape: Shape) -> None:
        try:
            self._file = FileReader(path)
        except OSError as error:
            raise ImageFileError(f"{path} cannot be read: {error.strerror}.") from error
        self._shape = shape
        self.size_x, self.size_y, self.size_z, self.size_c, self.size_t = shape.sizes
        self.dtype = shape.dtype
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        rows = max(_TILE_BYTES // (self.dtype.itemsize * self.size_x), 1)
        self.tile = (self.size_x, min(rows, self.size_y))

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> NDArray[Any]:
        """See PixelSource."""
        span = (x, y, width, height)
        check_region(self, z, c, t, span, level)
        stored = self.dtype.newbyteorder(">")
        return StoredPlane(self._shape.offset(z, c, t), self.size_x, 1, stored).read(self._file, span)

    def close(self) -> None:
        """Let the file go: it is closed with the last who reads it."""


def write(path: Path, shape: Shape, offset: int, data: bytes) -> None:
    """Put bytes into a file of raw planes, which is made if there is none; OSError if that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        if os.fstat(descriptor).st_size < shape.bytes:
            file.truncate(shape.bytes)
        file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
