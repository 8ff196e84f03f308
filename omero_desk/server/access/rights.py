"""The rights of a caller on an object, as flags of its permissions, by the rules of OMERO's BasicACLVoter."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import omero.model
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, EMPTY, GROUP, PRIVATE, READ, USER, WORLD, WRITE, is_granted
from omero_desk.server.access.privileges import CHGRP, CHOWN, to_administrate, to_delete, to_write
from omero_desk.server.database.bootstrap import GUEST_ID, SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.database.model import ModelClass

_GROUP: Final = sa.table("experimenter_group", sa.column("id"), sa.column("permissions"))

# Legal targets of OMERO's Chgrp2 and Chown2, beside every link.
_CHGRP_TARGETS: Final = frozenset(
    {
        "Annotation",
        "Dataset",
        "Experiment",
        "Fileset",
        "Folder",
        "Image",
        "Instrument",
        "Job",
        "OriginalFile",
        "Plate",
        "Project",
        "RenderingDef",
        "Roi",
        "Screen",
        "Thumbnail",
    }
)
_CHOWN_TARGETS: Final = _CHGRP_TARGETS | {"Reagent"}


@dataclass(frozen=True, slots=True)
class Flags:
    """The rights of a caller on one object, and the permissions that the object shows."""

    permissions: int
    can_link: bool
    can_edit: bool
    can_delete: bool
    can_annotate: bool
    can_chgrp: bool
    can_chown: bool

    def restrictions(self) -> list[bool] | None:
        """Return what is *not* allowed, in the order of omero.constants.permissions; None if all is."""
        allowed = (
            self.can_link,
            self.can_edit,
            self.can_delete,
            self.can_annotate,
            self.can_chgrp,
            self.can_chown,
        )
        return None if all(allowed) else [not each for each in allowed]


class Rights:
    """The flags of any number of rows for one caller in one context.

    Rows of one class that share group and owner share one answer, and one object on the wire.
    """

    def __init__(self, caller: Caller, group_permissions: Mapping[int, int]) -> None:
        self.caller = caller
        self._group_permissions = group_permissions
        self._flags: dict[tuple[str, int | None, int | None, int | None, bool], Flags] = {}
        self._shared: dict[Flags, omero.model.Permissions] = {}

    @classmethod
    def load(cls, connection: Connection, caller: Caller, group: int | None = None) -> Rights:
        """Read what every group permits; `group` is that of the call context, as for `visible`."""
        rows = connection.execute(sa.select(_GROUP.c.id, _GROUP.c.permissions))
        known = {row.id: row.permissions for row in rows}
        if group is not None and group != caller.group_id:
            caller = dataclasses.replace(caller, group_id=group, group_permissions=known.get(group, EMPTY))
        return cls(caller, known)

    def flags(
        self,
        found: ModelClass,
        group_id: int | None,
        owner_id: int | None,
        own_permissions: int | None = None,
        *,
        is_directory: bool = False,
    ) -> Flags:
        """Return what the caller may do with a row of a class; a global class has neither group nor owner.

        `own_permissions` are the row's own, which only a group shows; `is_directory` is for an OriginalFile.
        """
        if not self._shows_own(found, group_id):
            own_permissions = None
        key = (found.name, group_id, owner_id, own_permissions, is_directory)
        flags = self._flags.get(key)
        if flags is None:
            flags = self._flags[key] = self._compute(found, group_id, owner_id, own_permissions, is_directory)
        return flags

    def permissions(self, flags: Flags) -> omero.model.Permissions:
        """Return the `omero.model.PermissionsI` for flags; the same object for the same flags."""
        shared = self._shared.get(flags)
        if shared is None:
            shared = self._shared[flags] = to_ice(flags)
        return shared

    def group_permissions(self, group_id: int) -> int:
        """Return what a group permits; nothing where there is no such group."""
        return self._group_permissions.get(group_id, EMPTY)

    def _shows_own(self, found: ModelClass, group_id: int | None) -> bool:
        return found.name == "ExperimenterGroup" or (self.caller.group_id < 0 and group_id is None)

    def _compute(
        self, found: ModelClass, group_id: int | None, owner_id: int | None, own: int | None, is_directory: bool
    ) -> Flags:
        link, edit, delete, annotate = self._allowed(found, group_id, owner_id, is_directory)
        caller = self.caller
        return Flags(
            permissions=self._shown(group_id) if own is None else own,
            can_link=link,
            can_edit=edit,
            can_delete=delete,
            can_annotate=annotate,
            can_chgrp=_is_target(found, _CHGRP_TARGETS) and (caller.has(CHGRP) or caller.user_id == owner_id),
            can_chown=_is_target(found, _CHOWN_TARGETS) and (caller.has(CHOWN) or caller.leads(group_id)),
        )

    def _shown(self, group_id: int | None) -> int:
        """Return the permissions to show: in one group that group's, in all groups those of the row's own group."""
        if self.caller.group_id >= 0:
            return self.caller.group_permissions
        return EMPTY if group_id is None else self.group_permissions(group_id)

    def _allowed(
        self, found: ModelClass, group_id: int | None, owner_id: int | None, is_directory: bool
    ) -> tuple[bool, bool, bool, bool]:
        """Return whether linking, editing, deleting and annotating are allowed (allowUpdateOrDelete)."""
        caller = self.caller
        is_own = owner_id == caller.user_id
        may_join = found.is_global or group_id == USER_GROUP_ID or is_own or not self._is_critical(group_id)
        if found.is_global:
            changes = caller.has(to_administrate(found.name))
            return True, changes, changes, True
        if caller.user_id == GUEST_ID:
            return False, False, False, False
        leads = caller.leads(group_id)
        writes = leads or to_write(found.name) <= caller.privileges
        deletes = leads or to_delete(found.name) <= caller.privileges
        is_common = group_id == SYSTEM_GROUP_ID or (group_id == USER_GROUP_ID and not is_directory)
        write = self._is_granted(WRITE, group_id, owner_id, is_directory)
        annotate = writes or is_common or self._is_granted(ANNOTATE, group_id, owner_id, is_directory)
        return may_join and (writes or write or is_common), writes or write, deletes or write, may_join and annotate

    def _is_granted(self, right: int, group_id: int | None, owner_id: int | None, is_directory: bool) -> bool:
        permissions = PRIVATE
        if group_id is not None and (is_directory or group_id != USER_GROUP_ID):
            permissions = self.group_permissions(group_id)
        return (
            is_granted(permissions, WORLD, right)
            or (owner_id == self.caller.user_id and is_granted(permissions, USER, right))
            or (group_id in self.caller.member_of and is_granted(permissions, GROUP, right))
        )

    def _is_critical(self, group_id: int | None) -> bool:
        """Return whether a leader or an administrator would mix own data with a member's in a private group."""
        context = self.caller.group_id if self.caller.group_id >= 0 else group_id
        if context is None:
            return False
        permissions = self.group_permissions(context)
        if is_granted(permissions, WORLD, READ) or is_granted(permissions, GROUP, READ):
            return False
        return self.caller.is_admin or self.caller.leads(context)


def to_ice(flags: Flags) -> omero.model.Permissions:
    """Return permissions as they go over the wire, with the restrictions that the client's `canEdit()` reads."""
    permissions = omero.model.PermissionsI(flags.permissions)
    permissions._restrictions = flags.restrictions()
    return permissions


def _is_target(found: ModelClass, targets: frozenset[str]) -> bool:
    return found.is_link or found.root in targets
