"""A call: who asks, in which session and group, and by which client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import omero

from omero_desk.server.access.caller import Caller
from omero_desk.server.backend import Backend
from omero_desk.server.sessions import Session
from omero_desk.server.sign_in import caller_of
from omero_desk.server.wire.connections import Client, Connections


@dataclass
class Call:
    """What an operation knows of the request it answers."""

    session: Session
    client: Client
    context: Mapping[str, str]
    adapter: Any
    connections: Connections
    backend: Backend

    @cached_property
    def group(self) -> int | None:
        """The group that `omero.group` names: -1 for all groups, None for the session's own."""
        return _parse_id(self.context, omero.constants.GROUP)

    @cached_property
    def caller(self) -> Caller:
        """The user, as the session and `omero.user`, `omero.group` make it out."""
        return caller_of(self.backend, self.session, self.group, _parse_id(self.context, "omero.user"))


class CallOpener:
    """Makes the Call of a request, which keeps its session alive."""

    def __init__(self, backend: Backend, connections: Connections) -> None:
        self._backend = backend
        self._connections = connections

    def __call__(self, current: Any) -> Call:
        """Raise SessionExpiredError or SessionRemovedError if the session is over, and faults that were asked for."""
        client = self._connections.find(current.con)
        if client is None:
            raise omero.RemovedSessionException(message="No session on this connection.")
        session = self._backend.sessions.get(client.session_uuid)
        self._backend.faults.check(current.operation)
        return Call(session, client, current.ctx, current.adapter, self._connections, self._backend)


def _parse_id(context: Mapping[str, str], key: str) -> int | None:
    text = context.get(key, "")
    try:
        return int(text)
    except ValueError:
        return None  # a group's name stays in the context that a client signed in with
