"""Channels laid over each other into one picture (`HSBStrategy`, `GreyScaleStrategy`).

A channel's quantizer, codomain chain and colour are one table from a pixel's place to a colour, so that a plane costs
one look-up and one addition a channel. It is done in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.rendering.palette import Palette
from omero_desk.server.rendering.quantum import Quantizer

Picture = NDArray[np.uint32]
"""Shape (height, width); each pixel is 0xAARRGGBB."""

_BLOCK: Final = 1 << 16
_COMPONENT: Final = 255
_FIELD: Final = 21  # bits for a sum of one colour component: 8,000 channels


@dataclass(frozen=True, slots=True, eq=False)
class ChannelLayer:
    """One channel's pixels, and the tables that turn them into colours."""

    pixels: Plane
    quantizer: Quantizer
    codomain: NDArray[np.uint8]
    palette: Palette

    def brightest(self) -> NDArray[np.int64]:
        """Return the greatest red, green and blue that a pixel may get."""
        used = np.bincount(self.quantizer.table, minlength=256) > 0
        return np.asarray(self.palette[self.codomain[used]].max(axis=0), np.int64)

    def table(self, bits: int, kind: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
        """Return the colour of each place that the quantizer gives, its components in `bits` each."""
        return _packed(self.palette[self.codomain], bits, kind)[self.quantizer.table]


def compose(layers: Sequence[ChannelLayer], height: int, width: int, alpha: int = 255) -> Picture:
    """Return the picture of channels that are added up and cut at 255; black and transparent of none."""
    picture = np.zeros(height * width, np.uint32)
    if not layers:
        return picture.reshape(height, width)
    is_safe = np.sum([layer.brightest() for layer in layers], axis=0).max() <= _COMPONENT
    tables = [layer.table(8, np.uint32) if is_safe else layer.table(_FIELD, np.uint64) for layer in layers]
    flat = [np.ascontiguousarray(layer.pixels).reshape(-1) for layer in layers]
    for start in range(0, picture.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        total = sum(
            table.take(layer.quantizer.places(pixels[block]), mode="clip")
            for table, layer, pixels in zip(tables, layers, flat, strict=True)
        )
        picture[block] = total if is_safe else _saturated(np.asarray(total))
    picture |= np.uint32((alpha & 0xFF) << 24)
    return picture.reshape(height, width)


def _packed(colours: NDArray[np.uint8], bits: int, kind: type[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """Return red, green and blue side by side in one number, each `bits` wide."""
    red, green, blue = colours.T.astype(kind)
    return np.asarray((red << kind(2 * bits)) | (green << kind(bits)) | blue)


def _saturated(sums: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return sums of `_FIELD` bits a component as 0x00RRGGBB."""
    mask = np.uint64((1 << _FIELD) - 1)
    picture = np.zeros(sums.shape, np.uint32)
    for place in range(3):
        component = (sums >> np.uint64(place * _FIELD)) & mask
        np.minimum(component, np.uint64(_COMPONENT), out=component)
        picture |= component.astype(np.uint32) << np.uint32(8 * place)
    return picture
