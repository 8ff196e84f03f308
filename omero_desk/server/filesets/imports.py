"""An import: the files that a client sends for a fileset."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import omero
import omero.grid
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from omero_desk.server.access.caller import Caller
from omero_desk.server.backend import Backend
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.files.checksums import ALGORITHMS
from omero_desk.server.files.paths import Components, joined, relative_paths
from omero_desk.server.filesets.fileset_rows import remove_fileset, save_fileset, unfinished
from omero_desk.server.filesets.repository_rows import RepositoryRows, time_folders, user_folder
from omero_desk.server.images.formats import is_header

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be uploaded: the id of its OriginalFile, its path in the repository, and its place on disk."""

    file_id: int
    path: Components
    place: Path


class Import:
    """A fileset whose files are being uploaded. It ends as images, or is discarded with its files."""

    def __init__(
        self,
        backend: Backend,
        caller: Caller,
        fileset: omero.model.Fileset,
        settings: omero.grid.ImportSettings,
        shared: Components,
        uploads: Sequence[Upload],
    ) -> None:
        self.backend = backend
        self.caller = caller
        self.fileset = fileset
        self.settings = settings
        self.shared = shared
        self.uploads = tuple(uploads)
        self._is_open = True
        self._lock = threading.Lock()

    @property
    def fileset_id(self) -> int:
        """The id of the fileset."""
        found: int = self.fileset.id.val
        return found

    @property
    def title(self) -> str:
        """The name that stands for the fileset: that of the first file, or of the image folder that this describes."""
        path = self.uploads[0].path
        return path[-2] if is_header(path[-1]) else path[-1]

    @property
    def is_open(self) -> bool:
        """True while files may be written."""
        return self._is_open

    def take(self) -> bool:
        """End the upload; return False if it was ended before."""
        with self._lock:
            was_open, self._is_open = self._is_open, False
        return was_open

    def failing(self, hashes: Sequence[str]) -> dict[int, str]:
        """Return the server's checksums of the files whose checksum is another than the client's, by their number."""
        files = self.backend.store.schema.table("OriginalFile")
        ids = [upload.file_id for upload in self.uploads]
        with self.backend.store.read() as connection:
            rows = connection.execute(sa.select(files.c.id, files.c.hash).where(files.c.id.in_(ids)))
            known = {row.id: row.hash for row in rows}
        found = [known.get(file_id) or "" for file_id in ids]
        return {n: ours for n, (ours, theirs) in enumerate(zip(found, hashes, strict=True)) if ours != theirs}

    def discard(self) -> None:
        """Remove the fileset and its files."""
        discard(self.backend, self.fileset_id)


def begin(
    backend: Backend, caller: Caller, fileset: omero.model.Fileset, settings: omero.grid.ImportSettings
) -> Import:
    """Enter a client's Fileset and make the folders for its files.

    Raises omero.ApiUsageException for one without files or checksum algorithm, omero.ValidationException for
    paths that clash or an unknown algorithm, omero.SecurityViolation where nothing may be written.
    """
    entries = list(fileset._usedFilesSeq or ()) if fileset is not None else []
    if not entries or any(entry is None or entry.clientPath is None for entry in entries):
        raise api_usage("No paths provided")
    if not backend.repository.is_writable:
        raise security_violation("This repository is read-only.")
    algorithm = _algorithm(settings)
    base, names = relative_paths([entry.clientPath.val for entry in entries])
    if not all(names) or len(set(names)) < len(names):
        raise server_error(omero.ValidationException, "Two files of the fileset would have the same path.")
    made: list[Path] = []
    try:
        with backend.write() as connection:
            rows = RepositoryRows(backend.store.schema, connection, caller, backend.repository)
            folder = _new_folder(backend, rows, caller)
            shared = (*folder, *base)
            made.append(backend.repository.locate(joined(folder)))
            uploads = _enter_files(backend, connection, rows, [(*shared, *name) for name in names], algorithm)
            ids = [upload.file_id for upload in uploads]
            save_fileset(backend.store.schema, connection, caller, fileset, ids, joined(folder) + "/")
    except BaseException:
        for place in made:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return Import(backend, caller, fileset, settings, shared, uploads)


def discard(backend: Backend, fileset_id: int) -> None:
    """Remove a fileset without images and its files; one that other rows refer to by now stays."""
    try:
        with backend.write() as connection:
            folder = remove_fileset(backend.store.schema, connection, fileset_id, backend.repository.uuid)
    except IntegrityError as error:
        log.warning("fileset %d of an import that failed stays: %s", fileset_id, error.orig)
        return
    if folder is not None:
        shutil.rmtree(backend.repository.locate(folder), ignore_errors=True)


def discard_unfinished(backend: Backend) -> None:
    """Remove the unfinished imports of a server that was killed."""
    with backend.store.read() as connection:
        found = unfinished(backend.store.schema, connection)
    for fileset_id in found:
        discard(backend, fileset_id)


def _algorithm(settings: omero.grid.ImportSettings) -> str:
    chosen = None if settings is None else settings.checksumAlgorithm
    if chosen is None or chosen.value is None:
        raise api_usage("must specify checksum algorithm")
    name: str = chosen.value.val
    if name not in ALGORITHMS:
        raise server_error(omero.ValidationException, f"unknown checksum algorithm: {name}")
    return name


def _new_folder(backend: Backend, rows: RepositoryRows, caller: Caller) -> Components:
    """Make the folder of one import: omero.fs.repo.path as it is by default."""
    now = time.time()
    for inner in time_folders(time.localtime(now), round(now * 1000) % 1000):
        folder = (user_folder(caller), *inner)
        if not backend.repository.locate(joined(folder)).exists() and rows.find(folder) is None:
            rows.make_folders(folder)
            return folder
    raise server_error(omero.ResourceError, "There is no free folder for the import.")


def _enter_files(
    backend: Backend, connection: Connection, rows: RepositoryRows, paths: Sequence[Components], algorithm: str
) -> list[Upload]:
    algorithms = backend.store.schema.table("ChecksumAlgorithm")
    hasher = connection.scalar(sa.select(algorithms.c.id).where(algorithms.c.value == algorithm))
    for folder in dict.fromkeys(path[:-1] for path in paths):
        rows.make_folders(folder)
    return [
        Upload(rows.add_file(path, hasher_id=hasher), path, backend.repository.locate(joined(path))) for path in paths
    ]
