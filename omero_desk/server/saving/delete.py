"""One object deleted by itself, as OMERO's update service does it: graphs are deleted by a request of their own."""

from __future__ import annotations

from typing import Any

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.schema import Schema
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.linkage import Holders


def delete_object(schema: Schema, connection: Connection, caller: Caller, thing: Any) -> None:
    """Delete one object that nothing points at (IUpdate.deleteObject).

    Raises omero.SecurityViolation without the right, omero.ValidationException where something would be left
    pointing at nothing, or there is no such object.
    """
    if thing._id is None:
        raise omero.ApiUsageException(message="Non-managed IObject entity cannot be deleted. Must have an id.")
    found = schema.model.resolve(type(thing).__name__)
    object_id = thing._id._val
    holders = Holders(schema, connection, caller)
    holders.load([(found, object_id)])
    holder = holders[found, object_id]
    text = f"{found.java_name}:Id_{object_id}"
    if not Rights.load(connection, caller).flags(found, holder.group_id, holder.owner_id).can_delete:
        raise omero.SecurityViolation(message=f"Deleting {text} not allowed.")
    _check_unused(schema, connection, found, object_id, text)
    table = schema.table(found.name)
    connection.execute(table.delete().where(table.c.id == object_id))
    EventWriter(schema, connection, caller).log("DELETE", found.java_name, [object_id])


def _check_unused(schema: Schema, connection: Connection, found: ModelClass, object_id: int, text: str) -> None:
    target = schema.table(found.name)
    for table in schema.tables():
        for key in table.foreign_keys:
            if key.column.table is target:
                used = sa.select(table.c.id).where(key.parent == object_id).limit(1)
                user = connection.scalar(used)
                if user is not None:
                    raise omero.ValidationException(
                        message=f"could not delete {text}: {table.info['root'].java_name}:Id_{user} points at it"
                    )
