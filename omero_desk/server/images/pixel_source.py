"""The pixels of one image, whatever file they lie in."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class PixelSource(Protocol):
    """The pixels of one image. Safe from several threads; its memory is bounded.

    `dtype` has native byte order, bool for OMERO's "bit". `levels` are (width, height), finest first, one where there
    is no pyramid. `tile` is the (width, height) that is cheap to read.
    """

    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    dtype: np.dtype[Any]
    levels: tuple[tuple[int, int], ...]
    tile: tuple[int, int]

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> NDArray[Any]:
        """Return (height, width) pixels of a level; only the tiles or strips that hold them are read.

        IndexError for what lies outside, ImageFileError for a file that is damaged there.
        """

    def close(self) -> None:
        """Let the file go; it may not be used again."""
