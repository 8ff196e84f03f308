"""The buttons of ROI tools, of undo, copy and paste, and of the style of shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QDoubleSpinBox, QSpinBox, QToolBar, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.rois import as_number, rgba
from omero_desk.entities.sentences import mark
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.translation import say, translate
from omero_desk.views.parts.actions import action_of
from omero_desk.views.parts.command import Command
from omero_desk.views.rois.commands import ACTS, COPY, PASTE, SELECT, TOOLS
from omero_desk.views.rois.draw_tool import DrawTool, Style
from omero_desk.views.rois.keys import RoiKeys
from omero_desk.views.rois.layer import RoiLayer
from omero_desk.views.rois.select_tool import SelectTool
from omero_desk.views.rois.tool import LETTERS, Tool
from omero_desk.views.theme.tokens import Icon

NOT_ALLOWED: Final = mark("ROIs", "You may view this image, but not draw on it.")
_ICON: Final = 16
_BOX: Final = 34
"""Width of a box for a number of three digits, in pixels."""


class RoiBar(QWidget):
    """Two rows of buttons: the tools; then undo, copy and the like, and the style.

    `told` (text): the hint for the chosen tool, empty for none.
    """

    told = Signal(str)

    def __init__(self, layer: RoiLayer, regions: RegionsModel, keys: RoiKeys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer, self._rois, self._regions, self._keys = layer, layer.rois, regions, keys
        self.style_of_new = Style()
        self.actions_by_name: dict[str, QAction] = {}
        self._tools, self._acts = QToolBar(), QToolBar()
        self._width = QDoubleSpinBox(minimum=0.5, maximum=50, singleStep=0.5, decimals=1, value=1)
        self._letters = QSpinBox(minimum=4, maximum=200, value=LETTERS)
        self._is_allowed = True
        self._tools.setWindowTitle(translate("ROIs", "Drawing tools"))
        self._acts.setWindowTitle(translate("ROIs", "Edit shapes and their style"))
        for box in (self._width, self._letters):
            box.setFixedWidth(_BOX)
        self._make_tools()
        self._make_acts()
        self._acts.addSeparator()
        self._make_looks()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar, size in ((self._tools, Icon.TOOL), (self._acts, Icon.ROW)):
            bar.setIconSize(QSize(size, size))
            column.addWidget(bar)
        for bar in (self._tools, self._acts):
            for action in bar.actions():
                button = bar.widgetForAction(action)
                if isinstance(button, QToolButton):
                    button.setProperty("size", "small")
            bar.setProperty("size", "small")
        for changed in (self._rois.selected, self._rois.state_changed, self._rois.changed, regions.copied_changed):
            changed.connect(self._enable)
        self._enable()

    def _make_tools(self) -> None:
        group = QActionGroup(self)
        for command, kind in TOOLS:
            group.addAction(self._add(self._tools, command, partial(self._choose, command.id, kind)))
        self.actions_by_name[SELECT.id].setChecked(True)

    def _make_acts(self) -> None:
        rois = self._rois
        acts = rois.undo, rois.redo, lambda: rois.delete(rois.selection), self._copy, self._paste
        for command, act in zip(ACTS, acts, strict=True):
            self._add(self._acts, command, act)

    def _make_looks(self) -> None:
        bar = self._acts
        self._add_colour("stroke", translate("ROIs", "Line colour…"), translate("ROIs", "Colour of the outline"))
        self._add_colour("fill", translate("ROIs", "Fill colour…"), translate("ROIs", "Colour inside the outline"))
        self._width.setAccessibleName(translate("ROIs", "Line width"))
        self._width.setToolTip(translate("ROIs", "Line width in pixels"))
        self._width.valueChanged.connect(lambda width: self._restyle(stroke_width=width))
        bar.addWidget(self._width)
        self._letters.setAccessibleName(translate("ROIs", "Font size"))
        self._letters.setToolTip(translate("ROIs", "Font size of labels in points"))
        self._letters.valueChanged.connect(lambda size: self._restyle(font_size=float(size)))
        bar.addWidget(self._letters)

    def _add(self, bar: QToolBar, command: Command, act: Callable[[], object]) -> QAction:
        action = action_of(command, lambda _checked=False: act(), self, keys=False)
        action.setToolTip(f"{command.name}: {command.tooltip}")
        for key in command.shortcuts:
            self._keys.add(key, action)
        bar.addAction(action)
        self.actions_by_name[command.id] = action
        return action

    def _add_colour(self, name: str, text: str, tip: str) -> None:
        action = QAction(text, self)
        action.setToolTip(f"{text.rstrip('…')}: {tip}")
        action.triggered.connect(lambda _checked=False: self._ask(name))
        self._acts.addAction(action)
        self.actions_by_name[name] = action

    def choose(self, name: str) -> None:
        """Choose a tool by the name of its icon."""
        self.actions_by_name[name].trigger()

    def allow(self, may_draw: bool) -> None:
        """Offer the tools that draw, or tell why not: in OMERO whoever may annotate an image may draw on it."""
        self._is_allowed = may_draw
        if not may_draw:
            self.choose("roi-select")
            self.told.emit(say(NOT_ALLOWED))
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
        self._rois.draw(*(replace(shape, z=z, t=t) for shape in self._regions.copied), name=translate("ROIs", "Paste"))

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
        """Change the style of new shapes and of the selected ones."""
        self.style_of_new = replace(self.style_of_new, **changes)
        shapes = self._rois.shapes.of(self._rois.selection)
        letters = changes.keys() & {"font_size"}
        given = {key: shape for key, shape in shapes.items() if not letters or shape.form.is_text}
        restyled = {key: replace(shape, **changes) for key, shape in given.items()}
        self._rois.change(restyled, translate("ROIs", "Change style"))
        self._layer.repaint()
        self._show_style()

    def _shown_style(self) -> Style:
        """Return the style of the shape that was selected last, or that of new ones."""
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
        actions[COPY.id].setEnabled(bool(rois.selection))
        actions[PASTE.id].setEnabled(bool(self._regions.copied) and self._is_allowed)
        for command, kind in TOOLS:
            actions[command.id].setEnabled(self._is_allowed or not kind)
        self._show_style()


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
