"""Drawing: what the mouse and the keys make new shapes of, and how those look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QTransform

from omero_desk.gateway.roi_entities import ARROW, POINTED, Shape, ShapeKind, as_number, flat
from omero_desk.models import handles
from omero_desk.models.shape_index import DEFAULT
from omero_desk.views import roi_paths
from omero_desk.views.roi_tools import DOUBLE, MOVE, PRESS, RELEASE, Tool

if TYPE_CHECKING:
    from omero_desk.views.roi_layer import RoiLayer

LETTERS: Final = 13
"""Points."""
_LEAST: Final = 3.0
"""Screen pixels that a drag has at least: less is a click."""
_BETWEEN: Final = 5.0
"""Screen pixels between the vertices of a line that is drawn by hand."""


@dataclass(frozen=True)
class Style:
    """How new shapes look: OMERO's colours, the width of a line in pixels, and of letters in points."""

    stroke: int = as_number(DEFAULT)
    fill: int | None = None
    stroke_width: float = 1.0
    font_size: float = float(LETTERS)

    @classmethod
    def of(cls, shape: Shape, other: Style) -> Style:
        """That of a shape; what it does not say is that of another one, but for its fill."""
        return cls(
            other.stroke if shape.stroke is None else shape.stroke,
            shape.fill,
            shape.stroke_width or other.stroke_width,
            shape.font_size or other.font_size,
        )


class DrawTool(Tool):
    """Draws shapes of one kind: boxes and lines by dragging, spots by a click, the others vertex by vertex or by hand.

    A double click or Return ends a polygon, Backspace takes its last vertex back, Esc all of it.
    """

    def __init__(self, layer: RoiLayer, kind: str, style: Callable[[], Style], arrow: bool = False) -> None:
        super().__init__(layer)
        self.kind, self.arrow = kind, arrow
        self._style = style
        self._places: list[tuple[float, float]] = []
        self._at: tuple[float, float] | None = None
        self._pressed = False

    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
        """See Tool."""
        if event.type() in (PRESS, DOUBLE) and event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() == PRESS:
            self._press(x, y)
        elif event.type() == DOUBLE:
            self._finish()
        elif event.type() == MOVE and self._places:
            self._move(x, y, zoom)
        elif event.type() == RELEASE:
            self._release(zoom)
        return bool(self._places) or event.type() != MOVE

    def key(self, event: QKeyEvent) -> bool:
        """See the class."""
        key = event.key()
        if not self._places:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif key == Qt.Key.Key_Backspace:
            self._places.pop()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            return False
        self.layer.repaint_wanted.emit()
        return True

    def leave(self) -> None:
        """See Tool."""
        self._places, self._at, self._pressed = [], None, False
        self.layer.repaint_wanted.emit()

    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        """What is drawn so far."""
        shape = self._shape()
        if shape is not None:
            pen = QPen(roi_paths.stroke(shape), max(shape.stroke_width or 1.0, 1.0) * size)
            pen.setCosmetic(True)
            painter.save()
            painter.setTransform(canvas, True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(roi_paths.path(shape))
            painter.restore()

    def _press(self, x: float, y: float) -> None:
        self._pressed = True
        self._at = x, y
        if self.kind in POINTED or not self._places:
            self._places.append((x, y))
        if self.kind in (ShapeKind.POINT, ShapeKind.LABEL):
            self._finish()

    def _move(self, x: float, y: float, zoom: float) -> None:
        self._at = x, y
        last = self._places[-1]
        far = max(abs(x - last[0]), abs(y - last[1])) * zoom
        if self.kind in POINTED and self._pressed and far >= _BETWEEN * self.layer.density:
            self._places.append((x, y))
        self.layer.repaint_wanted.emit()

    def _release(self, zoom: float) -> None:
        self._pressed = False
        if self.kind in POINTED or not self._places or self._at is None:
            return
        (x0, y0), (x1, y1) = self._places[0], self._at
        if max(abs(x1 - x0), abs(y1 - y0)) * zoom >= _LEAST * self.layer.density:
            self._finish()
        else:
            self.leave()

    def _finish(self) -> None:
        shape = self._shape(final=True)
        self.leave()
        if shape is not None:
            self.rois.draw(shape)
            self.layer.drawn.emit(shape.kind)

    def _shape(self, final: bool = False) -> Shape | None:
        """What has been drawn; while it is not final the mouse's place counts as the next vertex."""
        places = list(self._places)
        if not places:
            return None
        z, t = self.layer.plane
        style = self._style()
        shape = Shape(self.kind, places[0], "", z, t, None, style.stroke, style.fill, style.stroke_width)
        if self.kind in POINTED:
            places = places if final or self._at is None else [*places, self._at]
            places = [place for n, place in enumerate(places) if not n or place != places[n - 1]]
            enough = len(places) >= (handles.FEWEST[self.kind] if final else 2)
            return replace(shape, numbers=flat(places)) if enough else None
        if self.kind in (ShapeKind.RECTANGLE, ShapeKind.ELLIPSE):
            return handles.boxed(shape, places[0], self._at or places[0])
        if self.kind == ShapeKind.LINE:
            end = ARROW if self.arrow else ""
            return replace(shape, numbers=flat((places[0], self._at or places[0])), end=end)
        return shape if self.kind != ShapeKind.LABEL else replace(shape, text="Label", font_size=style.font_size)
