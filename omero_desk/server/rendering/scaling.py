"""The sizes of thumbnails, and scaling down to them."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

_SMALLEST: Final = 3  # pixels: JavaImageScalingService makes none smaller

_LARGE: Final = 1 << 19  # pixels: of a plane of more than that, not every one is coloured
_FINER: Final = 4  # times the thumbnail: what is left to the filter


def size_by_longest_side(size_x: int, size_y: int, longest: int) -> tuple[int, int]:
    """Return (width, height) of a thumbnail (`ThumbnailCtx.calculateXYWidths`, in single precision)."""
    if size_x > size_y:
        return longest, int(np.float32(size_y) * (np.float32(longest) / np.float32(size_x)))
    return int(np.float32(size_x) * (np.float32(longest) / np.float32(size_y))), longest


def level_for(levels: tuple[tuple[int, int], ...], width: int, height: int) -> int:
    """Return the finest level that fits a thumbnail along one axis, the coarsest if none does."""
    for number, (size_x, size_y) in enumerate(levels):
        if size_x <= width or size_y <= height:
            return number
    return len(levels) - 1


def stride_for(size: tuple[int, int], width: int, height: int) -> int:
    """Return how many pixels to leave out between two of a plane that is much larger than a thumbnail."""
    if size[0] * size[1] <= _LARGE:
        return 0
    return max(min(size[0] // max(width, _SMALLEST), size[1] // max(height, _SMALLEST)) // _FINER - 1, 0)


def scale(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return an image in another size, filtered as it is made smaller."""
    wanted = max(_scaled(image.width, width), _SMALLEST), max(_scaled(image.height, height), _SMALLEST)
    is_tiny = min(image.size) < _SMALLEST
    return image.resize(wanted, Image.Resampling.NEAREST if is_tiny else Image.Resampling.LANCZOS)


def _scaled(old: int, new: int) -> int:
    """Return a length as Java comes to it, by a factor in single precision."""
    return int(np.float32(old) * (np.float32(new) / np.float32(old)))
