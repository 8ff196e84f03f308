"""SharedResources: repositories and tables; of processors for scripts this server has none."""

from __future__ import annotations

import time
from typing import Any, Final

import omero
from omero.rtypes import rstring, rtime

from omero_desk.server.files.originals import place_of
from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.servants.managed_repository import ManagedRepositoryService
from omero_desk.server.servants.query import QueryService
from omero_desk.server.servants.script import no_processor
from omero_desk.server.servants.table import TableService
from omero_desk.server.servants.update import UpdateService
from omero_desk.server.tables import store
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import server_error
from omero_desk.server.wire.publish import cast, hold, proxy_of, publish

_MANAGED: Final = "omero.grid.ManagedRepository"
_TABLE: Final = "omero.grid.Table"
_MIMETYPE: Final = "OMERO.tables"
_FILE: Final = "select f from OriginalFile f left outer join fetch f.hasher where f.id = :id"


class SharedResourcesService(Service):
    """Follows OMERO's SharedResourcesI."""

    def areTablesEnabled(self, call: Call) -> bool:
        """Return True."""
        return True

    def newTable(self, call: Call, repository: int, path: str) -> Any:
        """Make a file for a table and open it; as with OMERO, `path` is but its name, and the repository any."""
        file, now = omero.model.OriginalFileI(), rtime(round(time.time() * 1000))
        file.atime = file.mtime = file.ctime = now
        file.mimetype = rstring(_MIMETYPE)
        file.path = file.name = rstring(path)
        saved = UpdateService(self.backend).saveAndReturnObject(call, file)
        return publish(call, _TABLE, TableService(self.backend, call, saved))

    def openTable(self, call: Call, file: Any) -> Any:
        """Open the table in a file.

        Raises as IQuery.get for a file that is not there or not for the caller, and omero.InternalException for one
        that is no table, as SharedResourcesI does by way of TableCloserI; one in a repository is none
        (LegacyRepositoryI).
        """
        if file is None or file.id is None:
            raise server_error(omero.ValidationException, "file must be a managed instance.")
        QueryService(self.backend).get(call, "OriginalFile", file.id.val)
        (found,) = self.query(call, _FILE, parameters(id=file.id.val))
        if found.repo is not None or not store().is_table(place_of(self.backend, found)):
            raise server_error(omero.InternalException, f"null table as argument: file {found.id.val} is no table")
        return publish(call, _TABLE, TableService(self.backend, call, found))

    def acquireProcessor(self, call: Call, job: Any, seconds: int) -> Any:
        """Raise omero.NoProcessorAvailable, at once."""
        raise no_processor()

    def repositories(self, call: Call) -> Any:
        """Return the library's repository and its description."""
        service, name = ManagedRepositoryService(self.backend), call.client.uuid + _MANAGED
        hold(call, name, _MANAGED, service, stateful=False)
        return omero.grid.RepositoryMap(
            descriptions=[service.root(call)], proxies=[cast(_MANAGED, proxy_of(call, name))]
        )
