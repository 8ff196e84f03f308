"""A call: who asks, in which session and group, and by which client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import Ice
import omero

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import security_violation
from omero_desk.server.scheduling.task import Owner
from omero_desk.server.sessions.clients import Connections

_LOG_FILE: Final = "omero.logfilename"


class CallOpener:
    """Makes the Call of a request, which keeps its session alive."""

    def __init__(self, backend: Backend, connections: Connections) -> None:
        self._backend = backend
        self._connections = connections

    def __call__(self, current: Ice.Current) -> Call:
        """Raise SessionExpiredError or SessionRemovedError if the session is over, and faults that were asked for.

        Raises omero.SecurityViolation for a context that names a log file: only OMERO's own importer, which has the
        server's token, may choose where a server writes (omero.cmd.CallContext).
        """
        if _LOG_FILE in current.ctx:
            raise security_violation(f"Setting the {_LOG_FILE} value is not permitted without a secure server token!")
        client = self._connections.find(current.con)
        if client is None:
            raise omero.RemovedSessionException(message="No session on this connection.")
        session = self._backend.sessions.get(client.session_uuid)
        self._backend.faults.check(current.operation)
        return Call(session, client, current.ctx, current.adapter, self._connections, self._backend)

    def schedule(self, current: Ice.Current, job: Callable[[], None], size: int) -> None:
        """Run a request's job when it is its session's turn; raises CrowdedError if too many of these wait."""
        client = self._connections.find(current.con)
        if client is None:
            raise omero.RemovedSessionException(message="No session on this connection.")
        owner = Owner(client.user_id, client.session_uuid, client.uuid)
        self._backend.dispatcher.submit(owner, job, size)
