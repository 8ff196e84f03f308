"""Writes rows for the one person who owns a library."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy import Connection, Table, select

from omero_desk.server.database.bootstrap import SESSION_ID
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema


@dataclass(frozen=True, slots=True)
class LibraryOwner:
    """The owner of all rows, their group and their permissions."""

    user_id: int
    group_id: int
    permissions: int


class OwnRows:
    """Inserts and deletes rows through one connection, all in one event."""

    def __init__(self, schema: Schema, connection: Connection, owner: LibraryOwner) -> None:
        self.schema = schema
        self.connection = connection
        self._owner = owner

    @cached_property
    def details(self) -> dict[str, int]:
        """The columns for owner, group, event and permissions."""
        types = self.schema.table("EventType")
        event = {
            "time": round(time.time() * 1000),
            "experimenter_id": self._owner.user_id,
            "experimenterGroup_id": self._owner.group_id,
            "type_id": self.connection.scalar(select(types.c.id).where(types.c.value == "User")),
            "session_id": SESSION_ID,
        }
        (event_id,) = insert_rows(self.schema, self.connection, "Event", [event])
        return {
            "owner_id": self._owner.user_id,
            "group_id": self._owner.group_id,
            "creation_id": event_id,
            "update_id": event_id,
            "permissions": self._owner.permissions,
        }

    def add(self, class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert rows; returns their ids."""
        if not rows:
            return []
        return insert_rows(self.schema, self.connection, class_name, [{**self.details, **row} for row in rows])

    def link(self, class_name: str, pairs: Iterable[tuple[int, int]]) -> None:
        """Link (parent, child) pairs that are not linked yet."""
        table = self.schema.table(class_name)
        wanted = list(dict.fromkeys(pairs))
        children = [child for _, child in wanted]
        there = select(table.c.parent_id, table.c.child_id).where(table.c.child_id.in_(children))
        known = {(row.parent_id, row.child_id) for row in self.connection.execute(there)}
        self.add(
            class_name, [{"parent_id": one, "child_id": other} for one, other in wanted if (one, other) not in known]
        )

    def change(self, class_name: str, row_id: int, **values: object) -> None:
        """Change columns of a row."""
        table = self.schema.table(class_name)
        changed = {**values, "update_id": self.details["update_id"]} if "update_id" in table.c else values
        self.connection.execute(table.update().where(table.c.id == row_id).values(changed))

    def existing(self, class_name: str, ids: Iterable[int]) -> set[int]:
        """Return the ids whose rows still exist."""
        table = self.schema.table(class_name)
        return set(self.connection.execute(select(table.c.id).where(table.c.id.in_(list(ids)))).scalars())

    def uproot(self, class_name: str, ids: Sequence[int]) -> None:
        """Delete rows and those that must refer to them; optional references become null."""
        self._uproot(self.schema.table(class_name), list(ids))

    def _uproot(self, table: Table, ids: list[int]) -> None:
        if not ids:
            return
        for other in self.schema.metadata.tables.values():
            for column in other.columns:
                if any(key.column.table is table for key in column.foreign_keys):
                    self._let_go(other, column, ids)
        self.connection.execute(table.delete().where(table.c.id.in_(ids)))

    def _let_go(self, other: Table, column: sa.Column[object], ids: list[int]) -> None:
        holding = column.in_(ids)
        if "id" not in other.c:  # named values
            self.connection.execute(other.delete().where(holding))
        elif column.nullable:
            self.connection.execute(other.update().where(holding).values({column: None}))
        else:
            self._uproot(other, list(self.connection.execute(select(other.c.id).where(holding)).scalars()))
