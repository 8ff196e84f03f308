"""Servants: plain Python services put behind OMERO's Ice interfaces.

A service has a method for each operation that it knows, named as in Slice, that takes the Call and then the
arguments, and returns the result or raises anything. The servant made here around it answers every operation of the
interface: through the service, or with a refusal. Every exception goes through `error_translation.translate`, that of
a reply of a wrong type included.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol, cast

import Ice

from omero_desk.server.error_translation import translate
from omero_desk.server.wire.asynchronous import asynchronous_operation
from omero_desk.server.wire.refusals import Interface, operations, refusal
from omero_desk.server.wire.replies import reply_check

OpenCall = Callable[[Ice.Current], object]

_BYTES_OF_OBJECT = 200

Schedule = Callable[[Ice.Current, Callable[[], None], int], None]
"""Runs a job for a request, sooner or later; the number is about the size of its arguments in bytes."""


class Reply(Protocol):
    """The reply to an operation that is dispatched asynchronously."""

    def ice_response(self, result: object, /) -> None:
        """Send the result."""

    def ice_exception(self, error: BaseException, /) -> None:
        """Send an exception in place of a result."""


class _Answering(Protocol):
    """The members of a servant that is made here."""

    service: object
    open_call: OpenCall
    schedule: Schedule


def at_once(_current: Ice.Current, job: Callable[[], None], _size: int) -> None:
    """Run a job on the thread that asks for it."""
    job()


def servant(interface: Interface, service: object, open_call: OpenCall, schedule: Schedule = at_once) -> Ice.Object:
    """Return an Ice servant of `interface` that answers through `service`.

    `open_call(current)` makes the Call of each request; what it or `schedule` raises is answered as the operation's
    own errors are.
    """
    return _servant_class(interface)(service, open_call, schedule)


@cache
def _servant_class(interface: Interface) -> Callable[[object, OpenCall, Schedule], Ice.Object]:
    members: dict[str, object] = {"__init__": _begin}
    for name, asynchronous in operations(interface).items():
        members[f"{name}_async"] = _asynchronous(interface, name)
        if not asynchronous:
            members[f"_op_{name}"] = asynchronous_operation(interface, name)
    return type(f"{interface.__name__}Servant", (interface,), members)


def _begin(self: _Answering, service: object, open_call: OpenCall, schedule: Schedule) -> None:
    self.service = service
    self.open_call = open_call
    self.schedule = schedule


def _asynchronous(interface: Interface, name: str) -> Callable[..., None]:
    """Return the method that Ice calls: it leaves the request to `schedule`, and is done."""
    where = f"{interface.__name__}.{name}"

    def dispatch(self: _Answering, callback: Reply, *arguments: object, current: Ice.Current | None = None) -> None:
        asked, given = _split(arguments, current)

        def answer() -> None:
            try:
                result = _run(self, interface, name, given, asked)
            except Exception as error:  # noqa: BLE001  every error must reach the client
                callback.ice_exception(translate(error, where))
            else:
                callback.ice_response(result)

        try:
            self.schedule(asked, answer, _size(given))
        except Exception as error:  # noqa: BLE001
            callback.ice_exception(translate(error, where))

    return dispatch


def _size(arguments: tuple[object, ...]) -> int:
    """Return about the bytes of arguments: those of texts and bytes, some for each element of a list."""
    return sum(
        len(each) if isinstance(each, str | bytes) else _BYTES_OF_OBJECT * len(each) if isinstance(each, list) else 0
        for each in arguments
    )


def _split(arguments: tuple[object, ...], current: Ice.Current | None) -> tuple[Ice.Current, tuple[object, ...]]:
    """Return Ice's Current and the other arguments; Ice passes it last, by position."""
    if current is not None:
        return current, arguments
    return cast("Ice.Current", arguments[-1]), arguments[:-1]


def _run(
    self: _Answering, interface: Interface, name: str, arguments: tuple[object, ...], current: Ice.Current
) -> object:
    call = self.open_call(current)
    method = getattr(self.service, name, None)
    if method is None:
        raise refusal(interface, name)
    result: object = method(call, *arguments)
    if not reply_check(interface, name)(result):
        raise TypeError(f"{interface.__name__}.{name} may not be answered with {_described(result)}")
    return result


def _described(result: object) -> str:
    """Name a reply's type; of a list, the types of its elements too."""
    kinds = sorted({type(one).__name__ for one in result}) if isinstance(result, list | tuple) else []
    return f"{type(result).__name__} of {', '.join(kinds)}" if kinds else type(result).__name__
