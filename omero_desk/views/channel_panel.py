"""The channels of an image: on and off, colours, and the window, curve and direction of each."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.image_entities import ChannelSettings, Family, Model
from omero_desk.models.image import ImageModel
from omero_desk.views.histogram_view import HistogramView

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
_WIDEST: Final = 4.3e9
_GAMMA: Final = (0.1, 4.0)


class ChannelPanel(QWidget):
    """Follows an `ImageModel`: a row for each of its channels."""

    held = Signal(bool)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.rows: list[ChannelRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        model.opened.connect(self._make_rows)
        model.settings_changed.connect(self._show_settings)
        model.arrived.connect(self._show_histograms)
        model.plane_changed.connect(self._show_histograms)

    def _make_rows(self) -> None:
        info = self._model.info
        assert info is not None
        for number in range(info.size_c):
            name = info.channels[number].name if number < len(info.channels) else ""
            row = ChannelRow(self._model, number, name or f"Channel {number + 1}")
            row.held.connect(self.held)
            self._column.insertWidget(number, row)
            self.rows.append(row)
        self._show_settings()

    def _show_settings(self) -> None:
        for row in self.rows:
            row.show_settings()

    def _show_histograms(self) -> None:
        for row in self.rows:
            row.show_histogram()


class ChannelRow(QFrame):
    """One channel."""

    held = Signal(bool)

    def __init__(self, model: ImageModel, number: int, name: str) -> None:
        super().__init__()
        self._model, self._number, self._name = model, number, name
        info = model.info
        assert info is not None
        self._whole_numbers = info.pixel_type.is_integer
        self.active = QCheckBox(name)
        self.active.setToolTip(f"Show {name}")
        self.color_button = QToolButton(autoRaise=True)
        self.color_button.setAccessibleName(f"Colour of {name}")
        self.color_button.setToolTip(f"Colour of {name}, and direction")
        self.color_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.histogram = HistogramView(name)
        self.start = self._spin("Black", f"Value of {name} that is drawn black")
        self.end = self._spin("White", f"Value of {name} that is drawn white")
        self.gamma = QDoubleSpinBox()
        self.gamma.setRange(*_GAMMA)
        self.gamma.setSingleStep(0.05)
        self.gamma.setPrefix("γ ")  # noqa: RUF001 - a gamma
        self.gamma.setAccessibleName(f"Gamma of {name}")
        self.gamma.setToolTip("Gamma: below 1 the dark parts become brighter")
        self._lay_out()
        self._make_menu()
        self._connect()

    def _spin(self, name: str, tip: str) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        spin.setRange(-_WIDEST, _WIDEST)
        spin.setDecimals(0 if self._whole_numbers else 4)
        spin.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        spin.setKeyboardTracking(False)
        spin.setAccessibleName(f"{name} of {self._name}")
        spin.setToolTip(tip)
        spin.setMinimumWidth(64)
        return spin

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.active, 1)
        head.addWidget(self.color_button)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.start, 3)
        foot.addWidget(QLabel("–"))  # noqa: RUF001 - a dash
        foot.addWidget(self.end, 3)
        foot.addWidget(self.gamma, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.histogram)
        column.addLayout(foot)

    def _make_menu(self) -> None:
        menu = QMenu(self)
        for name, code in _COLORS.items():
            action = menu.addAction(_swatch(QColor(code)), name)
            action.triggered.connect(lambda _=False, code=code: self._choose(QColor(code)))
        menu.addAction("Other…", self._ask_color)
        menu.addSeparator()
        self._reverse = menu.addAction("Reverse")
        self._reverse.setCheckable(True)
        self._reverse.toggled.connect(lambda on: self._change(reverse=on))
        menu.addAction("Auto contrast", lambda: self._model.stretch(self._number))
        self.color_button.setMenu(menu)

    def _connect(self) -> None:
        self.active.toggled.connect(lambda on: self._change(active=on))
        self.histogram.window_moved.connect(lambda start, end: self._change(start=start, end=end))
        self.histogram.held.connect(self.held)
        self.start.valueChanged.connect(self._set_start)
        self.end.valueChanged.connect(self._set_end)
        self.gamma.valueChanged.connect(self._set_gamma)

    def show_settings(self) -> None:
        """Show how the channel is rendered now."""
        channel = self._model.settings.channels[self._number]
        shown = self._color(channel)
        blockers = [QSignalBlocker(one) for one in (self.active, self.start, self.end, self.gamma, self._reverse)]
        self.active.setChecked(channel.active)
        self.start.setValue(channel.start)
        self.end.setValue(channel.end)
        self.gamma.setValue(channel.coefficient if channel.family is Family.POLYNOMIAL else 1.0)
        self._reverse.setChecked(channel.reverse)
        del blockers
        self.color_button.setIcon(_swatch(shown))
        limits = self._model.window_limits(self._number)
        self.histogram.show_window(limits, (channel.start, channel.end), shown, self._whole_numbers)

    def show_histogram(self) -> None:
        """Show which values are in view."""
        self.histogram.show_histogram(self._model.histogram(self._number))

    def _color(self, channel: ChannelSettings) -> QColor:
        grey = self._model.settings.model is Model.GREYSCALE
        return QColor(Qt.GlobalColor.gray) if grey else QColor(*channel.color[:3])

    def _change(self, **changes: object) -> None:
        self._model.set_channel(self._number, **changes)

    def _set_start(self, value: float) -> None:
        end = self._model.settings.channels[self._number].end
        self._change(start=value, end=max(value, end))

    def _set_end(self, value: float) -> None:
        start = self._model.settings.channels[self._number].start
        self._change(start=min(value, start), end=value)

    def _set_gamma(self, value: float) -> None:
        """OMERO's polynomial family raises brightness to the power k, which is what gamma means."""
        if value == 1.0:
            self._change(family=Family.LINEAR, coefficient=1.0)
        else:
            self._change(family=Family.POLYNOMIAL, coefficient=value)

    def _choose(self, color: QColor) -> None:
        self._change(color=(color.red(), color.green(), color.blue(), 255), lut="")

    def _ask_color(self) -> None:
        dialog = QColorDialog(self._color(self._model.settings.channels[self._number]), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Colour of {self._name}")
        dialog.colorSelected.connect(self._choose)
        dialog.open()


def _swatch(color: QColor) -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(color)
    return QIcon(pixmap)
