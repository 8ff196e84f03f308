"""Who is signed in, and the groups and people that they can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omero_desk.gateway.entities import Account, Group, Person

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session


def account(session: Session) -> Account:
    """The account behind a session; five round trips."""
    admin = session.gateway.getAdminService()
    context, roles = admin.getEventContext(), admin.getSecurityRoles()
    system = {roles.systemGroupId, roles.userGroupId, roles.guestGroupId}
    groups, people = _groups_and_people(session, None if context.isAdmin else context.memberOfGroups, system)
    user = people.get(context.userId) or Person(context.userId, context.userName, context.userName)
    own = Group(context.groupId, context.groupName, "")
    return Account(
        server=session.connection.server,
        user=user,
        group=next((group for group in groups if group.id == context.groupId), own),
        session=session.connection.uuid,
        server_version=session.gateway.getConfigService().getVersion(),
        is_admin=context.isAdmin,
        groups=groups,
        people=people,
    )


def _groups_and_people(
    session: Session, member_of: list[int] | None, system: set[int]
) -> tuple[tuple[Group, ...], dict[int, Person]]:
    """The groups with these ids (all groups for None) without OMERO's own, and everybody in them by id."""
    where = "" if member_of is None else "where g.id in (:ids)"
    parameters = {} if member_of is None else {"ids": member_of}
    rows = session.projection(
        f"select new map(g.id as id, g.name as name, g as g_details_permissions) from ExperimenterGroup g {where}"
        " order by lower(g.name), g.id",
        parameters,
    )
    shown = {row["id"]: row for (row,) in rows if row["id"] not in system}
    members = _members(session, list(shown)) if shown else []
    groups = tuple(
        Group(
            identity,
            row["name"],
            row["g_details_permissions"]["perm"],
            frozenset(person.id for group, person in members if group == identity),
        )
        for identity, row in shown.items()
    )
    return groups, {person.id: person for _, person in members}


def _members(session: Session, groups: list[int]) -> list[tuple[int, Person]]:
    rows = session.projection(
        "select m.parent.id, e.id, e.omeName, e.firstName, e.lastName from GroupExperimenterMap m join m.child e"
        " where m.parent.id in (:ids) order by lower(e.lastName), e.id",
        {"ids": groups},
    )
    return [(group, Person(i, user, f"{first} {last}".strip() or user)) for group, i, user, first, last in rows]
