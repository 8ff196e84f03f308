"""Which command takes which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from omero_desk.server.commands.chmod import Chmod
from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.delete import Delete
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.move import Chgrp, Chown

COMMANDS: Final[Mapping[str, Callable[[Any], Command]]] = {
    "Chgrp2": Chgrp,
    "Chmod2": Chmod,
    "Chown2": Chown,
    "Delete2": Delete,
}
"""By the names of their requests."""


class Refused(Command):
    """A command that nobody wrote, which fails by name."""

    def begin(self, work: Work) -> list[Step]:
        """Fail."""
        name = request_name(self.request)
        raise CommandError("not-available", f"{name} is not available on this server.")

    def response(self) -> Any:
        """There is none."""
        raise AssertionError


def make_command(request: Any) -> Command:
    """Return what takes a request."""
    return COMMANDS.get(request_name(request), Refused)(request)


def request_name(request: Any) -> str:
    """Return the plain name of a request's class."""
    return str(request.ice_id()).rpartition("::")[2]
