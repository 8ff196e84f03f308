"""Finds the servant that a request is for; a client reaches its own session's servants and no others."""

from __future__ import annotations

import Ice
import omero

from omero_desk.server.backend import Backend
from omero_desk.server.sessions.clients import Client, Connections
from omero_desk.server.wire.calls import CallOpener
from omero_desk.server.wire.dispatch import servant
from omero_desk.server.wire.router import service_factory_identity


class Locator(Ice.ServantLocator):
    """The adapter's default locator; `factory` is the service behind every client's ServiceFactory.

    None from `locate` makes Ice answer ObjectNotExistException.
    """

    def __init__(self, backend: Backend, connections: Connections, factory: object) -> None:
        self._backend = backend
        self._connections = connections
        opener = CallOpener(backend, connections)
        self._factory = servant(omero.api.ServiceFactory, factory, opener, opener.schedule)

    def locate(self, current: Ice.Current) -> tuple[Ice.Object, None] | None:
        """Return the servant of `current`; a connection without a session is cut, as Glacier2 does."""
        client = self._connections.find(current.con)
        if client is None:
            current.con.close(True)
            return None
        found = self._find(client, current.id)
        return None if found is None else (found, None)

    def finished(self, current: Ice.Current, servant: Ice.Object, cookie: None) -> None:
        """Nothing is left to do after a request."""

    def deactivate(self, category: str) -> None:
        """Nothing is left to do when the adapter goes."""

    def _find(self, client: Client, identity: Ice.Identity) -> Ice.Object | None:
        if client.session_uuid not in self._backend.sessions:
            return None
        if identity == service_factory_identity(client.session_uuid, client.uuid):
            return self._factory
        if identity.category != client.session_uuid:
            return None
        held = self._backend.open_services.find(client.session_uuid, identity.name)
        return held.servant if held else None
