"""One object deleted by itself, as OMERO's update service does it: graphs are deleted by a request of their own."""

from __future__ import annotations

import omero
import omero.model
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.schema import Schema
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.linkage import Ownerships
from omero_desk.server.saving.removal import Removal


def delete_object(schema: Schema, connection: Connection, caller: Caller, thing: omero.model.IObject) -> None:
    """Delete one object with its links and the members of its ordered lists (UpdateImpl.deleteObject).

    Raises omero.SecurityViolation without the right, omero.ValidationException where something else would be left
    pointing at nothing, or there is no such object.
    """
    if thing._id is None:
        raise omero.ApiUsageException(message="Non-managed IObject entity cannot be deleted. Must have an id.")
    found = schema.model.resolve(type(thing).__name__)
    object_id = thing._id._val
    Ownerships(schema, connection, caller).load([(found, object_id)])
    events = EventWriter(schema, connection, caller)
    Removal(schema, connection, caller, Rights.load(connection, caller), events).delete(found, [object_id])
