"""Whether a caller may let one object point at another: OMERO's OmeroInterceptor.evaluateLinkages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, GROUP, READ, USER, WORLD, WRITE, is_granted, to_text
from omero_desk.server.access.rights import Rights
from omero_desk.server.access.security import visible
from omero_desk.server.database.bootstrap import SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema


@dataclass(frozen=True, slots=True)
class Holder:
    """Who an object belongs to; a global object belongs to nobody."""

    owner_id: int | None
    group_id: int | None


class Holders:
    """Looks up whom objects belong to, many at once, and that they exist and may be seen."""

    def __init__(self, schema: Schema, connection: Connection, caller: Caller) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._known: dict[tuple[str, int], Holder] = {}

    def add(self, found: ModelClass, object_id: int, holder: Holder) -> None:
        """Remember a new object, or one that was read already."""
        self._known[found.root, object_id] = holder

    def load(self, wanted: Iterable[tuple[ModelClass, int]]) -> None:
        """Read what is not known yet.

        Raises omero.ValidationException for an id that does not exist, omero.SecurityViolation for an object
        that the caller may not see.
        """
        missing: dict[str, set[int]] = {}
        for found, object_id in wanted:
            if (found.root, object_id) not in self._known:
                missing.setdefault(found.root, set()).add(object_id)
        for root, ids in missing.items():
            self._load(self._schema.model[root], ids)

    def __getitem__(self, key: tuple[ModelClass, int]) -> Holder:
        return self._known[key[0].root, key[1]]

    def _load(self, root: ModelClass, ids: set[int]) -> None:
        table = self._schema.table(root.name)
        seen = visible(table, self._caller, -1).label("seen")
        nobody: Any = sa.null()
        owner = table.c.owner_id if root.has_details else nobody
        group = table.c.group_id if root.has_details else nobody
        statement = sa.select(table.c.id, seen, owner.label("owner_id"), group.label("group_id"))
        for row in select_rows(self._connection, statement, table.c.id, ids):
            if not row.seen:
                raise omero.SecurityViolation(message=f"Cannot read {root.java_name}:Id_{row.id}")
            self._known[root.name, row.id] = Holder(row.owner_id, row.group_id)
        for object_id in sorted(ids):
            if (root.name, object_id) not in self._known:
                raise omero.ValidationException(
                    message=f"No row with the given identifier exists: [{root.java_name}#{object_id}]"
                )


def check_link(
    caller: Caller,
    rights: Rights,
    changed: tuple[ModelClass, Holder],
    linked: tuple[ModelClass, Holder],
    text: str,
) -> None:
    """Refuse to let a changed object point at a linked one where OMERO does.

    Raises omero.GroupSecurityViolation for objects of two groups, omero.ReadOnlyGroupSecurityViolation where
    a leader would mix own and members' data in a private group, omero.SecurityViolation without the right.
    """
    target, holder = linked
    if target.is_global or holder.group_id in (SYSTEM_GROUP_ID, USER_GROUP_ID, None):
        return
    group_id = changed[1].group_id
    if group_id != holder.group_id:
        raise omero.GroupSecurityViolation(
            message=f"MIXED GROUP: {text} of group {group_id} and {holder.group_id} cannot be linked."
        )
    permissions = rights.group_permissions(holder.group_id)
    is_owner = holder.owner_id == caller.user_id
    is_supervisor = not is_owner and (caller.is_admin or caller.leads(holder.group_id))
    shared = is_granted(permissions, GROUP, READ) or is_granted(permissions, WORLD, READ)
    if is_supervisor and not shared and changed[1].owner_id != holder.owner_id:
        raise omero.ReadOnlyGroupSecurityViolation(
            message=f"Cannot link {text}: administrators and owners of a private group may not link to its users' data."
        )
    role = USER if is_owner else GROUP if holder.group_id in caller.member_of else WORLD
    if not is_supervisor and not is_granted(permissions, role, needed_right(changed[0], target)):
        raise omero.SecurityViolation(message=f"Group is {to_text(permissions)}. Cannot link to object: {text}")


def needed_right(changed: ModelClass, linked: ModelClass) -> int:
    """Return the right on the linked object that a change needs (OmeroInterceptor.neededRight)."""
    names = {changed.name, linked.name}
    if "RenderingDef" in names or names == {"Thumbnail", "Pixels"}:
        return READ
    is_annotation_link = changed.is_link and changed.name.endswith("AnnotationLink")
    return ANNOTATE if is_annotation_link or (changed.name, linked.name) == ("Roi", "Image") else WRITE
