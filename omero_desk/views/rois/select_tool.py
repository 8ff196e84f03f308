"""The tool for shapes that are there: it selects, moves and changes them with the mouse and the keys."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QTransform
from typing_extensions import override

from omero_desk.entities.rois import Shape
from omero_desk.models.guard import guarded
from omero_desk.models.rois import handles
from omero_desk.models.translation import translate
from omero_desk.views.rois.tool import DOUBLE, MOVE, PRESS, REACH, RELEASE, Surface, Tool

_NEAR: Final = 6.0
"""Screen pixels from a shape or a handle within which the mouse still hits it."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_TEN: Final = 10


class SelectTool(Tool):
    """Selects, moves and changes shapes; elsewhere the canvas has the mouse, and with Shift a frame selects."""

    def __init__(self, surface: Surface) -> None:
        super().__init__(surface)
        self._from: tuple[float, float] | None = None
        self._frame: tuple[float, float] | None = None
        self._origin: dict[int, Shape] = {}
        self._handle: int | None = None
        self._run: object = None

    @override
    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
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

    @override
    def key(self, event: QKeyEvent) -> bool:
        """Handle the keys of what is selected: arrows move it, with Alt resize it, with Ctrl turn it; Shift for ten.

        Return goes to it, Delete and Backspace delete it, Esc clears the selection.
        """
        key, selection = Qt.Key(event.key()), self.rois.selection
        if not selection:
            return False
        if key in _STEPS:
            self._change_by_key(_STEPS[key], event.modifiers())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.surface.go_to(selection[-1])
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
        name, change = translate("ROIs", "Move"), partial(Shape.moved, right=right, down=down)
        if keys & Qt.KeyboardModifier.AltModifier:
            name, change = translate("ROIs", "Resize"), partial(handles.grown, right=right, down=down)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            name, change = translate("ROIs", "Rotate"), partial(handles.turned, angle=math.radians(right or down))
        changed = {key: change(shape) for key, shape in self._editable().items()}
        self.rois.change(changed, name, ("keys", self.rois.selection))

    @guarded(None)
    @override
    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        """Draw the frame that selects."""
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
        """Select what was pressed; False if that is nothing and the canvas is to have the mouse."""
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
            self.surface.repaint()
        elif self._handle is not None:
            changed = {key: handles.dragged(shape, self._handle, x, y) for key, shape in self._origin.items()}
            self.rois.change(changed, translate("ROIs", "Resize"), self._run)
        else:
            self.rois.change(
                self._moved(self._origin, x - self._from[0], y - self._from[1]), translate("ROIs", "Move"), self._run
            )

    def _release(self) -> None:
        if self._from is not None and self._frame is not None:
            (x0, x1), (y0, y1) = (sorted(pair) for pair in zip(self._from, self._frame, strict=True))
            found = self.rois.shapes.index.inside((x0, y0, x1, y1), *self.surface.plane)
            self.rois.select((*self.rois.selection, *found.tolist()))
        self.leave()

    @override
    def leave(self) -> None:
        self._from = self._frame = self._handle = None
        self.surface.repaint()

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
        places = enumerate(handles.handles(single[1], REACH * self.surface.density / zoom))
        return next((n for n, (hx, hy) in places if abs(hx - x) <= near and abs(hy - y) <= near), None)

    def _add_vertex(self, x: float, y: float, zoom: float) -> bool:
        """Add a vertex if the place is on the line of the selected polygon; False if not."""
        single = self._single()
        if single is None or not single[1].form.fewest_vertices:
            return False
        if not self.rois.shapes.is_on_line(single[0], x, y, self._near(zoom)):
            return False
        self.rois.change({single[0]: handles.with_vertex(single[1], x, y)}, translate("ROIs", "Add vertex"))
        return True

    def _go_to(self, x: float, y: float, zoom: float) -> bool:
        found = self._found(x, y, zoom)
        if found:
            self.surface.go_to(found[0])
        return bool(found)

    def _select_for_menu(self, x: float, y: float, zoom: float) -> bool:
        """Select what is at a place, unless it is among the selected shapes."""
        found = self._found(x, y, zoom)
        if not set(found) & set(self.rois.selection):
            self.rois.select(found[:1])
        return True

    def _found(self, x: float, y: float, zoom: float) -> list[int]:
        return self.rois.shapes.at(x, y, *self.surface.plane, self._near(zoom)) if self.rois.visible else []

    def _drop_vertex(self, handle: int) -> bool:
        single = self._single()
        if single is not None:
            self.rois.change({single[0]: handles.without_vertex(single[1], handle)}, translate("ROIs", "Remove vertex"))
        return True

    def _near(self, zoom: float) -> float:
        return _NEAR * self.surface.density / zoom
