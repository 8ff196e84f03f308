"""Servants: plain Python services put behind OMERO's Ice interfaces.

A service has a method for each operation that it knows, named as in Slice, that takes the Call and then the
arguments, and returns the result or raises anything. The servant made here around it answers every operation of the
interface: through the service, or with a refusal; and every exception takes the one road of `exceptions.translate`,
that of a reply of a wrong type included.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import Ice

from omero_desk.server.wire.exceptions import translate
from omero_desk.server.wire.refusals import Interface, operations, refusal
from omero_desk.server.wire.replies import reply_check

OpenCall = Callable[[Ice.Current], Any]


def servant(interface: Interface, service: object, open_call: OpenCall) -> Any:
    """Return an Ice servant of `interface` that answers through `service`.

    `open_call(current)` makes the Call of each request; what it raises is answered as the operation's own errors are.
    """
    made = _servant_class(interface)()
    made.service = service
    made.open_call = open_call
    return made


@cache
def _servant_class(interface: Interface) -> type[Any]:
    members: dict[str, Any] = {"__init__": lambda self: None}
    for name, asynchronous in operations(interface).items():
        if asynchronous:
            members[f"{name}_async"] = _asynchronous(interface, name)
        else:
            members[name] = _synchronous(interface, name)
    return type(f"{interface.__name__}Servant", (interface,), members)


def _asynchronous(interface: Interface, name: str) -> Callable[..., None]:
    def dispatch(self: Any, callback: Any, *arguments: Any, current: Any = None) -> None:
        current, arguments = _split(arguments, current)
        try:
            result = _run(self, interface, name, arguments, current)
        except Exception as error:  # noqa: BLE001  every error must reach the client
            callback.ice_exception(translate(error, f"{interface.__name__}.{name}"))
        else:
            callback.ice_response(result)

    return dispatch


def _synchronous(interface: Interface, name: str) -> Callable[..., Any]:
    def dispatch(self: Any, *arguments: Any, current: Any = None) -> Any:
        current, arguments = _split(arguments, current)
        try:
            return _run(self, interface, name, arguments, current)
        except Exception as error:  # noqa: BLE001  every error must reach the client
            raise translate(error, f"{interface.__name__}.{name}") from None

    return dispatch


def _split(arguments: tuple[Any, ...], current: Any) -> tuple[Any, tuple[Any, ...]]:
    """Take Ice's Current from where it comes: last, by position."""
    return (current, arguments) if current is not None else (arguments[-1], arguments[:-1])


def _run(self: Any, interface: Interface, name: str, arguments: tuple[Any, ...], current: Any) -> Any:
    call = self.open_call(current)
    method = getattr(self.service, name, None)
    if method is None:
        raise refusal(interface, name)
    result = method(call, *arguments)
    if not reply_check(interface, name)(result):
        raise TypeError(f"{interface.__name__}.{name} may not be answered with {_described(result)}")
    return result


def _described(result: Any) -> str:
    """Name a reply's type; of a list, the types of its elements too."""
    kinds = sorted({type(one).__name__ for one in result}) if isinstance(result, list | tuple) else []
    return f"{type(result).__name__} of {', '.join(kinds)}" if kinds else type(result).__name__
