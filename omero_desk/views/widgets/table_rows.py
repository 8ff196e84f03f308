"""The painting of the rows of a table: no stripes, a line below each, and a tint on what is selected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.theme import current

Index = QModelIndex | QPersistentModelIndex

_ROOM: Final = 8
"""Pixels at both sides of a cell's words."""
_LONGEST: Final = 256
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TableRows(QStyledItemDelegate):
    """Draws plain texts of a table of whole rows."""

    def __init__(self, table: QAbstractItemView) -> None:
        super().__init__(table)
        self._table = table

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect = current(), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, QColor(tokens.selection if self._table.hasFocus() else tokens.selection_idle))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        if not selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.drawRect(rect.adjusted(0, 0, -1, -2))
        text = str(index.data() or "")[:_LONGEST]
        if text:
            words = rect.adjusted(_ROOM, 0, -_ROOM, -1)
            wanted = index.data(Qt.ItemDataRole.TextAlignmentRole)
            side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag(wanted) if wanted else _START)
            painter.setPen(QColor(tokens.selection_text if selected else tokens.text))
            short = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, int(side | Qt.TextFlag.TextSingleLine), short)


def close_editor(view: QAbstractItemView, editor: QWidget, close: Callable[[], None]) -> None:
    """Close the editor of a cell; the keyboard comes back to the view unless the user has gone to another place.

    Qt gives it to the view in any case, so that a field that took it from the editor would lose it at once.
    """
    now = QApplication.focusWidget()
    is_elsewhere = now is not None and now is not editor and not editor.isAncestorOf(now)
    close()
    (now if now is not None and is_elsewhere else view).setFocus()
