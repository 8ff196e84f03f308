"""Colours for the 256 values of the device: a channel's own colour, or a lookup table's."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Palette = NDArray[np.uint8]
"""Red, green and blue, shape (256, 3), of each device value."""

VALUES: Final = np.arange(256)


def colour_palette(red: int, green: int, blue: int, alpha: int = 255) -> Palette:
    """Return shades of a colour, cut to whole numbers twice as `RenderHSBRegionTask` does: by colour, by alpha."""
    ratios = np.clip(np.array([red, green, blue]), 0, None) / 255.0
    shades = np.trunc(ratios * VALUES[:, np.newaxis]).astype(np.float32)
    faded = np.trunc(shades * (np.float32(alpha) / np.float32(255)))
    return np.asarray(np.clip(faded, 0, 255), np.uint8)


def grey_palette() -> Palette:
    """Return the shades of grey."""
    return np.asarray(np.stack([VALUES] * 3, axis=1), np.uint8)


def codomain_table(start: int, end: int, *, is_reversed: bool) -> NDArray[np.uint8]:
    """Return what the codomain chain makes of each device value; reverse intensity is the one map that there is."""
    if not is_reversed:
        return np.asarray(VALUES, np.uint8)
    return np.asarray(end - np.clip(VALUES, start, end)).astype(np.uint8)
