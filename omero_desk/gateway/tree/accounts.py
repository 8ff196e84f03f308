"""The account that is signed in, and the groups and people that it can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omero_desk.entities.objects import Account, Group, Person
from omero_desk.gateway.rows import Cell
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession


def account(session: LaneSession) -> Account:
    """Return the account behind a session; six round trips."""
    admin = session.gateway.getAdminService()
    context, roles = admin.getEventContext(), admin.getSecurityRoles()
    system = {roles.systemGroupId, roles.userGroupId, roles.guestGroupId}
    groups, people = _groups_and_people(session, None if context.isAdmin else context.memberOfGroups, system)
    user = people.get(context.userId) or Person(context.userId, shown(context.userName), shown(context.userName))
    own = Group(context.groupId, shown(context.groupName), "")
    config = session.gateway.getConfigService()
    return Account(
        server=session.connection.server,
        user=user,
        group=next((group for group in groups if group.id == context.groupId), own),
        session=session.connection.uuid,
        server_version=shown(config.getVersion()),
        is_admin=context.isAdmin,
        groups=groups,
        people=people,
        database=config.getDatabaseUuid(),
        place=session.connection.place,
    )


def _groups_and_people(
    session: LaneSession, member_of: list[int] | None, system: set[int]
) -> tuple[tuple[Group, ...], dict[int, Person]]:
    """Return the groups with these ids (all groups for None) without OMERO's own, and everybody in them by id."""
    where = "" if member_of is None else "where g.id in (:ids)"
    parameters = {} if member_of is None else {"ids": member_of}
    rows = session.projection(
        f"select new map(g.id as id, g.name as name, g as g_details_permissions) from ExperimenterGroup g {where}"
        " order by lower(g.name), g.id",
        parameters,
    )
    ours = {row["id"]: row for (row,) in rows if row["id"] not in system}
    members = _members(session, list(ours)) if ours else []
    groups = tuple(
        Group(
            identity,
            shown(row["name"]),
            row["g_details_permissions"]["perm"],
            frozenset(person.id for group, person in members if group == identity),
        )
        for identity, row in ours.items()
    )
    return groups, {person.id: person for _, person in members}


def _members(session: LaneSession, groups: list[int]) -> list[tuple[int, Person]]:
    rows = session.projection(
        "select m.parent.id, e.id, e.omeName, e.firstName, e.lastName from GroupExperimenterMap m join m.child e"
        " where m.parent.id in (:ids) order by lower(e.lastName), e.id",
        {"ids": groups},
    )
    return [(group, _person(*row)) for group, *row in rows]


def _person(identity: int, user: Cell, first: Cell, last: Cell) -> Person:
    name = f"{shown(first)} {shown(last)}".strip()
    return Person(identity, shown(user), name or shown(user))
