"""The sessions as the database remembers them: events name them, and clients may ask who was there."""

from __future__ import annotations

from sqlalchemy import Connection

from omero_desk.server.database.bootstrap import NODE_ID
from omero_desk.server.database.store import Store
from omero_desk.server.sessions import Session, wall_clock_ms


def insert(store: Store, connection: Connection, session: Session) -> int:
    """Insert the row of a session that opens and return its id."""
    row = {
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
    return store.insert_rows(connection, "Session", [row])[0]


def close(store: Store, session: Session) -> None:
    """Note that a session has ended."""
    table = store.schema.table("Session")
    with store.write() as connection:
        connection.execute(table.update().where(table.c.id == session.row_id).values(closed=wall_clock_ms()))


def close_all(store: Store) -> None:
    """Note that no session is open: a server that starts knows none of the one before."""
    table = store.schema.table("Session")
    with store.write() as connection:
        connection.execute(table.update().where(table.c.closed.is_(None)).values(closed=wall_clock_ms()))
