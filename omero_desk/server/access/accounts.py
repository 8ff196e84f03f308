"""Making and changing groups, users and memberships, for the setup of a library and the admin service."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from omero_desk.server.access.permissions import parse
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.database.passwords import set_password
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema


def create_group(
    schema: Schema,
    connection: Connection,
    name: str,
    permissions: str = "rw----",
    description: str | None = None,
) -> int:
    """Create a group and return its id. `permissions` are OMERO's text, "rwra--".

    Raises ValueError for a text that is none; a name that is taken fails as the database says.
    """
    row = {"name": name, "permissions": parse(permissions), "description": description, "ldap": False}
    return insert_rows(schema, connection, "ExperimenterGroup", [row])[0]


def create_user(
    schema: Schema,
    connection: Connection,
    name: str,
    *,
    first_name: str,
    last_name: str,
    groups: Iterable[int],
    password: str | None = None,
    email: str | None = None,
    institution: str | None = None,
    middle_name: str | None = None,
) -> int:
    """Create a user, a member of the given groups and of the one everybody is in, and return the id.

    The first group is the user's default. Without a password the user cannot sign in.
    """
    row = {
        "omeName": name,
        "firstName": first_name,
        "middleName": middle_name,
        "lastName": last_name,
        "email": email,
        "institution": institution,
        "ldap": False,
    }
    user_id = insert_rows(schema, connection, "Experimenter", [row])[0]
    for group_id in dict.fromkeys([*groups, USER_GROUP_ID]):
        add_member(schema, connection, group_id, user_id)
    if password is not None:
        set_password(connection, user_id, password)
    return user_id


def add_member(schema: Schema, connection: Connection, group_id: int, user_id: int, *, is_leader: bool = False) -> None:
    """Make a user a member of a group, its leader if so asked; a member already is changed to that."""
    table = schema.table("GroupExperimenterMap")
    membership = (table.c.parent_id == group_id, table.c.child_id == user_id)
    changed = connection.execute(table.update().where(*membership).values(owner=is_leader))
    if changed.rowcount == 0:
        last = connection.scalar(select(func.max(table.c.child_index)).where(table.c.child_id == user_id))
        position = 0 if last is None else last + 1
        row = {"parent_id": group_id, "child_id": user_id, "child_index": position, "owner": is_leader}
        insert_rows(schema, connection, "GroupExperimenterMap", [row])


def join_group(schema: Schema, connection: Connection, group_id: int, user_id: int) -> None:
    """Make a user a member of a group, or leave a membership as it is; the default group is never everybody's."""
    table = schema.table("GroupExperimenterMap")
    known = select(table.c.id).where(table.c.parent_id == group_id, table.c.child_id == user_id)
    if connection.scalar(known) is None:
        add_member(schema, connection, group_id, user_id)
        groups = select(table.c.parent_id).where(table.c.child_id == user_id).order_by(table.c.child_index)
        first, *others = connection.execute(groups).scalars()
        if first == USER_GROUP_ID and others:
            set_default_group(schema, connection, user_id, others[0])


def remove_member(schema: Schema, connection: Connection, group_id: int, user_id: int) -> None:
    """End a membership; nothing happens where there is none."""
    table = schema.table("GroupExperimenterMap")
    connection.execute(table.delete().where(table.c.parent_id == group_id, table.c.child_id == user_id))


def set_default_group(schema: Schema, connection: Connection, user_id: int, group_id: int) -> None:
    """Put a group first in a user's list; KeyError if the user is no member of it."""
    table = schema.table("GroupExperimenterMap")
    statement = select(table.c.id, table.c.parent_id).where(table.c.child_id == user_id)
    rows = connection.execute(statement.order_by(table.c.child_index, table.c.id)).all()
    if group_id not in {row.parent_id for row in rows}:
        raise KeyError(group_id)
    ordered = sorted(rows, key=lambda row: row.parent_id != group_id)
    for position, row in enumerate(ordered):
        connection.execute(table.update().where(table.c.id == row.id).values(child_index=position))


def find_user(schema: Schema, connection: Connection, name: str) -> int | None:
    """Return the id of the user with a login name; None if there is none."""
    table = schema.table("Experimenter")
    return connection.scalar(select(table.c.id).where(table.c.omeName == name))
