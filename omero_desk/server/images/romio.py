"""Pixels that clients wrote: one file of raw planes for each, as OMERO's ROMIO keeps them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

import numpy as np

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.stored_plane import StoredPlane

FOLDER: Final = "Pixels"
_PER_FOLDER: Final = 1000
_TILE_BYTES: Final = 2**20


def place_of(data: Path, pixels_id: int) -> Path:
    """Return the file of the pixels of an id, at most 1000 files a folder (AbstractFileSystemService.getPath)."""
    parts = [str(pixels_id)]
    remaining = pixels_id // _PER_FOLDER
    while remaining:
        parts.insert(0, f"Dir-{remaining % _PER_FOLDER:03d}")
        remaining //= _PER_FOLDER
    return data.joinpath(FOLDER, *parts)


@dataclass(frozen=True, slots=True)
class PixelsShape:
    """Sizes of the axes X, Y, Z, C and T and the type of the pixels; planes follow each other by Z, then C, then T."""

    sizes: tuple[int, int, int, int, int]
    dtype: np.dtype[np.generic]

    @property
    def plane_bytes(self) -> int:
        """Bytes of one plane."""
        return self.sizes[0] * self.sizes[1] * self.dtype.itemsize

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height of a tile that is cheap to read: whole rows, about a megabyte of them."""
        rows = max(_TILE_BYTES // (self.dtype.itemsize * self.sizes[0]), 1)
        return self.sizes[0], min(rows, self.sizes[1])

    @property
    def bytes(self) -> int:
        """Bytes of all planes."""
        return prod(self.sizes) * self.dtype.itemsize

    def offset(self, z: int, c: int, t: int) -> int:
        """Return the offset of a plane in bytes."""
        _, _, size_z, size_c, _ = self.sizes
        return ((t * size_c + c) * size_z + z) * self.plane_bytes


class RomioSource:
    """Pixels that clients wrote; raises ImageFileError if there are none yet."""

    def __init__(self, path: Path, shape: PixelsShape) -> None:
        try:
            self._file = FileReader(path)
        except OSError as error:
            raise ImageFileError(f"{path} cannot be read: {error.strerror}.") from error
        self._shape = shape
        self.size_x, self.size_y, self.size_z, self.size_c, self.size_t = shape.sizes
        self.dtype = shape.dtype
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = shape.tile

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        span = (x, y, width, height)
        check_region(self, z, c, t, span, level)
        stored = self.dtype.newbyteorder(">")
        return StoredPlane(self._shape.offset(z, c, t), self.size_x, 1, stored).read(self._file, span)

    def close(self) -> None:
        """Do nothing: the file is closed when nothing refers to it any more."""


def write(path: Path, shape: PixelsShape, offset: int, data: bytes) -> None:
    """Write bytes at an offset into a file of raw planes, which is created with its full size. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        if os.fstat(descriptor).st_size < shape.bytes:
            file.truncate(shape.bytes)
        file.seek(offset)
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
