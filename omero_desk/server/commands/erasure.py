"""Rows taken out of the library, and what pointed at them put right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

import sqlalchemy as sa

from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Graph, Key, by_root
from omero_desk.server.database.rows import select_rows
from omero_desk.server.saving.events import EventWriter

_BATCH: Final = 5_000  # ids in a statement, and how often a cancel is heeded
_DETAILS: Final = frozenset({"owner_id", "group_id", "creation_id", "update_id", "external_id"})


class Eraser:
    """Deletes objects whole; `check` is called between the statements and may raise to stop."""

    def __init__(self, graph: Graph, events: EventWriter, check: Callable[[], None]) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._check = check

    def unlink(self, keys: Collection[Key]) -> None:
        """Null what stays and points at objects that go; GraphError where it must not be null."""
        ids = by_root(keys)
        gone = {root: set(numbers) for root, numbers in ids.items()}
        for root, numbers in ids.items():
            target = self._schema.table(root)
            for table in self._schema.tables():
                for column in table.columns:
                    if column.references(target.c.id) and column.name not in _DETAILS:
                        self._check()
                        self._unlink(table, column, numbers, gone.get(table.info["root"].name, set()))

    def _unlink(self, table: sa.Table, column: sa.Column[int], ids: Iterable[int], gone: set[int]) -> None:
        rows = select_rows(self._connection, sa.select(table.c.id, column.label("used")), column, ids)
        left = [(row.id, row.used) for row in rows if row.id not in gone]
        if left and not column.nullable:
            user, used = left[0]
            gone_name = next(iter(column.foreign_keys)).column.table.info["root"].name
            raise GraphError(f"may not delete {gone_name}[{used}] while {table.info['root'].name}[{user}] remains")
        for numbers in batches([user for user, _ in left]):
            self._connection.execute(table.update().where(table.c.id.in_(numbers)).values({column.name: None}))

    def erase(self, keys: Collection[Key]) -> None:
        """Delete objects and log it, each class by its name. External information goes with its object."""
        names: dict[str, list[int]] = {}
        for key in keys:
            names.setdefault(self._graph[key].found.java_name, []).append(key.id)
        for root, ids in by_root(keys).items():
            table = self._schema.table(root)
            statement = sa.select(table.c.external_id).where(table.c.external_id.isnot(None))
            external = [row.external_id for row in select_rows(self._connection, statement, table.c.id, ids)]
            self._delete(table, ids)
            self._delete(self._schema.table("ExternalInfo"), external)
        for name, ids in names.items():
            self._events.log("DELETE", name, ids)

    def _delete(self, table: sa.Table, ids: Iterable[int]) -> None:
        for numbers in batches(ids):
            self._check()
            self._connection.execute(table.delete().where(table.c.id.in_(numbers)))


def batches(ids: Iterable[int]) -> list[list[int]]:
    """Return ids in lists that a statement can take."""
    ordered = sorted(ids)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
