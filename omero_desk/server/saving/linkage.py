"""The check of links between objects, and the owner and group of each: OMERO's OmeroInterceptor.evaluateLinkages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, EMPTY, GROUP, READ, USER, WORLD, WRITE, is_granted, to_text
from omero_desk.server.access.rights import Rights
from omero_desk.server.access.security import visible
from omero_desk.server.database.bootstrap import SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner and group of an object; None for a global object."""

    owner_id: int | None
    group_id: int | None


class Ownerships:
    """Looks up the owners and groups of many objects at once, and checks that they exist and may be seen."""

    def __init__(self, schema: Schema, connection: Connection, caller: Caller) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._known: dict[tuple[str, int], Ownership] = {}

    def add(self, found: ModelClass, object_id: int, ownership: Ownership) -> None:
        """Remember a new object, or one that was read already."""
        self._known[found.root, object_id] = ownership

    def load(self, wanted: Iterable[tuple[ModelClass, int]]) -> None:
        """Read the objects that are not known yet.

        Raises omero.ValidationException for an id that does not exist, omero.SecurityViolation for an object
        that the caller may not see.
        """
        for root, object_id in sorted(self.load_known(wanted)):
            name = self._schema.model[root].java_name
            raise omero.ValidationException(message=f"No row with the given identifier exists: [{name}#{object_id}]")

    def load_known(self, wanted: Iterable[tuple[ModelClass, int]]) -> set[tuple[str, int]]:
        """Read the objects that are not known yet; return the roots and ids of those that do not exist.

        Raises omero.SecurityViolation for an object that the caller may not see.
        """
        missing: dict[str, set[int]] = {}
        for found, object_id in wanted:
            if (found.root, object_id) not in self._known:
                missing.setdefault(found.root, set()).add(object_id)
        for root, ids in missing.items():
            self._load(self._schema.model[root], ids)
        return {(root, each) for root, ids in missing.items() for each in ids if (root, each) not in self._known}

    def __getitem__(self, key: tuple[ModelClass, int]) -> Ownership:
        return self._known[key[0].root, key[1]]

    def _load(self, root: ModelClass, ids: set[int]) -> None:
        table = self._schema.table(root.name)
        seen = visible(table, self._caller, -1).label("seen")
        owner = table.c.owner_id if root.has_details else sa.null()
        group = table.c.group_id if root.has_details else sa.null()
        statement = sa.select(table.c.id, seen, owner.label("owner_id"), group.label("group_id"))
        for row in select_rows(self._connection, statement, table.c.id, ids):
            if not row.seen:
                raise omero.SecurityViolation(message=f"Cannot read {root.java_name}:Id_{row.id}")
            self._known[root.name, row.id] = Ownership(row.owner_id, row.group_id)


def check_link(
    caller: Caller,
    rights: Rights,
    changed: tuple[ModelClass, Ownership],
    linked: tuple[ModelClass, Ownership],
    text: str,
    *,
    has_context: bool = True,
) -> None:
    """Refuse to let a changed object point at a linked one where OMERO does.

    Without a group as the context there are no permissions, and nothing is granted. Raises
    omero.GroupSecurityViolation for objects of two groups, omero.ReadOnlyGroupSecurityViolation where
    a leader would mix own and members' data in a private group, omero.SecurityViolation without the right.
    """
    target, ownership = linked
    if target.is_global or ownership.group_id in (SYSTEM_GROUP_ID, USER_GROUP_ID, None):
        return
    group_id = changed[1].group_id
    if group_id != ownership.group_id:
        raise omero.GroupSecurityViolation(
            message=f"MIXED GROUP: {text} of group {group_id} and {ownership.group_id} cannot be linked."
        )
    permissions = rights.group_permissions(ownership.group_id)
    is_owner = ownership.owner_id == caller.user_id
    is_supervisor = not is_owner and (caller.is_admin or caller.leads(ownership.group_id))
    shared = is_granted(permissions, GROUP, READ) or is_granted(permissions, WORLD, READ)
    if is_supervisor and not shared and changed[1].owner_id != ownership.owner_id:
        raise omero.ReadOnlyGroupSecurityViolation(
            message=f"Cannot link {text}: administrators and owners of a private group may not link to its users' data."
        )
    permissions = permissions if has_context else EMPTY
    role = USER if is_owner else GROUP if ownership.group_id in caller.member_of else WORLD
    if not is_supervisor and not is_granted(permissions, role, needed_right(changed[0], target)):
        raise omero.SecurityViolation(message=f"Group is {to_text(permissions)}. Cannot link to object: {text}")


def needed_right(changed: ModelClass, linked: ModelClass) -> int:
    """Return the right on the linked object that a change needs (OmeroInterceptor.neededRight)."""
    names = {changed.name, linked.name}
    if "RenderingDef" in names or names == {"Thumbnail", "Pixels"}:
        return READ
    is_annotation_link = changed.is_link and changed.name.endswith("AnnotationLink")
    return ANNOTATE if is_annotation_link or (changed.name, linked.name) == ("Roi", "Image") else WRITE
