"""Who sees what, by the rules of OMERO's OneGroupSecurityFilter and AllGroupsSecurityFilter."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import FromClause

from omero_desk.server.bootstrap import USER_GROUP_ID
from omero_desk.server.caller import ALL_GROUPS, Caller, default_group, enter_group, load_caller
from omero_desk.server.permissions import GROUP, READ, USER, WORLD, bits
from omero_desk.server.rights import Flags, Rights, to_ice
from omero_desk.server.schema import root_of

__all__ = [
    "ALL_GROUPS",
    "Caller",
    "Flags",
    "Rights",
    "default_group",
    "enter_group",
    "load_caller",
    "to_ice",
    "visible",
]

_GROUP: Final = sa.table("experimenter_group", sa.column("id"), sa.column("permissions"))


def visible(table: FromClause, caller: Caller, group: int | None = None) -> sa.ColumnElement[bool]:
    """Return the predicate that the caller may see a row of a table or an alias of it.

    `group` is that of the call context: -1 for all groups, None for the group that the caller is in.
    """
    root = root_of(table)
    if root.name == "Node":
        return sa.true() if caller.is_admin else sa.false()
    if root.name == "Session":
        return sa.true() if caller.is_admin else table.c.owner_id == caller.user_id
    if root.is_global:
        return sa.true()
    group_id = caller.group_id if group is None else group
    return _in_any_group(table, caller) if group_id < 0 else _in_one_group(table, caller, group_id)


def _in_one_group(table: FromClause, caller: Caller, group_id: int) -> sa.ColumnElement[bool]:
    if caller.is_admin or caller.leads(group_id):
        return table.c.group_id.in_((group_id, USER_GROUP_ID))
    shared = bits(READ, GROUP) | bits(READ, WORLD)
    is_shared = _GROUP.c.permissions.bitwise_and(shared) != 0
    readable = sa.select(_GROUP.c.id).where(_GROUP.c.id == group_id, is_shared)
    own = sa.and_(table.c.group_id == group_id, table.c.owner_id == caller.user_id)
    return sa.or_(table.c.group_id.in_(readable), own, table.c.group_id == USER_GROUP_ID)


def _in_any_group(table: FromClause, caller: Caller) -> sa.ColumnElement[bool]:
    if caller.is_admin:
        return sa.true()
    readable = sa.select(_GROUP.c.id).where(
        sa.or_(
            sa.and_(_GROUP.c.id.in_(sorted(caller.member_of)), _grants(GROUP)),
            _GROUP.c.id.in_(sorted(caller.leader_of)),
            _grants(WORLD),
        )
    )
    owned = sa.select(_GROUP.c.id).where(_grants(USER))
    own = sa.and_(table.c.owner_id == caller.user_id, table.c.group_id.in_(owned))
    return sa.or_(table.c.group_id.in_(readable), own)


def _grants(role: int) -> sa.ColumnElement[bool]:
    return _GROUP.c.permissions.bitwise_and(bits(READ, role)) != 0
