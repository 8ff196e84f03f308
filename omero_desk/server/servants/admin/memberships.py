"""The part of IAdmin that says who is in which group, who owns it, and where a user signs in to."""

from __future__ import annotations

from collections.abc import Sequence

from omero.model import Experimenter, ExperimenterGroup

from omero_desk.server.access import accounts
from omero_desk.server.access.caller import load_caller
from omero_desk.server.access.privileges import MODIFY_MEMBERSHIP, MODIFY_USER
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import ROOT_ID, SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.errors import api_usage, security_violation
from omero_desk.server.servants.admin.administration import AdministrationService, id_of, require, validation


class MembershipService(AdministrationService):
    """For administrators, and for the owners of the groups."""

    def addGroups(self, call: Call, user: Experimenter, groups: Sequence[ExperimenterGroup]) -> None:
        """Make a user a member of groups."""
        if not groups:
            raise validation("Nothing to do.")
        user_id, group_ids = id_of(user), [id_of(group) for group in groups]
        require(call, MODIFY_MEMBERSHIP, *group_ids)
        self._add(call, user_id, group_ids)

    def removeGroups(self, call: Call, user: Experimenter, groups: Sequence[ExperimenterGroup]) -> None:
        """End a user's memberships; somewhere but in everybody's group a user must stay."""
        user_id, group_ids = id_of(user), {id_of(group) for group in groups}
        if not group_ids:
            return
        require(call, MODIFY_MEMBERSHIP, *group_ids)
        _check_removal(call, user_id, group_ids)
        self._check_remaining(user_id, group_ids)
        with self.backend.write() as connection:
            for group_id in group_ids:
                accounts.remove_member(self.backend.store.schema, connection, group_id, user_id)

    def setGroupOwner(self, call: Call, group: ExperimenterGroup, owner: Experimenter) -> None:
        """Make a user an owner of a group."""
        self._set_owners(call, group, [owner], is_leader=True)

    def unsetGroupOwner(self, call: Call, group: ExperimenterGroup, owner: Experimenter) -> None:
        """Make an owner of a group a mere member."""
        self._set_owners(call, group, [owner], is_leader=False)

    def addGroupOwners(self, call: Call, group: ExperimenterGroup, owners: Sequence[Experimenter]) -> None:
        """Make users owners of a group."""
        self._set_owners(call, group, owners, is_leader=True)

    def removeGroupOwners(self, call: Call, group: ExperimenterGroup, owners: Sequence[Experimenter]) -> None:
        """Make owners of a group mere members."""
        self._set_owners(call, group, owners, is_leader=False)

    def setDefaultGroup(self, call: Call, user: Experimenter, group: ExperimenterGroup) -> None:
        """Make a group the one that a user signs in to."""
        user_id, group_id = id_of(user), id_of(group)
        if not call.caller.has(MODIFY_USER) and user_id != call.caller.user_id:
            raise security_violation(f"User {user_id} can only set own default group.")
        if group_id == USER_GROUP_ID:
            raise api_usage("Cannot set default group to: user")
        with self.backend.write() as connection:
            try:
                accounts.set_default_group(self.backend.store.schema, connection, user_id, group_id)
            except KeyError:
                raise api_usage(f"Group {group_id} was not found for user {user_id}") from None

    def _set_owners(
        self,
        call: Call,
        group: ExperimenterGroup,
        owners: Sequence[Experimenter],
        *,
        is_leader: bool,
    ) -> None:
        group_id, user_ids = id_of(group), [id_of(owner) for owner in owners]
        require(call, MODIFY_MEMBERSHIP, group_id)
        for user_id in user_ids:
            self._add(call, user_id, [group_id])
        with self.backend.write() as connection:
            for user_id in user_ids:
                accounts.add_member(self.backend.store.schema, connection, group_id, user_id, is_leader=is_leader)

    def _add(self, call: Call, user_id: int, group_ids: Sequence[int]) -> None:
        """Add memberships that are not there; a new administrator gets no more privileges than the caller has."""
        with self.backend.write() as connection:
            for group_id in group_ids:
                accounts.join_group(self.backend.store.schema, connection, group_id, user_id)
            if SYSTEM_GROUP_ID in group_ids:
                before = self.privileges_of(user_id)
                self.check_no_elevation(call, before, load_caller(connection, user_id).privileges)

    def _check_remaining(self, user_id: int, removed: set[int]) -> None:
        remaining = set(self.groups_of(user_id)) - removed
        if not remaining:
            raise validation("experimenter must remain a member of some group")
        if remaining == {USER_GROUP_ID}:
            raise validation(
                "experimenter cannot be a member of only the 'user' group, a different default group is also required"
            )


def _check_removal(call: Call, user_id: int, removed: set[int]) -> None:
    if removed.isdisjoint({SYSTEM_GROUP_ID, USER_GROUP_ID}):
        return
    if user_id == ROOT_ID:
        raise validation("experimenter 'root' may not be removed from the 'system' or 'user' group")
    if user_id == call.caller.user_id:
        raise validation("experimenters may not remove themselves from the 'system' or 'user' group")
