"""What is set of one channel: its window over a histogram, in numbers, and its gamma."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from omero_desk.gateway.image_entities import ChannelSettings, Family
from omero_desk.models.image import ImageModel
from omero_desk.views.histogram_view import HistogramView

_WIDEST: Final = 4.3e9
_GAMMA: Final = (0.1, 4.0)


class ChannelDetails(QWidget):
    """Changes one channel of an `ImageModel`; shows what it is told to."""

    def __init__(self, model: ImageModel, number: int, name: str) -> None:
        super().__init__()
        self._model, self._number, self._name = model, number, name
        info = model.info
        self._whole_numbers = info is None or info.pixel_type.is_integer
        self.histogram = HistogramView(name)
        self.start = self._spin("Black", f"Value of {name} that is drawn black")
        self.end = self._spin("White", f"Value of {name} that is drawn white")
        self.gamma = QDoubleSpinBox()
        self.gamma.setRange(*_GAMMA)
        self.gamma.setSingleStep(0.05)
        self.gamma.setPrefix("γ ")  # noqa: RUF001 - a gamma
        self.gamma.setKeyboardTracking(False)
        self.gamma.setAccessibleName(f"Gamma of {name}")
        self.gamma.setToolTip("Gamma: below 1 the dark parts become brighter")
        self._lay_out()
        self._connect()

    def show_channel(self, channel: ChannelSettings, limits: tuple[float, float], color: QColor) -> None:
        """Show how the channel is rendered."""
        blockers = [QSignalBlocker(one) for one in (self.start, self.end, self.gamma)]
        self.start.setValue(channel.start)
        self.end.setValue(channel.end)
        self.gamma.setValue(channel.coefficient if channel.family is Family.POLYNOMIAL else 1.0)
        del blockers
        self.histogram.show_window(limits, (channel.start, channel.end), color, self._whole_numbers)

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
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self.start, 3)
        foot.addWidget(QLabel("–"))  # noqa: RUF001 - a dash
        foot.addWidget(self.end, 3)
        foot.addWidget(self.gamma, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.histogram)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.histogram.window_moved.connect(lambda start, end: self._change(start=start, end=end))
        self.start.valueChanged.connect(self._set_start)
        self.end.valueChanged.connect(self._set_end)
        self.gamma.valueChanged.connect(self._set_gamma)

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
