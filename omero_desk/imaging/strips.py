"""Smaller versions of a plane too large to be held, made of its strips as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from omero_desk.imaging.mips import halved
from omero_desk.imaging.planes import Plane

STRIP: Final = 4 * 2**20
"""Bytes of a strip, about: few enough for strips to be seen coming, many enough for a request to be worth its while."""


def halvings(strip: Plane, first: int, last: int) -> tuple[Plane, ...]:
    """Return a strip (rows, width) halved `first` to `last` times, each of them; the strip itself is not kept."""
    found, plane = [], strip
    for times in range(1, last + 1):
        plane = halved(plane)
        if times >= first:
            found.append(plane)
    return tuple(found)


class MadeLevels:
    """The levels `first` to `last` of a plane, as far as the strips of `rows` rows of the finest level have come.

    `sizes` are the (width, height) of all levels. `rows` is a multiple of 2 to the power of `last`, so that no pixel of
    a level is a mean of two strips.
    """

    def __init__(self, sizes: Sequence[tuple[int, int]], first: int, rows: int, dtype: np.dtype[np.generic]) -> None:
        self._first, self._rows = first, rows
        self._height = sizes[0][1]
        # Memory of zeros is not taken before something is written there.
        self._levels = [np.zeros((height, width), dtype) for width, height in sizes[first:]]
        self._there: set[int] = set()

    @property
    def nbytes(self) -> int:
        """Bytes of all levels."""
        return sum(level.nbytes for level in self._levels)

    @property
    def begun(self) -> bool:
        """True if a strip has come."""
        return bool(self._there)

    def put(self, number: int, strips: Sequence[Plane]) -> None:
        """Take a strip by its number from the top: what `halvings` made of it."""
        for level, (plane, strip) in enumerate(zip(self._levels, strips, strict=True), self._first):
            top = number * self._rows >> level
            plane[top : top + len(strip)] = strip
        self._there.add(number)

    def level(self, number: int) -> Plane:
        """Return a level by its number; zeros where no strip has come."""
        return self._levels[number - self._first]

    def missing(self, top: int, bottom: int) -> list[int]:
        """Return the strips that have not come of the rows from `top` to `bottom` of the finest level."""
        last = -(-min(bottom, self._height) // self._rows)
        return [number for number in range(max(top, 0) // self._rows, last) if number not in self._there]


def strip_rows(width: int, itemsize: int, last: int) -> int:
    """Return the rows of a strip of a plane whose levels go down to `last`."""
    step = 1 << last
    return max(STRIP // max(width * itemsize * step, 1), 1) * step
