"""The part of IAdmin that makes users and groups, changes what is known of them, and deletes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero.model
from omero.model import Experimenter, ExperimenterGroup
from omero.rtypes import unwrap
from sqlalchemy import Connection

from omero_desk.server.access import accounts
from omero_desk.server.access.caller import empowered
from omero_desk.server.access.privileges import ALL_PRIVILEGES, MODIFY_GROUP, MODIFY_USER
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.database.passwords import remove_password
from omero_desk.server.errors import api_usage
from omero_desk.server.saving.delete import delete_object
from omero_desk.server.servants.admin.admin_privileges import names_of, write_privileges
from omero_desk.server.servants.admin.administration import admins_only, id_of, require, text_of, validation
from omero_desk.server.servants.admin.credentials import CredentialsService
from omero_desk.server.servants.admin.moves import MoveService

_PROFILE: Final = ("firstName", "middleName", "lastName", "email", "institution")
_SPECIAL_USERS: Final = frozenset({"root", "guest"})
_SPECIAL_GROUPS: Final = frozenset({"system", "user", "guest"})


class PeopleService(CredentialsService, MoveService):
    """Each call is one transaction. Users are made by owners of groups too, for their groups."""

    def createGroup(self, call: Call, group: ExperimenterGroup) -> int:
        """Make a group, private unless it says otherwise; return its id."""
        admins_only(call)
        require(call, MODIFY_GROUP)
        name = text_of(group, "name")
        wanted = None if group._details is None else group._details._permissions
        permissions = "rw----" if wanted is None else str(wanted)
        with self.backend.write() as connection:
            return accounts.create_group(
                self.backend.store.schema, connection, name, permissions, unwrap(group._description)
            )

    def createUser(self, call: Call, user: Experimenter, group: str) -> int:
        """Make a user without a password, in a group; return the id."""
        return self._create(call, user, None, [self.group_named(call, group).id.val])

    def createSystemUser(self, call: Call, user: Experimenter) -> int:
        """Make an administrator without a password; return the id."""
        admins_only(call)
        return self._create(call, user, None, [SYSTEM_GROUP_ID])

    def createRestrictedSystemUser(
        self, call: Call, user: Experimenter, privileges: Sequence[omero.model.AdminPrivilege]
    ) -> int:
        """Make an administrator with no other than these privileges and without a password; return the id."""
        return self.createRestrictedSystemUserWithPassword(call, user, privileges, None)

    def createRestrictedSystemUserWithPassword(
        self,
        call: Call,
        user: Experimenter,
        privileges: Sequence[omero.model.AdminPrivilege],
        password: omero.RString | None,
    ) -> int:
        """Make an administrator with no other than these privileges; return the id."""
        admins_only(call)
        return self._create(call, user, unwrap(password), [SYSTEM_GROUP_ID], names_of(privileges))

    def createExperimenter(
        self,
        call: Call,
        user: Experimenter,
        default: ExperimenterGroup,
        groups: Sequence[ExperimenterGroup],
    ) -> int:
        """Make a user without a password, in these groups; return the id."""
        return self.createExperimenterWithPassword(call, user, None, default, groups)

    def createExperimenterWithPassword(
        self,
        call: Call,
        user: Experimenter,
        password: omero.RString | None,
        default: ExperimenterGroup,
        groups: Sequence[ExperimenterGroup],
    ) -> int:
        """Make a user in these groups; return the id."""
        return self._create(call, user, unwrap(password), [id_of(default), *map(id_of, groups)])

    def updateSelf(self, call: Call, user: Experimenter) -> None:
        """Change the caller's own names, address and institution."""
        sudoer = call.caller.sudoer_id
        if sudoer not in (None, call.caller.user_id):
            require(call, MODIFY_USER)
        self._update_user(call, self.managed(call, omero.model.ExperimenterI(call.caller.user_id, False)), user)

    def updateExperimenter(self, call: Call, user: Experimenter) -> None:
        """Change a user's names, address and institution, as an administrator or one's own."""
        user_id = id_of(user)
        if not call.caller.has(MODIFY_USER) and user_id == call.caller.user_id:
            self.updateSelf(call, user)
            return
        require(call, MODIFY_USER)
        known = self.managed(call, user)
        _check_name(known._omeName.val, text_of(user, "omeName"), _SPECIAL_USERS, "experimenter")
        known.omeName = user._omeName
        self._update_user(call, known, user)

    def updateExperimenterWithPassword(self, call: Call, user: Experimenter, password: omero.RString | None) -> None:
        """Change what is known of a user and the password, as an administrator."""
        require(call, MODIFY_USER)
        self.updateExperimenter(call, user)
        self.changeUserPassword(call, text_of(user, "omeName"), password)

    def updateGroup(self, call: Call, group: ExperimenterGroup) -> None:
        """Change a group's name, description and permissions, as an administrator or its owner."""
        group_id = id_of(group)
        require(call, MODIFY_GROUP, group_id)
        known, name = self.managed(call, group), text_of(group, "name")
        _check_name(known.name.val, name, _SPECIAL_GROUPS, "group")
        if name != known.name.val and group_id == call.caller.group_id:
            raise validation(f"cannot rename the current group context '{known.name.val}'")
        if group._details is not None and group._details._permissions is not None:
            self.changePermissions(call, group, group._details._permissions)
            known = self.managed(call, group)
        known.unloadGroupExperimenterMap()
        known.name, known.description = group._name, group._description
        self.save_as_admin(call, known)

    def deleteExperimenter(self, call: Call, user: Experimenter) -> None:
        """Delete a user who has done nothing yet."""
        require(call, MODIFY_USER)
        self._delete(call, self.managed(call, user), "child_id")

    def deleteGroup(self, call: Call, group: ExperimenterGroup) -> None:
        """Delete a group that has nothing."""
        require(call, MODIFY_GROUP, id_of(group))
        self._delete(call, self.managed(call, group), "parent_id")

    def _update_user(self, call: Call, known: Experimenter, user: Experimenter | None) -> None:
        known.unloadGroupExperimenterMap()
        if user is None:
            raise api_usage("The experimenter may not be null.")
        for field in _PROFILE:
            setattr(known, field, getattr(user, f"_{field}"))
        self.save_as_admin(call, known)

    def _delete(self, call: Call, target: omero.model.IObject, membership: str) -> None:
        schema, target_id = self.backend.store.schema, target.id.val
        members = schema.table("GroupExperimenterMap")
        with self.backend.write() as connection:
            connection.execute(members.delete().where(members.c[membership] == target_id))
            if membership == "child_id":
                remove_password(connection, target_id)
            delete_object(schema, connection, empowered(call.caller), target)

    def _create(
        self,
        call: Call,
        user: Experimenter,
        password: str | None,
        groups: Sequence[int],
        privileges: frozenset[str] | None = None,
    ) -> int:
        require(call, MODIFY_USER, *(group for group in groups if group != USER_GROUP_ID))
        name = text_of(user, "omeName")
        with self.backend.write() as connection:
            user_id = self._insert(connection, user, name, password, groups)
            if privileges is not None:
                write_privileges(self.backend.store.schema, connection, user_id, privileges)
            if SYSTEM_GROUP_ID in groups:
                given = ALL_PRIVILEGES if privileges is None else privileges
                self.check_no_elevation(call, frozenset(), given)
            return user_id

    def _insert(
        self,
        connection: Connection,
        user: Experimenter,
        name: str,
        password: str | None,
        groups: Sequence[int],
    ) -> int:
        return accounts.create_user(
            self.backend.store.schema,
            connection,
            name,
            first_name=text_of(user, "firstName", may_be_empty=True),
            last_name=text_of(user, "lastName", may_be_empty=True),
            groups=groups,
            password=password or None,
            email=unwrap(user._email),
            institution=unwrap(user._institution),
            middle_name=unwrap(user._middleName),
        )


def _check_name(known: str, wanted: str, special: frozenset[str], what: str) -> None:
    """Refuse to rename what every OMERO has, or to give its name to another."""
    if known == wanted:
        return
    if known in special:
        raise validation(f"cannot change name of special {what} '{known}'")
    if wanted in special:
        raise validation(f"cannot change name to special {what} '{wanted}'")
