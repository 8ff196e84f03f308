"""What goes on between the application and its server, as observable state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from omero_desk.gateway.journal import CallRecord, Journal
from omero_desk.gateway.states import LaneInfo
from omero_desk.models.call_row import as_json_lines
from omero_desk.models.calls import CallsModel
from omero_desk.models.lanes import LanesModel
from omero_desk.models.tasks import Tasks

Write = Callable[[Path, str], Awaitable[None]]
"""Writes a whole text file, off the GUI's thread. Raises OSError."""

_TURN_MS: Final = 200
"""The shortest time between two looks: what happens meanwhile is shown together."""
_SECOND_MS: Final = 1000


class Services(Protocol):
    """The part of a `ServiceManager` that can be looked at."""

    @property
    def journal(self) -> Journal:
        """The last calls."""

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """What each lane does now."""

    @property
    def open_services(self) -> tuple[str, ...]:
        """The stateful services that are borrowed now."""

    def cancel(self, call_id: int) -> None:
        """Give a call up."""


class ServicesModel(QObject):
    """Follows a service manager while somebody looks, and costs next to nothing while nobody does.

    `write` writes a file off the GUI's thread, and `report` takes errors.
    """

    changed = Signal()
    saved = Signal(object)
    save_failed = Signal(object, str)

    def __init__(
        self,
        services: Services,
        write: Write,
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
        """Begin or stop to follow: nothing is looked at for a window that nobody sees."""
        self._watched = watched
        if watched:
            self._look()
        else:
            self._timer.stop()

    def cancel(self, call_id: int) -> None:
        """Give a call up; whoever waits for it is told."""
        self._services.cancel(call_id)

    def save(self, path: Path) -> None:
        """Write what the table shows as JSON lines; `saved(path)` or `save_failed(path, reason)` follows."""
        self._tasks.start("save", self._save(path, as_json_lines(self.calls.records)))

    def cancel_all(self) -> None:
        """Give up whatever is under way; for the end of the program."""
        self.watch(False)
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

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
        """Show how things are, and look again in a second while something goes on."""
        records = self._services.journal.records
        self.calls.show_records(records)
        self.lanes.show_lanes(self._services.lanes, {record.id: record for record in records})
        self.open_services = self._services.open_services
        self.changed.emit()
        if self.calls.running or self.lanes.busy or self.open_services:
            self._timer.start(_SECOND_MS)
