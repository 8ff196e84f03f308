"""How commands fail."""

from __future__ import annotations

from collections.abc import Mapping


class CommandError(Exception):
    """A command fails: `name` and `parameters` are those of the omero.cmd.ERR that says so.

    `category` is the kind of the request that failed, where that is not the one that was submitted.
    """

    def __init__(self, name: str, message: str = "", parameters: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.name = name
        self.category: str | None = None
        self.parameters = dict(parameters or {})
        if message:
            self.parameters.setdefault("message", message)


class GraphError(CommandError):
    """A graph cannot be treated as asked for: an omero.cmd.GraphException."""

    def __init__(self, message: str) -> None:
        super().__init__("graph-fail", message)


class CancelledError(CommandError):
    """The command was cancelled, or its session is over; nothing has been done."""

    def __init__(self) -> None:
        super().__init__("cancel-called")
