"""The places of original files on disk: in the repository that they name, or in a folder of files by id."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import omero
import omero.model
import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.backend import Backend
from omero_desk.server.database.schema import Schema
from omero_desk.server.errors import server_error
from omero_desk.server.files.checksums import ALGORITHMS, checksum
from omero_desk.server.files.repository import Repository
from omero_desk.server.saving.events import EventWriter

FILES: Final = "Files"
"""The folder of a library for files that clients keep by id: those of file annotations."""

_GROUP: Final = 1000


def place_by_id(folder: Path, file_id: int) -> Path:
    """Return the place of a file without repository (omero.io.nio.AbstractFileSystemService.getPath)."""
    path, remaining = folder / FILES, file_id
    parts = []
    while remaining >= _GROUP:
        remaining //= _GROUP
        parts.append(f"Dir-{remaining % _GROUP:03}")
    return path.joinpath(*reversed(parts), str(file_id))


def place_of(backend: Backend, file: omero.model.OriginalFile) -> Path:
    """Return the place of an omero.model.OriginalFile, which need not exist yet.

    Raises omero.ResourceError for a repository that is not here, omero.SecurityViolation as Repository.locate.
    """
    repo = file.repo
    if repo is None:
        return place_by_id(backend.store.folder, file.id.val)
    return repository_of(backend, repo.val).locate(file.path.val, file.name.val)


def repository_of(backend: Backend, uuid: str) -> Repository:
    """Return a repository; raises omero.ResourceError for one that is not here."""
    if uuid != backend.repository.uuid:
        raise server_error(omero.ResourceError, f"The repository {uuid} is not here.")
    return backend.repository


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """The size in bytes, time of change in milliseconds since 1970, and checksum of a file."""

    size: int
    modified: int
    hash: str | None


def measure(path: Path, algorithm: str | None) -> MeasuredFile:
    """Measure a file; it has no checksum without an algorithm, or with one that is not supported."""
    state = path.stat()
    found = checksum(path, algorithm) if algorithm in ALGORITHMS else None
    return MeasuredFile(state.st_size, round(state.st_mtime * 1000), found)


def keep_measured(backend: Backend, caller: Caller, file_id: int, found: MeasuredFile) -> None:
    """Write size, time and checksum to the row of a file."""
    values: dict[str, object] = {"size": found.size, "mtime": found.modified, "atime": round(time.time() * 1000)}
    if found.hash is not None:
        values["hash"] = found.hash
    with backend.write() as connection:
        _update(backend.store.schema, connection, caller, file_id, values)


def keep_hash(backend: Backend, caller: Caller, file_id: int, algorithm: str, value: str) -> None:
    """Write a file's checksum by another algorithm to its row."""
    schema = backend.store.schema
    hashers = schema.table("ChecksumAlgorithm")
    with backend.write() as connection:
        hasher_id = connection.scalar(sa.select(hashers.c.id).where(hashers.c.value == algorithm))
        _update(schema, connection, caller, file_id, {"hash": value, "hasher_id": hasher_id})


def _update(schema: Schema, connection: Connection, caller: Caller, file_id: int, values: dict[str, object]) -> None:
    table, events = schema.table("OriginalFile"), EventWriter(schema, connection, caller)
    statement = table.update().where(table.c.id == file_id)
    connection.execute(statement.values(**values, update_id=events.event_id, version=table.c.version + 1))
    events.log("UPDATE", "ome.model.core.OriginalFile", [file_id])
