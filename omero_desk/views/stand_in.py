"""A picture in place of pixels that cannot be had yet."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter

from omero_desk.models.image import ImageModel
from omero_desk.models.viewport import Viewport
from omero_desk.views.layers import Layer, canvas_rect


class StandIn(Layer):
    """Stretches an image's `stand_in` over all of it."""

    def __init__(self, model: ImageModel) -> None:
        self._model = model
        self._data = b""
        self._image = QImage()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw it, if there is one."""
        info = self._model.info
        if self._model.stand_in != self._data:
            self._data = self._model.stand_in
            self._image = QImage.fromData(self._data)
        if info is not None and not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(canvas_rect(viewport, 0, 0, info.size_x, info.size_y), self._image)
