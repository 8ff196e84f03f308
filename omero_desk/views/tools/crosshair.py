"""A crosshair over an image, at the place where the orthogonal views meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QLineF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.layers import CanvasLayer, canvas_point

_GAP: Final = 8
"""Screen pixels around the place that are left free."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Crosshair(CanvasLayer):
    """Shows the place (x, y) that `place` returns; a click, a drag or Shift with an arrow key calls `move`."""

    def __init__(self, place: Callable[[], tuple[float, float]], move: Callable[[float, float], object]) -> None:
        self._place, self._move = place, move
        self._held = False

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the lines, light on dark, so that they can be seen on any picture."""
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

    @override
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

    @override
    def key(self, event: QKeyEvent) -> bool:
        """Move by a pixel on Shift and an arrow key."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
            return False
        x, y = self._place()
        self._move(x + step[0], y + step[1])
        return True
