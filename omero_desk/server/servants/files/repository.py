"""Repository: the library's image files by path."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Final

import omero
import sqlalchemy as sa
from omero.model import OriginalFile
from omero.rtypes import rlong, rmap, rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.files.checksums import ALGORITHMS
from omero_desk.server.files.paths import Components, folder_of, joined, split_legal
from omero_desk.server.files.repository import Repository
from omero_desk.server.filesets.repository_rows import RepositoryRows, add_description, find_description
from omero_desk.server.saving.file_places import DIRECTORY
from omero_desk.server.servants.base import Service, Value, parameters
from omero_desk.server.servants.files.raw_file import RawFileService
from omero_desk.server.servants.query.command import HandleService
from omero_desk.server.wire.publish import publish

_FILES: Final = "select f from OriginalFile f left outer join fetch f.hasher where f.repo = :repo"
_OCTETS: Final = "application/octet-stream"


class RepositoryService(Service):
    """Follows OMERO's PublicRepositoryI; a file that is not in the database is not there."""

    @property
    def repository(self) -> Repository:
        """The repository: the library's managed one."""
        return self.backend.repository

    def root(self, call: Call) -> OriginalFile:
        """Return the row that describes the repository."""
        schema, repository = self.backend.store.schema, self.repository
        with self.backend.store.read() as connection:
            row_id = find_description(schema, connection, repository)
        if row_id is None:
            with self.backend.write() as connection:
                row_id = add_description(schema, connection, repository)
        hql = "select f from OriginalFile f where f.id = :id"
        found: list[OriginalFile] = self.query(call, hql, parameters(id=row_id))
        return found[0]

    def mimetype(self, call: Call, path: str) -> str:
        """Return the likely media type of a file that exists."""
        self._existing(path)
        return mimetypes.guess_type(path)[0] or _OCTETS

    def fileExists(self, call: Call, path: str) -> bool:
        """Tell whether a path is known."""
        return self._find(call, split_legal(path)) is not None

    def list(self, call: Call, path: str) -> Sequence[str]:
        """Return the paths of the files and folders in a folder."""
        return [file.path.val + file.name.val for file in self.listFiles(call, path)]

    def listFiles(self, call: Call, path: str) -> Sequence[OriginalFile]:
        """Return the files and folders in a folder."""
        parts = self._existing(path)
        found = self._below(call, parts)
        if not found and parts and self._find(call, parts) is None:
            raise security_violation(f"No such parent dir: {joined(parts)}")
        return found

    def treeList(self, call: Call, path: str) -> omero.RMap:
        """Return id, media type and size of a path and all below it, nested by name."""
        parts = split_legal(path)
        if not parts:
            return rmap({})
        file = self._find(call, parts)
        return rmap({} if file is None else {parts[-1]: self._tree(call, parts, file)})

    def register(self, call: Call, path: str, mimetype: omero.RString) -> OriginalFile:
        """Enter a file that lies in the repository, or a folder."""
        parts = split_legal(path)
        if not parts:
            raise security_violation("Can't re-register the repository")
        known = self._find(call, parts)
        return self._add(call, parts, unwrap(mimetype)) if known is None else known

    def makeDir(self, call: Call, path: str, parents: bool) -> None:
        """Make a folder; with its parents, it may be there already."""
        parts = split_legal(path)
        self._check_writable()
        with self.backend.write() as connection:
            rows = RepositoryRows(self.backend.store.schema, connection, call.caller, self.repository)
            if parents:
                rows.make_folders(parts)
            else:
                rows.make_new_folder(parts)

    def deletePaths(self, call: Call, paths: Sequence[str], recursively: bool, force: bool) -> omero.cmd.HandlePrx:
        """Delete files and folders with all that is in them; return the handle of the one Delete2 that does it."""
        ids = [file_id for path in paths for file_id in self._ids_below(call, split_legal(path))]
        request = omero.cmd.Delete2(targetObjects={"OriginalFile": ids})
        handle = HandleService(self.backend)
        proxy = publish(call, omero.cmd.HandlePrx, handle)
        handle.start(call, request)
        return proxy

    def file(self, call: Call, path: str, mode: str) -> omero.api.RawFileStorePrx:
        """Open a file; "rw" makes one that is not there."""
        parts = split_legal(path)
        if not parts:
            raise security_violation("Can't re-register the repository")
        if mode not in ("r", "rw"):
            raise api_usage(f"Illegal mode {mode!r}, must be r or rw")
        known = self._find(call, parts)
        if known is None:
            if self.repository.locate(joined(parts)).exists():
                raise omero.grid.UnregisteredFileException(message=f"{path} is not registered.", file=_unknown(parts))
            known = self._add(call, parts, None, ALGORITHMS[0])
        if mode != "r" and not known.details.permissions.canEdit():
            raise security_violation("requiresWrite is true but cannot modify")
        return self._open(call, known, is_writable=mode != "r" and self.repository.is_writable)

    def fileById(self, call: Call, file_id: int) -> omero.api.RawFileStorePrx:
        """Open a file for reading."""
        found = self._query(call, "f.id = :id", id=file_id)
        if not found:
            raise security_violation(f"FileNotFound: {file_id}")
        return self._open(call, found[0], is_writable=False)

    def _existing(self, path: str) -> Components:
        parts = split_legal(path)
        if not self.repository.locate(joined(parts)).exists() and parts:
            raise server_error(omero.ValidationException, f"{path} does not exist")
        return parts

    def _find(self, call: Call, parts: Components) -> OriginalFile | None:
        if not parts:
            return self.root(call)
        found = self._query(
            call, "f.path = :path and f.name = :name", path=rstring(folder_of(parts)), name=rstring(parts[-1])
        )
        return found[0] if found else None

    def _below(self, call: Call, parts: Components) -> Sequence[OriginalFile]:
        return self._query(call, "f.path = :path", path=rstring(joined(parts) + "/"))

    def _query(self, call: Call, condition: str, **values: Value) -> Sequence[OriginalFile]:
        values["repo"] = rstring(self.repository.uuid)
        return self.query(call, f"{_FILES} and {condition} order by f.name, f.id", parameters(**values))

    def _ids_below(self, call: Call, parts: Components) -> Sequence[int]:
        """Return the ids of a file or of a folder with all below it, the contents of a folder before itself."""
        file = self._find(call, parts) if parts else None
        if file is None:
            return []
        below = self._below(call, parts) if unwrap(file.mimetype) == DIRECTORY else []
        inner = [file_id for one in below for file_id in self._ids_below(call, (*parts, one.name.val))]
        return [*inner, file.id.val]

    def _tree(self, call: Call, parts: Components, file: OriginalFile) -> omero.RMap:
        told = {"id": rlong(file.id.val), "mimetype": rstring(unwrap(file.mimetype))}
        if file.size is not None:
            told["size"] = rlong(file.size.val)
        if unwrap(file.mimetype) == DIRECTORY:
            below = self._below(call, parts)
            told["files"] = rmap({one.name.val: self._tree(call, (*parts, one.name.val), one) for one in below})
        return rmap(told)

    def _add(self, call: Call, parts: Components, mimetype: str | None, hasher: str | None = None) -> OriginalFile:
        self._check_writable()
        schema, found = self.backend.store.schema, self._measured(parts)
        with self.backend.write() as connection:
            rows = RepositoryRows(schema, connection, call.caller, self.repository)
            if mimetype == DIRECTORY or found is None:
                rows.make_folders(parts)
            else:
                hashers = schema.table("ChecksumAlgorithm")
                hasher_id = connection.scalar(sa.select(hashers.c.id).where(hashers.c.value == hasher))
                rows.add_file(parts, **found, hasher_id=hasher_id, mimetype=mimetype or _OCTETS)
        added = self._find(call, parts)
        assert added is not None
        return added

    def _measured(self, parts: Components) -> dict[str, int] | None:
        """Return what is known of the file that lies there: nothing of one that does not, None for a folder."""
        place = self.repository.locate(joined(parts))
        if place.is_dir():
            return None
        if not place.exists():
            return {}
        state = place.stat()
        return {"size": state.st_size, "mtime": round(state.st_mtime * 1000)}

    def _check_writable(self) -> None:
        if not self.repository.is_writable:
            raise security_violation("This repository is read-only.")

    def _open(self, call: Call, file: OriginalFile, *, is_writable: bool) -> omero.api.RawFileStorePrx:
        service = RawFileService(self.backend)
        service.open(call, file, is_writable=is_writable)
        return publish(call, omero.api.RawFileStorePrx, service)


def _unknown(parts: Components) -> OriginalFile:
    file = omero.model.OriginalFileI()
    file.path, file.name = rstring(folder_of(parts)), rstring(parts[-1])
    return file
