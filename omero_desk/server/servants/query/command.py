"""omero.cmd handles: the progress and the outcome of a submitted command."""

from __future__ import annotations

from contextlib import suppress

import Ice
import omero

from omero_desk.server.call import Call
from omero_desk.server.commands.registry import command_of
from omero_desk.server.commands.run import CommandRun
from omero_desk.server.scheduling.task import Owner
from omero_desk.server.servants.base import StatefulService


class HandleService(StatefulService):
    """Represents a command that runs on a thread of the dispatcher."""

    _request: omero.cmd.Request
    _run: CommandRun

    def start(self, call: Call, request: omero.cmd.Request) -> None:
        """Take the command; it starts when it is its session's turn."""
        self._request = request
        self._callbacks: dict[str, omero.cmd.CmdCallbackPrx] = {}
        self._run = CommandRun(call, command_of(request), request, self._tell)
        owner = Owner(call.session.user_id, call.session.uuid)
        self.backend.dispatcher.submit(owner, self._run.execute)

    def getRequest(self, call: Call) -> omero.cmd.Request:
        """Return the command."""
        return self._request

    def getResponse(self, call: Call) -> omero.cmd.Response | None:
        """Return the response of the command, None while it runs."""
        return self._run.response

    def getStatus(self, call: Call) -> omero.cmd.Status:
        """Return the progress of the command."""
        return self._run.status()

    def addCallback(self, call: Call, callback: omero.cmd.CmdCallbackPrx) -> None:
        """Tell the client of further steps and of the end, over its own connection.

        As in OMERO, a client that is added after the end is not told; it asks for the response.
        """
        reply = call.client.connection.createProxy(callback.ice_getIdentity()).ice_oneway()
        key = Ice.identityToString(callback.ice_getIdentity())
        self._callbacks[key] = omero.cmd.CmdCallbackPrx.uncheckedCast(reply)

    def removeCallback(self, call: Call, callback: omero.cmd.CmdCallbackPrx) -> None:
        """Stop telling that client."""
        self._callbacks.pop(Ice.identityToString(callback.ice_getIdentity()), None)

    def cancel(self, call: Call) -> bool:
        """Return whether nothing will come of the command; raises omero.LockTimeout if it does not heed in time."""
        return self._run.cancel()

    def close(self, call: Call) -> None:
        """Close the handle; a command that is still running is cancelled."""
        super().close(call)
        if not self._run.is_over():
            with suppress(omero.LockTimeout):
                self._run.cancel()

    def _tell(self, response: omero.cmd.Response | None, status: omero.cmd.Status) -> None:
        for callback in list(self._callbacks.values()):
            with suppress(Ice.Exception):  # a client that is gone
                if response is None:
                    callback.begin_step(status.currentStep, status.steps)
                else:
                    callback.begin_finished(response, status)
