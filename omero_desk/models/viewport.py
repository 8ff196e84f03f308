"""Which part of an image is in view, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

LARGEST_ZOOM: Final = 64.0
SMALLEST_ZOOM: Final = 1 / 4096
_BLUR: Final = math.sqrt(2)
"""A level may be drawn so much larger than it is: half as many pixels to draw, and hardly to be seen."""


@dataclass(frozen=True, slots=True)
class Rect:
    """Part of an image or of a level: its upper left corner and its size, in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Viewport:
    """A canvas of `width` by `height` screen pixels, `zoom` of them for one of the image, (`x`, `y`) in its middle."""

    width: float = 1.0
    height: float = 1.0
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_image(self, left: float, top: float) -> tuple[float, float]:
        """Where in the image a place of the canvas is."""
        return self.x + (left - self.width / 2) / self.zoom, self.y + (top - self.height / 2) / self.zoom

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Where on the canvas a place of the image is."""
        return (x - self.x) * self.zoom + self.width / 2, (y - self.y) * self.zoom + self.height / 2

    def fitted(self, width: int, height: int) -> Viewport:
        """All of an image in view, as large as that can be."""
        zoom = min(self.width / max(width, 1), self.height / max(height, 1))
        return replace(self, zoom=_bounded(zoom), x=width / 2, y=height / 2)

    def zoomed(self, zoom: float, left: float | None = None, top: float | None = None) -> Viewport:
        """Another zoom; a place of the canvas, its middle if none is given, keeps showing the same of the image."""
        left = self.width / 2 if left is None else left
        top = self.height / 2 if top is None else top
        x, y = self.to_image(left, top)
        zoom = _bounded(zoom)
        return replace(self, zoom=zoom, x=x - (left - self.width / 2) / zoom, y=y - (top - self.height / 2) / zoom)

    def moved(self, right: float, down: float) -> Viewport:
        """What is so many screen pixels further."""
        return replace(self, x=self.x + right / self.zoom, y=self.y + down / self.zoom)

    def held(self, width: int, height: int) -> Viewport:
        """The middle kept over an image of that size, so that nobody loses it."""
        return replace(self, x=min(max(self.x, 0.0), float(width)), y=min(max(self.y, 0.0), float(height)))

    def best_level(self, sizes: tuple[tuple[int, int], ...]) -> int:
        """The number of the level, of those of `sizes`, the finest first, that has about the screen's pixels."""
        full = max(sizes[0])
        fitting = [n for n, size in enumerate(sizes) if full / max(size) * self.zoom <= _BLUR]
        return fitting[-1] if fitting else 0

    def in_view(self, sizes: tuple[tuple[int, int], ...], level: int) -> Rect:
        """What of a level is in view; of no pixels where the image is out of sight."""
        (full_width, full_height), (width, height) = sizes[0], sizes[level]
        across, down = width / full_width, height / full_height
        x0, y0 = self.to_image(0, 0)
        x1, y1 = self.to_image(self.width, self.height)
        left, right = (min(max(edge, 0), width) for edge in (math.floor(x0 * across), math.ceil(x1 * across)))
        top, bottom = (min(max(edge, 0), height) for edge in (math.floor(y0 * down), math.ceil(y1 * down)))
        return Rect(left, top, right - left, bottom - top)


def _bounded(zoom: float) -> float:
    return min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
