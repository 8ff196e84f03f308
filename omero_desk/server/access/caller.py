"""The user behind a call and the group it is made in: what OMERO calls the event context."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final, Protocol

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.permissions import EMPTY, READ, WORLD, is_granted
from omero_desk.server.access.privileges import ALL_PRIVILEGES, SUDO, granted
from omero_desk.server.database.bootstrap import SYSTEM_GROUP_ID, USER_GROUP_ID

ALL_GROUPS: Final = -1
"""The group of a call context (`omero.group`) that spans all groups."""

_GROUP: Final = sa.table("experimenter_group", sa.column("id"), sa.column("name"), sa.column("permissions"))
_MEMBERSHIP: Final = sa.table(
    "group_experimenter_map",
    sa.column("parent_id"),
    sa.column("child_id"),
    sa.column("child_index"),
    sa.column("owner", sa.Boolean),
)
_EXPERIMENTER: Final = sa.table("experimenter", sa.column("id"), sa.column("omeName"))
_SETTINGS: Final = sa.table("experimenter_config", *map(sa.column, ("parent_id", "position", "name", "value")))


@dataclass(frozen=True, slots=True)
class Caller:
    """The user of a session and the group that a call is made in.

    `group_id` is -1 for all groups. `member_of` is in the user's own order, the default group first. `privileges`
    are an administrator's; `sudoer_id` is the user who opened the session for another. `only_in` are the groups that
    the session is confined to, None for no such limit.
    """

    user_id: int
    user_name: str
    group_id: int
    group_name: str
    is_admin: bool
    member_of: tuple[int, ...]
    leader_of: frozenset[int]
    group_permissions: int
    privileges: frozenset[str] = frozenset()
    sudoer_id: int | None = None
    only_in: frozenset[int] | None = None
    session_id: int = 0
    session_uuid: str = ""
    event_id: int = 0

    def leads(self, group_id: int | None) -> bool:
        """Return whether the user is an owner of a group (its leader)."""
        return group_id in self.leader_of

    def has(self, privilege: str | None) -> bool:
        """Return whether the user is an administrator with a privilege, for None any administrator."""
        return self.is_admin and (privilege is None or privilege in self.privileges)

    @property
    def is_full_admin(self) -> bool:
        """True for an administrator with all privileges."""
        return self.is_admin and self.privileges == ALL_PRIVILEGES


class Asker(Protocol):
    """A caller and the group of the call's context, by which rows are read."""

    @property
    def caller(self) -> Caller:
        """The user and the group that the session or the call's context names."""

    @property
    def group(self) -> int | None:
        """The group that the call's context names: -1 for all groups, None for the session's own."""


def load_caller(connection: Connection, user_id: int, group_id: int | None = None) -> Caller:
    """Read a user and memberships; the group is the user's default one unless given.

    Raises omero.SecurityViolation for an unknown user, an unknown group, or one that the user is no member of.
    """
    name = connection.scalar(sa.select(_EXPERIMENTER.c.omeName).where(_EXPERIMENTER.c.id == user_id))
    if name is None:
        raise omero.SecurityViolation(message=f"There is no user {user_id}")
    statement = sa.select(_MEMBERSHIP.c.parent_id, _MEMBERSHIP.c.owner).where(_MEMBERSHIP.c.child_id == user_id)
    rows = connection.execute(statement.order_by(_MEMBERSHIP.c.child_index, _MEMBERSHIP.c.parent_id)).all()
    member_of = tuple(row.parent_id for row in rows)
    caller = Caller(
        user_id=user_id,
        user_name=name,
        group_id=USER_GROUP_ID,
        group_name="user",
        is_admin=SYSTEM_GROUP_ID in member_of,
        privileges=granted(settings_of(connection, user_id)) if SYSTEM_GROUP_ID in member_of else frozenset(),
        member_of=member_of,
        leader_of=frozenset(row.parent_id for row in rows if row.owner),
        group_permissions=EMPTY,
    )
    return enter_group(connection, caller, default_group(caller) if group_id is None else group_id)


def settings_of(connection: Connection, user_id: int) -> list[tuple[str, str]]:
    """Return the names and values of a user's configuration."""
    statement = sa.select(_SETTINGS.c.name, _SETTINGS.c.value).where(_SETTINGS.c.parent_id == user_id)
    return [(row.name, row.value) for row in connection.execute(statement.order_by(_SETTINGS.c.position))]


def under_sudo(caller: Caller, sudoer: Caller) -> Caller:
    """Return the caller of a session that another user opened: nobody can do more so than alone.

    What groups the sudoer shares with the user is all that the owner of a group gets (SessionManagerImpl).
    """
    privileges = caller.privileges & sudoer.privileges
    caller = dataclasses.replace(
        caller, privileges=privileges, sudoer_id=sudoer.user_id, is_admin=caller.is_admin and sudoer.is_admin
    )
    if sudoer.has(SUDO):
        return caller
    return dataclasses.replace(
        caller,
        member_of=tuple(group for group in caller.member_of if group in sudoer.member_of),
        leader_of=caller.leader_of & sudoer.leader_of,
    )


def empowered(caller: Caller) -> Caller:
    """Return the caller with an administrator's privileges, for what has been allowed otherwise."""
    return dataclasses.replace(caller, is_admin=True, privileges=ALL_PRIVILEGES)


def default_group(caller: Caller) -> int:
    """Return the first group of a user that is not the one everybody is in."""
    others = [group for group in caller.member_of if group != USER_GROUP_ID]
    return others[0] if others else USER_GROUP_ID


def enter_group(connection: Connection, caller: Caller, group_id: int) -> Caller:
    """Return the caller as seen in another group, -1 for all groups.

    Raises omero.SecurityViolation where the user may not work in that group.
    """
    if group_id < 0:
        return dataclasses.replace(caller, group_id=ALL_GROUPS, group_name="", group_permissions=EMPTY)
    row = connection.execute(sa.select(_GROUP).where(_GROUP.c.id == group_id)).one_or_none()
    if row is None:
        raise omero.SecurityViolation(message=f"There is no group {group_id}")
    is_open = caller.is_admin or group_id in caller.member_of
    if not is_open and not is_granted(row.permissions, WORLD, READ):
        raise omero.SecurityViolation(
            message=f"User {caller.user_id} is not a member of group {group_id} and cannot login"
        )
    return dataclasses.replace(caller, group_id=group_id, group_name=row.name, group_permissions=row.permissions)
