"""How the line to the server is, in sentences."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.gateway.states import State, Status

_TROUBLED: Final = (State.RECONNECTING, State.SIGN_IN_NEEDED)
_USUAL: Final = {
    State.RECONNECTING: "The connection to {server} was lost.",
    State.SIGN_IN_NEEDED: "Your session on {server} has ended.",
}


def is_troubled(status: Status) -> bool:
    """Whether somebody who works should know about the line."""
    return status.state in _TROUBLED


def happened(status: Status, server: str) -> str:
    """What happened to the line."""
    return status.reason or _USUAL.get(status.state, "").format(server=server)


def seconds_left(status: Status, now: float) -> float:
    """Seconds until the next try, 0 when there is none to wait for; `now` is `time.monotonic()`."""
    return 0.0 if status.next_try is None else max(0.0, status.next_try - now)


def going_on(status: Status, now: float) -> str:
    """What is being done about it, and when it is tried next: it counts down in whole seconds."""
    if status.state is State.SIGN_IN_NEEDED:
        return status.doing or "Sign in again to go on where you are."
    left = math.ceil(seconds_left(status, now))
    if not left:
        return status.doing if status.next_try is None and status.doing else "Trying now…"
    tries = f"Tried {status.tries} times." if status.tries > 1 else ""
    return " ".join(part for part in (status.doing, f"Next try in {left} s.", tries) if part)


def round_trip(status: Status) -> str:
    """How long the server takes to answer; empty while that is not known."""
    if status.round_trip is None or status.state is not State.ONLINE:
        return ""
    milliseconds = status.round_trip * 1000
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:,.0f} ms"
