"""The rows that a caller may see, by the rules of OMERO's OneGroupSecurityFilter and AllGroupsSecurityFilter."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import FromClause
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from omero_desk.server.access.caller import ALL_GROUPS, Caller, default_group, enter_group, load_caller
from omero_desk.server.access.permissions import GROUP, READ, USER, WORLD, bits
from omero_desk.server.access.privileges import READ_SESSION
from omero_desk.server.access.rights import Flags, Rights, to_ice
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.database.indexes import LISTED_BY_NAME
from omero_desk.server.database.schema import root_of

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
_PLUS: Final[custom_op[int]] = custom_op("+")


def visible(
    table: FromClause, caller: Caller, group: int | None = None, *, is_joined: bool = False
) -> sa.ColumnElement[bool]:
    """Return the predicate that the caller may see a row of a table or an alias of it.

    `group` is that of the call context: -1 for all groups, None for the group that the caller is in. What is in
    the group that everybody is in can be seen in every group, as in OMERO, except containers and images: with that
    alternative SQLite would sort a group of a million images to list the first of them. `is_joined` is for a table
    whose rows are found by their ids, for which SQLite shall not go through a whole group.
    """
    root = root_of(table)
    if root.name == "Node":
        return sa.true() if caller.is_admin else sa.false()
    if root.name == "Session":
        return sa.true() if caller.has(READ_SESSION) else _own_session(table, caller)
    if root.is_global:
        return sa.true()
    group_id = caller.group_id if group is None else group
    seen = _in_any_group(table, caller) if group_id < 0 else _in_one_group(table, caller, group_id, is_joined)
    if caller.only_in is None:
        return seen
    return sa.and_(seen, _unindexed(table.c.group_id).in_(sorted(caller.only_in | {USER_GROUP_ID})))


def _own_session(table: FromClause, caller: Caller) -> sa.ColumnElement[bool]:
    """Return the condition for own sessions; a session with a sudoer is the sudoer's (BasicACLVoter.allowLoad)."""
    holder = caller.user_id if caller.sudoer_id is None else caller.sudoer_id
    return sa.func.coalesce(table.c.sudoer_id, table.c.owner_id) == holder


def _in_one_group(table: FromClause, caller: Caller, group_id: int, is_joined: bool) -> sa.ColumnElement[bool]:
    is_listed = root_of(table).name in LISTED_BY_NAME
    column = table.c.group_id if is_listed and not is_joined else _unindexed(table.c.group_id)
    inside = column == group_id
    if not (caller.is_admin or caller.leads(group_id)):
        shared = bits(READ, GROUP) | bits(READ, WORLD)
        is_shared = _GROUP.c.permissions.bitwise_and(shared) != 0
        readable = sa.exists().select_from(_GROUP).where(_GROUP.c.id == group_id, is_shared)
        inside = sa.and_(inside, sa.or_(_unindexed(table.c.owner_id) == caller.user_id, readable))
    return inside if is_listed else sa.or_(inside, column == USER_GROUP_ID)


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
    own = sa.and_(_unindexed(table.c.owner_id) == caller.user_id, _unindexed(table.c.group_id).in_(owned))
    return sa.or_(_unindexed(table.c.group_id).in_(readable), own)


def _grants(role: int) -> sa.ColumnElement[bool]:
    return _GROUP.c.permissions.bitwise_and(bits(READ, role)) != 0


def _unindexed(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Return a column as an expression, by which SQLite uses no index, so that it keeps the index of the order."""
    return sa.type_coerce(UnaryExpression(column, operator=_PLUS), column.type)
