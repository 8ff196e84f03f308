"""The events that changes belong to, and the log of what they changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cached_property

from sqlalchemy import Connection, select

from omero_desk.server.access.caller import Caller, default_group
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema


class EventWriter:
    """Writes one event for a caller, when it is first asked for, and its log."""

    def __init__(self, schema: Schema, connection: Connection, caller: Caller, kind: str = "User") -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._kind = kind

    @cached_property
    def event_id(self) -> int:
        """The id of the event of this change."""
        types = self._schema.table("EventType")
        kind = self._connection.scalar(select(types.c.id).where(types.c.value == self._kind))
        caller = self._caller
        row: dict[str, object] = {
            "time": round(time.time() * 1000),
            "experimenter_id": caller.user_id,
            "experimenterGroup_id": caller.group_id if caller.group_id >= 0 else default_group(caller),
            "session_id": caller.session_id,
            "type_id": kind,
        }
        return insert_rows(self._schema, self._connection, "Event", [row])[0]

    @property
    def written_id(self) -> int | None:
        """The id of the event if there is one by now, else None."""
        return vars(self).get("event_id")

    def log(self, action: str, java_name: str, ids: Iterable[int]) -> None:
        """Log that objects of a class were changed; the actions are INSERT, UPDATE and DELETE."""
        rows = [
            {"event_id": self.event_id, "action": action, "entityType": java_name, "entityId": each} for each in ids
        ]
        insert_rows(self._schema, self._connection, "EventLog", rows)
