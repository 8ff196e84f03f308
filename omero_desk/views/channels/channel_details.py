"""The settings of one channel: its contrast limits over a histogram and in numbers, and the curve between them."""

from __future__ import annotations

from typing import Final, Unpack

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.images import ChannelChange, ChannelSettings, Family
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.channels.cut_words import CutWords
from omero_desk.views.channels.histogram_view import HistogramView
from omero_desk.views.channels.level_box import LevelBox
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.words import Words

_GAMMA: Final = (0.1, 4.0)
_LEVEL: Final = 56
_CURVE: Final = 46
"""The least widths of the boxes of a level and of the curve, in pixels."""


class ChannelDetails(QWidget):
    """Changes one channel of an `ImageModel`; `show_channel` updates it."""

    def __init__(self, model: ImageModel, number: int, name: str) -> None:
        super().__init__()
        self._model, self._number = model, number
        info = model.info
        self._whole_numbers = info is None or info.pixel_type.is_integer
        self.histogram = HistogramView(name)
        self.start = self._spin(translate("Rendering", "Black level of {channel}").format(channel=name))
        self.end = self._spin(translate("Rendering", "White level of {channel}").format(channel=name))
        self.start.setToolTip(translate("Rendering", "Pixel value shown as black"))
        self.end.setToolTip(translate("Rendering", "Pixel value shown as white, or as the channel's full colour"))
        self._curve = CutWords(role="faint", least=24)
        self.gamma = QDoubleSpinBox()
        self.gamma.setRange(*_GAMMA)
        self.gamma.setSingleStep(0.05)
        self.gamma.setKeyboardTracking(False)
        self.gamma.setMinimumWidth(_CURVE)
        self.gamma.setAccessibleName(translate("Rendering", "Gamma of {channel}").format(channel=name))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as the histogram, whose black end is at the left
        self._lay_out()
        self._connect()

    def show_channel(self, channel: ChannelSettings, limits: tuple[float, float], color: QColor) -> None:
        """Show a channel's settings; its contrast limits can be moved within `limits`."""
        for box in (self.start, self.end):
            box.span = limits[1] - limits[0]
        blockers = [QSignalBlocker(one) for one in (self.start, self.end, self.gamma)]
        self.start.setValue(channel.start)
        self.end.setValue(channel.end)
        has_coefficient = channel.family in (Family.POLYNOMIAL, Family.EXPONENTIAL)
        self.gamma.setValue(channel.coefficient if has_coefficient else 1.0)
        del blockers
        self._show_family(channel.family)
        self.histogram.show_window(limits, (channel.start, channel.end), color, self._whole_numbers)

    def _show_family(self, family: Family) -> None:
        """Name the number of the curve; a logarithm has none."""
        words, tip = (
            translate("Rendering", "Gamma"),
            translate("Rendering", "Gamma: values below 1 brighten dark parts"),
        )
        if family is Family.EXPONENTIAL:
            words, tip = translate("Rendering", "Exponent"), translate("Rendering", "Exponent of the exponential curve")
        elif family is Family.LOGARITHMIC:
            words, tip = translate("Rendering", "Logarithm"), translate("Rendering", "A logarithmic curve has no gamma")
        self._curve.say(words)
        self.gamma.setToolTip(tip)
        self.gamma.setEnabled(family is not Family.LOGARITHMIC)

    def _spin(self, name: str) -> LevelBox:
        spin = LevelBox(self._whole_numbers)
        spin.setAccessibleName(name)
        spin.setMinimumWidth(_LEVEL)
        spin.setMaximumWidth(2 * _LEVEL)
        return spin

    def _lay_out(self) -> None:
        between = Words(translate("Rendering", "to"))
        between.setProperty("role", "faint")
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self.start, 2)
        foot.addWidget(between)
        foot.addWidget(self.end, 2)
        foot.addStretch(1)
        foot.addWidget(self._curve)
        foot.addWidget(self.gamma)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.TINY)
        column.addWidget(self.histogram)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.histogram.window_moved.connect(lambda start, end: self._change(start=start, end=end))
        self.histogram.auto_wanted.connect(lambda: self._model.stretch(self._number))
        self.start.valueChanged.connect(self._set_start)
        self.end.valueChanged.connect(self._set_end)
        self.gamma.valueChanged.connect(self._set_gamma)

    def _change(self, **changes: Unpack[ChannelChange]) -> None:
        self._model.set_channel(self._number, **changes)

    def _set_start(self, value: float) -> None:
        end = self._model.settings.channels[self._number].end
        self._change(start=value, end=max(value, end))

    def _set_end(self, value: float) -> None:
        start = self._model.settings.channels[self._number].start
        self._change(start=min(value, start), end=value)

    def _set_gamma(self, value: float) -> None:
        """Set the number of the curve: OMERO's polynomial family raises the brightness to the power of its coefficient.

        Its exponential family, once chosen, has that coefficient too (package omeis.providers.re.quantum).
        """
        if self._model.settings.channels[self._number].family is Family.EXPONENTIAL:
            self._change(coefficient=value)
        elif value == 1.0:
            self._change(family=Family.LINEAR, coefficient=1.0)
        else:
            self._change(family=Family.POLYNOMIAL, coefficient=value)
