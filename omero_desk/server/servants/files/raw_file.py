"""RawFileStore: the bytes of an original file, read and written in pieces."""

from __future__ import annotations

import threading

import omero
from omero.model import OriginalFile
from omero.rtypes import rlong

from omero_desk.server.access.caller import ALL_GROUPS, Caller
from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.files.stored_file import StoredFile
from omero_desk.server.filesets.originals import MeasuredFile, keep_measured, measure, place_of
from omero_desk.server.search.contents import keep_text
from omero_desk.server.servants.base import StatefulService, parameters

_FILE = "select f from OriginalFile f left outer join fetch f.hasher where f.id = :id"


class RawFileService(StatefulService):
    """Follows OMERO's RawFileBean; `_file` is the original file as it was when it was opened."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._lock = threading.RLock()
        self._file: OriginalFile | None = None
        self._stored: StoredFile | None = None
        self._is_changed = False
        self._known: MeasuredFile | None = None
        self._caller: Caller | None = None

    def setFileId(self, call: Call, file_id: int) -> None:
        """Open a file; another one that was open is saved before.

        With all groups as the context a file is only read (RawFileBean.setFileIdWithBuffer).
        """
        with self._lock:
            self.save(call)
            found = self.query(call, _FILE, parameters(id=file_id))
            if not found:
                raise server_error(
                    omero.ValidationException, f"No row with the given identifier exists: [OriginalFile#{file_id}]"
                )
            may_write = found[0].repo is None and call.group != ALL_GROUPS and found[0].details.permissions.canEdit()
            self.open(call, found[0], is_writable=bool(may_write))

    def open(self, call: Call, file: OriginalFile, *, is_writable: bool) -> None:
        """Take an OriginalFile with its hasher; a repository lets only its own operations write."""
        self._stored = StoredFile(place_of(self.backend, file), is_writable)
        self._file, self._caller = file, call.caller
        self._is_changed, self._known = False, None

    def getFileId(self, call: Call) -> omero.RLong | None:
        """Return the id of the open file, None for none."""
        return None if self._file is None else rlong(self._file.id.val)

    def exists(self, call: Call) -> bool:
        """Tell whether the file has been written."""
        return self._opened().exists()

    def size(self, call: Call) -> int:
        """Return the size on disk, in bytes."""
        return self._made().size()

    def read(self, call: Call, position: int, length: int) -> bytes:
        """Return `length` bytes, zeros beyond the end of the file."""
        return self._made().read(position, length)

    def write(self, call: Call, data: bytes, position: int, length: int) -> None:
        """Write the first `length` bytes of `data`."""
        with self._lock:
            self._opened().write(data, position, length)
            self._is_changed = True

    def truncate(self, call: Call, length: int) -> bool:
        """Cut the file to `length` bytes; return False if it is not longer."""
        with self._lock:
            is_cut = self._made().truncate(length)
            self._is_changed = self._is_changed or is_cut
            return is_cut

    def save(self, call: Call) -> OriginalFile | None:
        """Enter size, checksum and time of a changed file into the database; return it, None if there was no change."""
        with self._lock:
            if self._file is None or not self._save(self._file):
                return None
            found = self.query(call, _FILE, parameters(id=self._file.id.val))
            return found[0] if found else None  # the context of the call may be another group than the file's

    def close(self, call: Call) -> None:
        """Save the file and close the service."""
        try:
            self.save(call)
        finally:
            self._is_changed = False
            super().close(call)

    def release(self) -> None:
        """Save changes that the client left unsaved."""
        with self._lock:
            if self._is_changed and self._file is not None:
                self._save(self._file)

    def _save(self, file: OriginalFile) -> bool:
        stored = self._stored
        if stored is None or not self._needs_saving(stored, file):
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
            if file.repo is None:
                media_type = None if file.mimetype is None else file.mimetype.val
                keep_text(self.backend.store, file.id.val, media_type, stored.path)
            self._known = found
        return True

    def _made(self) -> StoredFile:
        """Return the open file, which is made, empty, where it may be written and has never been.

        OMERO's FileBuffer opens every file that may be written so that it comes to be; here one that had bytes and
        has been lost is told.
        """
        stored = self._opened()
        if stored.is_writable and not self._told_size() and not stored.exists():
            stored.create()
        return stored

    def _told_size(self) -> int:
        """Return the size in the database, 0 for none or one that is not known."""
        if self._known is not None:
            return self._known.size
        size = None if self._file is None else self._file.size
        return 0 if size is None else max(0, size.val)

    def _needs_saving(self, stored: StoredFile, file: OriginalFile) -> bool:
        """Return whether the database has another size than the file; a file that was never written is made, empty."""
        if self._is_changed or not stored.is_writable:
            return self._is_changed
        told = None if file.size is None else file.size.val
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
