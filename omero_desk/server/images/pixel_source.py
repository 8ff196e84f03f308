"""The interface to the pixels of one image, whatever the format of its file."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

MOST_PLANES: Final = 1_000_000
MOST_CHANNELS: Final = 10_000
"""The most planes and channels that an image may claim to have: lists of them are in memory, and channels are rows."""

Plane = NDArray[np.generic]
"""Values of pixels, shape (height, width), of a boolean, integer or floating-point type."""


class PixelSource(Protocol):
    """The pixels of one image. Safe from several threads; its memory is bounded.

    `dtype` has native byte order and is bool for OMERO's "bit". `levels` are (width, height), the finest first, one
    if there is no pyramid. `tile` is the (width, height) that is read at once.
    """

    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    dtype: np.dtype[np.generic]
    levels: tuple[tuple[int, int], ...]
    tile: tuple[int, int]

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """Return (height, width) pixels of a level; only the tiles or strips that hold them are read.

        IndexError for what lies outside, ImageFileError for a file that is damaged there.
        """

    def close(self) -> None:
        """Close the file; the source must not be used afterwards."""
