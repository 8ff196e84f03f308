"""What the mouse and the keys do to shapes that are there: select, move and change them."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QTransform

from omero_desk.gateway.roi_entities import POINTED, Shape
from omero_desk.models import handles

if TYPE_CHECKING:
    from omero_desk.views.roi_layer import RoiLayer

REACH: Final = 22.0
"""Screen pixels from a box to the handle that turns it."""
_NEAR: Final = 6.0
"""Screen pixels from a shape or a handle that still mean it."""
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
        if event.type() == PRESS and event.button() == Qt.MouseButton.RightButton:
            return self._select_for_menu(x, y, zoom)
        if event.type() == DOUBLE:
            return self._add_vertex(x, y, zoom) or self._go_to(x, y, zoom)
        if self._from is None:
            return False
        if event.type() == MOVE:
            self._move(x, y)
        elif event.type() == RELEASE:
            self._release()
        return True

    def key(self, event: QKeyEvent) -> bool:
        """Arrows move what is selected, with Alt they make it larger or smaller, with Ctrl they turn it; Shift for ten.

        Return goes to it, Delete deletes it, and Esc lets go of it.
        """
        key, selection = Qt.Key(event.key()), self.rois.selection
        if not selection:
            return False
        if key in _STEPS:
            self._change_by_key(_STEPS[key], event.modifiers())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.layer.wanted.emit(selection[-1])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.rois.delete(selection)
        elif key == Qt.Key.Key_Escape:
            self.rois.select(())
        else:
            return False
        return True

    def _change_by_key(self, step: tuple[int, int], keys: Qt.KeyboardModifier) -> None:
        far = _TEN if keys & Qt.KeyboardModifier.ShiftModifier else 1
        right, down = step[0] * far, step[1] * far
        name, change = "Move", partial(Shape.moved, right=right, down=down)
        if keys & Qt.KeyboardModifier.AltModifier:
            name, change = "Change shape", partial(handles.grown, right=right, down=down)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            name, change = "Turn", partial(handles.turned, angle=math.radians(right or down))
        changed = {key: change(shape) for key, shape in self._editable().items()}
        self.rois.change(changed, name, ("keys", self.rois.selection))

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
        if self._handle is None and not self._select(self._found(x, y, zoom), more):
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
        places = enumerate(handles.handles(single[1], REACH * self.layer.density / zoom))
        return next((n for n, (hx, hy) in places if abs(hx - x) <= near and abs(hy - y) <= near), None)

    def _add_vertex(self, x: float, y: float, zoom: float) -> bool:
        """On the line of the selected polygon."""
        single = self._single()
        if single is None or single[1].kind not in POINTED:
            return False
        if not self.rois.shapes.is_on_line(single[0], x, y, self._near(zoom)):
            return False
        self.rois.change({single[0]: handles.with_vertex(single[1], x, y)}, "Add vertex")
        return True

    def _go_to(self, x: float, y: float, zoom: float) -> bool:
        found = self._found(x, y, zoom)
        if found:
            self.layer.wanted.emit(found[0])
        return bool(found)

    def _select_for_menu(self, x: float, y: float, zoom: float) -> bool:
        """What is there, unless it is one of those that are selected."""
        found = self._found(x, y, zoom)
        if not set(found) & set(self.rois.selection):
            self.rois.select(found[:1])
        return True

    def _found(self, x: float, y: float, zoom: float) -> list[int]:
        return self.rois.shapes.at(x, y, *self.layer.plane, self._near(zoom)) if self.rois.visible else []

    def _drop_vertex(self, handle: int) -> bool:
        single = self._single()
        if single is not None:
            self.rois.change({single[0]: handles.without_vertex(single[1], handle)}, "Remove vertex")
        return True

    def _near(self, zoom: float) -> float:
        return _NEAR * self.layer.density / zoom
