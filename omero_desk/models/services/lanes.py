"""The lanes as a table: the call of each, its age, and the number of calls that wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from omero_desk.entities.calls import CallRecord
from omero_desk.entities.connection_states import LANES, LaneInfo
from omero_desk.entities.sentences import mark
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, unmarked
from omero_desk.models.services.call_row import age
from omero_desk.models.translation import say

Index = QModelIndex | QPersistentModelIndex

NOWHERE: Final = QModelIndex()
_IDLE: Final = mark("Services", "Idle")


class LaneColumn(IntEnum):
    """The columns, from left to right."""

    LANE = 0
    DOING = 1
    AGE = 2
    WAITING = 3


_TITLES: Final = {
    LaneColumn.LANE: (
        mark("Services", "Lane"),
        mark("Services", "A worker of its own, so that slow work of one sort never delays another"),
    ),
    LaneColumn.DOING: (mark("Services", "Doing"), mark("Services", "The call under way")),
    LaneColumn.AGE: (mark("Services", "Age"), mark("Services", "Seconds since the call began")),
    LaneColumn.WAITING: (mark("Services", "Waiting"), mark("Services", "Calls that wait for their turn")),
}
_NUMBERS: Final = (LaneColumn.AGE, LaneColumn.WAITING)
_TEXT_ROLES: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane, the call that it runs (None for an idle lane), and the number of waiting calls."""

    name: str
    call: CallRecord | None
    queued: int

    def text(self, column: LaneColumn, now: float) -> str:
        """Return the text of a column; `now` is in seconds since 1970 UTC."""
        if column is LaneColumn.LANE:
            return self.name
        if column is LaneColumn.WAITING:
            return str(self.queued) if self.queued else ""
        if column is LaneColumn.AGE:
            return "" if self.call is None else f"{age(self.call, now):.0f} s"
        return say(_IDLE) if self.call is None else plain(f"{self.call.method} {self.call.arguments}".rstrip())


class LanesModel(QAbstractTableModel):
    """The lanes last given to `show_lanes`. `clock` returns the time in seconds since 1970 UTC."""

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._now = clock()
        self._rows: list[LaneRow] = []

    @property
    def busy(self) -> bool:
        """True if a row's age counts on."""
        return any(row.call is not None for row in self._rows)

    def show_lanes(self, lanes: Sequence[LaneInfo], calls: Mapping[int, CallRecord]) -> None:
        """Replace what is shown; `calls` are the known records by their id."""
        self._now = self._clock()
        rows = [LaneRow(say(LANES[one.lane]), _running(one, calls), one.queued) for one in lanes]
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows or self.busy:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, LaneColumn.WAITING))

    def call(self, index: Index) -> int | None:
        """Return the id of the call that a row's lane runs, None for an idle lane."""
        record = self._rows[index.row()].call if index.isValid() else None
        return None if record is None else record.id

    # QAbstractTableModel

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(LaneColumn)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = LaneColumn(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role not in _TEXT_ROLES:
            return None
        text = self._rows[index.row()].text(column, self._now)
        return unmarked(text) if role == Qt.ItemDataRole.ToolTipRole else text

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or section not in list(LaneColumn):
            return None
        title, meaning = _TITLES[LaneColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(LaneColumn(section))
        text = {Qt.ItemDataRole.DisplayRole: title, Qt.ItemDataRole.ToolTipRole: meaning}.get(Qt.ItemDataRole(role))
        return None if text is None else say(text)


def _running(lane: LaneInfo, calls: Mapping[int, CallRecord]) -> CallRecord | None:
    return None if lane.running is None else calls.get(lane.running)


def _alignment(column: LaneColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
