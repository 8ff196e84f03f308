"""The sessions as the database remembers them: events name them, and clients may ask who was there.

Nobody waits for a long write to sign in or out: a row that cannot be written at once is the first thing that the next
transaction writes, so that whatever names the session finds its row.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Final

from sqlalchemy import Connection, Update, func, select

from omero_desk.server.database.bootstrap import NODE_ID
from omero_desk.server.database.rows import insert_rows, last_id
from omero_desk.server.database.store import Store
from omero_desk.server.sessions.table import Session, wall_clock_ms

PATIENCE_S: Final = 0.05


class SessionRows:
    """Writes the rows of a server that starts: no session of the one before is open any more."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._table = store.schema.table("Session")
        with store.write() as connection:
            closed = {"closed": wall_clock_ms()}
            connection.execute(self._table.update().where(self._table.c.closed.is_(None)).values(closed))
            self._ids = count(last_id(connection, self._table) + 1)

    def open(self, session: Session) -> None:
        """Set the row id of a new session and write its row."""
        session.row_id = next(self._ids)
        row = {
            "id": session.row_id,
            "node_id": NODE_ID,
            "owner_id": session.user_id,
            "uuid": session.uuid,
            "timeToIdle": session.time_to_idle,
            "timeToLive": session.time_to_live,
            "started": session.started,
            "defaultEventType": session.event_type,
            "userAgent": session.agent,
            "userIP": session.ip,
            "sudoer_id": session.sudoer_id,
        }
        self._store.put(partial(self._insert, row), PATIENCE_S)

    def close(self, session: Session) -> None:
        """Note that a session has ended."""
        statement = self._table.update().where(self._table.c.id == session.row_id).values(closed=wall_clock_ms())
        self._store.put(lambda connection: _run(connection, statement), PATIENCE_S)

    def _insert(self, row: dict[str, object], connection: Connection) -> None:
        """Insert a row unless its id was taken or its users were deleted while it waited."""
        people = {row["owner_id"], row["sudoer_id"]} - {None}
        users = self._store.schema.table("Experimenter")
        here = connection.scalar(select(func.count()).where(users.c.id.in_(people)))
        taken = connection.scalar(select(self._table.c.id).where(self._table.c.id == row["id"]))
        if here == len(people) and taken is None:
            insert_rows(self._store.schema, connection, "Session", [row])


def _run(connection: Connection, statement: Update) -> None:
    connection.execute(statement)
