"""The deprecated part of IAdmin that gives single objects to other users and groups; commands do it with graphs."""

from __future__ import annotations

from collections.abc import Sequence

import omero
import omero.model
import sqlalchemy as sa
from omero.model import IObject
from sqlalchemy import Connection

from omero_desk.server.access.permissions import GROUP, READ, USER, is_granted
from omero_desk.server.access.privileges import MODIFY_GROUP
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.admin.administration import AdministrationService, id_of, require


class MoveService(AdministrationService):
    """Follows OMERO's AdminImpl and GroupChmodStrategy."""

    def changeOwner(self, call: Call, target: IObject, name: str) -> None:
        """Give one object to another user."""
        known, owner = self.managed(call, target), self.user_named(call, name)
        known.details.owner = owner.proxy()
        self._save(call, [known])

    def changeGroup(self, call: Call, target: IObject, name: str) -> None:
        """Put one object, an image with its pixels, into another group of the caller's."""
        known, group = self.managed(call, target), self.group_named(call, name)
        if known.details.owner is None or not (
            call.caller.is_admin or known.details.owner.id.val == call.caller.user_id
        ):
            raise security_violation(f"Cannot change group for:{type(target).__name__}")
        if group.id.val == USER_GROUP_ID:
            raise security_violation("Use moveToCommonSpace for moving to user group")
        if group.id.val not in call.caller.member_of:
            raise security_violation(f"Can't change to group; not a member of {group.id.val}")
        self._move(call, known, group.id.val)

    def moveToCommonSpace(self, call: Call, targets: Sequence[IObject | None]) -> None:
        """Put objects into the group that everybody is in, as an administrator or an owner of their group."""
        for target in targets:
            if target is None:
                continue
            known = self.managed(call, target)
            if known.details.group is None:
                raise api_usage(f"{type(target).__name__} is in no group.")
            if known.details.group.id.val != USER_GROUP_ID:
                require(call, MODIFY_GROUP, known.details.group.id.val)
                self._move(call, known, USER_GROUP_ID)

    def changePermissions(self, call: Call, target: IObject, permissions: omero.model.Permissions | None) -> None:
        """Change what a group permits, as an administrator or its owner."""
        if not isinstance(target, omero.model.ExperimenterGroup):
            raise security_violation("Only groups allowed")
        if permissions is None:
            raise api_usage("PERMS cannot be null")
        group_id, wanted = id_of(target), int(permissions._perm1)
        if not (call.caller.has(MODIFY_GROUP) or call.caller.leads(group_id)):
            raise security_violation("chmod not permitted")
        table = self.backend.store.schema.table("ExperimenterGroup")
        with self.backend.write() as connection:
            known = connection.scalar(sa.select(table.c.permissions).where(table.c.id == group_id))
            if known is None:
                raise api_usage(f"No such group: {group_id}")
            self._check_permissions(connection, group_id, known, wanted)
            values = {"permissions": wanted, "version": table.c.version + 1}
            connection.execute(table.update().where(table.c.id == group_id).values(values))

    def _check_permissions(self, connection: Connection, group_id: int, known: int, wanted: int) -> None:
        """Refuse a group that its own members cannot read, and a private one in which users' data are linked."""
        if not is_granted(wanted, USER, READ):
            raise server_error(omero.GroupSecurityViolation, f"Cannot remove user read: {group_id}")
        if is_granted(known, GROUP, READ) and not is_granted(wanted, GROUP, READ):
            for target, linking, key in self._keys():
                linked = target.alias()
                mixed = sa.and_(linked.c.group_id == group_id, linked.c.owner_id != linking.c.owner_id)
                joined = linking.join(linked, linking.c[key] == linked.c.id)
                if connection.scalar(sa.select(linking.c.id).select_from(joined).where(mixed).limit(1)) is not None:
                    raise security_violation(f"Cannot change permissions on {group_id} due to locks: {linking.name}")

    def _keys(self) -> list[tuple[sa.Table, sa.Table, str]]:
        """Return each table that belongs to somebody, with those that point at it and by which column."""
        found = []
        for table in self.backend.store.schema.tables():
            for key in table.foreign_keys:
                target = key.column.table
                if {"owner_id", "group_id"} <= set(table.c.keys()) & set(target.c.keys()) and target.name != "session":
                    found.append((target, table, key.parent.name))
        return found

    def _move(self, call: Call, known: IObject, group_id: int) -> None:
        """Change the group of a row and, for an image, of its pixels; nothing may be left linked across groups."""
        schema = self.backend.store.schema
        kind = self.model_class(type(known).__name__)
        table, pixels = schema.table(kind.name), schema.table("Pixels")
        with self.backend.write() as connection:
            events = EventWriter(schema, connection, call.caller)
            connection.execute(table.update().where(table.c.id == known.id.val).values(group_id=group_id))
            if kind.name == "Image":
                connection.execute(pixels.update().where(pixels.c.image_id == known.id.val).values(group_id=group_id))
            if group_id != USER_GROUP_ID:
                self._check_locks(connection, table, known.id.val, group_id)
            events.log("UPDATE", kind.java_name, [known.id.val])

    def _check_locks(self, connection: Connection, table: sa.Table, target_id: int, group_id: int) -> None:
        for target, linking, key in self._keys():
            if target is table:
                locked = sa.and_(linking.c[key] == target_id, linking.c.group_id != group_id)
                if connection.scalar(sa.select(linking.c.id).where(locked).limit(1)) is not None:
                    raise security_violation(f"Locks: {linking.name}")

    def _save(self, call: Call, targets: list[IObject]) -> None:
        with self.backend.write() as connection:
            save_graph(self.backend.store.schema, connection, call.caller, targets)
