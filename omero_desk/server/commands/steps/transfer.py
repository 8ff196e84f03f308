"""Changes of the group, owner and permissions of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sqlalchemy as sa

from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.rules.graph import Key, StoredGraph, by_root
from omero_desk.server.commands.steps.erasure import batches, set_to_null
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import reference_columns, referred_class, root_of
from omero_desk.server.saving.events import EventWriter


class Transfer:
    """Changes the details of objects; `check` is called between statements and may raise to stop."""

    def __init__(self, graph: StoredGraph, events: EventWriter, check: Callable[[], None]) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._check = check

    def write(self, keys: Collection[Key], **values: int) -> None:
        """Set columns of objects and of their external information to values, and log it for each class."""
        external = self._schema.table("ExternalInfo")
        for root, ids in by_root(keys).items():
            table = self._schema.table(root)
            for numbers in batches(ids):
                self._check()
                self._connection.execute(table.update().where(table.c.id.in_(numbers)).values(values))
                told = sa.select(table.c.external_id).where(table.c.id.in_(numbers))
                self._connection.execute(external.update().where(external.c.id.in_(told)).values(values))
        for name, ids in self._graph.ids_by_class(keys).items():
            self._events.log("UPDATE", name, ids)

    def separate(self, keys: Collection[Key], going: Collection[Key], group_id: int) -> None:
        """Set references between objects that move, `keys`, and objects that stay to null.

        `going` are all objects that move or are deleted, `group_id` is the group that they move to. Raises GraphError
        for a reference that may not be null.
        """
        for root, ids in by_root(keys).items():
            table = self._schema.table(root)
            for column in reference_columns(table):
                if referred_class(column).has_details:
                    self._separate_ends(table, column, ids, going, group_id)
            for other in self._schema.tables():
                for column in reference_columns(other):
                    if column.references(table.c.id):
                        self._separate_users(other, column, ids, going)

    def _separate_ends(
        self, table: sa.Table, column: sa.Column[int], ids: list[int], going: Collection[Key], group_id: int
    ) -> None:
        """Separate objects from those that they refer to, unless these are in the new or in the common group."""
        root = referred_class(column).name
        target = self._schema.table(root)
        statement = sa.select(table.c.id, column.label("used")).where(
            column == target.c.id, target.c.group_id.not_in([group_id, USER_GROUP_ID])
        )
        rows = select_rows(self._connection, statement, table.c.id, ids)
        self._null(table, column, [(row.id, row.used) for row in rows if Key(root, row.used) not in going])

    def _separate_users(self, table: sa.Table, column: sa.Column[int], ids: list[int], going: Collection[Key]) -> None:
        """Separate objects from those that refer to them."""
        root = root_of(table)
        if root.has_details:
            statement = sa.select(table.c.id, column.label("used"))
            rows = select_rows(self._connection, statement, column, ids)
            self._null(table, column, [(row.id, row.used) for row in rows if Key(root.name, row.id) not in going])

    def _null(self, table: sa.Table, column: sa.Column[int], left: list[tuple[int, int]]) -> None:
        if left and not column.nullable:
            user, used = left[0]
            raise GraphError(
                f"may not separate {root_of(table).name}[{user}] from {referred_class(column).name}[{used}]"
            )
        set_to_null(self._connection, column, [user for user, _ in left])
