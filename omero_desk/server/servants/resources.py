"""SharedResources: repositories; of tables and scripts this server has none."""

from __future__ import annotations

from typing import Any, Final

import omero

from omero_desk.server.servants.base import Service
from omero_desk.server.servants.managed_repository import ManagedRepositoryService
from omero_desk.server.servants.script import no_processor
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.publish import cast, hold, proxy_of

_MANAGED: Final = "omero.grid.ManagedRepository"


class SharedResourcesService(Service):
    """Tells clients what they ask before they offer something."""

    def areTablesEnabled(self, call: Call) -> bool:
        """Return False."""
        return False

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
