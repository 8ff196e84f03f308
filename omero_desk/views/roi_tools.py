"""What the mouse and the keys do to shapes: select and change them, or draw new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QTransform

from omero_desk.gateway.roi_entities import ARROW, POINTED, Shape, ShapeKind, as_number, flat
from omero_desk.models import handles
from omero_desk.models.shape_index import DEFAULT
from omero_desk.views import roi_paths

if TYPE_CHECKING:
    from omero_desk.views.roi_layer import RoiLayer

_NEAR: Final = 6.0
"""Screen pixels from a shape or a handle that still mean it."""
_LEAST: Final = 3.0
"""Screen pixels that a drag has at least: less is a click."""
_BETWEEN: Final = 5.0
"""Screen pixels between the vertices of a line that is drawn by hand."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_TEN: Final = 10

PRESS: Final = QEvent.Type.MouseButtonPress
MOVE: Final = QEvent.Type.MouseMove
RELEASE: Final = QEvent.Type.MouseButtonRelease
DOUBLE: Final = QEvent.Type.MouseButtonDblClick


class Tool:
    """What is done to the shapes of a layer; of itself nothing. `zoom`: screen pixels for one of the image."""

    def __init__(self, layer: RoiLayer) -> None:
        self.layer = layer
        self.rois = layer.rois

    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
        """A press, move, release or double click at a place of the image; True if it was meant for this."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """A key was pressed; True if it was meant for this."""
        return False

    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        """Draw what is not there yet; `size` screen pixels are one of the user's."""

    def leave(self) -> None:
        """Another tool takes its place."""


class SelectTool(Tool):
    """Selects, moves and changes shapes; where there is none the canvas has the mouse, with Shift a frame selects."""

    def __init__(self, layer: RoiLayer) -> None:
        super().__init__(layer)
        self._from: tuple[float, float] | None = None
        self._frame: tuple[float, float] | None = None
        self._origin: dict[int, Shape] = {}
        self._handle: int | None = None
        self._run: object = None

    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
        """See Tool."""
        if event.type() == PRESS and event.button() == Qt.MouseButton.LeftButton:
            return self._press(event, x, y, zoom)
        if event.type() == DOUBLE:
            return self._add_vertex(x, y, zoom)
        if self._from is None:
            return False
        if event.type() == MOVE:
            self._move(x, y)
        elif event.type() == RELEASE:
            self._release()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move what is selected, with Shift ten pixels; Delete deletes it, and Esc lets go of it."""
        key, selection = Qt.Key(event.key()), self.rois.selection
        if not selection:
            return False
        if key in _STEPS:
            far = _TEN if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            right, down = (step * far for step in _STEPS[key])
            self.rois.change(self._moved(self._editable(), right, down), "Move", ("keys", selection))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.rois.delete(selection)
        elif key == Qt.Key.Key_Escape:
            self.rois.select(())
        else:
            return False
        return True

    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        """The frame that selects."""
        if self._from is not None and self._frame is not None:
            painter.setPen(QPen(Qt.GlobalColor.white, size, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(canvas.map(QPointF(*self._from)), canvas.map(QPointF(*self._frame))).normalized())

    def _press(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
        more = bool(event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        self._handle = self._handle_at(x, y, zoom)
        if self._handle is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return self._drop_vertex(self._handle)
        found = self.rois.shapes.at(x, y, *self.layer.plane, self._near(zoom)) if self.rois.visible else []
        if self._handle is None and not self._select(found, more):
            return False
        self._from, self._run, self._origin = (x, y), object(), self._editable()
        return True

    def _select(self, found: list[int], more: bool) -> bool:
        """False where the canvas is to have the mouse."""
        selection = self.rois.selection
        if not found:
            self._frame = (0.0, 0.0) if more else None
            if not more:
                self.rois.select(())
            return more
        if more:
            rest = [key for key in selection if key != found[0]]
            self.rois.select(rest if len(rest) < len(selection) else (*selection, found[0]))
        elif not set(found) & set(selection):
            self.rois.select(found[:1])
        return True

    def _move(self, x: float, y: float) -> None:
        assert self._from is not None
        if self._frame is not None:
            self._frame = x, y
            self.layer.repaint_wanted.emit()
        elif self._handle is not None:
            changed = {key: handles.dragged(shape, self._handle, x, y) for key, shape in self._origin.items()}
            self.rois.change(changed, "Change shape", self._run)
        else:
            self.rois.change(self._moved(self._origin, x - self._from[0], y - self._from[1]), "Move", self._run)

    def _release(self) -> None:
        if self._from is not None and self._frame is not None:
            (x0, x1), (y0, y1) = (sorted(pair) for pair in zip(self._from, self._frame, strict=True))
            found = self.rois.shapes.index.inside((x0, y0, x1, y1), *self.layer.plane)
            self.rois.select((*self.rois.selection, *found.tolist()))
        self.leave()

    def leave(self) -> None:
        """See Tool."""
        self._from = self._frame = self._handle = None
        self.layer.repaint_wanted.emit()

    def _editable(self) -> dict[int, Shape]:
        shapes = {key: self.rois.shapes[key] for key in self.rois.selection if self.rois.can_edit(key)}
        return {key: shape for key, shape in shapes.items() if shape is not None}

    @staticmethod
    def _moved(shapes: dict[int, Shape], right: float, down: float) -> dict[int, Shape]:
        return {key: shape.moved(right, down) for key, shape in shapes.items()}

    def _single(self) -> tuple[int, Shape] | None:
        editable = self._editable()
        return next(iter(editable.items())) if len(editable) == 1 == len(self.rois.selection) else None

    def _handle_at(self, x: float, y: float, zoom: float) -> int | None:
        single = self._single()
        if single is None:
            return None
        near = self._near(zoom)
        places = enumerate(handles.handles(single[1]))
        return next((n for n, (hx, hy) in places if abs(hx - x) <= near and abs(hy - y) <= near), None)

    def _add_vertex(self, x: float, y: float, zoom: float) -> bool:
        """On the line of the selected polygon."""
        single = self._single()
        if single is None or single[1].kind not in POINTED or single[1].transform is not None:
            return False
        if single[0] not in self.rois.shapes.at(x, y, *self.layer.plane, self._near(zoom)):
            return False
        self.rois.change({single[0]: handles.with_vertex(single[1], x, y)}, "Add vertex")
        return True

    def _drop_vertex(self, handle: int) -> bool:
        single = self._single()
        if single is not None:
            self.rois.change({single[0]: handles.without_vertex(single[1], handle)}, "Remove vertex")
        return True

    def _near(self, zoom: float) -> float:
        return _NEAR * self.layer.density / zoom


@dataclass
class Style:
    """How new shapes look: OMERO's colours, and the width of a line in pixels."""

    stroke: int = as_number(DEFAULT)
    fill: int | None = None
    width: float = 1.0


class DrawTool(Tool):
    """Draws shapes of one kind: boxes and lines by dragging, spots by a click, the others vertex by vertex or by hand.

    A double click or Return ends a polygon, Backspace takes its last vertex back, Esc all of it.
    """

    def __init__(self, layer: RoiLayer, kind: str, style: Style, arrow: bool = False) -> None:
        super().__init__(layer)
        self.kind, self.style, self.arrow = kind, style, arrow
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
            pen = QPen(roi_paths.stroke(shape), max(self.style.width, 1.0) * size)
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
        colours = self.style.stroke, self.style.fill
        shape = Shape(self.kind, places[0], "", z, t, None, *colours, self.style.width)
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
        return shape if self.kind != ShapeKind.LABEL else replace(shape, text="Label")
