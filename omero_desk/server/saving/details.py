"""The details of new and changed objects: their ownership, and the changes that are allowed (OmeroInterceptor)."""

from __future__ import annotations

import omero
import omero.model
import sqlalchemy as sa

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import to_text
from omero_desk.server.access.privileges import CHGRP, CHOWN
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.saving.graph import Graph, GraphNode
from omero_desk.server.saving.linkage import Ownership, Ownerships
from omero_desk.server.saving.ownership import check_group_of_new, check_privilege, may_create_for_others


class DetailsRules:
    """The rules for the details of one graph's objects."""

    def __init__(self, caller: Caller, rights: Rights, graph: Graph, ownerships: Ownerships, *, anywhere: bool) -> None:
        self._caller = caller
        self._rights = rights
        self._graph = graph
        self._ownerships = ownerships
        self._anywhere = anywhere and caller.group_id < 0

    def ownership_of_new(self, node: GraphNode) -> Ownership:
        """Return the ownership of a new object (newTransientDetails)."""
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
        return Ownership(owner_id, group_id)

    def check_permissions_of_new(self, node: GraphNode, group_id: int) -> None:
        """Refuse permissions that are not those of the group, which alone has any."""
        details = node.thing._details
        wanted = None if details is None else details._permissions
        if wanted is None or group_id == USER_GROUP_ID:
            return
        if str(wanted) != to_text(self._rights.group_permissions(group_id)):
            raise omero.GroupSecurityViolation(message="Manually setting permissions currently disallowed")

    def changes(self, node: GraphNode, current: sa.RowMapping) -> dict[str, object]:
        """Return what of an object's details differs from its row, by column; nulls say nothing."""
        details = node.thing._details
        if details is None:
            return {}
        wanted: dict[str, object] = {"external_id": self.external_id(node)}
        if node.found.has_details:
            wanted.update(owner_id=id_of(details._owner), group_id=id_of(details._group))
        return {name: value for name, value in wanted.items() if name == "external_id" or value is not None}

    def is_touched(self, node: GraphNode, current: sa.RowMapping) -> bool:
        """Return whether details were sent that are not the row's own, in part or not at all.

        To Hibernate the object is dirty then, so that its rights are asked, though what OMERO makes of it is the
        row's own details (OmeroInterceptor.onFlushDirty, UpdateEventListener).
        """
        found, details = node.found, node.thing._details
        if not found.has_details:
            return False
        if details is None or id_of(details._owner) is None or id_of(details._group) is None:
            return True
        return found.has_update_event and id_of(details._updateEvent) != current["update_id"]

    def check_change(self, node: GraphNode, current: sa.RowMapping) -> None:
        """Refuse a change of details that only others may make (OmeroInterceptor.checkManagedDetails).

        A change is made in the object's own group, and by somebody who has seen the last one: the event of that is
        the lock, and whoever sends none overwrites.
        """
        if not node.found.has_details:
            return
        group_id, details, caller = current["group_id"], node.thing._details, self._caller
        owner = None if details is None else id_of(details._owner)
        group = None if details is None else id_of(details._group)
        if owner not in (None, current["owner_id"]):
            check_privilege(caller, CHOWN, node, "owner", owner)
        if not self._anywhere and group_id not in (caller.group_id, USER_GROUP_ID):
            raise omero.SecurityViolation(
                message=f"Currently logged into group {caller.group_id}. Cannot alter object in group {group_id}"
            )
        if group not in (None, group_id) and not self._may_move(current["owner_id"], group):
            check_privilege(caller, CHGRP, node, "group", group)
        _check_events(node, current)

    def _may_move(self, owner_id: int, group_id: int | None) -> bool:
        """Return whether a caller without privilege may move an object to a group: as with Chgrp2, only one's own.

        OmeroInterceptor.managedGroup asks for the membership alone, by which a member of a read-write group takes
        what is others' out of it.
        """
        is_own = owner_id == self._caller.user_id
        return is_own and group_id != USER_GROUP_ID and group_id in self._caller.member_of

    def external_id(self, node: GraphNode) -> int | None:
        """Return the id of an object's external info, None for none."""
        external = None if node.thing._details is None else node.thing._details._externalInfo
        return None if external is None else self._graph.id_of(external)

    def _group_of_linked(self, node: GraphNode, seen: set[int]) -> int | None:
        """Return the group of an object that a new object points at, following other new objects."""
        seen.add(id(node))
        for _, target in self._graph.references(node):
            other = self._graph.node_of(target)
            if other is None or not other.is_new:
                group_id = self._ownerships[self._graph.class_of(target), self._graph.id_of(target)].group_id
            elif id(other) in seen:
                group_id = None
            else:
                group_id = id_of(other.thing._details._group) or self._group_of_linked(other, seen)
            if group_id is not None:
                return group_id
        return None


def id_of(thing: omero.model.IObject | None) -> int | None:
    """Return the id of an object, None for no object or a new one."""
    return None if thing is None or thing._id is None else thing._id._val


def _check_events(node: GraphNode, current: sa.RowMapping) -> None:
    """Refuse other events than the row's: nobody changes them, and they tell of a change meanwhile (managedEvent)."""
    details = node.thing._details
    if details is None:
        return
    created, updated = id_of(details._creationEvent), id_of(details._updateEvent)
    if created not in (None, current["creation_id"]):
        raise omero.SecurityViolation(message=f"You are not authorized to change the creation event for {node}")
    if node.found.has_update_event and updated not in (None, current["update_id"]):
        raise omero.OptimisticLockException(
            message=f"You are not authorized to change the update event for {node} "
            f"from ome.model.meta.Event:Id_{current['update_id']} to ome.model.meta.Event:Id_{updated}\n"
            "You may need to reload the object before continuing."
        )
