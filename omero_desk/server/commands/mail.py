"""ResetPasswordRequest and SendEmailRequest, as a server answers them that is not set up to send mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CommandError


def _refusal(name: str, message: str) -> CommandError:
    return CommandError(name, parameters={"ApiUsageException": message, "message": message})


class ResetPassword(Command):
    """OMERO's ResetPasswordRequestI, up to where it would send the mail."""

    for_guests = True

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        if not self.request.omename:
            raise CommandError("no-omename")
        if not self.request.email:
            raise CommandError("no-email")
        self._work = work
        return [self.reset]

    def reset(self) -> None:
        """Refuse, and change no password that could not be told."""
        table = self._work.backend.store.schema.table("Experimenter")
        statement = sa.select(table.c.email).where(table.c.omeName == self.request.omename)
        found = self._work.connection.execute(statement).one_or_none()
        if found is None:
            raise _refusal("unknown-user", f"No such experimenter: {self.request.omename}")
        if not found.email:
            raise _refusal("unknown-email", "User has no email address.")
        if found.email != self.request.email:
            raise _refusal("not-match", "Email address does not match.")
        raise _refusal("password-change-failed", "This server sends no mail; an administrator can set the password.")

    def response(self) -> Any:
        """There is none."""
        raise AssertionError


class SendEmail(Command):
    """OMERO's SendEmailRequestI, up to where the sender is missing."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Refuse."""
        request = self.request
        if not work.caller.is_admin:
            raise _refusal("no-permissions", "You have no permissions to send email.")
        if not request.everyone and not request.groupIds and not request.userIds:
            raise _refusal("no-body", "No recipients specified.")
        raise _refusal("no-sender", "omero.mail.from cannot be empty.")

    def response(self) -> Any:
        """There is none."""
        raise AssertionError
