"""A pyramid for images that have none, whose smaller levels are made when they are read.

OMERO writes a JPEG-2000 file for such an image (PixelsService.makePyramid), and until that is there whoever asks gets a
MissingPyramidException. Here nothing is written and nobody waits: a tile of a smaller level is read from the finest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.images.regions import check_region

TILE: Final = 256
"""The width and height of a tile of OMERO's pyramids (ConfiguredTileSizes)."""

_SMALLER: Final = 5
"""The number of levels below the finest: the decompositions of a JPEG-2000 stream, as Java's codec writes it."""

_BAND_BYTES: Final = 2**25
_SAMPLES: Final = 8
"""The most values along each axis that a pixel of a smaller level is the mean of."""


class ShrunkLevels:
    """A source with six levels made of one with a single level. Safe from several threads; its memory is bounded.

    Each value of a smaller level is the mean of the values that it stands for, of 8 x 8 of them where they are more.
    """

    def __init__(self, whole: PixelSource) -> None:
        self._whole = whole
        self.size_x, self.size_y = whole.size_x, whole.size_y
        self.size_z, self.size_c, self.size_t = whole.size_z, whole.size_c, whole.size_t
        self.dtype = whole.dtype
        self.levels = tuple(
            (shrunk(self.size_x, 2**number), shrunk(self.size_y, 2**number)) for number in range(_SMALLER + 1)
        )
        self.tile = (min(TILE, self.size_x), min(TILE, self.size_y))

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """Return (height, width) pixels of a level; raises as every source does."""
        if level == 0:
            return self._whole.region(z, c, t, x, y, width, height)
        check_region(self, z, c, t, (x, y, width, height), level)
        factor = 2**level
        left, right = x * factor, min((x + width) * factor, self.size_x)
        rows = max(_BAND_BYTES // ((right - left) * self.dtype.itemsize * factor), 1)
        bands = []
        for top in range(y, y + height, rows):
            end = min(top + rows, y + height)
            bottom = min(end * factor, self.size_y)
            band = self._whole.region(z, c, t, left, top * factor, right - left, bottom - top * factor)
            bands.append(_mean(band, factor, width, end - top))
        return np.concatenate(bands)

    def close(self) -> None:
        """Close the file."""
        self._whole.close()


def shrunk(size: int, factor: int) -> int:
    """Return the width or height of a level (MinimalTiffReader.initFile of Bio-Formats, for tiles of 256)."""
    tiles, rest = divmod(size, TILE)
    part = rest / factor
    return tiles * (TILE // factor) + (int(np.ceil(part)) if part < 1 else int(part + 0.5))


def _mean(band: Plane, factor: int, width: int, height: int) -> Plane:
    """Return the means of the squares of a band, the last of which may be cut off, shape (height, width)."""
    step = max(factor // _SAMPLES, 1)
    samples = factor // step
    taken = band[min(step // 2, band.shape[0] - 1) :: step, min(step // 2, band.shape[1] - 1) :: step]
    missing = (height * samples - taken.shape[0], width * samples - taken.shape[1])
    squares = np.pad(taken, [(0, each) for each in missing], mode="edge") if any(missing) else taken
    means = squares.reshape(height, samples, width, samples).mean(axis=(1, 3), dtype=np.float64)
    found: Plane = (np.rint(means) if band.dtype.kind in "biu" else means).astype(band.dtype)
    return found
