"""The tool that draws new shapes, and the style that it gives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QTransform
from typing_extensions import override

from omero_desk.entities.rois import ARROW, Shape, as_number
from omero_desk.entities.shape_kinds import FORMS, Gesture
from omero_desk.models.guard import guarded
from omero_desk.models.rois import handles
from omero_desk.models.rois.shape_index import DEFAULT
from omero_desk.models.translation import translate
from omero_desk.views.rois.shape_painters import draw_outline
from omero_desk.views.rois.tool import DOUBLE, LETTERS, MOVE, PRESS, RELEASE, Surface, Tool

_LEAST: Final = 3.0
"""Screen pixels of a drag; less is a click, which draws nothing."""
_BETWEEN: Final = 5.0
"""Screen pixels between the vertices of a line that is drawn by hand."""


@dataclass(frozen=True)
class Style:
    """The look of new shapes: OMERO's colours, the width of a line in pixels, and the size of letters in points."""

    stroke: int = as_number(DEFAULT)
    fill: int | None = None
    stroke_width: float = 1.0
    font_size: float = float(LETTERS)

    @classmethod
    def of(cls, shape: Shape, other: Style) -> Style:
        """Return the style of a shape; what it leaves open is taken from another style, but for the fill."""
        return cls(
            other.stroke if shape.stroke is None else shape.stroke,
            shape.fill,
            shape.stroke_width or other.stroke_width,
            shape.font_size or other.font_size,
        )


class DrawTool(Tool):
    """Draws shapes of one kind by its gesture: a drag, a click, or vertex by vertex, which may also be dragged by hand.

    A double click or Return ends a polygon, Backspace removes its last vertex, Esc all of it. `arrow` puts a head at
    the end of a line.
    """

    def __init__(self, surface: Surface, kind: str, style: Callable[[], Style], arrow: bool = False) -> None:
        super().__init__(surface)
        self.kind, self.arrow = kind, arrow
        self._form = FORMS[kind]
        self._has_vertices = self._form.gesture is Gesture.VERTICES
        self._style = style
        self._places: list[tuple[float, float]] = []
        self._at: tuple[float, float] | None = None
        self._pressed = False

    @override
    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
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

    @override
    def key(self, event: QKeyEvent) -> bool:
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
        self.surface.repaint()
        return True

    @override
    def leave(self) -> None:
        self._places, self._at, self._pressed = [], None, False
        self.surface.repaint()

    @guarded(None)
    @override
    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        shape = self._shape()
        if shape is not None:
            draw_outline(painter, shape, canvas, size)

    def _press(self, x: float, y: float) -> None:
        self._pressed = True
        self._at = x, y
        if self._has_vertices or not self._places:
            self._places.append((x, y))
        if self._form.gesture is Gesture.CLICK:
            self._finish()

    def _move(self, x: float, y: float, zoom: float) -> None:
        self._at = x, y
        last = self._places[-1]
        far = max(abs(x - last[0]), abs(y - last[1])) * zoom
        if self._has_vertices and self._pressed and far >= _BETWEEN * self.surface.density:
            self._places.append((x, y))
        self.surface.repaint()

    def _release(self, zoom: float) -> None:
        self._pressed = False
        if self._has_vertices or not self._places or self._at is None:
            return
        (x0, y0), (x1, y1) = self._places[0], self._at
        if max(abs(x1 - x0), abs(y1 - y0)) * zoom >= _LEAST * self.surface.density:
            self._finish()
        else:
            self.leave()

    def _finish(self) -> None:
        shape = self._shape(final=True)
        self.leave()
        if shape is not None:
            self.rois.draw(shape)
            self.surface.announce(shape.kind)

    def _shape(self, final: bool = False) -> Shape | None:
        """Return what has been drawn; until it is `final` the place of the mouse is the next vertex."""
        if not self._places:
            return None
        places = list(self._places)
        if self._at is not None and not (final and self._has_vertices):
            places.append(self._at)
        return handles.drawn(self._blank(), places, final)

    def _blank(self) -> Shape:
        """Return a shape in the style of new ones, on the plane in view, whose place is yet to be given."""
        (z, t), style = self.surface.plane, self._style()
        return Shape(
            self.kind,
            (),
            translate("ROIs", "Label") if self._form.is_text else "",
            z,
            t,
            stroke=style.stroke,
            fill=style.fill,
            stroke_width=style.stroke_width,
            font_size=style.font_size if self._form.is_text else None,
            end=ARROW if self.arrow else "",
        )
