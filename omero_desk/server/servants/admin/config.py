"""IConfig: the server's version, settings and clock."""

from __future__ import annotations

import omero
from omero.rtypes import rtime
from sqlalchemy import select

from omero_desk.server import faults
from omero_desk.server.call import Call
from omero_desk.server.configuration import VERSION
from omero_desk.server.database.bootstrap import DATABASE_UUID
from omero_desk.server.errors import api_usage, security_violation
from omero_desk.server.expressions import ExpressionError
from omero_desk.server.servants.base import Service
from omero_desk.server.sessions.table import wall_clock_ms


class ConfigService(Service):
    """Users read what concerns them; administrators read and change everything until the server stops."""

    def getVersion(self, call: Call) -> str:
        """Return the version of OMERO.server that clients should take this server for."""
        return VERSION

    def getConfigValue(self, call: Call, key: str) -> str:
        """Return a setting, "" if there is none."""
        if not (call.caller.is_admin or self.backend.configuration.is_open(key)):
            raise security_violation(f"Cannot read configuration: {key}")
        return self.backend.configuration.get(key)

    def getConfigValues(self, call: Call, pattern: str) -> dict[str, str]:
        """Return the settings that match a regular expression and that the caller may read."""
        try:
            found = self.backend.configuration.matching(pattern)
        except ExpressionError as error:
            raise api_usage(f"{pattern!r} is no regular expression: {error}") from None
        is_open = self.backend.configuration.is_open
        return {key: value for key, value in found.items() if call.caller.is_admin or is_open(key)}

    def getConfigDefaults(self, call: Call) -> dict[str, str]:
        """Return all settings as they are when nobody changed them."""
        self._admins_only(call)
        return self.backend.configuration.defaults()

    def getClientConfigDefaults(self, call: Call) -> dict[str, str]:
        """Return the settings for client programs as they are when nobody changed them."""
        return self.backend.configuration.client_defaults()

    def getClientConfigValues(self, call: Call) -> dict[str, str]:
        """Return the settings for client programs."""
        return self.backend.configuration.for_clients()

    def setConfigValue(self, call: Call, key: str, value: str) -> None:
        """Change a setting until the server stops."""
        self._admins_only(call)
        self._set(key, value)

    def setConfigValueIfEquals(self, call: Call, key: str, value: str, test: str) -> bool:
        """Change a setting if it is what the caller thinks; tell whether it was."""
        self._admins_only(call)
        if self.backend.configuration.get(key) != test:
            return False
        self._set(key, value)
        return True

    def getDatabaseUuid(self, call: Call) -> str:
        """Return the identifier that is unique to this library."""
        table = self.backend.store.schema.metadata.tables["configuration"]
        with self.backend.store.read() as connection:
            statement = select(table.c.value).where(table.c.name == DATABASE_UUID)
            return str(connection.execute(statement).scalar_one())

    def getDatabaseTime(self, call: Call) -> omero.RTime:
        """Return the time of day; database and server share a clock."""
        return rtime(wall_clock_ms())

    def getServerTime(self, call: Call) -> omero.RTime:
        """Return the time of day."""
        return rtime(wall_clock_ms())

    def _set(self, key: str, value: str) -> None:
        """Change a setting; raises omero.ApiUsageException for one that this server cannot read."""
        try:
            if key == faults.KEY:
                faults.parse(value)
            elif key == faults.PREPARING:
                faults.parse_preparing(value)
            elif key == faults.CLOCK:
                int(value)
        except ValueError as error:
            raise api_usage(str(error)) from None
        self.backend.configuration.set(key, value)

    @staticmethod
    def _admins_only(call: Call) -> None:
        if not call.caller.is_admin:
            raise security_violation("Only administrators may do this.")
