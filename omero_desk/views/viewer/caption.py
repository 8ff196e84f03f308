"""A caption in the corner of a canvas that tells it from others."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.layers import CanvasLayer


class Caption(CanvasLayer):
    """Shows `text` in `color` in the upper left corner."""

    def __init__(self, text: str, font: QFont, color: QColor | None = None) -> None:
        self.text = text
        self.color = color or QColor(Qt.GlobalColor.white)
        self._font = font

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the text on a dark ground, so that it can be read over any picture."""
        ratio = painter.device().devicePixelRatioF() if painter.device() is not None else 1.0
        font = QFont(self._font)
        font.setPixelSize(round(13 * ratio))
        font.setBold(True)
        painter.setFont(font)
        width = painter.fontMetrics().horizontalAdvance(self.text)
        box = QRectF(8 * ratio, 8 * ratio, width + 12 * ratio, 22 * ratio)
        painter.fillRect(box, QColor(0, 0, 0, 140))
        painter.setPen(self.color)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text)
