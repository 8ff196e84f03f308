"""The request that an operation answers: who asks, in which session, by which client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import Ice
import omero

from omero_desk.server.access.caller import Caller
from omero_desk.server.backend import Backend
from omero_desk.server.sessions.clients import Client, Connections
from omero_desk.server.sessions.table import Session
from omero_desk.server.sign_in import caller_of


@dataclass
class Call:
    """One request: its session, its client, and the parts of the server that answer it."""

    session: Session
    client: Client
    context: Mapping[str, str]
    adapter: Ice.ObjectAdapter
    connections: Connections
    backend: Backend

    @cached_property
    def group(self) -> int | None:
        """The group that `omero.group` names: -1 for all groups, None for the session's own."""
        return _parse_id(self.context, omero.constants.GROUP)

    @cached_property
    def caller(self) -> Caller:
        """The user, determined by the session, `omero.user` and `omero.group`."""
        return caller_of(self.backend, self.session, self.group, _parse_id(self.context, "omero.user"))


def _parse_id(context: Mapping[str, str], key: str) -> int | None:
    text = context.get(key, "")
    try:
        return int(text)
    except ValueError:
        return None  # a group's name stays in the context that a client signed in with
