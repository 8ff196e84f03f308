"""SharedResources: tables, scripts and repositories, of which this server has none."""

from __future__ import annotations

from typing import Any

import omero

from omero_desk.server.servants.base import Service
from omero_desk.server.wire.calls import Call


class SharedResourcesService(Service):
    """Tells clients what they ask before they offer something."""

    def areTablesEnabled(self, call: Call) -> bool:
        """Return False."""
        return False

    def repositories(self, call: Call) -> Any:
        """Return no repositories."""
        return omero.grid.RepositoryMap(descriptions=[], proxies=[])
