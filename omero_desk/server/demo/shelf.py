"""Writes rows of one person in one group, with the events in which they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, select

from omero_desk.server.database.bootstrap import SESSION_ID
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
FIRST_DAY: Final = 1_612_137_600_000
"""1 February 2021, in milliseconds since 1970: when the oldest of the demo's data were made."""


class Shelf:
    """Inserts rows for one owner in one group."""

    def __init__(
        self, schema: Schema, connection: Connection, owner: tuple[str, int], group: tuple[str, int], permissions: int
    ) -> None:
        self.schema = schema
        self.connection = connection
        self.owner, self._owner_id = owner
        self.group, self._group_id = group
        self._permissions = permissions
        types = schema.table("EventType")
        self._event_type = connection.scalar(select(types.c.id).where(types.c.value == "User"))

    def details(self, time: int) -> dict[str, int]:
        """The columns of a row that was made at a time, in an event of its own."""
        event = {
            "time": time,
            "experimenter_id": self._owner_id,
            "experimenterGroup_id": self._group_id,
            "type_id": self._event_type,
            "session_id": SESSION_ID,
        }
        (event_id,) = insert_rows(self.schema, self.connection, "Event", [event])
        return {
            "owner_id": self._owner_id,
            "group_id": self._group_id,
            "creation_id": event_id,
            "update_id": event_id,
            "permissions": self._permissions,
        }

    def add(self, class_name: str, rows: Sequence[Mapping[str, object]], time: int) -> list[int]:
        """Insert rows made at one time; returns their ids."""
        details = self.details(time)
        return insert_rows(self.schema, self.connection, class_name, [{**details, **row} for row in rows])

    def link(self, class_name: str, pairs: Sequence[tuple[int, int]], time: int) -> None:
        """Link (parent, child) pairs at one time."""
        self.add(class_name, [{"parent_id": parent, "child_id": child} for parent, child in pairs], time)

    def owned(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions for rows of a table of this owner and group."""
        return table.c.owner_id == self._owner_id, table.c.group_id == self._group_id
