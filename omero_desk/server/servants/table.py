"""Table: the rows of an OMERO.table, read and written by columns."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import omero
from omero.rtypes import unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.commands.registry import make_command
from omero_desk.server.commands.run import Run
from omero_desk.server.files.originals import keep_measured, measure, place_of
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.tables import store
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation, server_error

log = logging.getLogger(__name__)


class TableService(StatefulService):
    """Follows omero-py's TableI, over the storage that that has too; `_file` is the file as it was when opened."""

    def __init__(self, backend: Backend, call: Call, file: Any) -> None:
        super().__init__(backend)
        self._tables = store()
        self._tables.accept_columns(call.adapter.getCommunicator())
        self._file, self._caller = file, call.caller
        self._may_write = bool(file.details.permissions.canEdit())
        self._place = place_of(backend, file)
        self._storage = self._tables.attach(self._place, self)
        self._stamp = time.time()

    def release(self) -> None:
        """Let go of the file; enter what became of it into the database.

        As with OMERO, it gets a checksum only if it has an algorithm, which SharedResources.newTable gives to none.
        """
        storage, self._storage = self._storage, None
        if storage is None:
            return
        is_changed = storage.modified()
        storage.decr(self)
        if is_changed and self._may_write:
            hasher = None if self._file.hasher is None else self._file.hasher.value.val
            keep_measured(self.backend, self._caller, self._file.id.val, measure(self._place, hasher))

    def getOriginalFile(self, call: Call) -> Any:
        """Return the file as it was when the table was opened."""
        return self._file

    def getHeaders(self, call: Call) -> list[Any]:
        """Return the columns without values."""
        return list(self._opened().cols(None, self._tables.current(call)))

    def getNumberOfRows(self, call: Call) -> int:
        """Return how many rows there are."""
        return int(self._opened().rows())

    def getWhereList(
        self, call: Call, condition: str, variables: Mapping[str, Any], start: int, stop: int, step: int
    ) -> list[int]:
        """Return the numbers of the rows that a condition of PyTables is true of; of variables, texts are columns.

        A `stop` of 0 means the end, as the Slice of OMERO has it.
        """
        values, end = unwrap(variables) or {}, stop or None
        return list(self._opened().getWhereList(self._stamp, condition, values, None, start, end, step or 1))

    def readCoordinates(self, call: Call, rows: Sequence[int]) -> Any:
        """Return all columns of some rows."""
        with _told():
            return self._opened().readCoordinates(self._stamp, rows, self._tables.current(call))

    def read(self, call: Call, columns: Sequence[int], start: int, stop: int) -> Any:
        """Return some columns of the rows from `start` to before `stop`; to the end where both are 0."""
        storage, last = self._opened(), self.getNumberOfRows(call)
        with _told():
            end = None if start == stop == 0 else min(stop, last)
            return storage.read(self._stamp, columns, start, end, self._tables.current(call))

    def slice(self, call: Call, columns: Sequence[int], rows: Sequence[int]) -> Any:
        """Return some columns of some rows; for none, all of them."""
        return self._opened().slice(self._stamp, columns, rows, self._tables.current(call))

    def initialize(self, call: Call, columns: Sequence[Any]) -> None:
        """Give a new table its columns."""
        self._writable().initialize(columns)

    def addColumn(self, call: Call, column: Any) -> int:
        """Raise omero.ApiUsageException: OMERO has not written this either."""
        self._writable()
        raise api_usage("NYI")

    def addData(self, call: Call, columns: Sequence[Any]) -> None:
        """Append rows."""
        self._writable().append(columns)

    def update(self, call: Call, data: Any) -> None:
        """Change values of some rows."""
        if data is not None:
            self._writable().update(self._stamp, data)

    def delete(self, call: Call) -> None:
        """Close the table and delete its file and what points at that."""
        self._writable()
        self.close(call)
        request = omero.cmd.Delete2(targetObjects={"OriginalFile": [self._file.id.val]})
        run = Run(call, make_command(request), request, lambda response, status: None)
        run.execute()
        if isinstance(run.response, omero.cmd.ERR):
            raise server_error(omero.InternalException, str(run.response))

    def getMetadata(self, call: Call, key: str) -> Any:
        """Return a note on the table, None if there is none of that name."""
        return self.getAllMetadata(call).get(key)

    def getAllMetadata(self, call: Call) -> dict[str, Any]:
        """Return all notes on the table, those of the storage itself, which begin with "__", too."""
        return dict(self._opened().get_meta_map())

    def setMetadata(self, call: Call, key: str, value: Any) -> None:
        """Note something: a text or a number."""
        self._writable().add_meta_map({key: value})

    def setAllMetadata(self, call: Call, notes: Mapping[str, Any]) -> None:
        """Note things in place of all that was noted."""
        self._writable().add_meta_map(notes, replace=True)

    def _opened(self) -> Any:
        if self._storage is None:
            raise api_usage("The table has been closed.")
        return self._storage

    def _writable(self) -> Any:
        if not self._may_write:
            raise security_violation(f"Current user cannot write to file {self._file.id.val}")
        return self._opened()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except store().HDF5_ERRORS:
        raise api_usage("Error reading coordinates. Most likely out of range") from None
