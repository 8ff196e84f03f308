"""Pixels as OMERO sends them: big-endian bytes, X fastest, then Y, Z, C and T.

The checks and their messages are those of omero-romio's RomioPixelBuffer and BfPixelsWrapper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from omero_desk.server.errors import api_usage
from omero_desk.server.images.pixel_source import PixelSource, Plane

_AXES: Final = "XYZCT"
_BAND_BYTES: Final = 2**25
_FAR_APART: Final = 8  # rows between two that are read, from which on each is read by itself
_MAX_INT: Final = 2**31 - 1
_MAX_REPLY: Final = 250_000 * 1024 - 4096
"""Bytes that fit into one Ice message of the size that OMERO allows."""


@dataclass(frozen=True, slots=True)
class SourceLevel:
    """A source at one of its resolution levels, 0 the finest."""

    source: PixelSource
    number: int = 0

    @property
    def sizes(self) -> tuple[int, int, int, int, int]:
        """Sizes of X, Y, Z, C and T."""
        source = self.source
        return (*source.levels[self.number], source.size_z, source.size_c, source.size_t)

    def check(self, **places: int) -> None:
        """Raise omero.ApiUsageException for a place (x=..., y=..., z=..., c=..., t=...) that is outside."""
        sizes = dict(zip(_AXES, self.sizes, strict=True))
        for name, place in places.items():
            axis = name.upper()
            if not 0 <= place < sizes[axis]:
                raise api_usage(f"{axis} '{place}' greater than size{axis} '{sizes[axis]}'.")

    def cube(self, offset: Sequence[int], size: Sequence[int], step: Sequence[int] = (1,) * 5) -> bytes:
        """Return the pixels of a box, every `step`-th along each axis; the sequences are of X, Y, Z, C and T."""
        self._check_cube(offset, size, step)
        length = int(np.prod([-(-all_ // each) for all_, each in zip(size, step, strict=True)], dtype=object))
        check_length(length * self.source.dtype.itemsize)
        planes = [range(start, start + count, each) for start, count, each in zip(offset, size, step, strict=True)][2:]
        made = (self._plane(z, c, t, offset, size, step) for t, c, z in product(*reversed(planes)))
        return b"".join(big_endian(band) for plane in made for band in plane)

    def plane(self, z: int, c: int, t: int) -> bytes:
        """Return a whole plane."""
        self.check(z=z, c=c, t=t)
        return self.cube((0, 0, z, c, t), (*self.sizes[:2], 1, 1, 1))

    def digest(self) -> bytes:
        """Return the SHA-1 of all planes."""
        digest = hashlib.sha1(usedforsecurity=False)
        size_x, size_y, size_z, size_c, size_t = self.sizes
        for t, c, z in product(range(size_t), range(size_c), range(size_z)):
            for band in self._plane(z, c, t, (0, 0), (size_x, size_y), (1, 1)):
                digest.update(big_endian(band))
        return digest.digest()

    def _plane(
        self, z: int, c: int, t: int, offset: Sequence[int], size: Sequence[int], step: Sequence[int]
    ) -> Iterator[Plane]:
        """Read a plane in bands of rows, so that the pixels that are skipped are not all in memory at once."""
        far_apart = step[1] > _FAR_APART
        rows = max(_BAND_BYTES // (size[0] * self.source.dtype.itemsize) // step[1], 1) * step[1]
        rows = step[1] if far_apart else rows
        for top in range(0, size[1], rows):
            high = 1 if far_apart else min(rows, size[1] - top)
            band = self.source.region(z, c, t, offset[0], offset[1] + top, size[0], high, self.number)
            yield band[:: step[1], :: step[0]]

    def _check_cube(self, offset: Sequence[int], size: Sequence[int], step: Sequence[int]) -> None:
        if not len(offset) == len(size) == len(step) == len(_AXES):
            raise api_usage("Invalid List length: each list must contain 5 elements XYZCT")
        self.check(**dict(zip("xyzct", offset, strict=True)))
        last = [start + count - 1 for start, count in zip(offset, size, strict=True)]
        self.check(**dict(zip("xyzct", last, strict=True)))
        if min(size) < 1:
            raise api_usage("Invalid size: sizes must be 1 or greater")
        if min(step) < 1:
            raise api_usage("Invalid step size: steps sizes must be 1 or greater")


def check_length(length: int) -> None:
    """Raise omero.ApiUsageException for more bytes than one reply can carry."""
    if length > _MAX_INT:
        raise api_usage(f"Converting Long {length} to Integer is an overflow.")
    if length > _MAX_REPLY:
        raise api_usage(f"{length} bytes are more than one message may carry ({_MAX_REPLY}). Ask for tiles.")


def big_endian(pixels: Plane) -> bytes:
    """Return pixels in C order; bits are a byte each."""
    return pixels.astype(pixels.dtype.newbyteorder(">"), copy=False).tobytes()
