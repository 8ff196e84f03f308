"""The channels of an image: switches, colours, contrast and histograms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.images import ImageInfo, Model
from omero_desk.models.labels import channel, shortened, unmarked
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.channels.channel_details import ChannelDetails
from omero_desk.views.channels.channel_menu import ChannelMenu, lut_icon, swatch
from omero_desk.views.channels.cut_words import CutWords
from omero_desk.views.channels.rendering_head import RenderingHead
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.icon_label import small_button
from omero_desk.views.widgets.section import line

MANY: Final = 8
"""With more channels than these only the first one's details are open at first, and each row has a button for them."""
_SWITCHED: Final = 4
"""With more channels than these there are buttons that switch all of them."""
_QUIET_MS: Final = 80
"""Histograms are updated once the pixels in view have not changed for so long."""
_SWATCH: Final = 18


class ChannelPanel(QWidget):
    """Follows an `ImageModel`: a row for each of its channels, and switches for all of them.

    `held` is emitted with True when the user takes hold of a contrast limit, with False when it is let go.
    """

    held = Signal(bool)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.rows: list[ChannelRow] = []
        self.head = RenderingHead(model)
        self.all_on = _button(lambda: model.show_channels(lambda _: True))
        self.all_on.setText(translate("Rendering", "All on"))
        self.all_on.setToolTip(translate("Rendering", "Show all channels"))
        self.all_off = _button(lambda: model.show_channels(lambda _: False))
        self.all_off.setText(translate("Rendering", "All off"))
        self.all_off.setToolTip(translate("Rendering", "Hide all channels"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._channels = QVBoxLayout()
        self._lay_out()
        self._later = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._later.timeout.connect(self._show_histograms)
        model.opened.connect(self._make_rows)
        model.settings_changed.connect(self._show_settings)
        for changed in (model.arrived, model.plane_changed, model.settings_changed):
            changed.connect(self._later.start)
        if model.info is not None:
            self._make_rows()

    def add_section(self, section: QWidget) -> None:
        """Show one more section below the channels."""
        self._column.insertWidget(self._column.count() - 1, section)

    def _lay_out(self) -> None:
        self._switches = QWidget()
        switches = QHBoxLayout(self._switches)
        switches.setContentsMargins(Space.SMALL, 0, Space.SMALL, Space.TINY)
        switches.addWidget(self.all_on)
        switches.addWidget(self.all_off)
        switches.addStretch(1)
        self._switches.hide()
        self._column.addWidget(self.head)
        self._column.addWidget(line())
        self._column.addWidget(self._switches)
        self._column.addLayout(self._channels)
        self._column.addStretch(1)

    def _make_rows(self) -> None:
        info = self._model.info
        assert info is not None
        self._switches.setVisible(info.size_c > _SWITCHED)
        for number in range(info.size_c):
            row = ChannelRow(self._model, number, channel(info, number), self.head.choose)
            row.wavelength.setText(_wavelength(info, number))
            row.held.connect(self.held)
            row.opened.connect(self._later.start)
            row.folds(info.size_c > MANY)
            if number == 0:
                row.open_details(True)
            self._channels.addWidget(row)
            self.rows.append(row)
        self._show_settings()

    def _show_settings(self) -> None:
        for row in self.rows:
            row.show_settings()

    def _show_histograms(self) -> None:
        for row in self.rows:
            row.show_histogram()


class ChannelRow(QFrame):
    """One channel: its switch and colour, and below them its details, which are made when they are first shown.

    They are shown while the channel is; where there are many, when the user wants them. `held` is as
    `ChannelPanel.held`; `opened` is emitted when the details are shown or hidden; `choose` switches the channel.
    """

    held = Signal(bool)
    opened = Signal()

    def __init__(self, model: ImageModel, number: int, name: str, choose: Callable[[int, bool], object]) -> None:
        super().__init__()
        self._model, self._number, self.name = model, number, name
        self.details: ChannelDetails | None = None
        self._shown: tuple[object, ...] = ()
        self._folds = False
        self.active = QCheckBox()
        self.active.setAccessibleName(shortened(name))
        self.called = CutWords(name)
        self.called.clicked.connect(self.active.toggle)
        self.active.setToolTip(unmarked(translate("Rendering", "Show {channel}").format(channel=name)))
        self.wavelength = CutWords(role="small", least=0)
        self.color_button = QToolButton(autoRaise=True)
        self.color_button.setAccessibleName(translate("Rendering", "Colour of {channel}").format(channel=name))
        colours = translate("Rendering", "Colour and lookup table of {channel}").format(channel=name)
        self.color_button.setToolTip(unmarked(colours))
        self.color_button.setIconSize(QSize(_SWATCH, _SWATCH))
        self.auto = small_button("auto", translate("Rendering", "Auto contrast"), lambda: model.stretch(number))
        self.auto.setAccessibleName(translate("Rendering", "Auto contrast of {channel}").format(channel=name))
        self.more = small_button("down", translate("Rendering", "Contrast, gamma and histogram"))
        self.more.setCheckable(True)
        self.more.setAccessibleName(translate("Rendering", "Details of {channel}").format(channel=name))
        self.menu_button = small_button("more", translate("Rendering", "Colour, curve and contrast"))
        self.menu_button.setAccessibleName(translate("Rendering", "Settings of {channel}").format(channel=name))
        menu = ChannelMenu(model, number, name, self)
        for button in (self.color_button, self.menu_button):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setProperty("bare", "true")
            button.setProperty("size", "small")
            button.setMenu(menu)
        self._lay_out()
        self._choose = choose
        self.active.toggled.connect(self._switch)
        self.more.toggled.connect(self.open_details)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(Space.MEDIUM, Space.TINY, Space.SMALL, Space.TINY)
        head.setSpacing(Space.TINY)
        for widget in (self.active, self.color_button, self.called, self.wavelength):
            head.addWidget(widget)
        head.addStretch(1)
        for widget in (self.more, self.auto, self.menu_button):
            head.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(head)
        self._column.addWidget(line())

    def _switch(self, on: bool) -> None:
        self._choose(self._number, on)
        self.show_settings()  # the one channel that is shown stays on, also where its box was switched off

    def folds(self, by_hand: bool) -> None:
        """Have the user show and hide the details, instead of the channel's switch."""
        self._folds = by_hand
        self.more.setVisible(by_hand)

    def open_details(self, wanted: bool) -> None:
        """Show contrast, gamma and histogram, or hide them."""
        with QSignalBlocker(self.more):
            self.more.setChecked(wanted)
        if wanted and self.details is None:
            self.details = ChannelDetails(self._model, self._number, self.name)
            self.details.histogram.held.connect(self.held)
            self._column.insertWidget(1, self.details)
            self._shown = ()
            self.show_settings()
        if self.details is not None:
            self.details.setVisible(wanted)
        self.opened.emit()

    def show_settings(self) -> None:
        """Show the channel's current settings, unless they are shown already."""
        channel, limits = self._model.settings.channels[self._number], self._model.window_limits(self._number)
        with QSignalBlocker(self.active):
            self.active.setChecked(channel.active)
        grey = self._model.settings.model is Model.GREYSCALE
        shown = channel, limits, grey, len(self._model.luts)
        if shown == self._shown:
            return
        self._shown = shown
        color = QColor(Qt.GlobalColor.gray) if grey else QColor(*channel.color[:3])
        lut = None if grey else self._model.luts.get(channel.lut)
        self.color_button.setIcon(swatch(color) if lut is None else lut_icon(lut.tobytes()))
        if not self._folds and channel.active is not self.more.isChecked():
            self.open_details(channel.active)
        if self.details is not None:
            self.details.show_channel(channel, limits, color)

    def show_histogram(self) -> None:
        """Show the histogram of the pixels in view."""
        if self.details is not None and self.details.isVisible():
            self.show_settings()
            self.details.histogram.show_histogram(self._model.histogram(self._number))


def _button(act: Callable[[], object]) -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _wavelength(info: ImageInfo, number: int) -> str:
    """Return the wavelength that a channel is known by: of the light that it collects, else of that which excites."""
    acquired = info.channels[number] if number < len(info.channels) else None
    found = None if acquired is None else acquired.emission or acquired.excitation
    if found is None:
        return ""
    length = translate("Rendering", "{length} nm").format(length=f"{found:.4g}")
    return f"\N{LEFT-TO-RIGHT ISOLATE}{length}\N{POP DIRECTIONAL ISOLATE}"
