"""The shapes over an image: those in view, the selected ones with their handles, and what is being drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from omero_desk.gateway.roi_entities import SPOTS, Shape, ShapeKind, rgba
from omero_desk.imaging.composite import Picture
from omero_desk.models.handles import BOXED, TURN, handles
from omero_desk.models.image import ImageModel
from omero_desk.models.rois import RoisModel
from omero_desk.models.shape_index import DEFAULT
from omero_desk.models.viewport import Viewport
from omero_desk.views import roi_paths
from omero_desk.views.layers import Layer
from omero_desk.views.roi_drawing import LETTERS
from omero_desk.views.roi_tools import REACH, SelectTool, Tool

_MARGIN: Final = 64.0
_SMOOTH_UP_TO: Final = 300
"""Lines of more shapes than this are drawn without smoothing."""
_MOST_SELECTED: Final = 200
_HANDLE: Final = 7.0
_SPOT: Final = 4.0
_MASK_ALPHA: Final = 128
_CACHED: Final = 4000


class RoiLayer(QObject, Layer):
    """Draws and is drawn on.

    `repaint_wanted`: it looks otherwise now; `drawn` (kind): there is a new shape; `wanted` (key): go to one.
    """

    repaint_wanted = Signal()
    drawn = Signal(str)
    wanted = Signal(int)

    def __init__(self, image: ImageModel, rois: RoisModel, font: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image, self.rois = image, rois
        self.tool: Tool = SelectTool(self)
        self.density = 1.0
        self._font = font
        self._paths: dict[int, tuple[Shape, QPainterPath]] = {}
        self._masks: dict[int, tuple[tuple[Shape, QColor], QImage]] = {}
        for changed in (rois.added, rois.changed, rois.selected, rois.drawn_changed):
            changed.connect(self.repaint_wanted)

    @property
    def plane(self) -> tuple[int, int]:
        """z and t in view."""
        return self.image.z, self.image.t

    def use(self, tool: Tool) -> None:
        """Have the mouse and keys mean something else."""
        self.tool.leave()
        self.tool = tool
        self.repaint_wanted.emit()

    # Painting

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what is in view: dots at the bottom, the selected ones on top."""
        z, t = self.plane
        self.density = painter.device().devicePixelRatioF()
        scene = self.rois.scene(viewport, z, t, _MARGIN)
        canvas, size = roi_paths.to_canvas(viewport), self.density
        if scene.dots is not None:
            painter.drawImage(0, 0, as_overlay(scene.dots))
        if len(scene.keys) > _SMOOTH_UP_TO:
            self._draw_many(painter, scene.keys, canvas)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for key in scene.keys:
                self._draw(painter, key, canvas, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.rois.visible:
            self._draw_selection(painter, canvas, size)
        self.tool.paint(painter, canvas, size)

    def _draw_many(self, painter: QPainter, keys: Sequence[int], canvas: QTransform) -> None:
        """The lines of each colour at once, thin and plain: details are for when there are fewer."""
        whole: dict[int | None, QPainterPath] = {}
        spots: dict[int | None, list[QPointF]] = {}
        for key in keys:
            shape = self.rois.shapes[key]
            if shape is not None and shape.kind in SPOTS:
                spots.setdefault(shape.stroke, []).append(canvas.map(QPointF(*shape.numbers[:2])))
            elif shape is not None:
                whole.setdefault(shape.stroke, QPainterPath()).addPath(self._path(key, shape))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, places in spots.items():
            painter.setPen(QPen(_color(number), _SPOT * self.density))
            painter.drawPoints(places)
        painter.save()
        painter.setTransform(canvas, True)
        for number, path in whole.items():
            painter.setPen(QPen(_color(number), 0))
            painter.drawPath(path)
        painter.restore()

    def _draw(self, painter: QPainter, key: int, canvas: QTransform, size: float) -> None:
        shape = self.rois.shapes[key]
        if shape is None:
            return
        if shape.kind in (ShapeKind.POINT, ShapeKind.LABEL):
            self._draw_spot(painter, shape, canvas, size)
            return
        if shape.kind == ShapeKind.MASK and self._draw_mask(painter, key, shape, canvas):
            return
        draw_path(painter, shape, self._path(key, shape), canvas, size)

    def _draw_spot(self, painter: QPainter, shape: Shape, canvas: QTransform, size: float) -> None:
        place = (roi_paths.matrix(shape) * canvas).map(QPointF(*shape.numbers[:2]))
        painter.setPen(QPen(roi_paths.stroke(shape), 1.5 * size))
        if shape.kind == ShapeKind.LABEL:
            painter.setFont(self._letters((shape.font_size or LETTERS) * size))
            painter.drawText(place, shape.text)
            return
        painter.setBrush(roi_paths.fill(shape) or Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, _SPOT * size, _SPOT * size)

    def _draw_mask(self, painter: QPainter, key: int, shape: Shape, canvas: QTransform) -> bool:
        """False while its bits are not there."""
        image = self._mask(key, shape)
        if image is None:
            return False
        painter.save()
        painter.setTransform(roi_paths.matrix(shape) * canvas, True)
        painter.drawImage(QRectF(*shape.numbers), image)
        painter.restore()
        return True

    def _draw_selection(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        z, t = self.plane
        for key in self.rois.selection[:_MOST_SELECTED]:
            shape = self.rois.shapes[key]
            if shape is not None and shape.z in (None, z) and shape.t in (None, t):
                self._draw_selected(painter, key, shape, canvas, size)

    def _draw_selected(self, painter: QPainter, key: int, shape: Shape, canvas: QTransform, size: float) -> None:
        drawn = canvas.map(self._path(key, shape))
        if drawn.isEmpty() and shape.numbers:
            place = (roi_paths.matrix(shape) * canvas).map(QPointF(*shape.numbers[:2]))
            drawn.addEllipse(place, (_SPOT + 3) * size, (_SPOT + 3) * size)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
            painter.setPen(QPen(color, width * size))
            painter.drawPath(drawn)
        self._draw_comment(painter, shape, drawn.boundingRect(), size)
        if len(self.rois.selection) == 1 and self.rois.can_edit(key):
            draw_handles(painter, shape, canvas, size)

    def _draw_comment(self, painter: QPainter, shape: Shape, box: QRectF, size: float) -> None:
        if not shape.text or shape.kind == ShapeKind.LABEL:
            return
        painter.setFont(self._letters(LETTERS * size))
        words = painter.fontMetrics().elidedText(shape.text, Qt.TextElideMode.ElideRight, round(400 * size))
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
            known = self._paths[key] = shape, roi_paths.path(shape)
        return known[1]

    def _mask(self, key: int, shape: Shape) -> QImage | None:
        red, green, blue, alpha = rgba(shape.fill) if shape.fill is not None else DEFAULT
        color = QColor(red, green, blue, min(alpha, _MASK_ALPHA) or _MASK_ALPHA)
        known = self._masks.get(key)
        if known is None or known[0] != (shape, color):
            picture = self.rois.mask_picture(key, (red, green, blue, color.alpha()))
            if picture is None:
                return None
            if len(self._masks) > _MOST_SELECTED:
                self._masks.clear()
            known = self._masks[key] = (shape, color), as_overlay(picture)
        return known[1]

    def _letters(self, pixels: float) -> QFont:
        font = QFont(self._font)
        font.setPixelSize(max(round(pixels), 4))
        return font

    # The mouse and the keys

    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """What the tool makes of it."""
        return self.tool.mouse(event, x, y, viewport.zoom)

    def key(self, event: QKeyEvent) -> bool:
        """What the tool makes of it."""
        return self.tool.key(event)


def _color(stroke: int | None) -> QColor:
    return QColor(*(DEFAULT if stroke is None else rgba(stroke)))


def draw_path(painter: QPainter, shape: Shape, path: QPainterPath, canvas: QTransform, size: float) -> None:
    """A shape's line and what is within; a line is never thinner than a pixel."""
    painter.save()
    painter.setTransform(canvas, True)
    pen = QPen(roi_paths.stroke(shape), max(shape.stroke_width or 1.0, 1.0) * size)
    pen.setCosmetic(True)
    if shape.kind == ShapeKind.MASK:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    color = roi_paths.fill(shape)
    painter.setBrush(QBrush(color) if color is not None and shape.kind != ShapeKind.LINE else Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()
    painter.setPen(QPen(pen.color(), size))
    painter.setBrush(pen.color())
    for head in roi_paths.arrow_heads(shape, canvas, size):
        painter.drawPolygon(head)


def draw_handles(painter: QPainter, shape: Shape, canvas: QTransform, size: float) -> None:
    """The places to take hold of it; the one that turns it is round, and stands off."""
    painter.setPen(QPen(Qt.GlobalColor.black, size))
    painter.setBrush(Qt.GlobalColor.white)
    half = _HANDLE * size / 2
    for n, (x, y) in enumerate(handles(shape, REACH * size / canvas.m11())):
        place = canvas.map(QPointF(x, y))
        if n == TURN and shape.kind in BOXED:
            painter.drawEllipse(place, half, half)
        else:
            painter.drawRect(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half))


def as_overlay(picture: Picture) -> QImage:
    """A picture with an alpha channel for Qt, which keeps the array alive and copies nothing."""
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    image.ndarray = picture  # type: ignore[attr-defined]  # Qt does not hold the memory that it draws from
    return image
