"""New tables: made, filled some rows at a time, and hung on an object, as an activity that can be cancelled."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.errors import FailedError, GatewayError, RefusedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.tables import FoundTable, NewTable
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.labels import plain
from omero_desk.models.messages import MessagesModel, describe
from omero_desk.models.tables.source import MakesTables
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, translate
from omero_desk.models.unsaved import Unsaved

_CLEAN_UP: Final = "clean up"


class TableMaking(TaskOwner, QObject):
    """Makes tables, each by a maker of the account that wanted it, so that none of it reaches another's session.

    `made` carries each that hangs on its object now (`FoundTable`).
    """

    changed = Signal()
    made = Signal(object)

    def __init__(self, activities: ActivitiesModel, messages: MessagesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._activities, self._messages = activities, messages
        self._tasks = Tasks(messages.report)
        self._running: dict[int, str] = {}

    def make(self, table: NewTable, about: Ref, maker: MakesTables) -> int:
        """Begin to make a table that hangs on an object; returns the number of the activity."""
        numbers: list[int] = []
        title = translate("Tables", "Making table {name}").format(name=plain(table.name))
        small = plural("Tables", "%n rows", "%n row", table.rows)
        number = self._activities.begin("table", title, small, lambda: self._tasks.cancel(numbers[0]))
        numbers.append(number)
        self._running[number] = table.name
        self._tasks.start(number, self._make(number, table, about, maker), lambda: self._end(number))
        self.changed.emit()
        return number

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the tables that are being made as what would be lost."""
        if not self._running:
            return ()
        words = plural("Tables", "%n tables are being made", "%n table is being made", len(self._running))
        return (Unsaved(words, self.changed, lambda: None, self.cancel_all, tuple(self._running.values())),)

    async def _make(self, number: int, table: NewTable, about: Ref, maker: MakesTables) -> None:
        made: list[int] = []
        try:
            await self._fill(number, table, about, maker, made)
        except GatewayError as error:
            self._tell_failure(number, table, error)
            self._take_back(maker, made)
        except BaseException:
            self._take_back(maker, made)
            raise
        else:
            self._activities.finish(number, translate("Tables", "Made table {name}").format(name=plain(table.name)))
            self._messages.inform(translate("Tables", "The table {name} was made").format(name=plain(table.name)))
            self.made.emit(FoundTable(StoredFile(made[0], table.name, None, TABLE), about))

    def _end(self, number: int) -> None:
        """Forget a table; where it was not made to its end it was given up."""
        self._activities.cancelled(number)
        self._running.pop(number, None)
        self.changed.emit()

    async def _fill(self, number: int, table: NewTable, about: Ref, maker: MakesTables, made: list[int]) -> None:
        made.append(await maker.create(about, table.name, table.columns))
        step = maker.chunk(table.columns)
        for start in range(0, table.rows, step):
            stop = min(start + step, table.rows)
            await maker.append(about, made[0], table.columns, start, stop)
            words = translate("Tables", "{done} of {total} rows").format(done=f"{stop:,}", total=f"{table.rows:,}")
            self._activities.progress(number, stop, table.rows, words)
        await maker.link(about, made[0])

    def _take_back(self, maker: MakesTables, made: list[int]) -> None:
        """Delete what was made so far, as it hangs nowhere; what cannot be deleted now is told."""
        if made:
            self._tasks.start((_CLEAN_UP, made[0]), self._delete(maker, made[0]))

    async def _delete(self, maker: MakesTables, file_id: int) -> None:
        try:
            await maker.delete(file_id)
        except RefusedError:
            pass  # whoever made it is not signed in any more, and nobody else is to hear of it
        except GatewayError as error:
            words = translate("Tables", "The unfinished table, file {id}, could not be deleted. {reason}")
            self._messages.report(FailedError(words.format(id=file_id, reason=describe(error).text), error.detail))

    def _tell_failure(self, number: int, table: NewTable, error: GatewayError) -> None:
        told = describe(error)
        title = translate("Tables", "The table {name} was not made").format(name=plain(table.name))
        self._activities.fail(number, title, told.text, told.detail)
        self._messages.report(FailedError(f"{title}. {told.text}", told.detail))
