"""The details of new and changed objects: whom they will belong to, and what of them may change (OmeroInterceptor)."""

from __future__ import annotations

from typing import Any

import omero

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import to_text
from omero_desk.server.access.privileges import CHGRP, CHOWN
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.saving.graph import Graph, Node
from omero_desk.server.saving.linkage import Holder, Holders
from omero_desk.server.saving.ownership import check_group_of_new, check_privilege, may_create_for_others


class DetailsRules:
    """The details of one graph's objects."""

    def __init__(self, caller: Caller, rights: Rights, graph: Graph, holders: Holders) -> None:
        self._caller = caller
        self._rights = rights
        self._graph = graph
        self._holders = holders

    def holder_of_new(self, node: Node) -> Holder:
        """Return whom a new object will belong to (newTransientDetails)."""
        caller, details = self._caller, node.thing._details
        owner_id, group_id = caller.user_id, caller.group_id
        wanted_owner = None if details is None else id_of(details._owner)
        wanted_group = None if details is None else id_of(details._group)
        if wanted_owner is not None and wanted_owner != owner_id:
            if not may_create_for_others(caller, node):
                raise omero.SecurityViolation(
                    message=f"You are not authorized to set the Experimenter for {node} to {wanted_owner}"
                )
            owner_id = wanted_owner
        if group_id < 0 and wanted_group is None:
            wanted_group = self._group_of_linked(node, set())
        if wanted_group is not None and wanted_group != group_id:
            check_group_of_new(caller, node, wanted_group)
            group_id = wanted_group
        return Holder(owner_id, group_id)

    def check_permissions_of_new(self, node: Node, group_id: int) -> None:
        """Refuse permissions that are not those of the group, which alone has any."""
        details = node.thing._details
        wanted = None if details is None else details._permissions
        if wanted is None or group_id == USER_GROUP_ID:
            return
        if str(wanted) != to_text(self._rights.group_permissions(group_id)):
            raise omero.GroupSecurityViolation(message="Manually setting permissions currently disallowed")

    def changes(self, node: Node, current: Any) -> dict[str, Any]:
        """Return what of an object's details differs from its row, by column (checkManagedDetails)."""
        details = node.thing._details
        if details is None:
            return {}
        wanted: dict[str, Any] = {"external_id": self.external_id(node)}
        if not node.found.has_details:
            return wanted
        _check_events(node, current)
        owner_id, group_id = id_of(details._owner), id_of(details._group)
        if owner_id not in (None, current["owner_id"]):
            check_privilege(self._caller, CHOWN, node, "owner", owner_id)
            wanted["owner_id"] = owner_id
        if group_id not in (None, current["group_id"]):
            if group_id == USER_GROUP_ID or group_id not in self._caller.member_of:
                check_privilege(self._caller, CHGRP, node, "group", group_id)
            wanted["group_id"] = group_id
        return wanted

    def external_id(self, node: Node) -> int | None:
        """Return the id of an object's external info, None for none."""
        external = None if node.thing._details is None else node.thing._details._externalInfo
        return None if external is None else self._graph.id_of(external)

    def _group_of_linked(self, node: Node, seen: set[int]) -> int | None:
        """The group of what a new object points at, be that new itself."""
        seen.add(id(node))
        for _, target in self._graph.references(node):
            other = self._graph.node_of(target)
            if other is None or not other.is_new:
                group_id = self._holders[self._graph.class_of(target), self._graph.id_of(target)].group_id
            elif id(other) in seen:
                group_id = None
            else:
                group_id = id_of(other.thing._details._group) or self._group_of_linked(other, seen)
            if group_id is not None:
                return group_id
        return None


def id_of(thing: Any) -> int | None:
    """Return the id of an object, None for no object or a new one."""
    return None if thing is None or thing._id is None else int(thing._id._val)


def _check_events(node: Node, current: Any) -> None:
    """Refuse other events than the row's: nobody changes them, and they tell of a change meanwhile (managedEvent)."""
    details = node.thing._details
    created, updated = id_of(details._creationEvent), id_of(details._updateEvent)
    if created not in (None, current["creation_id"]):
        raise omero.SecurityViolation(message=f"You are not authorized to change the creation event for {node}")
    if node.found.has_update_event and updated not in (None, current["update_id"]):
        raise omero.OptimisticLockException(
            message=f"You are not authorized to change the update event for {node}\n"
            "You may need to reload the object before continuing."
        )
