"""The painting of calls: the outcome as an icon at the row's start, a bad one in a warning colour."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QStyleOptionViewItem
from typing_extensions import override

from omero_desk.entities.calls import Outcome
from omero_desk.models.services.call_row import CallColumn
from omero_desk.models.services.calls import RECORD
from omero_desk.views.theme.theme import current
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.table_view import LineDelegate

Index = QModelIndex | QPersistentModelIndex

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


class CallDelegate(LineDelegate):
    """Draws icons that differ in shape and not in colour alone."""

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        outcome = index.data(RECORD).outcome
        if index.column() == CallColumn.TIME:
            option.icon = icons.icon(_SIGNS[outcome])
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = _ICON
        if outcome not in _PLAIN:
            option.palette.setColor(QPalette.ColorRole.Text, _colour(outcome))
        elif outcome is Outcome.RUNNING:
            option.font.setBold(True)


def _colour(outcome: Outcome) -> QColor:
    return QColor(current().text_faint if outcome in _QUIET else current().danger)
