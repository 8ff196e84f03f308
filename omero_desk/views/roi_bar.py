"""The tools for shapes, and how new ones look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QDoubleSpinBox, QSpinBox, QToolBar, QVBoxLayout, QWidget

from omero_desk.gateway.roi_entities import Shape, ShapeKind, as_number, rgba
from omero_desk.models.regions import RegionsModel
from omero_desk.views import icons
from omero_desk.views.roi_drawing import LETTERS, DrawTool, Style
from omero_desk.views.roi_keys import RoiKeys
from omero_desk.views.roi_layer import RoiLayer
from omero_desk.views.roi_tools import SelectTool, Tool

SELECT_TIP: Final = (
    "Select, move and change shapes. Shift+drag selects several; arrows move them, Alt+arrows resize, Ctrl+arrows turn;"
    " a double click on a polygon's line adds a vertex, Alt+click takes one away"
)
TOOLS: Final = (
    ("roi-select", "Select", "S", "", SELECT_TIP),
    ("roi-rectangle", "Rectangle", "B", ShapeKind.RECTANGLE, "Drag from corner to corner"),
    ("roi-ellipse", "Ellipse", "E", ShapeKind.ELLIPSE, "Drag from corner to corner of the box around it"),
    ("roi-polygon", "Polygon", "P", ShapeKind.POLYGON, "Click for each vertex or draw by hand, double-click to end"),
    ("roi-polyline", "Polyline", "Y", ShapeKind.POLYLINE, "Click for each vertex or draw by hand, double-click to end"),
    ("roi-line", "Line", "L", ShapeKind.LINE, "Drag from end to end"),
    ("roi-arrow", "Arrow", "W", ShapeKind.LINE, "Drag to the tip"),
    ("roi-point", "Point", "D", ShapeKind.POINT, "Click"),
    ("roi-label", "Label", "T", ShapeKind.LABEL, "Click, then type"),
)
NOT_ALLOWED: Final = "You may look at this image, but not draw on it."
_ICON: Final = 16
_BOX: Final = 38
"""Pixels, for a number of three digits."""


class RoiBar(QWidget):
    """Three rows of buttons. `told`: what there is to know about the tool that is chosen."""

    told = Signal(str)

    def __init__(self, layer: RoiLayer, regions: RegionsModel, keys: RoiKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer, self._rois, self._regions, self._keys = layer, layer.rois, regions, keys
        self.style_of_new = Style()
        self.actions_by_name: dict[str, QAction] = {}
        self._tools, self._acts, self._looks = QToolBar("Shapes"), QToolBar("Changes"), QToolBar("Looks")
        self._width = QDoubleSpinBox(minimum=0.5, maximum=50, singleStep=0.5, decimals=1, value=1)
        self._letters = QSpinBox(minimum=4, maximum=200, value=LETTERS)
        self._is_allowed = True
        for box in (self._width, self._letters):
            box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # the arrow keys do it, and the bar has to be narrow
            box.setFixedWidth(_BOX)
        self._make_tools()
        self._make_acts()
        self._make_looks()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self._tools, self._acts, self._looks):
            bar.setIconSize(QSize(_ICON, _ICON))
            column.addWidget(bar)
        for changed in (self._rois.selected, self._rois.state_changed, self._rois.changed, regions.copied_changed):
            changed.connect(self._enable)
        self._enable()

    def _make_tools(self) -> None:
        group = QActionGroup(self)
        for name, text, key, kind, tip in TOOLS:
            action = self._add(self._tools, name, text, key, tip, partial(self._choose, name, kind))
            action.setCheckable(True)
            group.addAction(action)
        self.actions_by_name["roi-select"].setChecked(True)

    def _make_acts(self) -> None:
        rois, bar = self._rois, self._acts
        self._add(bar, "roi-undo", "Undo", "Ctrl+Z", "Take the last step back", rois.undo)
        self._add(bar, "roi-redo", "Redo", "Ctrl+Y", "Do it again", rois.redo)
        self._add(bar, "roi-delete", "Delete", "Del", "Delete what is selected", lambda: rois.delete(rois.selection))
        self._add(bar, "copy", "Copy shapes", "Ctrl+C", "To paste them here or into another image", self._copy)
        self._add(bar, "paste", "Paste shapes", "Ctrl+V", "At the same place, on the plane in view", self._paste)
        self._keys.add("Ctrl+Shift+Z", self.actions_by_name["roi-redo"])

    def _make_looks(self) -> None:
        bar = self._looks
        self._add(bar, "stroke", "Line colour…", "", "The colour of lines", lambda: self._ask("stroke"))
        self._add(bar, "fill", "Fill colour…", "", "The colour of what is within", lambda: self._ask("fill"))
        self._width.setAccessibleName("Width of lines")
        self._width.setToolTip("Width of lines, in pixels")
        self._width.valueChanged.connect(lambda width: self._restyle(stroke_width=width))
        bar.addWidget(self._width)
        self._letters.setAccessibleName("Size of letters")
        self._letters.setToolTip("Size of a label's letters, in points")
        self._letters.valueChanged.connect(lambda size: self._restyle(font_size=float(size)))
        bar.addWidget(self._letters)

    def _add(self, bar: QToolBar, name: str, text: str, key: str, tip: str, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setToolTip(f"{text.rstrip('…')}: {tip}{f' ({key})' if key else ''}")
        action.triggered.connect(lambda _checked=False: act())
        if name not in ("stroke", "fill"):
            action.setIcon(icons.icon(name))
        if key:
            self._keys.add(key, action)
        bar.addAction(action)
        self.actions_by_name[name] = action
        return action

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for name, action in self.actions_by_name.items():
                if name not in ("stroke", "fill"):
                    action.setIcon(icons.icon(name))

    def choose(self, name: str) -> None:
        """Take a tool, by its icon's name."""
        self.actions_by_name[name].trigger()

    def allow(self, may_draw: bool) -> None:
        """Offer tools that draw, or say why not: as OMERO has it, who may annotate an image may draw on it."""
        self._is_allowed = may_draw
        if not may_draw:
            self.choose("roi-select")
            self.told.emit(NOT_ALLOWED)
        self._enable()

    def _choose(self, name: str, kind: str) -> None:
        self.actions_by_name[name].setChecked(True)
        tool: Tool = SelectTool(self._layer)
        if kind:
            tool = DrawTool(self._layer, kind, lambda: self.style_of_new, arrow=name == "roi-arrow")
        self._layer.use(tool)
        self.told.emit(self.actions_by_name[name].toolTip() if kind else "")

    def _copy(self) -> None:
        self._regions.copy(self._rois.copies(self._rois.selection))

    def _paste(self) -> None:
        z, t = self._layer.plane
        self._rois.draw(*(replace(shape, z=z, t=t) for shape in self._regions.copied), name="Paste")

    def _ask(self, what: str) -> None:
        number = getattr(self._shown_style(), what)
        dialog = QColorDialog(QColor(*rgba(number or 0)), self)
        dialog.setOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
        dialog.colorSelected.connect(
            lambda color: self._restyle(**{what: as_number((color.red(), color.green(), color.blue(), color.alpha()))})
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _restyle(self, **changes: Any) -> None:
        """New shapes look so, and those that are selected from now on."""
        self.style_of_new = replace(self.style_of_new, **changes)
        shapes = self._rois.shapes.of(self._rois.selection)
        letters = changes.keys() & {"font_size"}
        given = {key: shape for key, shape in shapes.items() if not letters or shape.kind == ShapeKind.LABEL}
        self._rois.change({key: _with(shape, changes) for key, shape in given.items()}, "Change look")
        self._layer.repaint_wanted.emit()
        self._show_style()

    def _shown_style(self) -> Style:
        """That of the shape that was selected last, else of new ones."""
        shapes = list(self._rois.shapes.of(self._rois.selection[-1:]).values())
        return Style.of(shapes[-1], self.style_of_new) if shapes else self.style_of_new

    def _show_style(self) -> None:
        style = self._shown_style()
        for name, number in (("stroke", style.stroke), ("fill", style.fill)):
            self.actions_by_name[name].setIcon(_swatch(QColor(*rgba(number or 0)), hollow=name == "stroke"))
        with QSignalBlocker(self._width), QSignalBlocker(self._letters):
            self._width.setValue(style.stroke_width)
            self._letters.setValue(round(style.font_size))

    def _enable(self) -> None:
        rois, actions = self._rois, self.actions_by_name
        actions["roi-undo"].setEnabled(bool(rois.shapes.history.undoable))
        actions["roi-redo"].setEnabled(bool(rois.shapes.history.redoable))
        actions["roi-delete"].setEnabled(any(map(rois.can_delete, rois.selection)))
        actions["copy"].setEnabled(bool(rois.selection))
        actions["paste"].setEnabled(bool(self._regions.copied) and self._is_allowed)
        for name, _, _, kind, _ in TOOLS:
            actions[name].setEnabled(self._is_allowed or not kind)
        self._show_style()


def _with(shape: Shape, changes: Mapping[str, Any]) -> Shape:
    return replace(shape, **changes)


def _swatch(color: QColor, hollow: bool) -> QIcon:
    pixmap = QPixmap(_ICON, _ICON)
    pixmap.fill("transparent")
    painter = QPainter(pixmap)
    painter.fillRect(1, 1, _ICON - 2, _ICON - 2, color)
    if hollow:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(4, 4, _ICON - 8, _ICON - 8, QColor(0, 0, 0))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(0, 0, _ICON - 1, _ICON - 1)
    painter.end()
    return QIcon(pixmap)
