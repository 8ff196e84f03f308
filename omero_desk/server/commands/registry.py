"""The command of each kind of request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import omero.cmd

from omero_desk.server.commands.command import AnyCommand, ServerCommand, Step, Work, request_name
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.requests.chmod import Chmod
from omero_desk.server.commands.requests.delete import Delete
from omero_desk.server.commands.requests.disk_usage import DiskUsage
from omero_desk.server.commands.requests.do_all import DoAll, Save
from omero_desk.server.commands.requests.duplicate import Duplicate
from omero_desk.server.commands.requests.finding import FindChildren, FindParents
from omero_desk.server.commands.requests.image_commands import OriginalMetadata, UsedFiles
from omero_desk.server.commands.requests.legal_targets import LegalTargets
from omero_desk.server.commands.requests.mail import ResetPassword, SendEmail
from omero_desk.server.commands.requests.move import Chgrp, Chown
from omero_desk.server.commands.requests.session_commands import CurrentSessions, UpdateSessionTimeout
from omero_desk.server.commands.requests.skip_head import SkipHead


class Refused(ServerCommand[omero.cmd.Request | None]):
    """The command of a request that this server does not know; it fails and names the request."""

    for_guests = True

    def begin(self, work: Work) -> list[Step]:
        """Raise CommandError."""
        name = request_name(self.request)
        raise CommandError("not-available", f"{name} is not available on this server.")

    def response(self) -> omero.cmd.Response:
        """Fail: there is no response."""
        raise AssertionError


DEEPEST: Final = 10
"""The most requests within each other."""


MOST_REQUESTS: Final = 10_000
"""The most requests within one, each as often as it is there."""


class TooMany(Refused):
    """The command of a request with too many others in it."""

    def begin(self, work: Work) -> list[Step]:
        """Raise CommandError."""
        raise CommandError("bad-request", f"more than {MOST_REQUESTS} requests, or {DEEPEST} within each other")


def command_of(request: omero.cmd.Request | None) -> AnyCommand:
    """Return a new command for the request of a client, which may have any number of others in it, itself too."""
    return make_command(request) if _is_bounded(request) else TooMany(request)


def _is_bounded(request: omero.cmd.Request | None) -> bool:
    level, total = [(request, 1)], 0
    for _ in range(DEEPEST):
        below: dict[int, tuple[omero.cmd.Request | None, int]] = {}
        for each, times in level:
            for inside in _inside(each):
                below[id(inside)] = (inside, below.get(id(inside), (inside, 0))[1] + times)
        total += sum(times for _, times in below.values())
        if not below:
            return True
        if total > MOST_REQUESTS:
            return False
        level = list(below.values())
    return False


def _inside(request: omero.cmd.Request | None) -> Sequence[omero.cmd.Request | None]:
    """Return the requests that commands are made of for a request; SkipHead makes two of its own."""
    match request:
        case omero.cmd.DoAll():
            return request.requests or ()
        case omero.cmd.SkipHead():
            return [request.request, request.request]
        case omero.cmd.LegalGraphTargets():
            return [request.request]
    return ()


def make_command(request: omero.cmd.Request | None) -> AnyCommand:
    """Return a new command for a request that `command_of` has found not to be too deep."""
    return _COMMANDS.get(request_name(request), Refused)(request)


_COMMANDS: Final[Mapping[str, Callable[[Any], AnyCommand]]] = {
    "Chgrp2": Chgrp,
    "Chmod2": Chmod,
    "Chown2": Chown,
    "CurrentSessionsRequest": CurrentSessions,
    "Delete2": Delete,
    "DiskUsage2": DiskUsage,
    "DoAll": partial(DoAll, make=make_command),
    "Duplicate": Duplicate,
    "FindChildren": FindChildren,
    "FindParents": FindParents,
    "LegalGraphTargets": partial(LegalTargets, make=make_command),
    "OriginalMetadataRequest": OriginalMetadata,
    "ResetPasswordRequest": ResetPassword,
    "Save": Save,
    "SendEmailRequest": SendEmail,
    "SkipHead": partial(SkipHead, make=make_command),
    "UpdateSessionTimeoutRequest": UpdateSessionTimeout,
    "UsedFilesRequest": UsedFiles,
}
