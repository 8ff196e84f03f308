"""IAdmin: users, groups and who the caller is. What changes them is in the modules beside this one."""

from __future__ import annotations

from typing import Final

import omero
from omero.model import Experimenter, ExperimenterGroup
from omero.rtypes import rlist, rlong, rstring

from omero_desk.server.access.caller import ALL_GROUPS, default_group, load_caller
from omero_desk.server.call import Call
from omero_desk.server.database import bootstrap
from omero_desk.server.errors import server_error
from omero_desk.server.servants.admin.admin_privileges import AdminPrivilegesService
from omero_desk.server.servants.admin.administration import admins_only, id_of, one
from omero_desk.server.servants.admin.memberships import MembershipService
from omero_desk.server.servants.admin.people import PeopleService
from omero_desk.server.servants.admin.photos import PhotoService
from omero_desk.server.servants.base import parameters

_USER: Final = (
    "select distinct e from Experimenter e left outer join fetch e.groupExperimenterMap m "
    "left outer join fetch m.parent g "
)
_GROUP: Final = (
    "select distinct g from ExperimenterGroup g left outer join fetch g.groupExperimenterMap m "
    "left outer join fetch m.child u "
)
_GROUP_DEEP: Final = _GROUP + "left outer join fetch u.groupExperimenterMap m2 left outer join fetch m2.parent "


class AdminService(PeopleService, MembershipService, AdminPrivilegesService, PhotoService):
    """Follows OMERO's AdminImpl; its parts are in the modules of these classes."""

    def getEventContext(self, call: Call) -> omero.sys.EventContext:
        """Return who the caller is, in which session, group and role."""
        caller = call.caller
        context = omero.sys.EventContext()
        context.shareId, context.eventId = -1, -1
        context.sessionId, context.sessionUuid = call.session.row_id, call.session.uuid
        context.eventType = call.session.event_type
        context.userId, context.userName = caller.user_id, caller.user_name
        context.groupId, context.groupName = caller.group_id, caller.group_name
        if call.session.sudoer_id is not None:
            sudoer = self.backend.caller(call.session.sudoer_id, ALL_GROUPS)
            context.sudoerId, context.sudoerName = rlong(sudoer.user_id), rstring(sudoer.user_name)
        context.isAdmin = caller.is_admin
        context.adminPrivileges = sorted(caller.privileges)
        context.memberOfGroups = list(caller.member_of)
        context.leaderOfGroups = sorted(caller.leader_of)
        context.groupPermissions = omero.model.PermissionsI(caller.group_permissions)
        return context

    def getSecurityRoles(self, call: Call) -> omero.sys.Roles:
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

    def getExperimenter(self, call: Call, user_id: int) -> Experimenter:
        """Return a user with the groups that they are in."""
        found: list[Experimenter] = self.query(call, _USER + "where e.id = :id", parameters(id=user_id))
        return one(found, f"No such experimenter: {user_id}")

    def lookupExperimenter(self, call: Call, name: str) -> Experimenter:
        """Return a user by name, with the groups that they are in."""
        found: list[Experimenter] = self.query(call, _USER + "where e.omeName = :name", parameters(name=rstring(name)))
        return one(found, f"No such experimenter: {name}")

    def lookupExperimenters(self, call: Call) -> list[Experimenter]:
        """Return all users with their groups."""
        return self.query(call, _USER)

    def getGroup(self, call: Call, group_id: int) -> ExperimenterGroup:
        """Return a group with its members."""
        found: list[ExperimenterGroup] = self.query(call, _GROUP + "where g.id = :id", parameters(id=group_id))
        return one(found, f"No such group: {group_id}")

    def lookupGroup(self, call: Call, name: str) -> ExperimenterGroup:
        """Return a group by name, with its members."""
        found: list[ExperimenterGroup] = self.query(
            call, _GROUP + "where g.name = :name", parameters(name=rstring(name))
        )
        return one(found, f"No such group: {name}")

    def lookupGroups(self, call: Call) -> list[ExperimenterGroup]:
        """Return all groups with their members and their members' groups."""
        return self.query(call, _GROUP_DEEP)

    def containedExperimenters(self, call: Call, group_id: int) -> list[Experimenter]:
        """Return the members of a group, with their groups."""
        where = "where e.id in (select n.child.id from GroupExperimenterMap n where n.parent.id = :id)"
        return self.query(call, _USER + where, parameters(id=group_id))

    def containedGroups(self, call: Call, user_id: int) -> list[ExperimenterGroup]:
        """Return a user's groups, with their members."""
        where = "where g.id in (select n.parent.id from GroupExperimenterMap n where n.child.id = :id)"
        return self.query(call, _GROUP_DEEP + where, parameters(id=user_id))

    def getDefaultGroup(self, call: Call, user_id: int) -> ExperimenterGroup:
        """Return the group that a user signs in to."""
        with self.backend.store.read() as connection:
            group_id = default_group(load_caller(connection, user_id))
        if group_id == bootstrap.USER_GROUP_ID:
            raise server_error(omero.ValidationException, f"The user {user_id} has no default group set.")
        hql = "select g from ExperimenterGroup g where g.id = :id"
        found: list[ExperimenterGroup] = self.query(call, hql, parameters(id=group_id))
        return one(found, "")

    def getMemberOfGroupIds(self, call: Call, user: Experimenter) -> list[int]:
        """Return the ids of a user's groups, the default one first."""
        return self.groups_of(id_of(user))

    def getLeaderOfGroupIds(self, call: Call, user: Experimenter) -> list[int]:
        """Return the ids of the groups that a user owns."""
        with self.backend.store.read() as connection:
            return sorted(load_caller(connection, id_of(user)).leader_of)

    def canUpdate(self, call: Call, target: omero.model.IObject) -> bool:
        """Tell whether the caller may change an object."""
        return bool(self.managed(call, target).details.permissions.canEdit())

    def lookupLdapAuthExperimenter(self, call: Call, user_id: int) -> str:
        """Return an empty text: no user is known by LDAP."""
        return ""

    def lookupLdapAuthExperimenters(self, call: Call) -> omero.RList:
        """Return an empty list: no user is known by LDAP."""
        return rlist([])

    def synchronizeLoginCache(self, call: Call) -> None:
        """Do nothing, for administrators only: there is no cache of LDAP's users."""
        admins_only(call)
