"""The deletion of rows, and of references to them from rows that stay."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.commands.errors import CommandError, GraphError
from omero_desk.server.commands.rules.graph import Key, StoredGraph, by_root
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import reference_columns, referred_class, root_of
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.file_places import first_full_folder

_BATCH: Final = 5_000  # ids in a statement; a command can be cancelled between statements


class Eraser:
    """Deletes objects; `check` is called between statements and may raise to stop."""

    def __init__(self, graph: StoredGraph, events: EventWriter, check: Callable[[], None]) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._check = check

    def unlink(self, keys: Collection[Key]) -> None:
        """Set references from objects that stay to the given ones to null.

        Raises GraphError for a reference that may not be null.
        """
        ids = by_root(keys)
        gone = {root: set(numbers) for root, numbers in ids.items()}
        for root, numbers in ids.items():
            target = self._schema.table(root)
            for table in self._schema.tables():
                for column in reference_columns(table):
                    if column.references(target.c.id):
                        self._check()
                        self._unlink(table, column, numbers, gone.get(root_of(table).name, set()))

    def _unlink(self, table: sa.Table, column: sa.Column[int], ids: Iterable[int], gone: set[int]) -> None:
        rows = select_rows(self._connection, sa.select(table.c.id, column.label("used")), column, ids)
        left = [(row.id, row.used) for row in rows if row.id not in gone]
        if left and not column.nullable:
            user, used = left[0]
            gone_name, user_name = referred_class(column).name, root_of(table).name
            raise GraphError(f"may not delete {gone_name}[{used}] while {user_name}[{user}] remains")
        set_to_null(self._connection, column, [user for user, _ in left])

    def erase(self, keys: Collection[Key]) -> None:
        """Delete objects with their external information, and log it for each class.

        Raises CommandError "graph-fail", as OMERO does for its database, for a folder whose contents stay.
        """
        for root, ids in by_root(keys).items():
            if root == "OriginalFile":
                self._refuse_full_folders(ids)
            table = self._schema.table(root)
            statement = sa.select(table.c.external_id).where(table.c.external_id.isnot(None))
            external = [row.external_id for row in select_rows(self._connection, statement, table.c.id, ids)]
            self._delete(table, ids)
            self._delete(self._schema.table("ExternalInfo"), external)
        for name, ids in self._graph.ids_by_class(keys).items():
            self._events.log("DELETE", name, ids)

    def _refuse_full_folders(self, ids: Collection[int]) -> None:
        reason = first_full_folder(self._schema, self._connection, ids)
        if reason is not None:
            raise CommandError("graph-fail", "could not execute update query", {"stacktrace": reason})

    def _delete(self, table: sa.Table, ids: Iterable[int]) -> None:
        for numbers in batches(ids):
            self._check()
            self._connection.execute(table.delete().where(table.c.id.in_(numbers)))


def set_to_null(connection: Connection, column: sa.Column[int], ids: Iterable[int]) -> None:
    """Set a column to null in the rows of some ids."""
    table = column.table
    assert isinstance(table, sa.Table)
    for numbers in batches(ids):
        connection.execute(table.update().where(table.c.id.in_(numbers)).values({column.name: None}))


def batches(ids: Iterable[int]) -> list[list[int]]:
    """Return sorted ids in lists, each for one statement."""
    ordered = sorted(ids)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
