"""Finds the servant that a request is for; a client reaches its own session's servants and no others."""

from __future__ import annotations

from typing import Any

import Ice
import omero

from omero_desk.server.backend import Backend
from omero_desk.server.wire.calls import CallOpener
from omero_desk.server.wire.connections import Client, Connections
from omero_desk.server.wire.dispatch import servant
from omero_desk.server.wire.router import service_factory_identity
from omero_desk.server.wire.service_factory import ServiceFactoryService


class Locator(Ice.ServantLocator):
    """The adapter's default locator. None makes Ice answer ObjectNotExistException."""

    def __init__(self, backend: Backend, connections: Connections) -> None:
        self._backend = backend
        self._connections = connections
        opener = CallOpener(backend, connections)
        self._factory = servant(omero.api.ServiceFactory, ServiceFactoryService(backend), opener)

    def locate(self, current: Any) -> tuple[Any, None] | None:
        """Return the servant of `current`; a connection without a session is cut, as Glacier2 does."""
        client = self._connections.find(current.con)
        if client is None:
            current.con.close(True)
            return None
        found = self._find(client, current.id)
        return None if found is None else (found, None)

    def finished(self, current: Any, found: Any, cookie: None) -> None:
        """Nothing is left to do after a request."""

    def deactivate(self, category: str) -> None:
        """Nothing is left to do when the adapter goes."""

    def _find(self, client: Client, identity: Any) -> Any:
        if client.session_uuid not in self._backend.sessions:
            return None
        if identity == service_factory_identity(client.session_uuid, client.uuid):
            return self._factory
        if identity.category != client.session_uuid:
            return None
        held = self._backend.holder.find(client.session_uuid, identity.name)
        return held.servant if held else None
