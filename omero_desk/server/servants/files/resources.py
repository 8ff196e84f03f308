"""SharedResources: repositories and tables; this server has no processors for scripts."""

from __future__ import annotations

import time
from typing import Final

import omero
from omero.rtypes import rstring, rtime

from omero_desk.server.call import Call
from omero_desk.server.errors import server_error
from omero_desk.server.filesets.originals import place_of
from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.servants.files.empty_repository import empty_repositories
from omero_desk.server.servants.files.managed_repository import ManagedRepositoryService
from omero_desk.server.servants.files.script import no_processor
from omero_desk.server.servants.files.table import TableService
from omero_desk.server.servants.query.query import QueryService
from omero_desk.server.servants.query.update import UpdateService
from omero_desk.server.tables import store
from omero_desk.server.wire.publish import hold, proxy_of, publish

_MANAGED: Final = "omero.grid.ManagedRepository"
_REPOSITORY: Final = "omero.grid.Repository"
_MIMETYPE: Final = "OMERO.tables"
_FILE: Final = "select f from OriginalFile f left outer join fetch f.hasher where f.id = :id"


class SharedResourcesService(Service):
    """Follows OMERO's SharedResourcesI."""

    def areTablesEnabled(self, call: Call) -> bool:
        """Return True."""
        return True

    def newTable(self, call: Call, repository: int, path: str) -> omero.grid.TablePrx:
        """Make a file for a table and open it; as in OMERO, `path` only names it and the repository does not matter."""
        file, now = omero.model.OriginalFileI(), rtime(round(time.time() * 1000))
        file.atime = file.mtime = file.ctime = now
        file.mimetype = rstring(_MIMETYPE)
        file.path = file.name = rstring(path)
        saved = UpdateService(self.backend).saveAndReturnObject(call, file)
        return publish(call, omero.grid.TablePrx, TableService(self.backend, call, saved))

    def openTable(self, call: Call, file: omero.model.OriginalFile | None) -> omero.grid.TablePrx:
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
        return publish(call, omero.grid.TablePrx, TableService(self.backend, call, found))

    def acquireProcessor(self, call: Call, job: omero.model.Job, seconds: int) -> omero.grid.InteractiveProcessorPrx:
        """Raise omero.NoProcessorAvailable, at once."""
        raise no_processor()

    def repositories(self, call: Call) -> omero.grid.RepositoryMap:
        """Return the library's managed repository, its public one and that of scripts, with their descriptions."""
        managed = ManagedRepositoryService(self.backend)
        name = call.client.uuid + _MANAGED
        hold(call, name, _MANAGED, managed)
        descriptions = [managed.root(call)]
        proxies: list[omero.grid.RepositoryPrx] = [omero.grid.ManagedRepositoryPrx.uncheckedCast(proxy_of(call, name))]
        for service in empty_repositories(self.backend):
            name = f"{call.client.uuid}-{service.repository.uuid}{_REPOSITORY}"
            hold(call, name, _REPOSITORY, service)
            descriptions.append(service.root(call))
            proxies.append(omero.grid.RepositoryPrx.uncheckedCast(proxy_of(call, name)))
        return omero.grid.RepositoryMap(descriptions=descriptions, proxies=proxies)
