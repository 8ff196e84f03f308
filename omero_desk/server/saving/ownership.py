"""Whose an object may become: the rules of OMERO's OmeroInterceptor for the details of new and changed objects."""

from __future__ import annotations

from typing import Final

import omero

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, READ, WORLD, WRITE, is_granted
from omero_desk.server.access.privileges import to_administrate, to_write
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.bootstrap import GUEST_ID, USER_GROUP_ID
from omero_desk.server.saving.graph import GraphNode
from omero_desk.server.saving.linkage import Ownership

_DISPLAY: Final = "ome.model.display."


def may_create(caller: Caller, rights: Rights, node: GraphNode, ownership: Ownership) -> bool:
    """Return whether a caller may make an object of this ownership."""
    if node.found.is_global:
        return caller.has(to_administrate(node.found.name))
    if caller.user_id == GUEST_ID:
        return False
    group_id = ownership.group_id
    if may_create_for_others(caller, node):
        return group_id not in (None, -1)
    if group_id in caller.member_of:
        return True
    permissions = rights.group_permissions(group_id or 0)
    if node.found.java_name.startswith(_DISPLAY) and is_granted(permissions, WORLD, READ):
        return True
    return is_granted(permissions, WORLD, ANNOTATE if node.found.name.endswith("AnnotationLink") else WRITE)


def creation_refused(caller: Caller, node: GraphNode) -> Exception:
    """Return the exception for an object that a caller may not make: BasicACLVoter's, or OmeroInterceptor's."""
    if node.found.is_global:
        text = f"{node} is a System-type, and may be created only through privileged APIs."
    elif caller.user_id != GUEST_ID:
        text = f"You are not authorized to create {node}"
    else:
        text = f"not permitted to create {node}"
    return omero.SecurityViolation(message=text)


def check_group_of_new(caller: Caller, node: GraphNode, group_id: int) -> None:
    """Refuse to make an object in a group that is not the one that the caller works in."""
    is_privileged = may_create_for_others(caller, node)
    is_common = is_privileged and group_id == USER_GROUP_ID
    is_chosen = caller.group_id < 0 and (is_privileged or group_id in caller.member_of)
    if not (is_common or is_chosen):
        raise omero.SecurityViolation(
            message=f"You are not authorized to set the ExperimenterGroup for {node} to {group_id}"
        )


def may_create_for_others(caller: Caller, node: GraphNode) -> bool:
    """Return whether a caller may make an object for another user, or in a group without being a member."""
    return caller.is_admin and to_write(node.found.name) <= caller.privileges


def check_privilege(caller: Caller, privilege: str, node: GraphNode, what: str, value: int | None) -> None:
    """Refuse what only an administrator with a privilege may change of an object's details."""
    if not caller.has(privilege):
        raise omero.SecurityViolation(message=f"You are not authorized to change the {what} for {node} to {value}")
