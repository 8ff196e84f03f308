"""ILdap: users are in the library's own database."""

from __future__ import annotations

import omero

from omero_desk.server.call import Call
from omero_desk.server.servants.base import Service


class LdapService(Service):
    """Answers that LDAP is off."""

    def getSetting(self, call: Call) -> bool:
        """Return False: LDAP is off."""
        return False

    def discover(self, call: Call) -> list[omero.model.Experimenter]:
        """Return an empty list: LDAP is off."""
        return []

    def discoverGroups(self, call: Call) -> list[omero.model.ExperimenterGroup]:
        """Return an empty list: LDAP is off."""
        return []
