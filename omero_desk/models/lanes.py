"""The lanes as a table: what each is doing, for how long, and how much waits behind that."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from omero_desk.gateway.journal import CallRecord
from omero_desk.gateway.states import LaneInfo
from omero_desk.models.call_row import age
from omero_desk.models.labels import plain

Index = QModelIndex | QPersistentModelIndex

NOWHERE: Final = QModelIndex()
_IDLE: Final = "Idle"


class LaneColumn(IntEnum):
    """What stands beside each other in a row."""

    LANE = 0
    DOING = 1
    AGE = 2
    WAITING = 3


_TITLES: Final = {
    LaneColumn.LANE: ("Lane", "A worker of its own, so that slow work of one sort never delays another"),
    LaneColumn.DOING: ("Doing", "The call under way"),
    LaneColumn.AGE: ("Age", "How long it has been under way"),
    LaneColumn.WAITING: ("Waiting", "Calls that wait for their turn"),
}
_NUMBERS: Final = (LaneColumn.AGE, LaneColumn.WAITING)
_TEXT_ROLES: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane, the call that it runs (None for an idle one), and how many wait."""

    name: str
    call: CallRecord | None
    queued: int

    def text(self, column: LaneColumn, now: float) -> str:
        """What stands in a column."""
        if column is LaneColumn.LANE:
            return self.name
        if column is LaneColumn.WAITING:
            return str(self.queued) if self.queued else ""
        if column is LaneColumn.AGE:
            return "" if self.call is None else f"{age(self.call, now):.0f} s"
        return _IDLE if self.call is None else plain(f"{self.call.method} {self.call.arguments}".rstrip())


class LanesModel(QAbstractTableModel):
    """Shows the lanes that it is given last. `clock` tells the time of day in seconds."""

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._now = clock()
        self._rows: list[LaneRow] = []

    @property
    def busy(self) -> bool:
        """Whether a row's age counts on."""
        return any(row.call is not None for row in self._rows)

    def show_lanes(self, lanes: Sequence[LaneInfo], calls: Mapping[int, CallRecord]) -> None:
        """Replace what is shown; `calls` are the known records by their id."""
        self._now = self._clock()
        rows = [LaneRow(one.lane.value, _running(one, calls), one.queued) for one in lanes]
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows or self.busy:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, LaneColumn.WAITING))

    def call(self, index: Index) -> int | None:
        """The id of the call that a row's lane runs."""
        record = self._rows[index.row()].call if index.isValid() else None
        return None if record is None else record.id

    # Qt's own questions

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(LaneColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if not index.isValid():
            return None
        column = LaneColumn(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return self._rows[index.row()].text(column, self._now) if role in _TEXT_ROLES else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if orientation is not Qt.Orientation.Horizontal or section not in list(LaneColumn):
            return None
        title, meaning = _TITLES[LaneColumn(section)]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(LaneColumn(section))
        return {Qt.ItemDataRole.DisplayRole: title, Qt.ItemDataRole.ToolTipRole: meaning}.get(Qt.ItemDataRole(role))


def _running(lane: LaneInfo, calls: Mapping[int, CallRecord]) -> CallRecord | None:
    return None if lane.running is None else calls.get(lane.running)


def _alignment(column: LaneColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
