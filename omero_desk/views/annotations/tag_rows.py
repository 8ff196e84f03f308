"""The rows of the list that a field for tags offers: a name, and beside it what tells it from others of that name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height, Space

Index = QModelIndex | QPersistentModelIndex

NAME: Final = Qt.ItemDataRole.UserRole + 1
BESIDE: Final = Qt.ItemDataRole.UserRole + 2
_LONGEST: Final = 256


class TagRows(QStyledItemDelegate):
    """Draws the name as far as there is room, and what stands beside it fainter in what is left."""

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, tall(Height.LIST_ROW, option.font))

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, states = current(), QStyle.StateFlag
        selected = bool(option.state & states.State_Selected)
        if selected or option.state & states.State_MouseOver:
            painter.fillRect(option.rect, QColor(tokens.selection if selected else tokens.hover))
        room = option.rect.adjusted(Space.SMALL, 0, -Space.SMALL, 0)
        painter.setPen(QColor(tokens.selection_text if selected else tokens.text))
        used = _draw(painter, option, room, str(index.data(NAME) or "")) + Space.MEDIUM
        painter.setPen(QColor(tokens.selection_text if selected else tokens.text_faint))
        _draw(painter, option, room.adjusted(used, 0, 0, 0), str(index.data(BESIDE) or ""))


def _draw(painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str) -> int:
    """Draw a text at the beginning of a place, and return the pixels that it takes."""
    short = option.fontMetrics.elidedText(text[:_LONGEST], Qt.TextElideMode.ElideRight, room.width())
    side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    place = QStyle.visualRect(option.direction, option.rect, room)
    painter.drawText(place, int(side | Qt.TextFlag.TextSingleLine), short)
    return option.fontMetrics.horizontalAdvance(short)
