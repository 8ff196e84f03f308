"""The part of IAdmin that makes and changes users, groups and memberships; for administrators."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from omero.rtypes import unwrap
from sqlalchemy import Connection

from omero_desk.server.database import accounts
from omero_desk.server.database.bootstrap import SYSTEM_GROUP_ID
from omero_desk.server.database.schema import Schema
from omero_desk.server.servants.base import Service
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation

P = ParamSpec("P")
T = TypeVar("T")


class PeopleService(Service):
    """Each call is one transaction."""

    def createGroup(self, call: Call, group: Any) -> int:
        """Make a group, private unless it says otherwise; return its id."""
        wanted = group.details.permissions
        permissions = "rw----" if wanted is None else str(wanted)
        return self._change(
            call, accounts.create_group, _required(group, "name"), permissions, unwrap(group.description)
        )

    def createUser(self, call: Call, user: Any, group: str) -> int:
        """Make a user without a password, in a group; return the id."""
        with self._as_admin(call) as connection:
            table = self.backend.store.schema.table("ExperimenterGroup")
            found = connection.execute(table.select().where(table.c.name == group)).one_or_none()
            if found is None:
                raise api_usage(f"No such group: {group}")
            return self._create(connection, user, None, [found.id])

    def createSystemUser(self, call: Call, user: Any) -> int:
        """Make an administrator without a password; return the id."""
        with self._as_admin(call) as connection:
            return self._create(connection, user, None, [SYSTEM_GROUP_ID])

    def createExperimenter(self, call: Call, user: Any, default: Any, groups: Sequence[Any]) -> int:
        """Make a user without a password, in these groups; return the id."""
        return self.createExperimenterWithPassword(call, user, None, default, groups)

    def createExperimenterWithPassword(
        self, call: Call, user: Any, password: Any, default: Any, groups: Sequence[Any]
    ) -> int:
        """Make a user in these groups; return the id."""
        with self._as_admin(call) as connection:
            return self._create(connection, user, unwrap(password), [id_of(default), *map(id_of, groups)])

    def addGroups(self, call: Call, user: Any, groups: Sequence[Any]) -> None:
        """Make a user a member of groups."""
        for group in groups:
            self._change(call, accounts.add_member, id_of(group), id_of(user))

    def removeGroups(self, call: Call, user: Any, groups: Sequence[Any]) -> None:
        """End a user's memberships."""
        for group in groups:
            self._change(call, accounts.remove_member, id_of(group), id_of(user))

    def setGroupOwner(self, call: Call, group: Any, owner: Any) -> None:
        """Make a member an owner of a group."""
        self.addGroupOwners(call, group, [owner])

    def unsetGroupOwner(self, call: Call, group: Any, owner: Any) -> None:
        """Make an owner of a group a mere member."""
        self.removeGroupOwners(call, group, [owner])

    def addGroupOwners(self, call: Call, group: Any, owners: Sequence[Any]) -> None:
        """Make members owners of a group."""
        for owner in owners:
            self._change(call, accounts.add_member, id_of(group), id_of(owner), is_leader=True)

    def removeGroupOwners(self, call: Call, group: Any, owners: Sequence[Any]) -> None:
        """Make owners of a group mere members."""
        for owner in owners:
            self._change(call, accounts.add_member, id_of(group), id_of(owner), is_leader=False)

    def _create(self, connection: Connection, user: Any, password: str | None, groups: Sequence[int]) -> int:
        return accounts.create_user(
            self.backend.store.schema,
            connection,
            _required(user, "omeName"),
            first_name=_required(user, "firstName"),
            last_name=_required(user, "lastName"),
            groups=groups,
            password=password,
            email=unwrap(user.email),
            institution=unwrap(user.institution),
            middle_name=unwrap(user.middleName),
        )

    def _change(
        self,
        call: Call,
        function: Callable[Concatenate[Schema, Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self._as_admin(call) as connection:
            return function(self.backend.store.schema, connection, *args, **kwargs)

    @contextmanager
    def _as_admin(self, call: Call) -> Iterator[Connection]:
        if not call.caller.is_admin:
            raise security_violation("Only administrators may do this.")
        with self.backend.write() as connection:
            yield connection


def id_of(target: Any) -> int:
    """Return the id of an object that a client sends; raises omero.ApiUsageException if it has none."""
    if target is None or target.id is None:
        raise api_usage("Argument must be managed (i.e. have an id).")
    return int(target.id.val)


def _required(target: Any, name: str) -> str:
    value = None if target is None else unwrap(getattr(target, name))
    if not value:
        raise api_usage(f"{name} must be given.")
    return str(value)
