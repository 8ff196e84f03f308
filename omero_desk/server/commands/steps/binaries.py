"""The files of deleted OriginalFile rows, which are removed after the commit, and only if no other row names them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.backend import Backend
from omero_desk.server.commands.rules.graph import Key
from omero_desk.server.database.rows import select_rows
from omero_desk.server.filesets.originals import place_by_id

log = logging.getLogger(__name__)


class Binaries:
    """Notes the files of rows before they are deleted, and removes the files after the commit."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._table = backend.store.schema.table("OriginalFile")
        self._by_id: list[int] = []
        self._named: set[tuple[str, str]] = set()

    def note(self, connection: Connection, keys: Iterable[Key]) -> None:
        """Note the files of those of some objects that are OriginalFiles."""
        c = self._table.c
        ids = [key.id for key in keys if key.root == "OriginalFile"]
        statement = sa.select(c.id, c.repo, c.path, c.name, c.mimetype)
        for row in select_rows(connection, statement, c.id, ids):
            if row.repo is None:
                self._by_id.append(row.id)
            elif row.mimetype != "Directory" and row.repo == self._backend.repository.uuid:
                self._named.add((row.path, row.name))

    def remove(self) -> None:
        """Remove noted files that no row names any more; one that cannot be removed is logged and stays."""
        for file_id in self._by_id:
            _unlink(place_by_id(self._backend.store.folder, file_id))
        if self._backend.repository.is_writable:
            for path, name in sorted(self._named):
                if not self._is_named(path, name):
                    self._remove_named(path, name)

    def _is_named(self, path: str, name: str) -> bool:
        c = self._table.c
        with self._backend.store.read() as connection:
            return connection.scalar(sa.select(c.id).where(c.path == path, c.name == name).limit(1)) is not None

    def _remove_named(self, path: str, name: str) -> None:
        try:
            place = self._backend.repository.locate(path, name)
        except omero.SecurityViolation:
            log.warning("the file %s%s lies outside the repository and is left", path, name)
        else:
            _unlink(place)


def _unlink(place: Path) -> None:
    try:
        place.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s", place, error)
