"""A new OMERO.table, step by step: made, filled some rows a call, and hung on an object; or taken back.

Each step is looked for before it is sent again, so that a line that drops between them doubles nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import omero
import omero.grid
import omero.model

from omero_desk.entities.annotations import TABLE
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.entities.tables import ColumnKind, NewColumn
from omero_desk.gateway.annotations.many import new_link
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.service.deletion import delete

if TYPE_CHECKING:
    from omero.grid import Column

ROWS: Final = 20_000
"""Rows a call."""
_BYTES: Final = 8 * 2**20
"""Bytes of texts a call, at most."""
_NOT_DELETED: Final = mark("Tables", "The server did not delete the unfinished table.")


class CreateTable:
    """Makes a table with its columns and no rows, in the group of an object; `send` returns its file's id.

    What is made twice by a line that drops is a file that nothing refers to, and `find` returns the newest.
    """

    name = "Table"

    def __init__(self, ref: Ref, title: str, columns: Sequence[NewColumn]) -> None:
        self._ref, self._title, self._columns = ref, title, tuple(columns)
        self._group = 0
        self._before: int | None = None

    def prepare(self, session: LaneSession) -> None:
        """Remember the newest file that looks like it."""
        if self._before is None:
            self._group = _group_of(session, self._ref)
            self._before = self._newest(session)

    def send(self, session: LaneSession) -> int:
        """Make it."""
        resources = session.gateway.getSharedResources()
        context = _in_group(session, self._group)
        if not resources.areTablesEnabled():
            raise FailedError(mark("Tables", "This server has no service for tables now, so that none can be made."))
        with session.new_table(self._title, context) as table:
            table.initialize([_column(column, 0, 0) for column in self._columns], context)
            return int(table.getOriginalFile(context).getId().getValue())

    def find(self, session: LaneSession) -> int | None:
        """Return the file if it is there and has its columns."""
        newest = self._newest(session)
        if newest == self._before:
            return None
        with session.table(newest) as table:
            try:
                has_columns = len(table.getHeaders()) == len(self._columns)
            except omero.ApiUsageException:  # made, and never initialized
                has_columns = False
            return newest if has_columns else None

    def _newest(self, session: LaneSession) -> int:
        rows = session.projection(
            "select max(f.id) from OriginalFile f where f.name = :name and f.mimetype = :type"
            " and f.details.owner.id = :user",
            {"name": self._title, "type": TABLE, "user": session.gateway.getUserId()},
        )
        return max((int(value or 0) for row in rows for value in row), default=0)


class AppendRows:
    """Adds the rows from `start` to before `stop` to a table that has those before them."""

    name = "Table rows"

    def __init__(self, ref: Ref, file_id: int, columns: Sequence[NewColumn], start: int, stop: int) -> None:
        self._ref, self._file_id, self._columns = ref, file_id, tuple(columns)
        self._start, self._stop = start, stop
        self._group = 0

    def prepare(self, session: LaneSession) -> None:
        """Find out the group."""
        self._group = self._group or _group_of(session, self._ref)

    def send(self, session: LaneSession) -> int:
        """Add them; returns how many rows there are then."""
        context = _in_group(session, self._group)
        with session.table(self._file_id) as table:
            if table.getNumberOfRows(context) == self._start:
                table.addData([_column(column, self._start, self._stop) for column in self._columns], context)
        return self._stop

    def find(self, session: LaneSession) -> int | None:
        """Return how many rows there are if these are among them."""
        with session.table(self._file_id) as table:
            return self._stop if table.getNumberOfRows() >= self._stop else None


class LinkTable:
    """Hangs a table on an object; `send` returns the id of the link."""

    name = "Table link"

    def __init__(self, ref: Ref, file_id: int) -> None:
        self._ref, self._file_id = ref, file_id
        self._group = 0

    def prepare(self, session: LaneSession) -> None:
        """Find out the group."""
        self._group = self._group or _group_of(session, self._ref)

    def send(self, session: LaneSession) -> int:
        """Hang it there."""
        annotation = omero.model.FileAnnotationI()
        annotation.setFile(omero.model.OriginalFileI(self._file_id, False))
        link = new_link(self._ref, annotation)
        saved = session.gateway.getUpdateService().saveAndReturnObject(link, _in_group(session, self._group))
        return int(saved.getId().getValue())

    def find(self, session: LaneSession) -> int | None:
        """Return the link if it is there."""
        rows = session.projection(
            f"select l.id from {self._ref.kind}AnnotationLink l, FileAnnotation a"
            " where l.child.id = a.id and l.parent.id = :id and a.file.id = :file",
            {"id": self._ref.id, "file": self._file_id},
        )
        return int(rows[0][0]) if rows else None


class DeleteTable:
    """Takes a table back that hangs nowhere yet."""

    name = "Delete table"

    def __init__(self, file_id: int) -> None:
        self._file_id = file_id

    def prepare(self, session: LaneSession) -> None:
        """Nothing has to be known."""

    @patient(Patience.LONG)
    def send(self, session: LaneSession) -> bool:
        """Delete it. Raises NotDeletedError where the server refuses."""
        delete(session, {"OriginalFile": [self._file_id]}, _NOT_DELETED)
        return True

    def find(self, session: LaneSession) -> bool | None:
        """Return True if it is gone."""
        rows = session.projection("select f.id from OriginalFile f where f.id = :id", {"id": self._file_id})
        return None if rows else True


def chunk(columns: Sequence[NewColumn]) -> int:
    """Return how many rows go into a call."""
    width = sum(max(column.size, 8) for column in columns)
    return max(1, min(ROWS, _BYTES // max(width, 1)))


def _group_of(session: LaneSession, ref: Ref) -> int:
    rows = session.projection(f"select o.details.group.id from {ref.kind} o where o.id = :id", {"id": ref.id})
    if not rows:
        raise FailedError(mark("Tables", "The object that the table is for is not there any more."))
    return int(rows[0][0])


def _in_group(session: LaneSession, group: int) -> dict[str, str]:
    return {**session.gateway.SERVICE_OPTS, "omero.group": str(group)}


def _column(column: NewColumn, start: int, stop: int) -> Column:
    values: Any = list(column.values[start:stop])
    made = getattr(omero.grid, f"{column.kind.value}Column")
    if column.kind is ColumnKind.STRING:
        text: Column = made(column.name, "", max(column.size, 1), values)
        return text
    other: Column = made(column.name, "", values)
    return other
