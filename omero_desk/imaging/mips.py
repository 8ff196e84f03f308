"""Smaller versions of a plane, so that drawing costs as much as the screen has pixels, not the image."""

from __future__ import annotations

from typing import Final

import numpy as np

from omero_desk.imaging.planes import Plane

SMALLEST: Final = 256
"""The longer side in pixels at which no smaller version is made."""
_BAND: Final = 2**16
"""The number of pixels that are added up at a time, few enough for the cache of the processor."""


class Mips:
    """A plane (height, width) and its versions of half, a quarter… of the size, each made when it is asked for."""

    def __init__(self, plane: Plane) -> None:
        self._levels = [plane]

    @property
    def nbytes(self) -> int:
        """The most bytes that all versions take."""
        return self._levels[0].nbytes * 4 // 3

    def make(self) -> Mips:
        """Make all versions now; to be called from a worker."""
        self.level(len(level_sizes(*reversed(self._levels[0].shape))) - 1)
        return self

    def level(self, number: int) -> Plane:
        """Return a version by its number in `level_sizes`, 0 for the plane itself."""
        while len(self._levels) <= number:
            self._levels.append(halved(self._levels[-1]))
        return self._levels[number]


def level_sizes(width: int, height: int) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of every version of a plane, the plane itself first."""
    sizes = [(width, height)]
    while max(sizes[-1]) > SMALLEST:
        width, height = sizes[-1]
        sizes.append(((width + 1) // 2, (height + 1) // 2))
    return tuple(sizes)


def halved(plane: Plane) -> Plane:
    """Return a plane of means of 2 by 2 pixels, truncated for integers; an odd last row or column is doubled."""
    height, width = plane.shape
    if height % 2 or width % 2:
        plane = np.pad(plane, [(0, height % 2), (0, width % 2)], mode="edge")
    half = np.empty((plane.shape[0] // 2, plane.shape[1] // 2), plane.dtype)
    rows = max(_BAND // plane.shape[1], 1)
    for first in range(0, half.shape[0], rows):
        half[first : first + rows] = _means(plane[2 * first : 2 * (first + rows)])
    return half


def _means(plane: Plane) -> Plane:
    is_float = plane.dtype.kind == "f"
    wide = plane.dtype if is_float else np.dtype("int64" if plane.dtype.itemsize > 2 else "int32")
    with np.errstate(over="ignore", invalid="ignore"):  # infinities of both signs
        rows = np.add(plane[::2], plane[1::2], dtype=wide)
        total = np.add(rows[:, ::2], rows[:, 1::2])
        return np.asarray(np.divide(total, 4) if is_float else np.right_shift(total, 2))
