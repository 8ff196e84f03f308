"""The map of a well: the positions of its fields, drawn to scale."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.plates.well_fields import Rect, WellFieldsModel, rectangles
from omero_desk.models.translation import translate

_SIDE: Final = 92
_EDGE: Final = 6


class FieldMap(QWidget):
    """Fields at their positions, with y downwards as in their images.

    `clicked` is emitted with the index of the field that the user clicked on.
    """

    clicked = Signal(int)

    def __init__(self, fields: WellFieldsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = fields
        self._places: dict[int, Rect] = {}
        self._marked = -1
        self.setAccessibleName(translate("Plates", "Positions of the fields in the well"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        fields.modelReset.connect(self._follow)

    def has_places(self) -> bool:
        """Return True if several positions are known, so that there is something to see."""
        return len({(left, top) for left, top, _, _ in self._places.values()}) > 1

    def mark(self, number: int) -> None:
        """Show a field as the current one."""
        self._marked = number
        self.update()

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        roles = QPalette.ColorRole.Text, QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText
        line, fill, over = (self.palette().color(role) for role in roles)
        for number, rect in self._drawn().items():
            painter.setPen(line)
            painter.setBrush(fill if number == self._marked else Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)
            if rect.height() > self.fontMetrics().height():
                painter.setPen(over if number == self._marked else line)
                painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the field that was pressed on."""
        number = self._at(event.position())
        if number is not None:
            self.clicked.emit(number)

    @override
    def event(self, event: QEvent) -> bool:
        """Show the tooltip of a field, as well."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(QPointF(event.pos()))
            usual = self.accessibleName()
            tip = usual if number is None else self._fields.index(number).data(Qt.ItemDataRole.ToolTipRole)
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def _follow(self) -> None:
        self._places = rectangles(self._fields.fields)
        self._marked = -1
        self.update()

    def _at(self, point: QPointF) -> int | None:
        return next((number for number, rect in self._drawn().items() if rect.contains(point)), None)

    def _drawn(self) -> dict[int, QRectF]:
        """Return the fields' places in this widget's pixels, by index: centred, as large as fits, to scale."""
        if not self._places:
            return {}
        left, top = (min(place[axis] for place in self._places.values()) for axis in (0, 1))
        right = max(x + width for x, _, width, _ in self._places.values())
        bottom = max(y + height for _, y, _, height in self._places.values())
        room = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        scale = min(room.width() / max(right - left, 1e-9), room.height() / max(bottom - top, 1e-9))
        across = room.center().x() - scale * (left + right) / 2
        down = room.center().y() - scale * (top + bottom) / 2
        return {
            number: QRectF(across + scale * x, down + scale * y, scale * width, scale * height)
            for number, (x, y, width, height) in self._places.items()
        }
