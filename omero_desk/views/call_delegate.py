"""How a call is painted: its outcome as a sign at the row's start and, where that is bad, in a colour of warning."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from omero_desk.gateway.journal import Outcome
from omero_desk.models.call_row import CallColumn
from omero_desk.models.calls import RECORD
from omero_desk.views import icons
from omero_desk.views.theme import is_dark, muted

Index = QModelIndex | QPersistentModelIndex

_BAD: Final = {False: "#b3261e", True: "#ff9d94"}
_SIGNS: Final = {
    Outcome.RUNNING: "outcome-running",
    Outcome.DONE: "outcome-done",
    Outcome.FAILED: "outcome-failed",
    Outcome.LOST: "outcome-lost",
    Outcome.CANCELLED: "outcome-cancelled",
    Outcome.ABANDONED: "outcome-abandoned",
}
_QUIET: Final = (Outcome.CANCELLED,)
_PLAIN: Final = (Outcome.RUNNING, Outcome.DONE)
_ICON: Final = QSize(16, 16)


class CallDelegate(QStyledItemDelegate):
    """Signs differ in shape and not in colour alone."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's."""
        super().initStyleOption(option, index)
        outcome = index.data(RECORD).outcome
        if index.column() == CallColumn.TIME:
            option.icon = icons.icon(_SIGNS[outcome])
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = _ICON
        if outcome not in _PLAIN:
            option.palette.setColor(QPalette.ColorRole.Text, _colour(outcome, option.palette))
        elif outcome is Outcome.RUNNING:
            option.font.setBold(True)


def _colour(outcome: Outcome, colours: QPalette) -> QColor:
    return muted(colours) if outcome in _QUIET else QColor(_BAD[is_dark(colours)])
