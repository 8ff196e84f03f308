"""The rows of a repository's files and folders, by OMERO's RepositoryDaoImpl."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

import omero
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.permissions import ANNOTATE, GROUP, is_granted
from omero_desk.server.database.bootstrap import EVENT_ID, ROOT_ID, USER_GROUP_ID
from omero_desk.server.database.rows import PRIVATE, insert_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.errors import security_violation, server_error
from omero_desk.server.files.paths import Components, folder_of, joined, made_safe
from omero_desk.server.files.repository import Repository
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.file_places import DIRECTORY, REPOSITORY


class RepositoryRows:
    """Finds and enters files through a connection that writes, for one caller."""

    def __init__(self, schema: Schema, connection: Connection, caller: Caller, repository: Repository) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._repository = repository
        self._table = schema.table("OriginalFile")
        self._events = EventWriter(schema, connection, caller)

    def find(self, path: Components) -> sa.Row[int, int, int, str | None] | None:
        """Return the row of a path, None for none."""
        table = self._table
        statement = sa.select(table.c.id, table.c.owner_id, table.c.group_id, table.c.mimetype)
        place = statement.where(table.c.path == folder_of(path), table.c.name == path[-1])
        return self._connection.execute(place.where(table.c.repo == self._repository.uuid)).first()

    def add_file(self, path: Components, **columns: object) -> int:
        """Enter a file, which need not exist yet; omero.SecurityViolation where the folder is not the caller's."""
        self._check_folder(path[:-1])
        return self._insert(path, {"group_id": self._caller.group_id, **columns})

    def make_folders(self, path: Components) -> None:
        """Enter and make a folder and those above it that are missing; they are in the group of all users."""
        self._check_own(path)
        for depth in range(1, len(path) + 1):
            if self.find(path[:depth]) is None:
                self._make_folder(path[:depth])

    def make_new_folder(self, path: Components) -> None:
        """Enter and make a folder in one that there is; omero.ResourceError if there is one already."""
        self._check_own(path)
        if self._repository.locate(joined(path)).exists():
            raise server_error(omero.ResourceError, f"Path exists on disk: {joined(path)}")
        self._make_folder(path)

    def _make_folder(self, path: Components) -> None:
        self._check_folder(path[:-1])
        place = self._repository.locate(joined(path))
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise server_error(omero.ResourceError, f"Cannot mkdir {joined(path)}: {error.strerror}") from error
        owner = ROOT_ID if len(path) == 1 else self._caller.user_id
        self._insert(path, {"group_id": USER_GROUP_ID, "owner_id": owner, "mimetype": DIRECTORY})

    def _insert(self, path: Components, columns: Mapping[str, object]) -> int:
        row = {
            "owner_id": self._caller.user_id,
            "creation_id": self._events.event_id,
            "update_id": self._events.event_id,
            "permissions": PRIVATE,
            "path": folder_of(path),
            "name": path[-1],
            "repo": self._repository.uuid,
            "ctime": round(time.time() * 1000),
            "mimetype": "application/octet-stream",
            **columns,
        }
        (file_id,) = insert_rows(self._schema, self._connection, "OriginalFile", [row])
        self._events.log("INSERT", "ome.model.core.OriginalFile", [file_id])
        return file_id

    def _check_own(self, path: Components) -> None:
        """Raise omero.ValidationException for a folder outside the user's own (ManagedRepositoryI.makeCheckedDirs)."""
        own = user_folder(self._caller)
        if not path:
            raise server_error(omero.ResourceError, "Cannot re-create root!")
        if path[0] != own and not self._caller.is_admin:
            raise server_error(
                omero.ValidationException,
                f'cannot create directory "{joined(path)}" with template path\'s root-owned "{own}"',
            )

    def _check_folder(self, path: Components) -> None:
        """Raise omero.SecurityViolation where the caller may not write (RepositoryDaoImpl.canWriteParentDirectory)."""
        if not path:
            return
        row, caller = self.find(path), self._caller
        if row is None:
            raise security_violation(f"Cannot find parent directory: {joined(path)}")
        is_common = (row.owner_id, row.group_id) == (ROOT_ID, USER_GROUP_ID)
        shares = is_granted(caller.group_permissions, GROUP, ANNOTATE) and row.group_id == USER_GROUP_ID
        if not (is_common or shares or caller.is_admin or row.owner_id == caller.user_id):
            raise security_violation(f"No annotate access for parent directory: {joined(path)}")


def user_folder(caller: Caller) -> str:
    """Return the name of a user's own folder: the part of omero.fs.repo.path that belongs to root."""
    return f"{made_safe(caller.user_name)}_{caller.user_id}"


def time_folders(now: time.struct_time, milliseconds: int) -> Iterator[Components]:
    """Give folders for one import at a time, %year%-%month%/%day%/%time%, others where the first is taken."""
    for later in range(1000):
        clock = f"{time.strftime('%H-%M-%S', now)}.{milliseconds + later:03}"
        yield (time.strftime("%Y-%m", now), time.strftime("%d", now), clock)


def find_description(schema: Schema, connection: Connection, repository: Repository) -> int | None:
    """Return the id of the row that describes a repository."""
    table = schema.table("OriginalFile")
    statement = sa.select(table.c.id).where(table.c.hash == repository.uuid, table.c.mimetype == REPOSITORY)
    return connection.scalar(statement)


def add_description(schema: Schema, connection: Connection, repository: Repository) -> int:
    """Enter the row that describes a repository; return its id."""
    row = {
        "owner_id": ROOT_ID,
        "group_id": USER_GROUP_ID,
        "creation_id": EVENT_ID,
        "update_id": EVENT_ID,
        "path": repository.root.parent.as_posix().rstrip("/") + "/",
        "name": repository.root.name,
        "mimetype": REPOSITORY,
        "hash": repository.uuid,
    }
    return insert_rows(schema, connection, "OriginalFile", [row])[0]
