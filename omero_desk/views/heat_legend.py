"""What the colours of a plate mean."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from omero_desk.models.heat import Heat, number_text
from omero_desk.models.labels import plain

_GAP: Final = 6
_BAND: Final = 160
_USUAL: Final = 320


class HeatLegend(QWidget):
    """A band of colours between the least and the greatest number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat: Heat | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_heat(self, heat: Heat | None) -> None:
        """Explain other colours; None hides the legend."""
        self._heat = heat
        self.setVisible(heat is not None)
        if heat is not None:
            low, high = self._ends()
            text = f"{self._name()}: from {low} (dark) to {high} (light)"
            self.setToolTip(text)
            self.setAccessibleName(text)
        self.update()

    def _name(self) -> str:
        return "" if self._heat is None else ", ".join(filter(None, (plain(self._heat.name), self._heat.note)))

    def _ends(self) -> tuple[str, str]:
        return (number_text(self._heat.low), number_text(self._heat.high)) if self._heat is not None else ("", "")

    def sizeHint(self) -> QSize:
        """Qt's."""
        return QSize(_USUAL, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's: the name, the least number, the colours, the greatest number."""
        if self._heat is None:
            return
        painter, metrics = QPainter(self), self.fontMetrics()
        low, high = (metrics.horizontalAdvance(text) + _GAP for text in self._ends())
        band = self.rect().adjusted(0, 3, -high, -3)
        band.setLeft(max(self.width() - high - _BAND, self.width() // 2))
        steps = len(self._heat.legend)
        for step, colour in enumerate(self._heat.legend):
            edge = band.left() + band.width() * step // steps
            painter.fillRect(QRect(edge, band.top(), band.width() // steps + 1, band.height()), QColor(*colour))
        painter.setPen(self.palette().color(self.foregroundRole()))
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        ends = QRect(self.rect())
        ends.setRight(band.left() - _GAP)
        painter.drawText(ends, int(right | Qt.AlignmentFlag.AlignVCenter), self._ends()[0])
        painter.drawText(self.rect(), int(right | Qt.AlignmentFlag.AlignVCenter), self._ends()[1])
        ends.setRight(ends.right() - low)
        name = metrics.elidedText(self._name(), Qt.TextElideMode.ElideRight, ends.width())
        painter.drawText(ends, int(left | Qt.AlignmentFlag.AlignVCenter), name)
