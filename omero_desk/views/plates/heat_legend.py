"""The legend of a plate's colours."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, unmarked
from omero_desk.models.plates.heat import Heat, number_text
from omero_desk.models.translation import translate
from omero_desk.views.theme.theme import current

_GAP: Final = 6
_BAND: Final = 260
_THICK: Final = 10
_USUAL: Final = 320


class HeatLegend(QWidget):
    """A band of colours between the least and the greatest number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat: Heat | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_heat(self, heat: Heat | None) -> None:
        """Show the legend of other colours; None hides it."""
        self._heat = heat
        self.setVisible(heat is not None)
        if heat is not None:
            low, high = self._ends()
            words = translate("Plates", "{measure}: from {low} (dark) to {high} (light)")
            text = words.format(measure=self._name(), low=low, high=high)
            self.setToolTip(unmarked(text))
            self.setAccessibleName(text)
        self.update()

    def _name(self) -> str:
        return "" if self._heat is None else ", ".join(filter(None, (plain(self._heat.name), self._heat.note)))

    def _ends(self) -> tuple[str, str]:
        return (number_text(self._heat.low), number_text(self._heat.high)) if self._heat is not None else ("", "")

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(_USUAL, _GAP + _THICK + self.fontMetrics().height() + 2 * _GAP)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the colours, and below them the least number, the name and the greatest number."""
        if self._heat is None:
            return
        painter, metrics = QPainter(self), self.fontMetrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = min(_BAND, self.width() - _GAP)
        band = QRect(0, _GAP, wide, _THICK)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(band), 3, 3)
        painter.setClipPath(shape)
        steps = len(self._heat.legend)
        for step, colour in enumerate(self._heat.legend):
            edge = band.left() + band.width() * step // steps
            painter.fillRect(QRect(edge, band.top(), band.width() // steps + 1, band.height()), QColor(*colour))
        painter.setClipping(False)
        painter.setPen(QColor(current().text_quiet))
        low, high = self._ends()
        words = QRect(0, band.bottom() + 2, wide, metrics.height() + 2)
        top = Qt.AlignmentFlag.AlignTop
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | top), low)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | top), high)
        beside = 2 * max(metrics.horizontalAdvance(low), metrics.horizontalAdvance(high)) + 2 * _GAP
        name = metrics.elidedText(self._name(), Qt.TextElideMode.ElideRight, max(wide - beside, 0))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignHCenter | top), name)
