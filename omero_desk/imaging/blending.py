"""Adds up the layers of a picture in C, on two cores, where that has been built."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from omero_desk.imaging.planes import Plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

try:
    from omero_desk.imaging import _blending
except ImportError:  # there was no compiler
    IS_BUILT = False
else:
    IS_BUILT = True
    """True if pictures can be drawn in C."""

_WORTH: Final = 2**18
"""The number of pixels from which on half of them are given to another core."""
_CORES: Final = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Layer:
    """A channel to be added: its values (height, width), and the colour of each place of `table`, as a uint32.

    Values of one or two bytes without a sign are places themselves. That of any other is 0 below `start`, 1 at it, one
    more than the one before for each `step` from there, and `last`, at least 1, above `end`, which is not below
    `start`; see `BrightnessCurve.index`.
    """

    values: Plane
    table: NDArray[np.uint32]
    start: float = 0.0
    end: float = 0.0
    step: float = 0.0
    last: int = 0

    def rows(self, rows: slice) -> tuple[Plane, NDArray[np.uint32], float, float, float, int]:
        """Return some rows of it, as C takes them: in the machine's byte order, without gaps in a row."""
        values = self.values[rows]
        if not values.dtype.isnative or (values.shape[1] > 1 and values.strides[1] != values.itemsize):
            values = np.ascontiguousarray(values, values.dtype.newbyteorder("="))
        return values, self.table, self.start, self.end, self.step, self.last


def blend(picture: NDArray[np.uint32], layers: Sequence[Layer]) -> None:
    """Draw layers into a picture (height, width), each byte of the sum no further than to 255.

    Raises ValueError for layers of another shape, with too few colours, or with values that no pixel type has.
    """
    if any(layer.values.shape != picture.shape for layer in layers):
        raise ValueError("a layer does not fit its picture")
    height = picture.shape[0]
    if picture.size < _WORTH or _CORES < 2:
        _blend_rows(picture, layers, slice(0, height))
        return
    lower = _helper().submit(_blend_rows, picture, layers, slice(height // 2, height))
    try:
        _blend_rows(picture, layers, slice(0, height // 2))
    finally:
        lower.result()


def _blend_rows(picture: NDArray[np.uint32], layers: Sequence[Layer], rows: slice) -> None:
    _blending.blend(picture[rows], tuple(layer.rows(rows) for layer in layers))


@functools.cache
def _helper() -> ThreadPoolExecutor:
    """Return the thread that draws the lower half; the end of the program waits for what it draws, milliseconds."""
    return ThreadPoolExecutor(1, "drawing")
