"""Rows given another group or another owner."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sqlalchemy as sa

from omero_desk.server.commands.erasure import batches
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.graph import Graph, Key, by_root
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.database.rows import select_rows
from omero_desk.server.saving.events import EventWriter


class Transfer:
    """Writes the details of objects anew; `check` is called between the statements and may raise to stop."""

    def __init__(self, graph: Graph, events: EventWriter, check: Callable[[], None]) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._check = check

    def write(self, keys: Collection[Key], **values: int) -> None:
        """Set columns of objects and of their external information, and log it."""
        external = self._schema.table("ExternalInfo")
        names: dict[str, list[int]] = {}
        for key in keys:
            names.setdefault(self._graph[key].found.java_name, []).append(key.id)
        for root, ids in by_root(keys).items():
            table = self._schema.table(root)
            for numbers in batches(ids):
                self._check()
                self._connection.execute(table.update().where(table.c.id.in_(numbers)).values(values))
                told = sa.select(table.c.external_id).where(table.c.id.in_(numbers))
                self._connection.execute(external.update().where(external.c.id.in_(told)).values(values))
        for name, ids in names.items():
            self._events.log("UPDATE", name, ids)

    def separate(self, keys: Collection[Key], going: Collection[Key], group_id: int) -> None:
        """Null what would point from one group into another; GraphError where it must not be null."""
        for root, ids in by_root(keys).items():
            table = self._schema.table(root)
            for column in _references(table):
                target = next(iter(column.foreign_keys)).column.table.info["root"]
                if target.has_details:
                    self._separate_ends(table, column, ids, going, group_id)
            for other in self._schema.tables():
                for column in _references(other):
                    if column.references(table.c.id):
                        self._separate_users(other, column, ids, going)

    def _separate_ends(
        self, table: sa.Table, column: sa.Column[int], ids: list[int], going: Collection[Key], group_id: int
    ) -> None:
        target = next(iter(column.foreign_keys)).column.table
        root = target.info["root"].name
        statement = sa.select(table.c.id, column.label("used")).where(
            column == target.c.id, target.c.group_id.not_in([group_id, USER_GROUP_ID])
        )
        left = [
            row for row in select_rows(self._connection, statement, table.c.id, ids) if Key(root, row.used) not in going
        ]
        self._null(table, column, [(row.id, row.used) for row in left])

    def _separate_users(self, table: sa.Table, column: sa.Column[int], ids: list[int], going: Collection[Key]) -> None:
        root = table.info["root"]
        if root.has_details:
            statement = sa.select(table.c.id, column.label("used"))
            rows = select_rows(self._connection, statement, column, ids)
            self._null(table, column, [(row.id, row.used) for row in rows if Key(root.name, row.id) not in going])

    def _null(self, table: sa.Table, column: sa.Column[int], left: list[tuple[int, int]]) -> None:
        if left and not column.nullable:
            target = next(iter(column.foreign_keys)).column.table.info["root"].name
            user, used = left[0]
            raise GraphError(f"may not separate {table.info['root'].name}[{user}] from {target}[{used}]")
        for numbers in batches(user for user, _ in left):
            self._connection.execute(table.update().where(table.c.id.in_(numbers)).values({column.name: None}))


def _references(table: sa.Table) -> list[sa.Column[int]]:
    details = {"owner_id", "group_id", "creation_id", "update_id", "external_id"}
    return [column for column in table.columns if column.foreign_keys and column.name not in details]
