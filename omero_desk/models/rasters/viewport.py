"""The part of an image that is in view, and its zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

LARGEST_ZOOM: Final = 64.0
SMALLEST_ZOOM: Final = 1 / 4096
_BLUR: Final = math.sqrt(2)
"""The factor by which a level may be enlarged on the screen: it halves the pixels to draw, and is hardly seen."""


@dataclass(frozen=True, slots=True)
class Rect:
    """Part of an image or of a level: its upper left corner and its size, in whole pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Turn:
    """How an image lies on the screen: the x and the y of the screen by those of the image, each 1, 0 or -1.

    (right, down) on the screen is (`xx` * x + `xy` * y, `yx` * x + `yy` * y); the inverse is the transpose.
    """

    xx: int = 1
    xy: int = 0
    yx: int = 0
    yy: int = 1

    @property
    def is_across(self) -> bool:
        """True if the image's rows stand upright."""
        return self.xx == 0

    def clockwise(self) -> Turn:
        """Return the same turned by a quarter, clockwise as it is seen."""
        return Turn(-self.yx, -self.yy, self.xx, self.xy)

    def counterclockwise(self) -> Turn:
        """Return the same turned by a quarter the other way."""
        return Turn(self.yx, self.yy, -self.xx, -self.xy)

    def mirrored(self) -> Turn:
        """Return the same with left and right exchanged, as they are seen."""
        return Turn(-self.xx, -self.xy, self.yx, self.yy)

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Return a distance in the image as (right, down) on the screen."""
        return self.xx * x + self.xy * y, self.yx * x + self.yy * y

    def to_image(self, right: float, down: float) -> tuple[float, float]:
        """Return a distance on the screen as (x, y) in the image."""
        return self.xx * right + self.yx * down, self.xy * right + self.yy * down


STRAIGHT: Final = Turn()


@dataclass(frozen=True, slots=True)
class Viewport:
    """A canvas of `width` by `height` screen pixels with (`x`, `y`) of the image in its middle.

    `zoom` is the number of screen pixels along one pixel of the image; `turn` says how it is turned and mirrored.
    """

    width: float = 1.0
    height: float = 1.0
    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    turn: Turn = STRAIGHT

    def to_image(self, left: float, top: float) -> tuple[float, float]:
        """Return the place (x, y) of the image at a place of the canvas."""
        x, y = self.turn.to_image((left - self.width / 2) / self.zoom, (top - self.height / 2) / self.zoom)
        return self.x + x, self.y + y

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Return the place (left, top) of the canvas that shows a place of the image."""
        right, down = self.turn.to_screen((x - self.x) * self.zoom, (y - self.y) * self.zoom)
        return right + self.width / 2, down + self.height / 2

    def seen(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Return (left, top, right, bottom) of what is in view in the image, and `margin` screen pixels around it."""
        ends = self.to_image(-margin, -margin), self.to_image(self.width + margin, self.height + margin)
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(*ends, strict=True))
        return left, top, right, bottom

    def fitted(self, width: int, height: int) -> Viewport:
        """Return the viewport with all of an image in view, as large as possible."""
        across, down = (height, width) if self.turn.is_across else (width, height)
        zoom = min(self.width / max(across, 1), self.height / max(down, 1))
        return replace(self, zoom=_bounded(zoom), x=width / 2, y=height / 2)

    def zoomed(self, zoom: float, left: float | None = None, top: float | None = None) -> Viewport:
        """Return the viewport with another zoom; the image stays put at a place of the canvas, or its middle."""
        left = self.width / 2 if left is None else left
        top = self.height / 2 if top is None else top
        x, y = self.to_image(left, top)
        zoom = _bounded(zoom)
        off_x, off_y = self.turn.to_image((left - self.width / 2) / zoom, (top - self.height / 2) / zoom)
        return replace(self, zoom=zoom, x=x - off_x, y=y - off_y)

    def moved(self, right: float, down: float) -> Viewport:
        """Return the viewport moved over the image by so many screen pixels."""
        x, y = self.turn.to_image(right / self.zoom, down / self.zoom)
        return replace(self, x=self.x + x, y=self.y + y)

    def held(self, width: int, height: int) -> Viewport:
        """Return the viewport with its middle kept over an image of that size, so that the user cannot lose it."""
        return replace(self, x=min(max(self.x, 0.0), float(width)), y=min(max(self.y, 0.0), float(height)))

    def best_level(self, sizes: tuple[tuple[int, int], ...]) -> int:
        """Return the number of the level in `sizes`, the finest first, whose pixels are about the screen's."""
        full = max(sizes[0])
        fitting = [n for n, size in enumerate(sizes) if full / max(size) * self.zoom <= _BLUR]
        return fitting[-1] if fitting else 0

    def in_view(self, sizes: tuple[tuple[int, int], ...], level: int) -> Rect:
        """Return the part of a level that is in view; it has no pixels where the image is out of sight."""
        (full_width, full_height), (width, height) = sizes[0], sizes[level]
        across, down = width / full_width, height / full_height
        x0, y0, x1, y1 = self.seen()
        left, right = (min(max(edge, 0), width) for edge in (math.floor(x0 * across), math.ceil(x1 * across)))
        top, bottom = (min(max(edge, 0), height) for edge in (math.floor(y0 * down), math.ceil(y1 * down)))
        return Rect(left, top, right - left, bottom - top)


def _bounded(zoom: float) -> float:
    return min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
