"""The menu of one channel: its colour or lookup table, its intensity direction, and its contrast."""

from __future__ import annotations

from functools import partial
from typing import Final, Unpack

from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QAction, QActionGroup, QBrush, QColor, QIcon, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from omero_desk.entities.images import ChannelChange, Family
from omero_desk.entities.sentences import mark
from omero_desk.models.labels import shortened
from omero_desk.models.translation import say, translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import ChannelColour
from omero_desk.views.widgets.names import add_named

_COLORS: Final = {
    mark("Rendering", "Red"): ChannelColour.RED,
    mark("Rendering", "Green"): ChannelColour.GREEN,
    mark("Rendering", "Blue"): ChannelColour.BLUE,
    mark("Rendering", "White"): ChannelColour.WHITE,
    mark("Rendering", "Cyan"): ChannelColour.CYAN,
    mark("Rendering", "Magenta"): ChannelColour.MAGENTA,
    mark("Rendering", "Yellow"): ChannelColour.YELLOW,
    mark("Rendering", "Orange"): ChannelColour.ORANGE,
}
_CURVES: Final = {
    Family.LINEAR: mark("Rendering", "Linear"),
    Family.POLYNOMIAL: mark("Rendering", "Gamma (polynomial)"),
    Family.EXPONENTIAL: mark("Rendering", "Exponential"),
    Family.LOGARITHMIC: mark("Rendering", "Logarithmic"),
}
_FIRST: Final = {Family.POLYNOMIAL: 0.5}
"""The coefficient with which a curve begins; 1 else, as OMERO has it."""
_SIZE: Final = 18
_CORNER: Final = 4
_FINE: Final = 3
"""Pixels that an icon has for each of the screen's usual ones, so that it is sharp on the finest."""
_ENTRIES: Final = 256


class ChannelMenu(QMenu):
    """The commands for one channel; its lookup tables are listed when the menu is opened."""

    def __init__(self, model: ImageModel, number: int, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._number = model, number
        self._title = translate("Rendering", "Colour of {channel}").format(channel=shortened(name))
        for color, code in _COLORS.items():
            action = self.addAction(swatch(QColor(code)), say(color))
            action.triggered.connect(partial(self._choose, QColor(code)))
        self.addAction(translate("Rendering", "Other colour…"), self._ask_color)
        self.luts = self.addMenu(translate("Rendering", "Lookup table"))
        self.addSeparator()
        self.reverse = self.addAction(translate("Rendering", "Reverse intensity"))
        self.reverse.setCheckable(True)
        self.reverse.toggled.connect(lambda on: self._change(reverse=on))
        self.curves = self._add_curves()
        self.addSeparator()
        self.addAction(translate("Rendering", "Auto contrast"), lambda: model.stretch(number))
        self.addAction(translate("Rendering", "Least to greatest value"), lambda: model.show_all(number))
        self.addSeparator()
        show_only = translate("Rendering", "Show only this channel")
        self.addAction(show_only, lambda: model.show_channels(lambda one: one == number))
        self.addAction(translate("Rendering", "Show all channels"), lambda: model.show_channels(lambda _: True))
        self.aboutToShow.connect(self._show_channel)
        self.luts.aboutToShow.connect(self._list_luts)

    def _add_curves(self) -> dict[Family, QAction]:
        """Add a menu of the curves from pixel values to brightness."""
        menu = self.addMenu(translate("Rendering", "Curve"))
        group = QActionGroup(menu)
        curves: dict[Family, QAction] = {}
        for family, words in _CURVES.items():
            action = curves[family] = menu.addAction(say(words))
            action.setCheckable(True)
            action.triggered.connect(partial(self._bend, family))
            group.addAction(action)
        return curves

    def _bend(self, family: Family, _checked: bool = False) -> None:
        """Choose a curve; the number of that before it says nothing about it, so that it begins with its own."""
        if family is not self._model.settings.channels[self._number].family:
            self._change(family=family, coefficient=_FIRST.get(family, 1.0))

    def _show_channel(self) -> None:
        channel = self._model.settings.channels[self._number]
        with QSignalBlocker(self.reverse):
            self.reverse.setChecked(channel.reverse)
        self.curves[channel.family].setChecked(True)
        self.luts.setEnabled(bool(self._model.luts))

    def _list_luts(self) -> None:
        self.luts.clear()
        used = self._model.settings.channels[self._number].lut
        for name, table in sorted(self._model.luts.items()):
            action = add_named(self.luts, name.removesuffix(".lut").replace("_", " "), lut_icon(table.tobytes()))
            action.setCheckable(True)
            action.setChecked(name == used)
            action.triggered.connect(partial(self._choose_lut, name))

    def _change(self, **changes: Unpack[ChannelChange]) -> None:
        self._model.set_channel(self._number, **changes)

    def _choose(self, color: QColor, _checked: bool = False) -> None:
        self._change(color=(color.red(), color.green(), color.blue(), 255), lut="")

    def _choose_lut(self, name: str, _checked: bool = False) -> None:
        self._change(lut=name)

    def _ask_color(self) -> None:
        dialog = QColorDialog(QColor(*self._model.settings.channels[self._number].color[:3]), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self._title)
        dialog.colorSelected.connect(self._choose)
        dialog.open()


def swatch(color: QColor) -> QIcon:
    """Return an icon that is a square of one colour, with an edge that can be seen on any ground."""
    return _framed(QBrush(color))


def lut_icon(table: bytes) -> QIcon:
    """Return an icon of a lookup table's colours from left to right; `table` has 256 x 3 bytes, red, green and blue."""
    image = QImage(table, _ENTRIES, 1, _ENTRIES * 3, QImage.Format.Format_RGB888)
    return _framed(QBrush(image.scaled(_SIZE * _FINE, _SIZE * _FINE)))


def _framed(brush: QBrush) -> QIcon:
    pixmap = QPixmap(_SIZE * _FINE, _SIZE * _FINE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(current().border), _FINE))
    painter.setBrush(brush)
    half = _FINE / 2
    area = QRectF(half, half, pixmap.width() - _FINE, pixmap.height() - _FINE)
    painter.drawRoundedRect(area, _CORNER * _FINE, _CORNER * _FINE)
    painter.end()
    return QIcon(pixmap)
