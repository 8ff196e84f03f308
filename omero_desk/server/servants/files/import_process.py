"""ImportProcess: the files of a fileset come in, are compared, and become images behind a handle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import uuid4

import omero

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.files.paths import joined
from omero_desk.server.filesets.imports import Import
from omero_desk.server.servants.base import StatefulService, parameters
from omero_desk.server.servants.files.import_handle import ImportHandleService
from omero_desk.server.servants.files.raw_file import RawFileService
from omero_desk.server.wire.publish import proxy_of, publish

_FILE: Final = "select f from OriginalFile f left outer join fetch f.hasher where f.id = :id"


class UploaderService(RawFileService):
    """A RawFileStore for one of the files; how far it came is remembered."""

    def __init__(self, process: Import) -> None:
        super().__init__(process.backend)
        self._process = process
        self.offset = 0

    def setFileId(self, call: Call, file_id: int) -> None:
        """Refuse: it is for one file only (RepoRawFileStoreI)."""
        raise api_usage(f"Cannot reset id to {file_id}")

    def write(self, call: Call, data: bytes, position: int, length: int) -> None:
        """Write; raises omero.SecurityViolation once the upload is complete."""
        if not self._process.is_open:
            raise security_violation("The upload is over.")
        super().write(call, data, position, length)
        self.offset = position + length

    def release(self) -> None:
        """Do nothing: a file that was not closed is not complete."""


class ImportProcessService(StatefulService):
    """Follows OMERO's ManagedImportProcessI. Closed or left behind before its files were compared, it is undone."""

    def __init__(self, process: Import) -> None:
        super().__init__(process.backend)
        self._process = process
        self._uploaders: dict[int, UploaderService] = {}
        self._handle: omero.cmd.HandlePrx | None = None

    def getUploader(self, call: Call, number: int) -> omero.api.RawFileStorePrx:
        """Return a RawFileStore to write a file with; the same one until that is closed."""
        process = self._process
        if not 0 <= number < len(process.uploads):
            raise api_usage(f"There is no file {number} among {len(process.uploads)}.")
        known = self._uploaders.get(number)
        if known is not None and self.backend.open_services.find(call.session.uuid, known.name) is not None:
            return omero.api.RawFileStorePrx.uncheckedCast(proxy_of(call, known.name))
        found = self.query(call, _FILE, parameters(id=process.uploads[number].file_id))
        if not found or not process.is_open:
            raise security_violation("The upload is over.")
        made = self._uploaders[number] = UploaderService(process)
        made.open(call, found[0], is_writable=True)
        return publish(call, omero.api.RawFileStorePrx, made)

    def getUploadOffset(self, call: Call, number: int) -> int:
        """Return where the last write to a file ended."""
        known = self._uploaders.get(number)
        return known.offset if known else 0

    def verifyUpload(self, call: Call, hashes: Sequence[str]) -> omero.cmd.HandlePrx | None:
        """Compare the client's checksums with those of the files that came; return the handle of the import.

        Raises omero.ChecksumValidationException with the server's checksums of those that differ: they may be sent
        again.
        """
        process = self._process
        if hashes is None or len(hashes) != len(process.uploads):
            raise api_usage(f"hashes size should be {len(process.uploads)} not {len(hashes or ())}")
        failing = process.failing(hashes)
        if failing:
            error = server_error(omero.ChecksumValidationException, "A checksum mismatch has occurred.")
            error.failingChecksums = failing
            raise error
        if process.take():
            made = ImportHandleService(process, self._request(call))
            self._handle = publish(call, omero.cmd.HandlePrx, made)
            made.start()
        return self._handle

    def getHandle(self, call: Call) -> omero.cmd.HandlePrx | None:
        """Return the handle of the import, None before the files were compared."""
        return self._handle

    def getImportSettings(self, call: Call) -> omero.grid.ImportSettings:
        """Return what the client asked for."""
        return self._process.settings

    def release(self) -> None:
        """Undo an import whose files never became complete."""
        if self._process.take():
            self._process.discard()

    def _request(self, call: Call) -> omero.grid.ImportRequest:
        process = self._process
        location = omero.grid.ImportLocation(
            sharedPath=joined(process.shared),
            usedFiles=[joined(each.path[len(process.shared) :]) for each in process.uploads],
        )
        return omero.grid.ImportRequest(
            clientUuid=str(uuid4()),
            repoUuid=self.backend.repository.uuid,
            process=omero.grid.ImportProcessPrx.uncheckedCast(proxy_of(call, self.name)),
            activity=process.fileset._jobLinksSeq[1],
            settings=process.settings,
            location=location,
        )
