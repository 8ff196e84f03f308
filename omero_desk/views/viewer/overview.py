"""The overview: the whole image in the upper right corner with a frame around the part in view."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Turn, Viewport
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.viewer.image_canvas import ImageCanvas, as_image
from omero_desk.views.viewer.layers import CanvasLayer, canvas_rect, draw_turned

_LONGEST: Final = 160.0
_MARGIN: Final = 12.0
_SHOWN_FROM: Final = 1.5
"""The ratio of the image's side to the side in view from which on the overview is shown."""
_FRAME: Final = QColor(255, 220, 0)
_EDGE: Final = QColor(255, 255, 255, 160)
_BEHIND: Final = QColor(0, 0, 0, 140)


class Overview(CanvasLayer):
    """The inset of a canvas; a press in it brings a place into view, a drag moves the frame."""

    def __init__(self, model: ImageModel, canvas: ImageCanvas) -> None:
        self._model, self._canvas = model, canvas
        self._picture: QImage | None = None
        self._is_held = False
        self.visible = True
        for changed in (model.settings_changed, model.plane_changed, model.arrived, model.closed):
            changed.connect(self._forget)

    def _forget(self) -> None:
        self._picture = None

    def box(self, viewport: Viewport) -> QRectF | None:
        """Return the overview's place on the canvas; None while it is not shown."""
        info = self._model.info
        if info is None or not self.visible:
            return None
        across, down = (info.size_y, info.size_x) if viewport.turn.is_across else (info.size_x, info.size_y)
        width, height = across * viewport.zoom, down * viewport.zoom
        if max(width / viewport.width, height / viewport.height) < _SHOWN_FROM:
            return None
        ratio = self._canvas.devicePixelRatioF()
        scale = _LONGEST * ratio / max(across, down)
        width, margin = across * scale, _MARGIN * ratio
        return QRectF(viewport.width - margin - width, margin, width, down * scale)

    def _whole(self, box: QRectF, turn: Turn) -> Viewport:
        """Return the viewport of the inset, which has all of the image in view."""
        info = self._model.info
        assert info is not None
        return Viewport(box.width(), box.height(), turn=turn).fitted(info.size_x, info.size_y)

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the pixels read so far, and the frame."""
        box = self.box(viewport)
        if box is None:
            return
        painter.fillRect(box, _BEHIND)
        if self._picture is None:
            size = round(box.width()), round(box.height())
            view = self._model.overview(*(size[::-1] if viewport.turn.is_across else size))
            self._picture = None if view is None else as_image(view.picture)
        if self._picture is not None:
            draw_turned(painter, viewport.turn, box, self._picture)
        painter.setPen(QPen(_EDGE, 0))
        painter.drawRect(box)
        painter.setPen(QPen(_FRAME, 2 * self._canvas.devicePixelRatioF()))
        painter.drawRect(self.frame(box, viewport))

    def frame(self, box: QRectF, viewport: Viewport) -> QRectF:
        """Return the part in view on the inset, enlarged if it would be too small to see."""
        left, top, right, bottom = viewport.seen()
        seen = canvas_rect(self._whole(box, viewport.turn), left, top, right - left, bottom - top)
        frame = seen.translated(box.topLeft()).intersected(box)
        least = 4.0 * self._canvas.devicePixelRatioF()
        if frame.width() < least or frame.height() < least:
            middle = frame.center()
            frame = QRectF(0, 0, max(frame.width(), least), max(frame.height(), least))
            frame.moveCenter(middle)
        return frame

    @override
    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """Bring the place under the mouse in the inset into view."""
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
        place = at - box.topLeft()
        self._canvas.show_place(*self._whole(box, self._canvas.viewport.turn).to_image(place.x(), place.y()))
