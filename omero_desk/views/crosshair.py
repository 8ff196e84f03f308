"""Two lines that cross where the cuts through an image meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QLineF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen

from omero_desk.models.viewport import Viewport
from omero_desk.views.layers import Layer, canvas_point

_GAP: Final = 8
"""Screen pixels around the place itself that are left free."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Crosshair(Layer):
    """Shows the place that `place` tells; a click, a drag and Shift with an arrow key say where it should be."""

    def __init__(self, place: Callable[[], tuple[float, float]], move: Callable[[float, float], object]) -> None:
        self._place, self._move = place, move
        self._held = False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the lines, dark beside light, to be seen on any picture."""
        at = canvas_point(viewport, *self._place())
        lines = [
            QLineF(0, at.y(), at.x() - _GAP, at.y()),
            QLineF(at.x() + _GAP, at.y(), viewport.width, at.y()),
            QLineF(at.x(), 0, at.x(), at.y() - _GAP),
            QLineF(at.x(), at.y() + _GAP, at.x(), viewport.height),
        ]
        for color, width in ((QColor(0, 0, 0, 120), 3), (QColor(255, 220, 60), 1)):
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLines(lines)

    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """Follow the left button."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            was_held, self._held = self._held, False
            return was_held
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held = True
        if self._held:
            self._move(x, y)
        return self._held

    def key(self, event: QKeyEvent) -> bool:
        """Shift and an arrow go on by a pixel."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
            return False
        x, y = self._place()
        self._move(x + step[0], y + step[1])
        return True
