"""Which command takes which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from omero_desk.server.commands.chmod import Chmod
from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.delete import Delete
from omero_desk.server.commands.disk_usage import DiskUsage
from omero_desk.server.commands.do_all import DoAll, Save
from omero_desk.server.commands.duplicate import Duplicate
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.finding import FindChildren, FindParents
from omero_desk.server.commands.image_commands import OriginalMetadata, UsedFiles
from omero_desk.server.commands.legal_targets import LegalTargets
from omero_desk.server.commands.mail import ResetPassword, SendEmail
from omero_desk.server.commands.move import Chgrp, Chown
from omero_desk.server.commands.session_commands import CurrentSessions, UpdateSessionTimeout
from omero_desk.server.commands.skip_head import SkipHead


class Refused(Command):
    """A command that nobody wrote, which fails by name."""

    for_guests = True

    def begin(self, work: Work) -> list[Step]:
        """Fail."""
        name = request_name(self.request)
        raise CommandError("not-available", f"{name} is not available on this server.")

    def response(self) -> Any:
        """There is none."""
        raise AssertionError


def make_command(request: Any) -> Command:
    """Return what takes a request."""
    return _COMMANDS.get(request_name(request), Refused)(request)


def request_name(request: Any) -> str:
    """Return the plain name of a request's class."""
    return "nothing" if request is None else str(request.ice_id()).rpartition("::")[2]


_COMMANDS: Final[Mapping[str, Callable[[Any], Command]]] = {
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
