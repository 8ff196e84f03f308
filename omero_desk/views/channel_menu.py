"""The menu of one channel: its colour or lookup table, its direction, and what else concerns it alone."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QColorDialog, QMenu, QWidget

from omero_desk.models.image import ImageModel

_COLORS: Final = {
    "Red": "#ff0000",
    "Green": "#00ff00",
    "Blue": "#0000ff",
    "White": "#ffffff",
    "Cyan": "#00ffff",
    "Magenta": "#ff00ff",
    "Yellow": "#ffff00",
    "Orange": "#ff8000",
}
_SIZE: Final = 16
_ENTRIES: Final = 256


class ChannelMenu(QMenu):
    """What can be chosen for a channel; its lookup tables are listed when the menu is opened."""

    def __init__(self, model: ImageModel, number: int, name: str, parent: QWidget) -> None:
        super().__init__(f"Colour of {name}", parent)
        self._model, self._number, self._name = model, number, name
        for color, code in _COLORS.items():
            action = self.addAction(swatch(QColor(code)), color)
            action.triggered.connect(partial(self._choose, QColor(code)))
        self.addAction("Other…", self._ask_color)
        self.luts = self.addMenu("Lookup table")
        self.addSeparator()
        self.reverse = self._add_check("Reverse")
        self.reverse.toggled.connect(lambda on: self._change(reverse=on))
        self.addAction("Auto contrast", lambda: model.stretch(number))
        self.addAction("Only this channel", lambda: model.show_channels(lambda one: one == number))
        self.aboutToShow.connect(self._show_channel)
        self.luts.aboutToShow.connect(self._list_luts)

    def _add_check(self, text: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        return action

    def _show_channel(self) -> None:
        with QSignalBlocker(self.reverse):
            self.reverse.setChecked(self._model.settings.channels[self._number].reverse)
        self.luts.setEnabled(bool(self._model.luts))

    def _list_luts(self) -> None:
        self.luts.clear()
        used = self._model.settings.channels[self._number].lut
        for name, table in sorted(self._model.luts.items()):
            action = self.luts.addAction(lut_icon(table.tobytes()), name.removesuffix(".lut").replace("_", " "))
            action.setCheckable(True)
            action.setChecked(name == used)
            action.triggered.connect(partial(self._choose_lut, name))

    def _change(self, **changes: object) -> None:
        self._model.set_channel(self._number, **changes)

    def _choose(self, color: QColor, _checked: bool = False) -> None:
        self._change(color=(color.red(), color.green(), color.blue(), 255), lut="")

    def _choose_lut(self, name: str, _checked: bool = False) -> None:
        self._change(lut=name)

    def _ask_color(self) -> None:
        dialog = QColorDialog(QColor(*self._model.settings.channels[self._number].color[:3]), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Colour of {self._name}")
        dialog.colorSelected.connect(self._choose)
        dialog.open()


def swatch(color: QColor) -> QIcon:
    """A square of one colour."""
    pixmap = QPixmap(_SIZE, _SIZE)
    pixmap.fill(color)
    return QIcon(pixmap)


def lut_icon(table: bytes) -> QIcon:
    """A lookup table's colours from left to right; `table` has red, green and blue of each of the 256 in turn."""
    image = QImage(table, _ENTRIES, 1, _ENTRIES * 3, QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(image.scaled(_SIZE, _SIZE)))
