"""omero.cmd handles: what became, or becomes, of a submitted command."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import Ice
import omero

from omero_desk.server.commands.registry import make_command
from omero_desk.server.commands.run import Run
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.wire.calls import Call


class HandleService(StatefulService):
    """Stands for a command that runs on a thread of the server's own."""

    _request: Any = None
    _run: Run

    def start(self, call: Call, request: Any) -> None:
        """Take the command; it starts as soon as a worker is free."""
        self._request = request
        self._callbacks: dict[str, Any] = {}
        self._run = Run(call, make_command(request), request, self._tell)
        self.backend.workers.submit(self._run.execute)

    def getRequest(self, call: Call) -> Any:
        """Return the command."""
        return self._request

    def getResponse(self, call: Call) -> Any:
        """Return what the command said, None while it runs."""
        return self._run.response

    def getStatus(self, call: Call) -> Any:
        """Return how far the command is."""
        return self._run.status()

    def addCallback(self, call: Call, callback: Any) -> None:
        """Tell the client of further steps and of the end, over its own connection.

        As in OMERO, who comes after the end is not told, and asks for the response.
        """
        reply = call.client.connection.createProxy(callback.ice_getIdentity()).ice_oneway()
        key = Ice.identityToString(callback.ice_getIdentity())
        self._callbacks[key] = omero.cmd.CmdCallbackPrx.uncheckedCast(reply)

    def removeCallback(self, call: Call, callback: Any) -> None:
        """Tell no more."""
        self._callbacks.pop(Ice.identityToString(callback.ice_getIdentity()), None)

    def cancel(self, call: Call) -> bool:
        """Return whether nothing will come of the command; raises omero.LockTimeout if it does not heed in time."""
        return self._run.cancel()

    def close(self, call: Call) -> None:
        """Throw the handle away; a command that is still running is cancelled."""
        super().close(call)
        if not self._run.is_over():
            with suppress(omero.LockTimeout):
                self._run.cancel()

    def _tell(self, response: Any, status: Any) -> None:
        for callback in list(self._callbacks.values()):
            with suppress(Ice.Exception):  # a client that is gone
                if response is None:
                    callback.begin_step(status.currentStep, status.steps)
                else:
                    callback.begin_finished(response, status)
