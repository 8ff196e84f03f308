"""The ServiceFactory: hands out services to the clients of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import omero

from omero_desk.server.access.caller import enter_group
from omero_desk.server.backend import Backend
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.servants import SERVICES
from omero_desk.server.servants.base import StatefulService, Unavailable
from omero_desk.server.sign_in import may_sign_in
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, security_violation
from omero_desk.server.wire.publish import cast, hold, proxy_of, publish
from omero_desk.server.wire.refusals import served_interfaces

_GETTERS = {
    f"get{name}Service": interface
    for name, interface in {
        "Admin": "omero.api.IAdmin",
        "Config": "omero.api.IConfig",
        "Container": "omero.api.IContainer",
        "Ldap": "omero.api.ILdap",
        "Metadata": "omero.api.IMetadata",
        "Pixels": "omero.api.IPixels",
        "Projection": "omero.api.IProjection",
        "Query": "omero.api.IQuery",
        "RenderingSettings": "omero.api.IRenderingSettings",
        "RepositoryInfo": "omero.api.IRepositoryInfo",
        "Roi": "omero.api.IRoi",
        "Script": "omero.api.IScript",
        "Session": "omero.api.ISession",
        "Share": "omero.api.IShare",
        "Timeline": "omero.api.ITimeline",
        "Types": "omero.api.ITypes",
        "Update": "omero.api.IUpdate",
    }.items()
} | {"sharedResources": "omero.grid.SharedResources"}
_CREATORS = {
    "createExporter": "omero.api.Exporter",
    "createJobHandle": "omero.api.JobHandle",
    "createRawFileStore": "omero.api.RawFileStore",
    "createRawPixelsStore": "omero.api.RawPixelsStore",
    "createRenderingEngine": "omero.api.RenderingEngine",
    "createSearchService": "omero.api.Search",
    "createThumbnailStore": "omero.api.ThumbnailStore",
}
_FOR_GUESTS = frozenset({"omero.api.IAdmin", "omero.api.IConfig", "omero.api.ISession"})
_HANDLE = "omero.cmd.Handle"


class ServiceFactoryService:
    """Answers the ServiceFactory's operations; the session and the client come with each Call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._interfaces = served_interfaces()

    def __getattr__(self, operation: str) -> Callable[[Call], Any]:
        """Return the getters and creators, which differ in nothing but the interface."""
        if operation in _GETTERS:
            return lambda call: cast(_GETTERS[operation], self.getByName(call, _GETTERS[operation]))
        if operation in _CREATORS:
            return lambda call: cast(_CREATORS[operation], self.createByName(call, _CREATORS[operation]))
        raise AttributeError(operation)

    def getByName(self, call: Call, name: str) -> Any:
        """Return a stateless service by its interface, or any servant by the name that activeServices gave it."""
        if self._backend.holder.find(call.session.uuid, name) is not None:
            return proxy_of(call, name)
        self._check(call, name)
        own_name = call.client.uuid + name
        if self._backend.holder.find(call.session.uuid, own_name) is None:
            service = SERVICES.get(name, Unavailable)(self._backend)
            hold(call, own_name, name, service, stateful=False)
        return proxy_of(call, own_name)

    def createByName(self, call: Call, name: str) -> Any:
        """Make a stateful service of its own."""
        self._check(call, name)
        if name not in _CREATORS.values():
            raise api_usage(f"{name} is not a stateful service.")
        return publish(call, name, SERVICES.get(name, StatefulService)(self._backend))

    def submit(self, call: Call, request: Any) -> Any:
        """Take a command; its handle tells what became of it."""
        if request is None:
            return None
        made = SERVICES[_HANDLE](self._backend)
        handle = publish(call, _HANDLE, made)
        made.start(call, request)
        return handle

    def activeServices(self, call: Call) -> list[str]:
        """Return the names of the session's servants."""
        return self._backend.holder.names(call.session.uuid)

    def keepAlive(self, call: Call, proxy: Any) -> bool:
        """Keep the session alive and tell whether the service behind `proxy` is still there."""
        return proxy is not None and self._knows(call, proxy)

    def keepAllAlive(self, call: Call, proxies: list[Any]) -> int:
        """Keep the session alive; return a bit for each service that is gone, -1 for none asked about."""
        if not proxies:
            return -1
        gone = [proxy is not None and not self._knows(call, proxy) for proxy in proxies]
        return sum(1 << position for position, lost in enumerate(gone) if lost)

    def getSecurityContexts(self, call: Call) -> list[Any]:
        """Return the groups that the caller may work in."""
        groups = call.caller.member_of
        return [omero.model.ExperimenterGroupI(group, False) for group in groups]

    def setSecurityContext(self, call: Call, target: Any) -> Any:
        """Make another group the session's own; return the one before, unloaded."""
        if target is None or target.id is None:
            raise api_usage("Security context must be managed!")
        if not isinstance(target, omero.model.ExperimenterGroup):
            raise api_usage(f"Unknown security context:{type(target).__name__}")
        open_services = self._backend.holder.names(call.session.uuid, only_stateful=True)
        if open_services:
            raise security_violation(f"{call.session.uuid} has active stateful services:\n" + "\n".join(open_services))
        with self._backend.store.read() as connection:
            enter_group(connection, call.caller, target.id.val)
        previous, call.session.group_id = call.session.group_id, target.id.val
        return omero.model.ExperimenterGroupI(previous, False)

    def setSecurityPassword(self, call: Call, password: str) -> None:
        """Check the password again, as clients that joined a session do before they administrate."""
        with self._backend.store.read() as connection:
            if not may_sign_in(connection, call.session.user_id, password):
                raise security_violation(f"Bad password for {call.caller.user_name}")
        call.client.gave_password = True

    def setCallback(self, call: Call, callback: Any) -> None:
        """Accept the client's callback, which OMERO does not call either."""

    def subscribe(self, call: Call, topic: str, proxy: Any) -> None:
        """Accept public topics, on which nothing is ever said."""
        if not topic.startswith("/public/"):
            raise api_usage('Currently only "/public/" topics allowed.')

    def detachOnDestroy(self, call: Call) -> None:
        """Let the session live on when this client goes."""
        call.client.closes_session = False

    def closeOnDestroy(self, call: Call) -> None:
        """Let the session end when this client goes and nobody else shares it."""
        call.client.closes_session = True

    def destroy(self, call: Call) -> None:
        """Leave the session."""
        call.connections.release(call.client.connection)
        self._backend.leave(call.client)

    def _check(self, call: Call, name: str) -> None:
        if name not in self._interfaces:
            raise api_usage(
                f"{name} is an unknown service. Please check Constants.ice or the documentation for valid strings."
            )
        if call.session.user_id == GUEST_ID and name not in _FOR_GUESTS:
            raise security_violation(f"Access denied to guest user: {name}")

    def _knows(self, call: Call, proxy: Any) -> bool:
        return self._backend.holder.find(call.session.uuid, proxy.ice_getIdentity().name) is not None
