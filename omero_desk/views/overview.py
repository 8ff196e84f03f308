"""All of an image in a corner, with a frame around what is in view, while that is not all of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen

from omero_desk.models.image import ImageModel
from omero_desk.models.viewport import Viewport
from omero_desk.views.image_canvas import ImageCanvas, as_image
from omero_desk.views.layers import Layer

_LONGEST: Final = 160.0
_MARGIN: Final = 12.0
_SHOWN_FROM: Final = 1.5
"""So many times as much there is of the image as is in view; below that it would only be in the way."""
_FRAME: Final = QColor(255, 220, 0)
_EDGE: Final = QColor(255, 255, 255, 160)
_BEHIND: Final = QColor(0, 0, 0, 140)


class Overview(Layer):
    """The inset of a canvas; a press in it brings a place into view, a drag takes the frame along."""

    def __init__(self, model: ImageModel, canvas: ImageCanvas) -> None:
        self._model, self._canvas = model, canvas
        self._picture: QImage | None = None
        self._is_held = False
        self.visible = True
        for changed in (model.settings_changed, model.plane_changed, model.arrived):
            changed.connect(self._forget)

    def _forget(self) -> None:
        self._picture = None

    def box(self, viewport: Viewport) -> QRectF | None:
        """Where on the canvas it is; None while there is no need of it."""
        info = self._model.info
        if info is None or not self.visible:
            return None
        width, height = info.size_x * viewport.zoom, info.size_y * viewport.zoom
        if max(width / viewport.width, height / viewport.height) < _SHOWN_FROM:
            return None
        ratio = self._canvas.devicePixelRatioF()
        scale = _LONGEST * ratio / max(info.size_x, info.size_y)
        return QRectF(_MARGIN * ratio, _MARGIN * ratio, info.size_x * scale, info.size_y * scale)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the image, as far as it is there, and the frame."""
        box = self.box(viewport)
        if box is None:
            return
        painter.fillRect(box, _BEHIND)
        if self._picture is None:
            view = self._model.overview(round(box.width()), round(box.height()))
            self._picture = None if view is None else as_image(view.picture)
        if self._picture is not None:
            painter.drawImage(box, self._picture)
        painter.setPen(QPen(_EDGE, 0))
        painter.drawRect(box)
        painter.setPen(QPen(_FRAME, 2 * self._canvas.devicePixelRatioF()))
        painter.drawRect(self.frame(box, viewport))

    def frame(self, box: QRectF, viewport: Viewport) -> QRectF:
        """What is in view, on the inset; large enough to be seen."""
        info = self._model.info
        assert info is not None
        scale = box.width() / info.size_x
        left, top = viewport.to_image(0, 0)
        right, bottom = viewport.to_image(viewport.width, viewport.height)
        frame = QRectF(
            box.left() + left * scale, box.top() + top * scale, (right - left) * scale, (bottom - top) * scale
        ).intersected(box)
        least = 4.0 * self._canvas.devicePixelRatioF()
        if frame.width() < least or frame.height() < least:
            middle = frame.center()
            frame = QRectF(0, 0, max(frame.width(), least), max(frame.height(), least))
            frame.moveCenter(middle)
        return frame

    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """Bring what is under the mouse in the inset into view."""
        kind, box = event.type(), self.box(viewport)
        if kind == QEvent.Type.MouseButtonRelease:
            was, self._is_held = self._is_held, False
            return was
        at = event.position() * self._canvas.devicePixelRatioF()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._is_held = box is not None and box.contains(at)
        if not self._is_held or box is None:
            return box is not None and box.contains(at)
        self._go_to(at, box)
        return True

    def _go_to(self, at: QPointF, box: QRectF) -> None:
        info = self._model.info
        assert info is not None
        scale = info.size_x / box.width()
        self._canvas.show_place((at.x() - box.left()) * scale, (at.y() - box.top()) * scale)
