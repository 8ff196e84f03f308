"""Whose an object may become: the rules of OMERO's OmeroInterceptor for the details of new and changed objects."""

from __future__ import annotations

from typing import Final

import omero

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, READ, WORLD, WRITE, is_granted
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.bootstrap import GUEST_ID, USER_GROUP_ID
from omero_desk.server.saving.graph import Node
from omero_desk.server.saving.linkage import Holder

_DISPLAY: Final = "ome.model.display."


def may_create(caller: Caller, rights: Rights, node: Node, holder: Holder) -> bool:
    """Whether a caller may make an object that will belong to `holder`."""
    if caller.is_admin:
        return node.found.is_global or holder.group_id not in (None, -1)
    if node.found.is_global or caller.user_id == GUEST_ID:
        return False
    group_id = holder.group_id
    if group_id in caller.member_of:
        return True
    permissions = rights.group_permissions(group_id or 0)
    if node.found.java_name.startswith(_DISPLAY) and is_granted(permissions, WORLD, READ):
        return True
    return is_granted(permissions, WORLD, ANNOTATE if node.found.name.endswith("AnnotationLink") else WRITE)


def check_group_of_new(caller: Caller, node: Node, group_id: int) -> None:
    """Refuse to make an object in a group that is not the one that the caller works in."""
    is_common = caller.is_admin and group_id == USER_GROUP_ID
    is_chosen = caller.group_id < 0 and (caller.is_admin or group_id in caller.member_of)
    if not (is_common or is_chosen):
        raise omero.SecurityViolation(
            message=f"You are not authorized to set the ExperimenterGroup for {node} to {group_id}"
        )


def check_administrator(caller: Caller, node: Node, what: str, value: int | None) -> None:
    """Refuse what only an administrator may change of an object's details."""
    if not caller.is_admin:
        raise omero.SecurityViolation(message=f"You are not authorized to change the {what} for {node} to {value}")
