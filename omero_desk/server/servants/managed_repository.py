"""ManagedRepository: imports into the library, and the checksums of its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import omero
from omero.rtypes import rstring

from omero_desk.server.files.checksums import ALGORITHMS, checksum
from omero_desk.server.files.imports import begin
from omero_desk.server.files.originals import keep_hash, place_of
from omero_desk.server.servants.import_process import INTERFACE, ImportProcessService
from omero_desk.server.servants.repository import RepositoryService
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation, server_error
from omero_desk.server.wire.publish import cast, proxy_of, publish


class ManagedRepositoryService(RepositoryService):
    """Follows OMERO's ManagedRepositoryI."""

    def importFileset(self, call: Call, fileset: Any, settings: Any) -> Any:
        """Begin an import; return its omero.grid.ImportProcess."""
        process = begin(self.backend, call.caller, fileset, settings)
        return publish(call, INTERFACE, ImportProcessService(process))

    def importPaths(self, call: Call, paths: Sequence[str]) -> Any:
        """Begin an import of files of which only the client's paths are known."""
        if not paths:
            raise api_usage("No paths provided")
        fileset = omero.model.FilesetI()
        for path in paths:
            entry = omero.model.FilesetEntryI()
            entry.clientPath = rstring(path)
            fileset.addFilesetEntry(entry)
        fileset.linkJob(omero.model.UploadJobI())
        settings = omero.grid.ImportSettings(checksumAlgorithm=_algorithm(ALGORITHMS[0]))
        return self.importFileset(call, fileset, settings)

    def listImports(self, call: Call) -> Sequence[Any]:
        """Return the imports of this session that are not closed."""
        names = self.backend.holder.names(call.session.uuid, only_stateful=True)
        return [cast(INTERFACE, proxy_of(call, name)) for name in names if name.endswith(INTERFACE)]

    def listChecksumAlgorithms(self, call: Call) -> Sequence[Any]:
        """Return the supported algorithms, the preferred first."""
        return [_algorithm(name) for name in ALGORITHMS]

    def suggestChecksumAlgorithm(self, call: Call, supported: Sequence[Any]) -> Any:
        """Return the first that the client has too, None for none."""
        known = {each.value.val for each in supported or () if each is not None and each.value is not None}
        return next((_algorithm(name) for name in ALGORITHMS if name in known), None)

    def verifyChecksums(self, call: Call, ids: Sequence[int]) -> Sequence[int]:
        """Return which of these files are not what their checksum says."""
        return [file.id.val for file in self._files(call, ids) if not self._is_whole(file)]

    def setChecksumAlgorithm(self, call: Call, hasher: Any, ids: Sequence[int]) -> Sequence[int]:
        """Compute checksums anew by an algorithm; return the files that had another one or none."""
        name = hasher.value.val
        if name not in ALGORITHMS:
            raise server_error(omero.ValidationException, f"unknown checksum algorithm: {name}")
        changed = []
        for file in self._files(call, ids):
            if file.hash is None or file.hasher is None or file.hasher.value.val != name:
                self._rehash(call, file, name)
                changed.append(file.id.val)
        return changed

    def _rehash(self, call: Call, file: Any, name: str) -> None:
        if not file.details.permissions.canEdit():
            raise security_violation(f"Updating OriginalFile:Id_{file.id.val} not allowed.")
        if not self._is_whole(file):
            raise server_error(omero.ServerError, f"hash mismatch on file ID {file.id.val}")
        keep_hash(self.backend, call.caller, file.id.val, name, self._checksum(file, name))

    def _is_whole(self, file: Any) -> bool:
        if file.hash is None or file.hasher is None or file.hasher.value.val not in ALGORITHMS:
            return True
        return self._checksum(file, file.hasher.value.val) == str(file.hash.val).lower()

    def _checksum(self, file: Any, name: str) -> str:
        try:
            return checksum(place_of(self.backend, file), name)
        except OSError as error:
            raise server_error(omero.ResourceError, f"{file.name.val}: {error.strerror}") from None

    def _files(self, call: Call, ids: Sequence[int]) -> Sequence[Any]:
        return self._query(call, "f.id in (:ids)", ids=list(ids)) if ids else []


def _algorithm(name: str) -> Any:
    made = omero.model.ChecksumAlgorithmI()
    made.value = rstring(name)
    return made
