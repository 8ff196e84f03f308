"""Masks over an image, drawn as finely as the screen shows them: a tile costs the same however large its mask is."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from omero_desk.entities.images import Color
from omero_desk.entities.rois import Shape, rgba
from omero_desk.imaging.composite import Picture
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.shape_index import DEFAULT
from omero_desk.views.rois.colours import matrix
from omero_desk.views.widgets.painting import saved

SIDE: Final = 512
"""Pixels along a side of a tile's picture."""
MEMORY: Final = 64 * 2**20
"""Bytes of pictures that are kept."""
BUDGET: Final = 16 * 2**20
"""Numbers of masks that are gone through for a frame on the screen; what is over it is sampled until the next frame."""
_ALPHA: Final = 128
Tile = tuple[int, int, int, int]
"""The key of a mask, the number of its pixels along one of the tile's, and the tile's column and row."""


class MaskTiles:
    """Draws masks in the colour of their fill, half transparent, and keeps the pictures of their tiles."""

    def __init__(self, rois: RoisModel, memory: int = MEMORY) -> None:
        self._rois, self._memory = rois, memory
        self._kept: OrderedDict[Tile, tuple[Shape, Color, QImage]] = OrderedDict()
        self.used = 0
        """Bytes of the pictures that are kept."""
        self.is_unfinished = False
        """True if the frame shows samples, and another one is needed."""
        self._left = math.inf

    def begin(self, is_on_screen: bool) -> None:
        """Begin a frame; one that is not on the screen is finished, whatever it takes."""
        self._left = BUDGET if is_on_screen else math.inf
        self.is_unfinished = False

    def draw(self, painter: QPainter, canvas: QTransform, key: int, shape: Shape) -> bool:
        """Draw the part of a mask that is in view; return False while its bits are not there, which requests them."""
        if not self._rois.bits(key):
            return False
        x, y, width, height = shape.numbers
        across, down = mask_size(shape)
        whole = QTransform(width / across, 0, 0, height / down, x, y) * matrix(shape) * canvas
        back, can_be_inverted = whole.inverted()
        if not can_be_inverted:  # it is a line or a point
            return True
        on_canvas = painter.worldTransform().inverted()[0].mapRect(QRectF(painter.window()))
        view = back.mapRect(on_canvas).intersected(QRectF(0, 0, across, down))
        step = _step(whole)
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # no seams between tiles
            painter.setTransform(whole, True)
            for tile in _tiles(view, key, step):
                part = _part(tile, across, down)
                painter.drawImage(QRectF(part.x, part.y, part.width, part.height), self._picture(tile, part, shape))
        return True

    def _picture(self, tile: Tile, part: Rect, shape: Shape) -> QImage:
        color = mask_color(shape)
        known = self._kept.get(tile)
        if known is not None and known[0] == shape and known[1] == color:
            self._kept.move_to_end(tile)
            return known[2]
        is_sample = self._left <= 0
        picture = self._rois.mask_picture(tile[0], color, part, tile[1], is_sample)
        image = QImage() if picture is None else as_overlay(picture)
        if is_sample:
            self.is_unfinished = True
            return image
        self._left -= self._rois.mask_cost(part, tile[1])
        if known is not None:
            self.used -= known[2].sizeInBytes()
        self._kept[tile] = shape, color, image
        self.used += image.sizeInBytes()
        while self.used > self._memory and len(self._kept) > 1:
            self.used -= self._kept.popitem(last=False)[1][2].sizeInBytes()
        return image


def mask_color(shape: Shape) -> Color:
    """Return the colour of a mask's pixels: that of its fill, at most half opaque."""
    red, green, blue, alpha = rgba(shape.fill) if shape.fill is not None else DEFAULT
    return red, green, blue, min(alpha, _ALPHA) or _ALPHA


def mask_size(shape: Shape) -> tuple[int, int]:
    """Return the number of pixels of a mask across and down."""
    width, height = (max(round(size), 1) for size in shape.numbers[2:])
    return width, height


def as_overlay(picture: Picture) -> QImage:
    """Return a picture with an alpha channel as Qt's; it keeps the array alive and copies nothing."""
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    image.ndarray = picture  # type: ignore[attr-defined]  # Qt does not hold the memory that it draws from
    return image


def _step(whole: QTransform) -> int:
    """Return how many of a mask's pixels, a power of two, one of a picture stands for: no more than the screen's."""
    scale = math.sqrt(abs(whole.determinant()))
    return int(2 ** max(math.floor(-math.log2(scale)), 0)) if scale > 0 else 1


def _tiles(view: QRectF, key: int, step: int) -> Iterator[Tile]:
    if view.isEmpty():
        return
    side = SIDE * step
    for row in range(math.floor(view.top() / side), math.ceil(view.bottom() / side)):
        for column in range(math.floor(view.left() / side), math.ceil(view.right() / side)):
            yield key, step, column, row


def _part(tile: Tile, across: int, down: int) -> Rect:
    """Return the pixels of a mask that a tile shows."""
    _, step, column, row = tile
    side = SIDE * step
    left, top = column * side, row * side
    return Rect(left, top, min(side, across - left), min(side, down - top))
