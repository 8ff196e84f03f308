"""The first rows of a new library, with the ids that OMERO gives them (`psql-footer.vm`)."""

from __future__ import annotations

import time
import uuid
from typing import Final

from sqlalchemy import Connection

from omero_desk.server.database.enumerations import ENUMERATIONS, PIXELS_TYPE_BITS
from omero_desk.server.database.passwords import set_password
from omero_desk.server.database.rows import PRIVATE, insert_rows
from omero_desk.server.database.schema import Schema

ROOT_ID: Final = 0
GUEST_ID: Final = 1
SYSTEM_GROUP_ID: Final = 0
USER_GROUP_ID: Final = 1
GUEST_GROUP_ID: Final = 2
NODE_ID: Final = 0
SESSION_ID: Final = 0
EVENT_ID: Final = 0
"""The node, session and event by which the first rows are made, and every row that no session makes."""

DATABASE_UUID: Final = "omero.db.uuid"
"""The name of the library's UUID in the table of configuration."""

_PUBLIC: Final = -52  # "rwr-r-"


def fill(schema: Schema, connection: Connection, root_password: str) -> None:
    """Insert roles, enumerations, the first session and event, and root's password."""
    now = round(time.time() * 1000)
    for class_name, values in ENUMERATIONS.items():
        insert_rows(schema, connection, class_name, _enumeration_rows(class_name, values))
    for class_name, rows in {**_role_rows(), **_first_event_rows(now)}.items():
        insert_rows(schema, connection, class_name, rows)
    set_password(connection, ROOT_ID, root_password)
    configuration = schema.metadata.tables["configuration"]
    connection.execute(configuration.insert(), {"name": DATABASE_UUID, "value": str(uuid.uuid4())})


def _enumeration_rows(class_name: str, values: list[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [{"value": value, "permissions": _PUBLIC} for value in values]
    if class_name == "PixelsType":
        for row, value in zip(rows, values, strict=True):
            row["bitSize"] = PIXELS_TYPE_BITS[value]
    if class_name == "EventType":
        rows[0]["id"] = 0
    return rows


def _role_rows() -> dict[str, list[dict[str, object]]]:
    return {
        "Experimenter": [
            {"id": ROOT_ID, "omeName": "root", "firstName": "root", "lastName": "root", "ldap": False},
            {"id": GUEST_ID, "omeName": "guest", "firstName": "Guest", "lastName": "Account", "ldap": False},
        ],
        "ExperimenterGroup": [
            {"id": SYSTEM_GROUP_ID, "name": "system", "permissions": PRIVATE, "ldap": False},
            {"id": USER_GROUP_ID, "name": "user", "permissions": _PUBLIC, "ldap": False},
            {"id": GUEST_GROUP_ID, "name": "guest", "permissions": PRIVATE, "ldap": False},
        ],
        "GroupExperimenterMap": [
            _membership(SYSTEM_GROUP_ID, ROOT_ID, 0, is_leader=True),
            _membership(USER_GROUP_ID, ROOT_ID, 1, is_leader=False),
            _membership(GUEST_GROUP_ID, GUEST_ID, 0, is_leader=False),
        ],
    }


def _first_event_rows(now: int) -> dict[str, list[dict[str, object]]]:
    nothing = "0" * 36
    return {
        "Node": [{"id": NODE_ID, "uuid": nothing, "conn": "Bootstrap", "up": now, "down": now}],
        "Session": [
            {
                "id": SESSION_ID,
                "node_id": NODE_ID,
                "owner_id": ROOT_ID,
                "uuid": "0000",
                "timeToIdle": 0,
                "timeToLive": 0,
                "started": now,
                "closed": now,
                "defaultEventType": "BOOTSTRAP",
            }
        ],
        "Event": [
            {
                "id": EVENT_ID,
                "status": "BOOTSTRAP",
                "time": now,
                "experimenter_id": ROOT_ID,
                "experimenterGroup_id": SYSTEM_GROUP_ID,
                "type_id": 0,
                "session_id": SESSION_ID,
            }
        ],
    }


def _membership(group_id: int, user_id: int, position: int, *, is_leader: bool) -> dict[str, object]:
    return {"parent_id": group_id, "child_id": user_id, "child_index": position, "owner": is_leader}
