"""The refusal of operations that no service has, which names the operation.

An operation that a servant does not override would leave the client waiting for ever: the generated base classes
have empty bodies for the asynchronous ones. So no servant is built without an answer for each.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import Ice
import omero
from omero import all as _all  # noqa: F401  loads omero.api, omero.cmd and omero.grid

from omero_desk.server.errors import api_usage

Interface = Any  # a class that Slice generated

_PREFIX = "begin_"
_NOT_SERVED = frozenset({"ClientCallback", "CmdCallback", "ProcessCallback", "ProcessorCallback"})


@cache
def operations(interface: Interface) -> dict[str, bool]:
    """Return the names of an interface's operations; True for those that are dispatched asynchronously (`_async`)."""
    proxy = getattr(_module_of(interface), f"{interface.__name__}Prx")
    names = {
        member.removeprefix(_PREFIX)
        for parent in proxy.__mro__
        if parent is not Ice.ObjectPrx
        for member in vars(parent)
        if member.startswith(_PREFIX) and not member.startswith("begin_ice")
    }
    return {name: hasattr(interface, f"{name}_async") for name in sorted(names)}


def served_interfaces() -> dict[str, Interface]:
    """Return by name ("omero.api.IQuery") the interfaces that a client may meet, but for its own callbacks."""
    return {
        f"{module.__name__}.{name}": interface
        for module in (omero.api, omero.cmd, omero.grid)
        for name, interface in vars(module).items()
        if name not in _NOT_SERVED and _is_interface(module, name, interface)
    }


def refusal(interface: Interface, operation: str) -> omero.ApiUsageException:
    """Return the exception for an operation that this server does not have."""
    return api_usage(f"{interface.__name__}.{operation} is not available on this server.")


def _is_interface(module: ModuleType, name: str, candidate: Interface) -> bool:
    return _is_slice_class(candidate) and hasattr(module, f"{name}Prx") and bool(operations(candidate))


def _is_slice_class(candidate: object) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, Ice.Object)


def _module_of(interface: Interface) -> object:
    """Return the Slice module; the class itself only knows its path from `ice_staticId`."""
    path = str(interface.ice_staticId()).strip(":").split("::")[:-1]
    module: object = {"omero": omero, "Glacier2": Ice.openModule("Glacier2")}[path[0]]
    for part in path[1:]:
        module = getattr(module, part)
    return module
