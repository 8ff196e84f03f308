"""Activities: all that takes a while and goes on by itself, with its progress, its end, and what that leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from math import ceil
from time import monotonic
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.messages import Action
from omero_desk.models.translation import plural, translate

Index = QModelIndex | QPersistentModelIndex

LONG_MS: Final = 2000
"""Milliseconds after which something that the user started is worth showing."""
_KEPT: Final = 200
"""So many that have ended are listed."""
_ROOT: Final = QModelIndex()
ACTIVITY: Final = Qt.ItemDataRole.UserRole
"""The role of an `Activity`."""


class ActivityState(Enum):
    """The states, each with the name of its icon; one that is under way has the icon of what it does."""

    RUNNING = ""
    DONE = "outcome-done"
    FAILED = "outcome-failed"
    CANCELLED = "outcome-cancelled"


@dataclass(frozen=True, slots=True)
class Activity:
    """One that is under way or has ended: what it does (`title`), how far it is (`small`, `right`), what can be done.

    `total` 0 means that nobody knows how much there is to do. `seconds` it took, once it has ended. `detail` is the
    technical text behind an error. All texts are plain.
    """

    number: int
    icon: str
    title: str
    small: str = ""
    right: str = ""
    done: int = 0
    total: int = 0
    state: ActivityState = ActivityState.RUNNING
    cancel: Callable[[], object] | None = None
    actions: tuple[Action, ...] = ()
    detail: str = ""
    seconds: float = 0.0

    @property
    def is_running(self) -> bool:
        """True until its end."""
        return self.state is ActivityState.RUNNING


class ActivitiesModel(QAbstractListModel):
    """A row for each activity, the newest first; those that have ended stay until they are cleared.

    `long_running`: something that the user started takes long. `ended` carries an activity with its last state.
    """

    changed = Signal()
    long_running = Signal()
    ended = Signal(Activity)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._rows: list[Activity] = []
        self._begun: dict[int, float] = {}
        self._pace: dict[int, tuple[float, int, int]] = {}
        """When an activity was first measured, how far it was then, and how far it is."""
        self._count = 0
        self.long_timer = QTimer(self, singleShot=True, interval=LONG_MS)
        self.long_timer.timeout.connect(self._tell_long)

    @property
    def running(self) -> tuple[Activity, ...]:
        """Those that are under way, the oldest first."""
        return tuple(one for one in reversed(self._rows) if one.is_running)

    def begin(self, icon: str, title: str, small: str = "", cancel: Callable[[], object] | None = None) -> int:
        """Take up an activity that the user has started; returns the number that it is known by."""
        self._count += 1
        self.beginInsertRows(_ROOT, 0, 0)
        self._rows.insert(0, Activity(self._count, icon, title, small, cancel=cancel))
        self.endInsertRows()
        self._begun[self._count] = self._clock()
        if not self.long_timer.isActive():
            self.long_timer.start()
        self.changed.emit()
        return self._count

    def progress(self, number: int, done: int, total: int, small: str = "", right: str = "") -> None:
        """Say how far an activity is; at the right is the time that is left, where nothing else is said."""
        right = right or self._left(number, done, total)
        self._change(number, lambda one: replace(one, done=done, total=total, small=small, right=right))

    def finish(self, number: int, title: str, small: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Say that an activity is done, what it has done, and what that leads to."""
        done = ActivityState.DONE
        self._end(number, lambda one: replace(one, state=done, title=title, small=small, actions=actions))

    def fail(self, number: int, title: str, small: str, detail: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Say that an activity did not get to its end, and why; the actions may try again."""
        failed = ActivityState.FAILED
        self._end(
            number, lambda one: replace(one, state=failed, title=title, small=small, detail=detail, actions=actions)
        )

    def cancelled(self, number: int, small: str = "") -> None:
        """Say that an activity was given up."""
        why = small or translate("Activities", "Cancelled")
        self._end(number, lambda one: replace(one, state=ActivityState.CANCELLED, small=why))

    def cancel(self, number: int) -> None:
        """Have an activity given up, if it can be; its owner says when that is so."""
        for one in self._rows:
            if one.number == number and one.is_running and one.cancel is not None:
                one.cancel()

    def clear(self) -> None:
        """Forget those that have ended."""
        for row in reversed(range(len(self._rows))):
            if not self._rows[row].is_running:
                self._remove(row)
        self.changed.emit()

    def reset(self) -> None:
        """Forget all, also what is under way: it belonged to somebody who has left."""
        self.beginResetModel()
        self._rows.clear()
        self._begun.clear()
        self._pace.clear()
        self.endResetModel()
        self.long_timer.stop()
        self.changed.emit()

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        one = self._rows[index.row()]
        if role == ACTIVITY:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return one.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ". ".join(filter(None, (one.title, one.small, one.right)))
        return None

    def _change(self, number: int, change: Callable[[Activity], Activity]) -> Activity | None:
        for row, one in enumerate(self._rows):
            if one.number == number and one.is_running:
                self._rows[row] = change(one)
                self.dataChanged.emit(self.index(row), self.index(row))
                self.changed.emit()
                return self._rows[row]
        return None

    def _end(self, number: int, change: Callable[[Activity], Activity]) -> None:
        if number not in self._begun:
            return
        seconds = self._clock() - self._begun.pop(number)
        self._pace.pop(number, None)
        right = duration(seconds)
        ended = self._change(number, lambda one: replace(change(one), right=right, seconds=seconds, cancel=None))
        if not self._begun:
            self.long_timer.stop()
        self._forget_oldest()
        if ended is not None:
            self.ended.emit(ended)

    def _left(self, number: int, done: int, total: int) -> str:
        """Return in words how long an activity still takes if it goes on as so far, "" while that is not known.

        One that begins again is measured again.
        """
        now = self._clock()
        since, first, latest = self._pace.get(number, (now, done, done))
        if done < latest:
            since, first = now, done
        self._pace[number] = since, first, done
        if total <= done or done == first or now - since < LONG_MS / 1000:
            return ""
        return time_left((now - since) * (total - done) / (done - first))

    def _forget_oldest(self) -> None:
        over = [row for row, one in enumerate(self._rows) if not one.is_running][_KEPT:]
        for row in reversed(over):
            self._remove(row)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(_ROOT, row, row)
        del self._rows[row]
        self.endRemoveRows()

    def _tell_long(self) -> None:
        if self._begun:
            self.long_running.emit()


def duration(seconds: float) -> str:
    """Return how long something took, in words."""
    if seconds < 60:
        return translate("Activities", "{seconds} s").format(seconds=f"{seconds:.1f}")
    return plural("Activities", "%n min", "%n min", round(seconds / 60))


def time_left(seconds: float) -> str:
    """Return in words how long something still takes, rounded up: seconds, minutes or hours."""
    if seconds <= 55:
        step = 5 if seconds > 10 else 1  # so that it does not flicker
        return plural("Activities", "%n s left", "%n s left", max(1, step * ceil(seconds / step)))
    if seconds <= 90 * 60:
        return plural("Activities", "%n min left", "%n min left", ceil(seconds / 60))
    return plural("Activities", "%n h left", "%n h left", ceil(seconds / 3600))
