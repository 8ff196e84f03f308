"""The one user of a folder's library: named after the login, with a password of their own."""

from __future__ import annotations

import getpass
import secrets
from pathlib import Path
from typing import Final

from sqlalchemy import select

from omero_desk.server.access.accounts import create_group, create_user, find_user
from omero_desk.server.access.permissions import READ_ANNOTATE
from omero_desk.server.database.passwords import set_password
from omero_desk.server.database.store import Store
from omero_desk.server.folder.own_rows import LibraryOwner

_GROUP: Final = "My images"
_FALLBACK: Final = "me"
_TAKEN: Final = frozenset({"root", "guest"})


def login_name() -> str:
    """Return the login name of the person, or "me" if it is unknown or that of a user of OMERO's own."""
    try:
        name = getpass.getuser().strip()
    except (OSError, KeyError, ImportError):  # nobody in the list of users
        name = ""
    return name if name and name not in _TAKEN and name.isprintable() else _FALLBACK


class Secret:
    """The password of a library, kept in a file beside the database that it opens, for its owner's eyes only."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.is_new = False

    def choose(self, wanted: str | None) -> str:
        """Return the password: as wanted, as it was, or made up."""
        known = self.file.read_text("utf-8") if self.file.exists() else ""
        password = wanted or known or secrets.token_urlsafe(12)
        self.is_new = password != known
        if self.is_new:
            self.file.touch(mode=0o600)
            self.file.write_text(password, "utf-8")
        return password

    def read(self) -> str:
        """Return the password that was chosen."""
        return self.file.read_text("utf-8")


def ensure_person(store: Store, name: str, password: str) -> LibraryOwner:
    """Return the owner of the images; the person and the group are created if need be."""
    with store.write() as connection:
        groups = store.schema.table("ExperimenterGroup")
        group_id = connection.scalar(select(groups.c.id).where(groups.c.name == _GROUP))
        if group_id is None:
            group_id = create_group(store.schema, connection, _GROUP, "rwra--")
        user_id = find_user(store.schema, connection, name)
        if user_id is None:
            names = {"first_name": name, "last_name": ""}
            user_id = create_user(store.schema, connection, name, groups=[group_id], **names)
        set_password(connection, user_id, password)
    return LibraryOwner(user_id, group_id, READ_ANNOTATE)
