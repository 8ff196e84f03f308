"""Settings of what is drawn over an image: the scale bar, a grid and the overview."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QMenu, QToolButton, QWidget

from omero_desk.entities.sentences import mark
from omero_desk.models.labels import shortened
from omero_desk.models.translation import say, translate
from omero_desk.views.channels.channel_menu import swatch
from omero_desk.views.theme.tokens import ChannelColour, Space
from omero_desk.views.viewer.grid_overlay import GridOverlay
from omero_desk.views.viewer.overview import Overview
from omero_desk.views.viewer.scale_bar import BarPlace, BarSize, ScaleBar
from omero_desk.views.widgets.value_box import ValueBox
from omero_desk.views.widgets.words import Words

_COLOURS: Final = {
    mark("Viewer", "White"): QColor(ChannelColour.WHITE),
    mark("Viewer", "Black"): QColor(0, 0, 0),
    mark("Viewer", "Yellow"): QColor(ChannelColour.YELLOW),
    mark("Viewer", "Cyan"): QColor(ChannelColour.CYAN),
    mark("Viewer", "Magenta"): QColor(ChannelColour.MAGENTA),
}
_SIZES: Final = {
    BarSize.SMALL: mark("Viewer", "Small"),
    BarSize.MEDIUM: mark("Viewer", "Medium"),
    BarSize.LARGE: mark("Viewer", "Large"),
}
_LENGTH: Final = 56
_FIRST: Final = 10.0
"""The length that a bar of a given length has at first."""


class OverlaysSection(QWidget):
    """Changes layers of one canvas, and calls `redraw` after that."""

    def __init__(
        self,
        bar: ScaleBar,
        grid: GridOverlay,
        overview: Overview,
        switches: tuple[QAction, QAction],
        redraw: Callable[[], object],
    ) -> None:
        super().__init__()
        self._bar, self._grid, self._overview, self._redraw = bar, grid, overview, redraw
        self.shown, self.gridded = (_box(action) for action in switches)
        self.all = QCheckBox(translate("Viewer", "Overview of the whole image"))
        self.all.setToolTip(translate("Viewer", "Shown in a corner while only a part of the image is in view"))
        self.all.setChecked(True)
        self.fixed = QComboBox()
        self.fixed.addItems([translate("Viewer", "Automatic"), translate("Viewer", "Fixed")])
        self.length = ValueBox()
        self.length.setValue(_FIRST)
        self.length.setKeyboardTracking(False)
        self.length.setMinimumWidth(_LENGTH)
        self.length.setMaximumWidth(2 * _LENGTH)
        self.length.setAccessibleName(translate("Viewer", "Length of the scale bar"))
        self.length.setEnabled(False)
        self._unit = Words()
        self.colour = QToolButton(autoRaise=True)
        self.size_box, self.place_box = QComboBox(), QComboBox()
        self._fill()
        self._lay_out()
        self.fixed.currentIndexChanged.connect(self._take_length)
        self.length.valueChanged.connect(self._take_length)
        self.size_box.currentIndexChanged.connect(self._take_look)
        self.place_box.currentIndexChanged.connect(self._take_look)
        self.all.toggled.connect(self._show_overview)

    def show_unit(self) -> None:
        """Take over the unit of the image's pixel size; without one there is no bar to set."""
        pixel = self._bar.pixel
        self._unit.setText("" if pixel is None else shortened(pixel.unit))
        why_not = "" if pixel is not None else translate("Viewer", "The size of the image's pixels is not known")
        for widget in (self.fixed, self.length, self.colour, self.size_box, self.place_box):
            widget.setEnabled(not why_not)
        self.length.setEnabled(not why_not and self.fixed.currentIndex() == 1)

    def _fill(self) -> None:
        menu = QMenu(translate("Viewer", "Colour of the scale bar"), self)
        for name, colour in _COLOURS.items():
            action = menu.addAction(swatch(colour), say(name))
            action.triggered.connect(partial(self.choose_colour, colour))
        self.colour.setMenu(menu)
        self.colour.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.colour.setIcon(swatch(self._bar.color))
        self.colour.setToolTip(menu.title())
        self.colour.setAccessibleName(menu.title())
        for size, words in _SIZES.items():
            self.size_box.addItem(say(words), size.name)
        self.size_box.setCurrentIndex(list(_SIZES).index(self._bar.size))
        for place in BarPlace:
            self.place_box.addItem(say(place.value), place.name)

    def _lay_out(self) -> None:
        length = QHBoxLayout()
        length.addWidget(self.fixed, 1)
        length.addWidget(self.length, 1)
        length.addWidget(self._unit)
        form = QFormLayout(self)
        form.setContentsMargins(Space.LARGE, Space.TINY, Space.MEDIUM, Space.SMALL)
        form.addRow(self.shown)
        for words, field, named in (
            (translate("Viewer", "Length"), length, self.fixed),
            (translate("Viewer", "Colour"), self.colour, self.colour),
            (translate("Viewer", "Size"), self.size_box, self.size_box),
            (translate("Viewer", "Place"), self.place_box, self.place_box),
        ):
            label = Words(words)
            label.setBuddy(named)
            label.setMinimumHeight(named.sizeHint().height())
            if named is not self.colour:
                named.setAccessibleName(translate("Viewer", "{what} of the scale bar").format(what=words))
            form.addRow(label, field)
        form.addRow(self.gridded)
        form.addRow(self.all)

    def choose_colour(self, colour: QColor, _checked: bool = False) -> None:
        """Draw the bar in a colour."""
        self._bar.color = colour
        self.colour.setIcon(swatch(colour))
        self._redraw()

    def _take_length(self) -> None:
        fixed = self.fixed.currentIndex() == 1
        self.length.setEnabled(fixed)
        self._bar.length = self.length.value() if fixed else None
        self._redraw()

    def _take_look(self) -> None:
        self._bar.size = BarSize[self.size_box.currentData()]
        self._bar.place = BarPlace[self.place_box.currentData()]
        self._redraw()

    def _show_overview(self, on: bool) -> None:
        self._overview.visible = on
        self._redraw()


def _box(action: QAction) -> QCheckBox:
    """Return a box that switches an action, and is switched by it."""
    box = QCheckBox(action.text())
    box.setToolTip(action.toolTip())
    box.setChecked(action.isChecked())
    box.toggled.connect(action.setChecked)
    action.toggled.connect(box.setChecked)
    return box
