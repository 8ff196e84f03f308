"""ILdap: users are in the library's own database."""

from __future__ import annotations

from typing import Any

from omero_desk.server.servants.base import Service
from omero_desk.server.wire.calls import Call


class LdapService(Service):
    """Tells clients that they need not ask further."""

    def getSetting(self, call: Call) -> bool:
        """Return False: LDAP is off."""
        return False

    def discover(self, call: Call) -> list[Any]:
        """Return no users that LDAP has, too."""
        return []

    def discoverGroups(self, call: Call) -> list[Any]:
        """Return no groups that LDAP has, too."""
        return []
