"""The thumbnail in place of pixels that are not ready yet."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.viewer.layers import CanvasLayer, canvas_rect, draw_turned


class StandIn(CanvasLayer):
    """Stretches an image's `stand_in` over all of it."""

    def __init__(self, model: ImageModel) -> None:
        self._model = model
        self._data = b""
        self._image = QImage()

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw it, if there is one."""
        info = self._model.info
        if self._model.stand_in != self._data:
            self._data = self._model.stand_in
            self._image = QImage.fromData(self._data)
        if info is not None and not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            draw_turned(painter, viewport.turn, canvas_rect(viewport, 0, 0, info.size_x, info.size_y), self._image)
