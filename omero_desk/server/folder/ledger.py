"""The tables of the files and folders that a library has entered, as they were then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, Table, Text, select

from omero_desk.server.folder.walk import Seen

_METADATA: Final = MetaData()
_FILES: Final = Table(
    "folder_file",
    _METADATA,
    Column("path", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("fileset_id", BigInteger, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("measured", Boolean, nullable=False),
)
_FOLDERS: Final = Table(
    "folder_container",
    _METADATA,
    Column("path", Text, primary_key=True),
    Column("inode", BigInteger, nullable=False),
    Column("project_id", BigInteger),
    Column("dataset_id", BigInteger),
)
_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was entered: its fileset, the reason why it could not be read, and True if it is gone since.

    It is `measured` if the pixels of its images were; of a set of files, the first stands for all.
    """

    path: str
    size: int
    modified: int
    inode: int
    fileset_id: int
    reason: str = ""
    missing: bool = False
    measured: bool = True

    def looks_like(self, seen: Seen) -> bool:
        """Return whether the file has the size and time that it had, and need not be read again."""
        return (self.size, self.modified) == (seen.size, seen.modified)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A folder with the ids of the project and the dataset that were made for it."""

    path: str
    inode: int
    project_id: int | None = None
    dataset_id: int | None = None


class Ledger:
    """Reads and writes through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        """Make the tables, if they are not there."""
        _METADATA.create_all(self._connection)

    def files(self) -> dict[str, Known]:
        """Return every file by its path."""
        return {row.path: Known(*row) for row in self._connection.execute(select(_FILES))}

    def in_filesets(self, ids: Iterable[int]) -> list[Known]:
        """Return the files of some filesets."""
        found = select(_FILES).where(_FILES.c.fileset_id.in_(list(ids))).order_by(_FILES.c.path)
        return [Known(*row) for row in self._connection.execute(found)]

    def unmeasured(self) -> Known | None:
        """Return a file whose pixels are still to be measured."""
        waiting = select(_FILES).where(~_FILES.c.measured, ~_FILES.c.missing)
        row = self._connection.execute(waiting.order_by(_FILES.c.path).limit(1)).first()
        return None if row is None else Known(*row)

    def at(self, paths: Sequence[str]) -> dict[str, Known]:
        """Return those of some paths that are known."""
        found: dict[str, Known] = {}
        for start in range(0, len(paths), _BATCH):
            some = select(_FILES).where(_FILES.c.path.in_(paths[start : start + _BATCH]))
            found.update({row.path: Known(*row) for row in self._connection.execute(some)})
        return found

    def put(self, files: Iterable[Known]) -> None:
        """Enter files, in place of those with the same paths."""
        self._put(_FILES, files)

    def forget(self, paths: Collection[str]) -> None:
        """Remove files."""
        self._connection.execute(_FILES.delete().where(_FILES.c.path.in_(paths)))

    def folders(self) -> dict[str, Shelved]:
        """Return every folder by its path."""
        return {row.path: Shelved(*row) for row in self._connection.execute(select(_FOLDERS))}

    def put_folder(self, folder: Shelved) -> None:
        """Enter a folder, in place of the one with the same path."""
        self._put(_FOLDERS, [folder])

    def forget_folder(self, path: str) -> None:
        """Remove a folder."""
        self._connection.execute(_FOLDERS.delete().where(_FOLDERS.c.path == path))

    def _put(self, table: Table, items: Iterable[Known | Shelved]) -> None:
        rows = [dict(zip((each.name for each in fields(item)), astuple(item), strict=True)) for item in items]
        if rows:
            self._connection.execute(sa.insert(table).prefix_with("OR REPLACE"), rows)
