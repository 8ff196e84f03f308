"""The pixels that the stored values of a TIFF page stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.pixel_types import omero_type, widened

_WHITE_IS_ZERO: Final = 0
_PALETTE: Final = 3
_UNEVEN: Final = 1.5
"""How far a palette may be from an even one, in steps of 256."""


@dataclass(frozen=True, slots=True)
class StoredValues:
    """The conversion of stored values to pixels, by the rules of Bio-Formats.

    If white is zero, values are inverted. A palette only says how to show the values. Bits become bytes, except in
    OME-TIFF, which has a type for them.
    """

    stored: np.dtype[np.generic]
    dtype: np.dtype[np.generic]
    white: int | None = None
    formula: Callable[[Plane], Plane] | None = None
    """What the maker of a file says that its values stand for; None for themselves."""

    @classmethod
    def of(cls, path: Path, series: tifffile.TiffPageSeries) -> StoredValues:
        """Return the conversion for a series; raises ImageFileError for values that OMERO has no type for."""
        frame, is_ome = series.keyframe, series.kind == "ome"
        stored = stored_type(frame).newbyteorder("=")
        if series.transform is not None:
            return cls(stored, np.dtype(series.dtype), formula=series.transform)
        dtype = stored if stored == np.bool_ and is_ome else widened(stored)
        if omero_type(dtype) is None:
            raise ImageFileError(f"{path} has pixels of type {dtype}, which OMERO has not.")
        inverted = frame.photometric == _WHITE_IS_ZERO and stored.kind in "ub"
        return cls(stored, dtype, white=_greatest(frame.bitspersample) if inverted else None)

    def pixels(self, stored: Plane) -> Plane:
        """Return the pixels of values."""
        if self.formula is not None:
            return self.formula(stored).astype(self.dtype, copy=False)
        if self.white is not None:
            stored = np.invert(stored) if stored.dtype == np.bool_ else np.asarray(self.white - stored, self.stored)
        return stored.astype(self.dtype, copy=False)


def stored_type(frame: tifffile.TiffPage) -> np.dtype[np.generic]:
    """Return the type of a page's values as they are stored; one of no use where tifffile knows none."""
    return np.dtype(frame.dtype or "V1")


def palette_color(frame: tifffile.TiffPage) -> tuple[int, int, int, int] | None:
    """Return the colour that the palette of a page leads to evenly from black; None for white, and other palettes."""
    table = _colors(frame)
    if table is None or not _is_even(table) or np.ptp(table[:, -1]) == 0:
        return None
    red, green, blue = (round(value) for value in table[:, -1])
    return red, green, blue, 255


def palette_table(frame: tifffile.TiffPage) -> bytes | None:
    """Return the palette of a page as a lookup table of 256 places, None for one that leads evenly to a colour.

    What a byte or less may index stands where its values do; of longer palettes there is every 256th colour or so.
    """
    table = _colors(frame)
    if table is None or _is_even(table):
        return None
    length = table.shape[1]
    places = np.arange(256) if length <= 256 else np.round(np.linspace(0, length - 1, 256)).astype(np.intp)
    found = np.zeros((3, 256), np.uint8)
    inside = places < length
    found[:, inside] = np.clip(np.round(table[:, places[inside]]), 0, 255)
    return found.tobytes()


def _colors(frame: tifffile.TiffPage) -> NDArray[np.float64] | None:
    """Return the colours of the palette of a page from 0 to 255, shape (3, colours); None if there is none."""
    if frame.photometric != _PALETTE or frame.colormap is None or frame.colormap.shape[1] < 2:
        return None
    table = np.asarray(frame.colormap, np.float64)
    return table / 257 if table.max() > 255 else table  # some programs write 8 bits a colour, not 16


def _is_even(table: NDArray[np.float64]) -> bool:
    even = table[:, -1][:, None] * np.linspace(0, 1, table.shape[1])
    return bool(np.abs(table - even).max() <= _UNEVEN)


def _greatest(bits: int | Iterable[int]) -> int:
    return int(2 ** (bits if isinstance(bits, int) else max(bits)) - 1)
