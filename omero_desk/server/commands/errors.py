"""Failures of commands."""

from __future__ import annotations

from collections.abc import Mapping


class CommandError(Exception):
    """A command fails; `name` and `parameters` are for the omero.cmd.ERR that is its response.

    `category` is the Ice id of the request that failed where that is one within the submitted request, else None.
    """

    def __init__(self, name: str, message: str = "", parameters: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.category: str | None = None
        self.parameters = dict(parameters or {})
        if message:
            self.parameters.setdefault("message", message)


class InitError(CommandError):
    """A request cannot be begun for a reason that OMERO gives no name of its own: HandleI calls it "steps-cancel".

    Within a DoAll it is that one's "bad-init", within a SkipHead "graph-fail".
    """

    def __init__(self, message: str = "") -> None:
        super().__init__("steps-cancel", message, {"message": message})


class GraphError(CommandError):
    """A command on a graph of objects is not possible or not allowed; the response is an omero.cmd.GraphException.

    As OMERO's GraphException has it, the reason is the response's `message`, and not among its `parameters`, where
    only the stack trace has it.
    """

    def __init__(self, message: str) -> None:
        super().__init__("graph-fail", message)
        self.message = message
        self.parameters = {"message": "", "stacktrace": java_text(message)}


def java_text(message: str) -> str:
    """Return what OMERO's ome.services.graphs.GraphException is as a text."""
    return f"ome.services.graphs.GraphException(message={message})"


class CancelledError(CommandError):
    """The command was cancelled, or its session has ended; nothing has been changed."""

    def __init__(self) -> None:
        super().__init__("cancel-called")
