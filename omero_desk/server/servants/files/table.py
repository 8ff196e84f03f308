"""Table: the rows of an OMERO.table, read and written by columns."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import omero
from omero.rtypes import unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.commands.registry import make_command
from omero_desk.server.commands.run import CommandRun
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.filesets.originals import keep_measured, measure, place_of
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.tables import store

if TYPE_CHECKING:
    from omero.hdfstorageV2 import HdfStorage  # PyTables, behind it, comes with the first table

log = logging.getLogger(__name__)


class TableService(StatefulService):
    """Follows omero-py's TableI and uses its storage; `_file` is the file as it was when opened."""

    def __init__(self, backend: Backend, call: Call, file: omero.model.OriginalFile) -> None:
        super().__init__(backend)
        self._tables = store()
        self._tables.accept_columns(call.adapter.getCommunicator())
        self._file, self._caller = file, call.caller
        self._may_write = bool(file.details.permissions.canEdit())
        self._place = place_of(backend, file)
        self._storage: HdfStorage | None = self._tables.attach(self._place, self)
        self._stamp = time.time()

    def release(self) -> None:
        """Let go of the file; enter what became of it into the database.

        As with OMERO, it gets a checksum only if it has an algorithm, which SharedResources.newTable gives to none.
        """
        storage, self._storage = self._storage, None
        if storage is None:
            return
        is_changed = storage.modified()
        self._tables.detach(self._place, storage, self)
        if is_changed and self._may_write:
            hasher = None if self._file.hasher is None else self._file.hasher.value.val
            keep_measured(self.backend, self._caller, self._file.id.val, measure(self._place, hasher))

    def getOriginalFile(self, call: Call) -> omero.model.OriginalFile:
        """Return the file as it was when the table was opened."""
        return self._file

    def getHeaders(self, call: Call) -> list[omero.grid.Column]:
        """Return the columns without values."""
        return list(self._opened().cols(None, self._tables.current(call)))

    def getNumberOfRows(self, call: Call) -> int:
        """Return how many rows there are."""
        return int(self._opened().rows())

    def getWhereList(
        self, call: Call, condition: str, variables: Mapping[str, omero.RType | None], start: int, stop: int, step: int
    ) -> list[int]:
        """Return the numbers of the rows that a condition is true of; of variables, texts are columns.

        A `stop` of 0 means the end, as the Slice of OMERO has it. Raises omero.ApiUsageException for what
        `tables.condition` does not take and for what PyTables cannot compute.
        """
        storage, values = self._opened(), unwrap(variables) or {}
        columns = [column.name for column in storage.cols(None, self._tables.current(call))]
        try:
            text, named = self._tables.rebuild(condition, columns, values)
            return list(storage.getWhereList(self._stamp, text, named, None, start, stop or None, step or 1))
        except (omero.ApiUsageException, *self._tables.CONDITION_ERRORS) as error:
            log.debug("a condition was refused", exc_info=error)
            raise api_usage(f"Bad condition: {condition}, {values}") from None

    def readCoordinates(self, call: Call, rows: Sequence[int]) -> omero.grid.Data:
        """Return all columns of some rows."""
        with _told():
            return self._opened().readCoordinates(self._stamp, rows, self._tables.current(call))

    def read(self, call: Call, columns: Sequence[int], start: int, stop: int) -> omero.grid.Data:
        """Return some columns of the rows from `start` to before `stop`; to the end where both are 0."""
        storage, last = self._opened(), self.getNumberOfRows(call)
        with _told():
            end = None if start == stop == 0 else min(stop, last)
            return storage.read(self._stamp, columns, start, end, self._tables.current(call))

    def slice(self, call: Call, columns: Sequence[int], rows: Sequence[int]) -> omero.grid.Data:
        """Return some columns of some rows; for none, all of them."""
        return self._opened().slice(self._stamp, columns, rows, self._tables.current(call))

    def initialize(self, call: Call, columns: Sequence[omero.grid.Column]) -> None:
        """Give a new table its columns."""
        self._writable().initialize(columns)

    def addColumn(self, call: Call, column: omero.grid.Column) -> int:
        """Raise omero.ApiUsageException: OMERO has not written this either."""
        self._writable()
        raise api_usage("NYI")

    def addData(self, call: Call, columns: Sequence[omero.grid.Column]) -> None:
        """Append rows."""
        self._writable().append(columns)

    def update(self, call: Call, data: omero.grid.Data | None) -> None:
        """Change values of some rows."""
        storage = self._writable()
        if data is not None:
            known = {column.name for column in storage.cols(None, self._tables.current(call))}
            if unknown := [column.name for column in data.columns if column.name not in known]:
                raise api_usage(f"There is no column {unknown[0]}")
            storage.update(self._stamp, data)

    def delete(self, call: Call) -> None:
        """Close the table; delete its file and the links to the file."""
        self._writable()
        self.close(call)
        request = omero.cmd.Delete2(targetObjects={"OriginalFile": [self._file.id.val]})
        run = CommandRun(call, make_command(request), request, lambda response, status: None)
        run.execute()
        if isinstance(run.response, omero.cmd.ERR):
            raise server_error(omero.InternalException, str(run.response))

    def getMetadata(self, call: Call, key: str) -> omero.RType | None:
        """Return one entry of the metadata, None if there is none."""
        return self.getAllMetadata(call).get(key)

    def getAllMetadata(self, call: Call) -> dict[str, omero.RType | None]:
        """Return all metadata, including the entries of the storage itself, which begin with "__"."""
        return dict(self._opened().get_meta_map())

    def setMetadata(self, call: Call, key: str, value: omero.RType) -> None:
        """Set one entry of the metadata, a text or a number."""
        self._writable().add_meta_map({key: value})

    def setAllMetadata(self, call: Call, notes: Mapping[str, omero.RType | None]) -> None:
        """Replace all metadata."""
        self._writable().add_meta_map(notes, replace=True)

    def _opened(self) -> HdfStorage:
        if self._storage is None:
            raise api_usage("The table has been closed.")
        return self._storage

    def _writable(self) -> HdfStorage:
        if not self._may_write:
            raise security_violation(f"Current user cannot write to file {self._file.id.val}")
        return self._opened()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except store().HDF5_ERRORS:
        raise api_usage("Error reading coordinates. Most likely out of range") from None
