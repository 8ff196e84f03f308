"""Rows deleted one by one with what belongs to them, as Hibernate does by the cascades of OMERO's object.vm.

What belongs to an object are its links and the members of its ordered lists: they are mapped with all-delete-orphan,
go with the object, and go as well where a loaded collection that is saved lacks them.
"""

from __future__ import annotations

from collections.abc import Collection as Ids
from collections.abc import Iterator

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.access.security import visible
from omero_desk.server.database.model import Collection, ModelClass, OmeroModel
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.file_places import first_full_folder


def owned_collections(model: OmeroModel, found: ModelClass) -> Iterator[Collection]:
    """Give the collections of a class whose members belong to the object that has them."""
    for each in found.properties.values():
        if isinstance(each, Collection) and (each.ordered or model[each.target].is_link):
            yield each


class Removal:
    """Deletes rows for a caller, in the caller's transaction."""

    def __init__(
        self, schema: Schema, connection: Connection, caller: Caller, rights: Rights, events: EventWriter
    ) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._rights = rights
        self._events = events

    def members(self, collection: Collection, owner_id: int) -> set[int]:
        """Return the ids of a collection's members that the caller sees: a filter of Hibernate hides all others."""
        return self._members(collection, [owner_id])

    def delete(self, found: ModelClass, ids: Ids[int]) -> None:
        """Delete objects of a class that exist, with what belongs to them.

        Raises omero.SecurityViolation without the right to delete one of them (ACLEventListener.onPreDelete),
        omero.ValidationException where something would be left pointing at nothing, and omero.InternalException, as
        ServiceHandler makes of an error of the database, for a folder with files in it.
        """
        if not ids:
            return
        model = self._schema.model
        for collection in owned_collections(model, found):
            self.delete(model[collection.target], self._members(collection, ids))
        table = self._schema.table(found.name)
        self._check_rights(found, table, ids)
        self._check_unused(found, table, ids)
        if found.root == "OriginalFile" and (reason := first_full_folder(self._schema, self._connection, ids)):
            raise omero.InternalException(message=reason)
        connection = self._connection
        for each in sorted(ids):
            connection.execute(table.delete().where(table.c.id == each))
        self._events.log("DELETE", found.java_name, sorted(ids))

    def _members(self, collection: Collection, owner_ids: Ids[int]) -> set[int]:
        table = self._schema.table(collection.target)
        statement = sa.select(table.c.id).where(visible(table, self._caller))
        return {row.id for row in select_rows(self._connection, statement, table.c[_key(collection)], owner_ids)}

    def _check_rights(self, found: ModelClass, table: sa.Table, ids: Ids[int]) -> None:
        owner = table.c.owner_id if found.has_details else sa.null()
        group = table.c.group_id if found.has_details else sa.null()
        statement = sa.select(table.c.id, owner.label("owner_id"), group.label("group_id"))
        for row in select_rows(self._connection, statement, table.c.id, ids):
            if not self._rights.flags(found, row.group_id, row.owner_id).can_delete:
                raise omero.SecurityViolation(message=f"Deleting {found.java_name}:Id_{row.id} not allowed.")

    def _check_unused(self, found: ModelClass, target: sa.Table, ids: Ids[int]) -> None:
        for table in self._schema.tables():
            for key in table.foreign_keys:
                if key.column.table is target:
                    statement = sa.select(table.c.id, key.parent.label("used")).limit(1)
                    for row in select_rows(self._connection, statement, key.parent, ids):
                        raise omero.ValidationException(
                            message=f"could not delete {found.java_name}:Id_{row.used}: "
                            f"{table.info['root'].java_name}:Id_{row.id} points at it"
                        )


def _key(collection: Collection) -> str:
    return collection.inverse + "_id"
