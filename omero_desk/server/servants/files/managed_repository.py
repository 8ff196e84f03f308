"""ManagedRepository: imports into the library, and the checksums of its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero
from omero.model import ChecksumAlgorithm, OriginalFile
from omero.rtypes import rstring

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.files.checksums import ALGORITHMS, checksum
from omero_desk.server.filesets.imports import begin
from omero_desk.server.filesets.originals import keep_hash, place_of
from omero_desk.server.servants.files.import_process import ImportProcessService
from omero_desk.server.servants.files.repository import RepositoryService
from omero_desk.server.wire.publish import interface_of, proxy_of, publish

_PROCESS: Final = omero.grid.ImportProcessPrx


class ManagedRepositoryService(RepositoryService):
    """Follows OMERO's ManagedRepositoryI."""

    def importFileset(
        self, call: Call, fileset: omero.model.Fileset, settings: omero.grid.ImportSettings
    ) -> omero.grid.ImportProcessPrx:
        """Begin an import; return its omero.grid.ImportProcess."""
        process = begin(self.backend, call.caller, fileset, settings)
        return publish(call, _PROCESS, ImportProcessService(process))

    def importPaths(self, call: Call, paths: Sequence[str]) -> omero.grid.ImportProcessPrx:
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

    def listImports(self, call: Call) -> list[omero.grid.ImportProcessPrx]:
        """Return the imports of this session that are not closed."""
        names = self.backend.open_services.names(call.session.uuid, only_stateful=True)
        known = [name for name in names if name.endswith(interface_of(_PROCESS))]
        return [_PROCESS.uncheckedCast(proxy_of(call, name)) for name in known]

    def listChecksumAlgorithms(self, call: Call) -> list[ChecksumAlgorithm]:
        """Return the supported algorithms, the preferred first."""
        return [_algorithm(name) for name in ALGORITHMS]

    def suggestChecksumAlgorithm(self, call: Call, supported: Sequence[ChecksumAlgorithm]) -> ChecksumAlgorithm | None:
        """Return the first that the client has too, None for none."""
        known = {each.value.val for each in supported or () if each is not None and each.value is not None}
        return next((_algorithm(name) for name in ALGORITHMS if name in known), None)

    def verifyChecksums(self, call: Call, ids: Sequence[int]) -> Sequence[int]:
        """Return which of these files are not what their checksum says."""
        return [file.id.val for file in self._files(call, ids) if not self._is_whole(file)]

    def setChecksumAlgorithm(self, call: Call, hasher: ChecksumAlgorithm, ids: Sequence[int]) -> Sequence[int]:
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

    def _rehash(self, call: Call, file: OriginalFile, name: str) -> None:
        if not file.details.permissions.canEdit():
            raise security_violation(f"Updating OriginalFile:Id_{file.id.val} not allowed.")
        if not self._is_whole(file):
            raise server_error(omero.ServerError, f"hash mismatch on file ID {file.id.val}")
        keep_hash(self.backend, call.caller, file.id.val, name, self._checksum(file, name))

    def _is_whole(self, file: OriginalFile) -> bool:
        if file.hash is None or file.hasher is None or file.hasher.value.val not in ALGORITHMS:
            return True
        return self._checksum(file, file.hasher.value.val) == str(file.hash.val).lower()

    def _checksum(self, file: OriginalFile, name: str) -> str:
        try:
            return checksum(place_of(self.backend, file), name)
        except OSError as error:
            raise server_error(omero.ResourceError, f"{file.name.val}: {error.strerror}") from None

    def _files(self, call: Call, ids: Sequence[int]) -> Sequence[OriginalFile]:
        return self._query(call, "f.id in (:ids)", ids=list(ids)) if ids else []


def _algorithm(name: str) -> ChecksumAlgorithm:
    made = omero.model.ChecksumAlgorithmI()
    made.value = rstring(name)
    return made
