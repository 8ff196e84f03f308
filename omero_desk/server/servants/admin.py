"""IAdmin: users, groups and who the caller is; what users change about themselves. The rest is in `people`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import omero
from omero.rtypes import rstring

from omero_desk.server.access.caller import default_group, load_caller
from omero_desk.server.database import accounts, bootstrap
from omero_desk.server.database.passwords import set_password
from omero_desk.server.servants.base import parameters
from omero_desk.server.servants.people import PeopleService, id_of
from omero_desk.server.sign_in import may_sign_in
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation, server_error

_USER: Final = (
    "select distinct e from Experimenter e left outer join fetch e.groupExperimenterMap m "
    "left outer join fetch m.parent g "
)
_GROUP: Final = (
    "select distinct g from ExperimenterGroup g left outer join fetch g.groupExperimenterMap m "
    "left outer join fetch m.child u "
)
_GROUP_DEEP: Final = _GROUP + "left outer join fetch u.groupExperimenterMap m2 left outer join fetch m2.parent "


class AdminService(PeopleService):
    """Follows OMERO's AdminImpl."""

    def getEventContext(self, call: Call) -> Any:
        """Return who the caller is, in which session, group and role."""
        caller = call.caller
        context = omero.sys.EventContext()
        context.shareId, context.eventId = -1, -1
        context.sessionId, context.sessionUuid = call.session.row_id, call.session.uuid
        context.eventType = call.session.event_type
        context.userId, context.userName = caller.user_id, caller.user_name
        context.groupId, context.groupName = caller.group_id, caller.group_name
        context.isAdmin = caller.is_admin
        context.adminPrivileges = [one.value.val for one in self.getCurrentAdminPrivileges(call)]
        context.memberOfGroups = list(caller.member_of)
        context.leaderOfGroups = sorted(caller.leader_of)
        context.groupPermissions = omero.model.PermissionsI(caller.group_permissions)
        return context

    def getSecurityRoles(self, call: Call) -> Any:
        """Return the ids and names of the users and groups that every OMERO has."""
        return omero.sys.Roles(
            rootId=bootstrap.ROOT_ID,
            rootName="root",
            systemGroupId=bootstrap.SYSTEM_GROUP_ID,
            systemGroupName="system",
            userGroupId=bootstrap.USER_GROUP_ID,
            userGroupName="user",
            guestId=bootstrap.GUEST_ID,
            guestName="guest",
            guestGroupId=bootstrap.GUEST_GROUP_ID,
            guestGroupName="guest",
        )

    def getExperimenter(self, call: Call, user_id: int) -> Any:
        """Return a user with the groups that they are in."""
        found = self.query(call, _USER + "where e.id = :id", parameters(id=user_id))
        return _one(found, f"No such experimenter: {user_id}")

    def lookupExperimenter(self, call: Call, name: str) -> Any:
        """Return a user by name, with the groups that they are in."""
        found = self.query(call, _USER + "where e.omeName = :name", parameters(name=rstring(name)))
        return _one(found, f"No such experimenter: {name}")

    def lookupExperimenters(self, call: Call) -> list[Any]:
        """Return all users with their groups."""
        return self.query(call, _USER)

    def getGroup(self, call: Call, group_id: int) -> Any:
        """Return a group with its members."""
        found = self.query(call, _GROUP + "where g.id = :id", parameters(id=group_id))
        return _one(found, f"No such group: {group_id}")

    def lookupGroup(self, call: Call, name: str) -> Any:
        """Return a group by name, with its members."""
        found = self.query(call, _GROUP + "where g.name = :name", parameters(name=rstring(name)))
        return _one(found, f"No such group: {name}")

    def lookupGroups(self, call: Call) -> list[Any]:
        """Return all groups with their members and their members' groups."""
        return self.query(call, _GROUP_DEEP)

    def containedExperimenters(self, call: Call, group_id: int) -> list[Any]:
        """Return the members of a group, with their groups."""
        where = "where e.id in (select n.child.id from GroupExperimenterMap n where n.parent.id = :id)"
        return self.query(call, _USER + where, parameters(id=group_id))

    def containedGroups(self, call: Call, user_id: int) -> list[Any]:
        """Return a user's groups, with their members."""
        where = "where g.id in (select n.parent.id from GroupExperimenterMap n where n.child.id = :id)"
        return self.query(call, _GROUP_DEEP + where, parameters(id=user_id))

    def getDefaultGroup(self, call: Call, user_id: int) -> Any:
        """Return the group that a user signs in to."""
        with self.backend.store.read() as connection:
            group_id = default_group(load_caller(connection, user_id))
        if group_id == bootstrap.USER_GROUP_ID:
            raise server_error(omero.ValidationException, f"The user {user_id} has no default group set.")
        return _one(self.query(call, "select g from ExperimenterGroup g where g.id = :id", parameters(id=group_id)), "")

    def getMemberOfGroupIds(self, call: Call, user: Any) -> list[int]:
        """Return the ids of a user's groups, the default one first."""
        with self.backend.store.read() as connection:
            return list(load_caller(connection, id_of(user)).member_of)

    def getLeaderOfGroupIds(self, call: Call, user: Any) -> list[int]:
        """Return the ids of the groups that a user owns."""
        with self.backend.store.read() as connection:
            return sorted(load_caller(connection, id_of(user)).leader_of)

    def getCurrentAdminPrivileges(self, call: Call) -> list[Any]:
        """Return what the caller may do as an administrator: everything or nothing."""
        return self._privileges(call) if call.caller.is_admin else []

    def getAdminPrivileges(self, call: Call, user: Any) -> list[Any]:
        """Return what a user may do as an administrator: everything or nothing."""
        is_admin = bootstrap.SYSTEM_GROUP_ID in self.getMemberOfGroupIds(call, user)
        return self._privileges(call) if is_admin else []

    def canUpdate(self, call: Call, target: Any) -> bool:
        """Tell whether the caller may change an object."""
        kind = self.model_class(type(target).__name__).name
        found = self.query(call, f"select o from {kind} o where o.id = :id", parameters(id=id_of(target)))
        return bool(_one(found, f"{kind} {id_of(target)} is not available.").details.permissions.canEdit())

    def setDefaultGroup(self, call: Call, user: Any, group: Any) -> None:
        """Make a group the one that a user signs in to."""
        user_id, group_id = id_of(user), id_of(group)
        if not call.caller.is_admin and user_id != call.caller.user_id:
            raise security_violation(f"User {user_id} can only set own default group.")
        if group_id == bootstrap.USER_GROUP_ID:
            raise api_usage("Cannot set default group to: user")
        with self.backend.write() as connection:
            try:
                accounts.set_default_group(self.backend.store.schema, connection, user_id, group_id)
            except KeyError:
                raise api_usage(f"Experimenter {user_id} is not in group {group_id}.") from None

    def changePassword(self, call: Call, password: Any) -> None:
        """Change the caller's own password; not for who joined a session by its uuid."""
        if not call.client.gave_password:
            raise security_violation("Bad authentication credentials for this action: sign in with your password.")
        self._set_password(call.session.user_id, password)

    def changePasswordWithOldPassword(self, call: Call, old: Any, new: Any) -> None:
        """Change the caller's own password, given the old one."""
        with self.backend.store.read() as connection:
            if not may_sign_in(connection, call.session.user_id, _text(old)):
                raise security_violation("Old password is invalid")
        self._set_password(call.session.user_id, new)

    def changeUserPassword(self, call: Call, name: str, password: Any) -> None:
        """Change a user's password, as an administrator."""
        if not (call.caller.is_admin and call.client.gave_password):
            raise security_violation("Only administrators who signed in with their password may do this.")
        with self.backend.store.read() as connection:
            user_id = accounts.find_user(self.backend.store.schema, connection, name)
        if user_id is None:
            raise api_usage(f"No such experimenter: {name}")
        self._set_password(user_id, password)

    def _set_password(self, user_id: int, password: Any) -> None:
        if not _text(password):
            raise api_usage("A password may not be empty.")
        with self.backend.write() as connection:
            set_password(connection, user_id, _text(password))

    def _privileges(self, call: Call) -> list[Any]:
        return self.query(call, "select p from AdminPrivilege p order by p.id")


def _one(found: Sequence[Any], missing: str) -> Any:
    if not found:
        raise api_usage(missing)
    return found[0]


def _text(password: Any) -> str:
    return password.val if password is not None and password.val is not None else ""
