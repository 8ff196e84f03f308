"""The layer of shapes over an image: those in view, the selected ones with their handles, and what is being drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from omero_desk.entities.rois import Shape
from omero_desk.models.guard import guarded
from omero_desk.models.labels import shortened
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.rois.handles import TURN, handles
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.rois.colours import stroke_color
from omero_desk.views.rois.mask_tiles import MaskTiles, as_overlay
from omero_desk.views.rois.shape_painters import SPOT, Easel, painter_of, sized
from omero_desk.views.rois.shape_painters import path as path_of
from omero_desk.views.rois.tool import LETTERS, REACH, Tool
from omero_desk.views.viewer.layers import CanvasLayer, canvas_transform
from omero_desk.views.widgets.painting import saved

_MARGIN: Final = 64.0
_SMOOTH_UP_TO: Final = 300
"""Lines of more shapes than this are drawn without smoothing."""
MOST_CORNERS: Final = 40_000
"""Corners of the shapes that are drawn with fill, arrows and line width in one frame."""
_MOST_SELECTED: Final = 200
_HANDLE: Final = 7.0
_CACHED: Final = 4000


class RoiLayer(QObject, CanvasLayer):
    """Draws the shapes in view, and leaves the mouse and the keys to a tool, which is to be chosen with `use`.

    `repaint_wanted`: it has changed; `drawn` (kind): a new shape was drawn; `wanted` (key): a shape is to be shown.
    """

    repaint_wanted = Signal()
    drawn = Signal(str)
    wanted = Signal(int)

    def __init__(self, image: ImageModel, rois: RoisModel, font: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image, self.rois = image, rois
        self.density = 1.0
        self.tool = Tool(self)
        self._font = font
        self._paths: dict[int, tuple[Shape, QPainterPath]] = {}
        self._masks = MaskTiles(rois)
        for changed in (rois.added, rois.changed, rois.selected, rois.drawn_changed):
            changed.connect(self.repaint_wanted)

    @property
    def plane(self) -> tuple[int, int]:
        """The z and t in view, counted from 0."""
        return self.image.z, self.image.t

    def use(self, tool: Tool) -> None:
        """Leave the mouse and the keys to another tool."""
        self.tool.leave()
        self.tool = tool
        self.repaint()

    def repaint(self) -> None:
        """Draw the layer again soon."""
        self.repaint_wanted.emit()

    def announce(self, kind: str) -> None:
        """Tell that a new shape of a kind was drawn and is selected."""
        self.drawn.emit(kind)

    def go_to(self, key: int) -> None:
        """Have a shape shown from near."""
        self.wanted.emit(key)

    # Painting

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what is in view: dots at the bottom, the selected ones on top."""
        z, t = self.plane
        self.density = painter.device().devicePixelRatioF()
        scene = self.rois.scene(viewport, z, t, _MARGIN)
        easel = Easel(painter, canvas_transform(viewport), self.density, self._letters, self._masks.draw)
        if scene.dots is not None:
            painter.drawImage(0, 0, as_overlay(scene.dots))
        self._masks.begin(isinstance(painter.device(), QWidget))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(scene.keys) <= _SMOOTH_UP_TO)
        self._draw_shapes(easel, scene.keys)
        if self._masks.is_unfinished:
            QTimer.singleShot(0, self, self.repaint)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.rois.visible:
            self._draw_selection(easel)
        self.tool.paint(painter, easel.canvas, easel.size)

    def _draw_shapes(self, easel: Easel, keys: Sequence[int]) -> None:
        """Draw shapes as they are; where their outlines have too many corners for a frame, the rest as plain lines."""
        plain: dict[int | None, QPainterPath] = {}
        left = MOST_CORNERS
        for key, shape in self.rois.shapes.of(keys).items():
            path = self._path(key, shape)
            left -= path.elementCount()
            if left >= 0 or shape.form.is_mask or shape.form.is_spot:
                painter_of(shape).draw(easel, key, shape, path)
            else:
                plain.setdefault(shape.stroke, QPainterPath()).addPath(path)
        easel.painter.setBrush(Qt.BrushStyle.NoBrush)
        with saved(easel.painter):
            easel.painter.setTransform(easel.canvas, True)
            for number, path in plain.items():
                easel.painter.setPen(QPen(stroke_color(number), 0))
                easel.painter.drawPath(path)

    def _draw_selection(self, easel: Easel) -> None:
        z, t = self.plane
        for key, shape in self.rois.shapes.of(self.rois.selection[:_MOST_SELECTED]).items():
            if shape.z in (None, z) and shape.t in (None, t):
                self._draw_selected(easel, key, shape)

    def _draw_selected(self, easel: Easel, key: int, shape: Shape) -> None:
        drawn = easel.canvas.map(self._path(key, shape))
        if drawn.isEmpty() and shape.numbers:
            radius = (SPOT + 3) * easel.size
            drawn.addEllipse(easel.place(shape), radius, radius)
        easel.painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
            easel.painter.setPen(QPen(color, width * easel.size))
            easel.painter.drawPath(drawn)
        self._draw_comment(easel.painter, shape, drawn.boundingRect(), easel.size)
        if len(self.rois.selection) == 1 and self.rois.can_edit(key):
            draw_handles(easel.painter, shape, easel.canvas, easel.size)

    def _draw_comment(self, painter: QPainter, shape: Shape, box: QRectF, size: float) -> None:
        if not shape.text or shape.form.is_text:
            return
        painter.setFont(self._letters(LETTERS * size))
        words = painter.fontMetrics().elidedText(shortened(shape.text), Qt.TextElideMode.ElideRight, round(400 * size))
        place = QPointF(box.left(), box.top() - 6 * size)
        around = painter.fontMetrics().boundingRect(words).translated(place.toPoint()).adjusted(-3, -1, 3, 1)
        painter.fillRect(around, QColor(0, 0, 0, 150))
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(place, words)

    def _path(self, key: int, shape: Shape) -> QPainterPath:
        known = self._paths.get(key)
        if known is None or known[0] is not shape:
            if len(self._paths) > _CACHED:
                self._paths.clear()
            known = self._paths[key] = shape, path_of(shape)
        return known[1]

    def _letters(self, pixels: float) -> QFont:
        return sized(self._font, pixels)

    # The mouse and the keys

    @override
    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        return self.tool.mouse(event, x, y, viewport.zoom)

    @override
    def key(self, event: QKeyEvent) -> bool:
        return self.tool.key(event)


def draw_handles(painter: QPainter, shape: Shape, canvas: QTransform, size: float) -> None:
    """Draw the handles of a shape; the one that turns it is round, and stands off."""
    painter.setPen(QPen(Qt.GlobalColor.black, size))
    painter.setBrush(Qt.GlobalColor.white)
    half = _HANDLE * size / 2
    for n, (x, y) in enumerate(handles(shape, REACH * size / math.sqrt(abs(canvas.determinant())))):
        place = canvas.map(QPointF(x, y))
        if n == TURN and shape.form.has_box:
            painter.drawEllipse(place, half, half)
        else:
            painter.drawRect(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half))
