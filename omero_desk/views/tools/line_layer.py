"""The line of a line profile over an image, which is drawn and moved by its ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.tools.profile import ProfileLine, ProfileModel
from omero_desk.views.viewer.layers import CanvasLayer, canvas_point

_NEAR: Final = 9.0
"""Screen pixels from an end within which it is taken hold of."""
_END: Final = 4.0


class LineLayer(CanvasLayer):
    """Shows the line of a `ProfileModel`; while `on`, the mouse draws another one, or moves an end of it.

    `at` is the place of a sample to be marked.
    """

    def __init__(self, model: ProfileModel) -> None:
        self.on = False
        self.at: tuple[float, float] | None = None
        self._model = model
        self._held = 0

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the line and its ends, light on dark, so that they can be seen on any picture."""
        line = self._model.line
        if line is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ends = canvas_point(viewport, line.x1, line.y1), canvas_point(viewport, line.x2, line.y2)
        for color, width in ((QColor(0, 0, 0, 160), 4.0), (QColor(255, 235, 90), 1.6)):
            painter.setPen(QPen(color, width))
            painter.drawLine(*ends)
        painter.setBrush(QColor(255, 235, 90))
        for end in ends:
            painter.drawEllipse(end, _END, _END)
        if self.at is not None:
            painter.setBrush(Qt.GlobalColor.white)
            painter.drawEllipse(canvas_point(viewport, *self.at), _END, _END)

    @override
    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """Draw a line, or move an end of it."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held = self._taken(x, y, viewport)
            return self._held != 0
        if kind == QEvent.Type.MouseMove and self._held:
            self._move(x, y)
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            held, self._held = self._held, 0
            return held != 0
        return False

    def _taken(self, x: float, y: float, viewport: Viewport) -> int:
        """Return the end that the mouse takes hold of, 1 or 2, or 2 of a new line; 0 for none."""
        line = self._model.line
        here = QPointF(*viewport.to_canvas(x, y))
        if not self.on:
            return 0
        if line is not None:
            for end, place in ((1, (line.x1, line.y1)), (2, (line.x2, line.y2))):
                if (canvas_point(viewport, *place) - here).manhattanLength() <= _NEAR:
                    return end
        self._model.set_line(ProfileLine(x, y, x, y))
        return 2

    def _move(self, x: float, y: float) -> None:
        line = self._model.line
        if line is not None:
            self._model.set_line(replace(line, x1=x, y1=y) if self._held == 1 else replace(line, x2=x, y2=y))
