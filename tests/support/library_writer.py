"""Rows straight into a library's database, before a server opens it: for tests and measurements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from omero_desk.server.database.bootstrap import EVENT_ID
from omero_desk.server.database.store import Store


class LibraryWriter:
    """Inserts what one user owns in one group."""

    def __init__(self, store: Store, connection: Connection, owner: int, group: int) -> None:
        self._store = store
        self.connection = connection
        self._mine = {"owner_id": owner, "group_id": group, "creation_id": EVENT_ID, "update_id": EVENT_ID}

    def add(self, class_name: str, *rows: dict[str, Any]) -> list[int]:
        """Insert rows given by column name; returns their ids."""
        return self._store.insert_rows(self.connection, class_name, [{**self._mine, **row} for row in rows])

    def named(self, class_name: str, *names: str) -> list[int]:
        """Insert rows that need no more than a name."""
        return self.add(class_name, *({"name": name} for name in names))

    def link(self, class_name: str, parents: Sequence[int], children: Sequence[int]) -> None:
        """Link each parent with the child at the same place."""
        pairs = zip(parents, children, strict=True)
        self.add(class_name, *({"parent_id": parent, "child_id": child} for parent, child in pairs))
