"""RawFileStore: the bytes of an original file, read and written in pieces."""

from __future__ import annotations

import threading
from typing import Any

import omero
from omero.rtypes import rlong

from omero_desk.server.access.caller import Caller
from omero_desk.server.backend import Backend
from omero_desk.server.files.originals import Measured, keep_measured, measure, place_of
from omero_desk.server.files.stored_file import StoredFile
from omero_desk.server.servants.base import StatefulService, parameters
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, server_error

_FILE = "select f from OriginalFile f left outer join fetch f.hasher where f.id = :id"


class RawFileService(StatefulService):
    """Follows OMERO's RawFileBean; `_file` is the original file as it was when it was opened."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._lock = threading.RLock()
        self._file: Any = None
        self._stored: StoredFile | None = None
        self._is_changed = False
        self._known: Measured | None = None
        self._caller: Caller | None = None

    def setFileId(self, call: Call, file_id: int) -> None:
        """Open a file; another one that was open is saved before."""
        with self._lock:
            self.save(call)
            found = self.query(call, _FILE, parameters(id=file_id))
            if not found:
                raise server_error(
                    omero.ValidationException, f"No row with the given identifier exists: [OriginalFile#{file_id}]"
                )
            may_write = found[0].repo is None and found[0].details.permissions.canEdit()
            self.open(call, found[0], is_writable=bool(may_write))

    def open(self, call: Call, file: Any, *, is_writable: bool) -> None:
        """Take an omero.model.OriginalFile with its hasher; a repository lets only its own operations write."""
        self._stored = StoredFile(place_of(self.backend, file), is_writable)
        self._file, self._caller = file, call.caller
        self._is_changed, self._known = False, None

    def getFileId(self, call: Call) -> Any:
        """Return the id of the open file, None for none."""
        return None if self._file is None else rlong(self._file.id.val)

    def exists(self, call: Call) -> bool:
        """Tell whether the file has been written."""
        return self._opened().exists()

    def size(self, call: Call) -> int:
        """Return the size on disk, in bytes."""
        return self._opened().size()

    def read(self, call: Call, position: int, length: int) -> bytes:
        """Return `length` bytes; what lies behind the end is zeros."""
        return self._opened().read(position, length)

    def write(self, call: Call, data: bytes, position: int, length: int) -> None:
        """Write the first `length` bytes of `data`."""
        with self._lock:
            self._opened().write(data, position, length)
            self._is_changed = True

    def truncate(self, call: Call, length: int) -> bool:
        """Cut the file; False where it is not longer than that."""
        with self._lock:
            is_cut = self._opened().truncate(length)
            self._is_changed = self._is_changed or is_cut
            return is_cut

    def save(self, call: Call) -> Any:
        """Enter size, checksum and time of a changed file into the database; return it, None if there was no change."""
        with self._lock:
            if not self._save():
                return None
            return self.query(call, _FILE, parameters(id=self._file.id.val))[0]

    def close(self, call: Call) -> None:
        """Save and throw the service away."""
        try:
            self.save(call)
        finally:
            self._is_changed = False
            super().close(call)

    def release(self) -> None:
        """Save what a client that went away has written."""
        with self._lock:
            if self._is_changed:
                self._save()

    def _save(self) -> bool:
        stored, file = self._stored, self._file
        if stored is None or not self._needs_saving(stored):
            return False
        assert self._caller is not None
        hasher = None if file.hasher is None else file.hasher.value.val
        self._is_changed = False
        try:
            found = measure(stored.path, hasher)
        except OSError:
            place = file.path.val + file.name.val
            raise server_error(omero.ResourceError, f"Cannot find path. Deleted? {place}") from None
        if found != self._known:
            keep_measured(self.backend, self._caller, file.id.val, found)
            self._known = found
        return True

    def _needs_saving(self, stored: StoredFile) -> bool:
        """Whether the database does not know the file as it is; one of which nothing was written is an empty one."""
        if self._is_changed or not stored.is_writable:
            return self._is_changed
        told = None if self._file.size is None else self._file.size.val
        known = self._known.size if self._known else told
        if not stored.exists():
            if known:
                return False
            stored.create()
        size = stored.size()
        return size == 0 or known not in (None, size)

    def _opened(self) -> StoredFile:
        if self._stored is None:
            raise api_usage(
                "This RawFileStore has not been properly initialized.\n"
                "Please set the file id before executing any other methods.\n"
            )
        return self._stored
