"""The ServiceFactory: hands out services to the clients of a session."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import Ice
import omero

from omero_desk.server.access.caller import enter_group
from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.errors import api_usage, security_violation
from omero_desk.server.servants import STATEFUL, STATELESS
from omero_desk.server.servants.base import StatefulService, Unavailable
from omero_desk.server.servants.query.command import HandleService
from omero_desk.server.sign_in import may_sign_in
from omero_desk.server.wire.publish import hold, is_stateful, proxy_class, proxy_of, publish
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


class ServiceFactoryService:
    """Answers the ServiceFactory's operations; the session and the client come with each Call."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._interfaces = served_interfaces()

    def __getattr__(self, operation: str) -> Callable[[Call], omero.api.ServiceInterfacePrx]:
        """Return the getters and creators, which differ in nothing but the interface."""
        if operation in _GETTERS:
            return lambda call: self._get(call, _GETTERS[operation])
        if operation in _CREATORS:
            return lambda call: self.createByName(call, _CREATORS[operation])
        raise AttributeError(operation)

    def getByName(self, call: Call, name: str) -> omero.api.ServiceInterfacePrx:
        """Return a stateless service by its interface, or any servant by the name that activeServices gave it."""
        if self._backend.open_services.find(call.session.uuid, name) is not None:
            return proxy_of(call, name)
        self._check(call, name)
        own_name = call.client.uuid + name
        if self._backend.open_services.find(call.session.uuid, own_name) is None:
            make = STATELESS.get(name, STATEFUL.get(name, Unavailable))
            hold(call, own_name, name, make(self._backend))
        return proxy_of(call, own_name)

    def createByName(self, call: Call, name: str) -> omero.api.StatefulServiceInterfacePrx:
        """Make a stateful service of its own."""
        self._check(call, name)
        if name not in _CREATORS.values():
            raise api_usage(f"{name} is not a stateful service.")
        return publish(call, proxy_class(name), STATEFUL.get(name, StatefulService)(self._backend))

    def submit(self, call: Call, request: omero.cmd.Request | None) -> omero.cmd.HandlePrx | None:
        """Start a command; return its handle."""
        if request is None:
            return None
        made = HandleService(self._backend)
        handle = publish(call, omero.cmd.HandlePrx, made)
        made.start(call, request)
        return handle

    def activeServices(self, call: Call) -> list[str]:
        """Return the names of the session's servants."""
        return self._backend.open_services.names(call.session.uuid)

    def keepAlive(self, call: Call, proxy: omero.api.ServiceInterfacePrx | None) -> bool:
        """Keep the session alive and tell whether the service behind `proxy` is still there."""
        return proxy is not None and self._knows(call, proxy)

    def keepAllAlive(self, call: Call, proxies: Sequence[omero.api.ServiceInterfacePrx]) -> int:
        """Keep the session alive; return a bit for each service that is gone, -1 for none asked about."""
        if not proxies:
            return -1
        gone = [proxy is not None and not self._knows(call, proxy) for proxy in proxies]
        return sum(1 << position for position, lost in enumerate(gone) if lost)

    def getSecurityContexts(self, call: Call) -> list[omero.model.IObject]:
        """Return the groups that the caller may work in."""
        groups = call.caller.member_of
        return [omero.model.ExperimenterGroupI(group, False) for group in groups]

    def setSecurityContext(self, call: Call, target: omero.model.IObject | None) -> omero.model.ExperimenterGroup:
        """Make another group the session's own; return the one before, unloaded.

        Raises omero.ApiUsageException for no group and for the -1 that means all of them, which a call's context may
        say but no session (SessionManagerImpl asks IAdmin for the group).

        Open services of OMERO's API keep the group as it is (ServantHolder.getStatefulServiceCount), but not what is
        none of them: handles, tables and imports.
        """
        if target is None or target.id is None:
            raise api_usage("Security context must be managed!")
        if not isinstance(target, omero.model.ExperimenterGroup):
            raise api_usage(f"Unknown security context:{type(target).__name__}")
        if call.session.groups_led is not None:
            raise security_violation("Group-sudo session cannot change context!")
        if target.id.val < 0:
            raise api_usage(f"No such group: {target.id.val}")
        open_services = self._backend.open_services.names(call.session.uuid, only_stateful=True)
        holding = [name for name in open_services if is_stateful(name)]
        if holding:
            raise security_violation("\n".join([f"{call.session.uuid} has active stateful services:", "", *holding]))
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

    def setCallback(self, call: Call, callback: omero.api.ClientCallbackPrx) -> None:
        """Accept the client's callback, which OMERO does not call either."""

    def subscribe(self, call: Call, topic: str, proxy: Ice.ObjectPrx) -> None:
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

    def _get(self, call: Call, interface: str) -> omero.api.ServiceInterfacePrx:
        return proxy_class(interface).uncheckedCast(self.getByName(call, interface))

    def _check(self, call: Call, name: str) -> None:
        if name not in self._interfaces:
            raise api_usage(
                f"{name} is an unknown service. Please check Constants.ice or the documentation for valid strings."
            )
        if call.session.user_id == GUEST_ID and name not in _FOR_GUESTS:
            raise security_violation(f"Access denied to guest user: {name}")

    def _knows(self, call: Call, proxy: Ice.ObjectPrx) -> bool:
        return self._backend.open_services.find(call.session.uuid, proxy.ice_getIdentity().name) is not None
