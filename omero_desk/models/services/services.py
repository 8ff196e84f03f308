"""The calls and lanes between the application and its server, as observable state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from omero_desk.entities.calls import CallRecord
from omero_desk.entities.connection_states import LaneInfo
from omero_desk.gateway.service.journal import Journal
from omero_desk.models.services.call_row import as_json_lines
from omero_desk.models.services.calls import CallsModel
from omero_desk.models.services.lanes import LanesModel
from omero_desk.models.tasks import TaskOwner, Tasks

WriteText = Callable[[Path, str], Awaitable[None]]
"""Writes a whole text file, off the GUI's thread. Raises OSError."""

_TURN_MS: Final = 200
"""The shortest time between two updates: what happens meanwhile is shown together."""
_SECOND_MS: Final = 1000


class Services(Protocol):
    """The part of a `ServiceManager` that can be observed."""

    @property
    def journal(self) -> Journal:
        """The journal of the last calls."""

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """The current state of each lane."""

    @property
    def open_services(self) -> tuple[str, ...]:
        """The names of the stateful services that are in use."""

    def cancel(self, call_id: int) -> None:
        """Cancel a call."""


class ServicesModel(TaskOwner, QObject):
    """Follows a service manager while its dock is visible, and costs next to nothing while it is not.

    `write` writes a file off the GUI's thread, and `report` takes errors.
    """

    changed = Signal()
    saved = Signal(Path)
    save_failed = Signal(Path, str)

    def __init__(
        self,
        services: Services,
        write: WriteText,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.calls = CallsModel(self)
        self.lanes = LanesModel(self)
        self.open_services: tuple[str, ...] = ()
        self._services = services
        self._write = write
        self._tasks = Tasks(report)
        self._watched = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)
        services.journal.on_change(self._note)

    def watch(self, watched: bool) -> None:
        """Start or stop following: nothing is read for a dock that nobody sees."""
        self._watched = watched
        if watched:
            self._look()
        else:
            self._timer.stop()

    def cancel(self, call_id: int) -> None:
        """Cancel a call; whoever waits for it gets an error."""
        self._services.cancel(call_id)

    def save(self, path: Path) -> None:
        """Write what the table shows as JSON lines; `saved(path)` or `save_failed(path, reason)` follows."""
        self._tasks.start("save", self._save(path, as_json_lines(self.calls.records)))

    @override
    def cancel_all(self) -> None:
        self.watch(False)
        super().cancel_all()

    async def _save(self, path: Path, text: str) -> None:
        try:
            await self._write(path, text)
        except OSError as error:
            self.save_failed.emit(path, error.strerror or str(error))
        else:
            self.saved.emit(path)

    def _note(self, _record: CallRecord) -> None:
        if self._watched and not (self._timer.isActive() and self._timer.remainingTime() <= _TURN_MS):
            self._timer.start(_TURN_MS)

    def _look(self) -> None:
        """Read the current state, and again in a second while anything is running."""
        records = self._services.journal.records
        self.calls.show_records(records)
        self.lanes.show_lanes(self._services.lanes, {record.id: record for record in records})
        self.open_services = self._services.open_services
        self.changed.emit()
        if self.calls.running or self.lanes.busy or self.open_services:
            self._timer.start(_SECOND_MS)
