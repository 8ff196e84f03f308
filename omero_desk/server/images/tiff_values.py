"""What the values that a TIFF page stores mean as pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError

PIXEL_TYPES: Final = {"float32": "float", "float64": "double", "bool": "bit"} | {
    name: name for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32")
}
"""OMERO's names of numpy's types."""

_WIDENED: Final[dict[str, np.dtype[Any]]] = {"bool": np.dtype(np.uint8), "float16": np.dtype(np.float32)}
_WHITE_IS_ZERO: Final = 0
_PALETTE: Final = 3


@dataclass(frozen=True, slots=True)
class Values:
    """How stored values become pixels, as Bio-Formats has it.

    White is never zero; a palette's colours are three channels, but ImageJ's, which only say how to show the values;
    one bit is a byte, except in OME-TIFF, which has a name for it.
    """

    stored: np.dtype[Any]
    dtype: np.dtype[Any]
    white: int | None = None
    palette: NDArray[Any] | None = None

    @classmethod
    def of(cls, path: Path, frame: Any, *, is_ome: bool) -> Values:
        """Look at a page; ImageFileError for values that OMERO has no type for."""
        stored = np.dtype(frame.dtype or "V1").newbyteorder("=")
        if frame.photometric == _PALETTE and frame.colormap is not None and not frame.is_imagej:
            palette = _palette(frame.colormap, stored)
            return cls(stored, palette.dtype, palette=palette)
        dtype = _WIDENED.get(stored.name, stored) if stored != np.bool_ or not is_ome else stored
        if dtype.name not in PIXEL_TYPES:
            raise ImageFileError(f"{path} has pixels of type {dtype}, which OMERO has not.")
        inverted = frame.photometric == _WHITE_IS_ZERO and stored.kind in "ub"
        return cls(stored, dtype, white=_greatest(frame.bitspersample) if inverted else None)

    @property
    def channels(self) -> int:
        """How many channels one stored value makes."""
        return 1 if self.palette is None else 3

    def pixels(self, stored: NDArray[Any], sample: int) -> NDArray[Any]:
        """Return the pixels of values; `sample` is red, green or blue of a palette."""
        if self.palette is not None:
            return np.asarray(self.palette[sample][np.minimum(stored, self.palette.shape[1] - 1)])
        if self.white is not None:
            stored = ~stored if stored.dtype == np.bool_ else np.asarray(self.white - stored, self.stored)
        return stored.astype(self.dtype, copy=False)


def _palette(colors: NDArray[Any], stored: np.dtype[Any]) -> NDArray[Any]:
    """A palette is of 16 bits a colour; those of 8-bit pictures are told by their higher bytes."""
    if stored.itemsize > 1:
        return colors.astype(np.uint16)
    return (colors >> 8).astype(np.uint8) if colors.max(initial=0) > 255 else colors.astype(np.uint8)


def _greatest(bits: int | Iterable[int]) -> int:
    return int(2 ** (bits if isinstance(bits, int) else max(bits)) - 1)
