"""The passwords that everybody knows, root's and those of the demo's people, and others in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from omero_desk.server.access.accounts import find_user
from omero_desk.server.database.passwords import check_password, set_password
from omero_desk.server.database.store import Store
from omero_desk.server.demo.layout import PEOPLE

DEMO_USER: Final = "demo"
ROOT: Final = "root"
KNOWN: Final = {ROOT: "omero", **{name: name for name in PEOPLE}}
"""Passwords by user, as a library of the server's own making has them at first."""


def users_with_known_password(store: Store) -> list[str]:
    """Return the names of the users whose password everybody knows."""
    with store.read() as connection:
        return [name for name, _ in _known(store, connection)]


def replace_known(store: Store, password: str) -> None:
    """Give the users whose password everybody knows another one."""
    with store.write() as connection:
        for _, user_id in _known(store, connection):
            set_password(connection, user_id, password)


def ensure_password(store: Store, name: str, password: str) -> None:
    """Make a password that of a user, who must be there."""
    with store.write() as connection:
        user_id = find_user(store.schema, connection, name)
        assert user_id is not None
        if not check_password(connection, user_id, password):
            set_password(connection, user_id, password)


def _known(store: Store, connection: Connection) -> Iterator[tuple[str, int]]:
    for name, password in KNOWN.items():
        user_id = find_user(store.schema, connection, name)
        if user_id is not None and check_password(connection, user_id, password):
            yield name, user_id
