"""Requests that a server works on for as long as it takes: submitted, asked for, and put away again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import omero.cmd

from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omero_desk.gateway.connection.session import LaneSession

_NOT_KNOWN: Final = mark("Connection", "This server cannot do that.")
_FIRST_POLL: Final = 0.005
_LONGEST_POLL: Final = 0.25
"""Seconds between two looks for the answer: they grow, since most requests are quick and a few take minutes."""


def response_to(session: LaneSession, request: omero.cmd.Request, options: Mapping[str, str]) -> omero.cmd.Response:
    """Submit a request and wait for the server's answer; the call's own patience limits how long.

    The handle is closed only then: to close it before cancels the command (omero.cmd.HandleI.close).
    """
    handle, pause = session.connection.factory.submit(request, options), _FIRST_POLL
    if handle is None:  # a request of a class that the server does not have (SessionI.submit_async)
        raise FailedError(_NOT_KNOWN, type(request).__name__)
    while (response := handle.getResponse()) is None:
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_POLL)
    handle.close()
    return response


def refusal(response: omero.cmd.Response) -> str:
    """Return the server's words if the answer is an error, "" if it is none."""
    if not isinstance(response, omero.cmd.ERR):
        return ""
    told = getattr(response, "message", "") or dict(response.parameters or {}).get("message", "")
    return str(told) or f"{response.category} {response.name}"
