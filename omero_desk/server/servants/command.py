"""omero.cmd handles: what became of a submitted command."""

from __future__ import annotations

from typing import Any

import omero

from omero_desk.server.servants.base import StatefulService
from omero_desk.server.wire.calls import Call


class HandleService(StatefulService):
    """A command that is over when it is handed out. None is known yet, so each one has failed, in OMERO's way."""

    _request: Any = None

    def start(self, request: Any) -> None:
        """Take the command."""
        self._request = request

    def getRequest(self, call: Call) -> Any:
        """Return the command."""
        return self._request

    def getResponse(self, call: Call) -> Any:
        """Return the error that says that the command is not available."""
        name = str(self._request.ice_id()).rpartition("::")[2]
        reason = f"{name} is not available on this server."
        return omero.cmd.ERR(category="::omero::cmd", name="not-available", parameters={"message": reason})

    def getStatus(self, call: Call) -> Any:
        """Return that the command has failed."""
        return omero.cmd.Status(flags=[omero.cmd.State.FAILURE], currentStep=0, steps=1)

    def addCallback(self, call: Call, callback: Any) -> None:
        """Tell the client at once that the command is over, over its own connection."""
        reply = call.client.connection.createProxy(callback.ice_getIdentity()).ice_oneway()
        finished = omero.cmd.CmdCallbackPrx.uncheckedCast(reply)
        finished.begin_finished(self.getResponse(call), self.getStatus(call))

    def removeCallback(self, call: Call, callback: Any) -> None:
        """Nothing more will be told."""

    def cancel(self, call: Call) -> bool:
        """Return that it is too late."""
        return False
