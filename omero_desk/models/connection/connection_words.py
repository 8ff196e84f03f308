"""The state of the connection in sentences."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.entities.connection_states import State, Status
from omero_desk.entities.sentences import mark
from omero_desk.models.quantities import when
from omero_desk.models.translation import plural, say, translate

_TROUBLED: Final = (State.RECONNECTING, State.SIGN_IN_NEEDED)
_USUAL: Final = {
    State.RECONNECTING: mark("Connection", "The connection to {server} was lost."),
    State.SIGN_IN_NEEDED: mark("Connection", "Your session on {server} has ended."),
}


def is_troubled(status: Status) -> bool:
    """Return whether the user should know about the state of the connection."""
    return status.state in _TROUBLED


def happened(status: Status, server: str) -> str:
    """Return a sentence on what happened to the connection, "" if nothing did."""
    if status.reason:
        return say(status.reason)
    return say(_USUAL[status.state]).format(server=server) if status.state in _USUAL else ""


def seconds_left(status: Status, now: float) -> float:
    """Return the seconds until the next try, 0 when there is none to wait for; `now` is `time.monotonic()`."""
    return 0.0 if status.next_try is None else max(0.0, status.next_try - now)


def going_on(status: Status, now: float) -> str:
    """Return what is being done about it, and in how many whole seconds the next try is."""
    if status.state is State.SIGN_IN_NEEDED:
        return say(status.doing) if status.doing else translate("Connection", "Sign in again to go on where you are.")
    doing = say(status.doing) if status.doing else ""
    left = math.ceil(seconds_left(status, now))
    if not left:
        return doing if status.next_try is None and doing else translate("Connection", "Trying now…")
    times = status.tries
    next_try = translate("Connection", "Next try in {seconds} s.").format(seconds=left)
    tries = plural("Connection", "Tried %n times.", "Tried %n time.", times) if times > 1 else ""
    return " ".join(part for part in (doing, next_try, tries) if part)


def meanwhile(since: int, edits: int) -> str:
    """Return how old what is shown is, since a time in milliseconds since 1970, and how many edits wait."""
    age = translate("Connection", "What you see is as of {time}.").format(time=when(since))
    waiting = plural("Connection", "%n edits wait.", "%n edit waits.", edits) if edits else ""
    return f"{age} {waiting}".rstrip()


def round_trip(status: Status) -> str:
    """Return the time that the server takes to answer; "" while that is not known."""
    if status.round_trip is None or status.state is not State.ONLINE:
        return ""
    milliseconds = status.round_trip * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"
