"""Services put within reach of a session's clients, while the server runs: what a factory or another service opens."""

from __future__ import annotations

from functools import cache
from typing import TypeVar
from uuid import uuid4

import Ice
import omero
import omero.api

from omero_desk.server.call import Call
from omero_desk.server.sessions.open_services import Held, Stateful
from omero_desk.server.wire.calls import CallOpener
from omero_desk.server.wire.dispatch import servant
from omero_desk.server.wire.refusals import served_interfaces

_interfaces = cache(served_interfaces)

Proxy = TypeVar("Proxy", bound=Ice.ObjectPrx)


def publish(call: Call, kind: type[Proxy], service: Stateful) -> Proxy:
    """Put a stateful service under a name of its own; return its proxy, which is of the class `kind`."""
    interface = interface_of(kind)
    service.name = f"{uuid4()}{interface}"
    _keep(call, Held(service.name, _servant(call, interface, service), service))
    return kind.uncheckedCast(proxy_of(call, service.name))


def hold(call: Call, name: str, interface: str, service: object) -> None:
    """Keep a stateless service for the session, in place of one of the same name."""
    _keep(call, Held(name, _servant(call, interface, service)))


def proxy_of(call: Call, name: str) -> omero.api.ServiceInterfacePrx:
    """Return the proxy of a service by its name."""
    made = call.adapter.createDirectProxy(Ice.Identity(name=name, category=call.session.uuid))
    return omero.api.ServiceInterfacePrx.uncheckedCast(made)


def interface_of(kind: type[Ice.ObjectPrx]) -> str:
    """Return the name of a proxy's interface: "omero.api.RawFileStore" for a RawFileStorePrx."""
    return f"{kind.__module__}.{kind.__name__.removesuffix('Prx')}"


def proxy_class(interface: str) -> type[omero.api.StatefulServiceInterfacePrx]:
    """Return the class of an interface's proxies; those of stateless services are only of ServiceInterfacePrx."""
    package, _, name = interface.rpartition(".")
    found: type[omero.api.StatefulServiceInterfacePrx] = getattr(_PACKAGES[package], f"{name}Prx")
    return found


def is_stateful(name: str) -> bool:
    """Return whether the service with a name is one of the stateful services of OMERO's API."""
    interface = name[name.find("omero.") :]
    package = interface.rpartition(".")[0]
    return package in _PACKAGES and issubclass(proxy_class(interface), omero.api.StatefulServiceInterfacePrx)


_PACKAGES = {"omero.api": omero.api, "omero.cmd": omero.cmd, "omero.grid": omero.grid}


def _keep(call: Call, held: Held) -> None:
    call.backend.open_services.put(call.session.uuid, held)


def _servant(call: Call, interface: str, service: object) -> Ice.Object:
    opener = CallOpener(call.backend, call.connections)
    return servant(_interfaces()[interface], service, opener, opener.schedule)
