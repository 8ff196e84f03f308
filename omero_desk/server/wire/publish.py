"""Services put within reach of a session's clients, while the server runs: what a factory or another service opens."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import uuid4

import Ice
import omero

from omero_desk.server.wire.calls import Call, CallOpener
from omero_desk.server.wire.dispatch import servant
from omero_desk.server.wire.holder import Held
from omero_desk.server.wire.refusals import served_interfaces

_interfaces = cache(served_interfaces)


def publish(call: Call, interface: str, service: Any) -> Any:
    """Put a stateful service ("omero.api.RawFileStore") under a name of its own; returns its proxy."""
    service.name = f"{uuid4()}{interface}"
    hold(call, service.name, interface, service, stateful=True)
    return cast(interface, proxy_of(call, service.name))


def hold(call: Call, name: str, interface: str, service: Any, *, stateful: bool) -> None:
    """Keep a service for the session, in place of one of the same name."""
    made = servant(_interfaces()[interface], service, CallOpener(call.backend, call.connections))
    call.backend.holder.put(call.session.uuid, Held(name, made, stateful))


def proxy_of(call: Call, name: str) -> Any:
    """Return the proxy of a service by its name."""
    made = call.adapter.createDirectProxy(Ice.Identity(name=name, category=call.session.uuid))
    return omero.api.ServiceInterfacePrx.uncheckedCast(made)


def cast(interface: str, proxy: Any) -> Any:
    """Return a proxy of the interface."""
    package = {"omero.api": omero.api, "omero.cmd": omero.cmd, "omero.grid": omero.grid}[interface.rpartition(".")[0]]
    return getattr(package, f"{interface.rpartition('.')[2]}Prx").uncheckedCast(proxy)
