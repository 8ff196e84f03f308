"""The channels of an image: on and off, colours, and what else is set of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from omero_desk.gateway.image_entities import Model
from omero_desk.models.image import ImageModel
from omero_desk.views.channel_details import ChannelDetails
from omero_desk.views.channel_menu import ChannelMenu, lut_icon, swatch

MANY: Final = 8
"""Of more channels than these only the first shows its details at once."""
_QUIET_MS: Final = 80
"""Histograms follow when the pixels in view have not changed for so long."""
_SWATCH: Final = 16


class ChannelPanel(QWidget):
    """Follows an `ImageModel`: a row for each of its channels, and switches for all of them."""

    held = Signal(bool)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.rows: list[ChannelRow] = []
        self.all_on = _button("All on", "Show all channels", lambda: model.show_channels(lambda _: True))
        self.all_off = _button("All off", "Show no channel", lambda: model.show_channels(lambda _: False))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(10)
        self._lay_out()
        self._later = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._later.timeout.connect(self._show_histograms)
        model.opened.connect(self._make_rows)
        model.settings_changed.connect(self._show_settings)
        for changed in (model.arrived, model.plane_changed, model.settings_changed):
            changed.connect(self._later.start)

    def _lay_out(self) -> None:
        self._switches = QWidget()
        head = QHBoxLayout(self._switches)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.all_on)
        head.addWidget(self.all_off)
        head.addStretch(1)
        self._switches.hide()
        self._column.addWidget(self._switches)
        self._column.addStretch(1)

    def _make_rows(self) -> None:
        info = self._model.info
        assert info is not None
        self._switches.setVisible(info.size_c > 1)
        for number in range(info.size_c):
            row = ChannelRow(self._model, number, info.channel_name(number))
            row.held.connect(self.held)
            row.opened.connect(self._later.start)
            row.open_details(info.size_c <= MANY or number == 0)
            self._column.insertWidget(number + 1, row)
            self.rows.append(row)
        self._show_settings()

    def _show_settings(self) -> None:
        for row in self.rows:
            row.show_settings()

    def _show_histograms(self) -> None:
        for row in self.rows:
            row.show_histogram()


class ChannelRow(QFrame):
    """One channel: its switch and colour, and below them its details, which are made when they are first shown."""

    held = Signal(bool)
    opened = Signal()

    def __init__(self, model: ImageModel, number: int, name: str) -> None:
        super().__init__()
        self._model, self._number, self.name = model, number, name
        self.details: ChannelDetails | None = None
        self._shown: tuple[object, ...] = ()
        self.active = QCheckBox(name)
        self.active.setToolTip(f"Show {name}")
        self.more = QToolButton(autoRaise=True)
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setAccessibleName(f"Details of {name}")
        self.more.setToolTip("Window, curve and histogram")
        self.color_button = QToolButton(autoRaise=True)
        self.color_button.setAccessibleName(f"Colour of {name}")
        self.color_button.setToolTip(f"Colour of {name}, and direction")
        self.color_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.color_button.setIconSize(QSize(_SWATCH, _SWATCH))
        self.color_button.setMenu(ChannelMenu(model, number, name, self))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(self.more)
        head.addWidget(self.active, 1)
        head.addWidget(self.color_button)
        self._column.addLayout(head)
        self.active.toggled.connect(lambda on: self._model.set_channel(number, active=on))
        self.more.toggled.connect(self.open_details)

    def open_details(self, wanted: bool) -> None:
        """Show window, curve and histogram, or hide them."""
        with QSignalBlocker(self.more):
            self.more.setChecked(wanted)
        self.more.setArrowType(Qt.ArrowType.DownArrow if wanted else Qt.ArrowType.RightArrow)
        if wanted and self.details is None:
            self.details = ChannelDetails(self._model, self._number, self.name)
            self.details.histogram.held.connect(self.held)
            self._column.addWidget(self.details)
            self._shown = ()
            self.show_settings()
        if self.details is not None:
            self.details.setVisible(wanted)
        self.opened.emit()

    def show_settings(self) -> None:
        """Show how the channel is rendered now, if that is not what is shown."""
        channel, limits = self._model.settings.channels[self._number], self._model.window_limits(self._number)
        grey = self._model.settings.model is Model.GREYSCALE
        shown = channel, limits, grey, len(self._model.luts)
        if shown == self._shown:
            return
        self._shown = shown
        with QSignalBlocker(self.active):
            self.active.setChecked(channel.active)
        color = QColor(Qt.GlobalColor.gray) if grey else QColor(*channel.color[:3])
        lut = None if grey else self._model.luts.get(channel.lut)
        self.color_button.setIcon(swatch(color) if lut is None else lut_icon(lut.tobytes()))
        if self.details is not None:
            self.details.show_channel(channel, limits, color)

    def show_histogram(self) -> None:
        """Show which values are in view."""
        if self.details is not None and self.details.isVisible():
            self.show_settings()
            self.details.histogram.show_histogram(self._model.histogram(self._number))


def _button(text: str, tip: str, act: Callable[[], object]) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setText(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda _checked=False: act())
    return button
