"""What the colours of a plate mean."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from omero_desk.models.heat import Heat, number_text

_GAP: Final = 6
_WIDTH: Final = 120


class HeatLegend(QWidget):
    """A band of colours between the least and the greatest number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat: Heat | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_heat(self, heat: Heat | None) -> None:
        """Explain other colours; None hides the legend."""
        self._heat = heat
        self.setVisible(heat is not None)
        if heat is not None:
            low, high = self._ends()
            text = f"{heat.name}: from {low} (dark) to {high} (light)"
            self.setToolTip(text)
            self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _ends(self) -> tuple[str, str]:
        return (number_text(self._heat.low), number_text(self._heat.high)) if self._heat is not None else ("", "")

    def sizeHint(self) -> QSize:
        """Qt's."""
        metrics = self.fontMetrics()
        texts = sum(metrics.horizontalAdvance(text) for text in self._ends())
        return QSize(_WIDTH + texts + 2 * _GAP, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's."""
        if self._heat is None:
            return
        painter = QPainter(self)
        low, high = self._ends()
        left, right = (self.fontMetrics().horizontalAdvance(text) + _GAP for text in (low, high))
        band = self.rect().adjusted(left, 3, -right, -3)
        steps = len(self._heat.legend)
        for step, colour in enumerate(self._heat.legend):
            edge = band.left() + band.width() * step // steps
            painter.fillRect(QRect(edge, band.top(), band.width() // steps + 1, band.height()), QColor(*colour))
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), flags | int(Qt.AlignmentFlag.AlignLeft), low)
        painter.drawText(self.rect(), flags | int(Qt.AlignmentFlag.AlignRight), high)
