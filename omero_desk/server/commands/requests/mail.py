"""ResetPasswordRequest and SendEmailRequest, as OMERO answers them where it is not set up to send mail."""

from __future__ import annotations

from collections.abc import Sequence

import omero.cmd
import sqlalchemy as sa

from omero_desk.server.commands.command import ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError


def _refusal(name: str, message: str) -> CommandError:
    return CommandError(name, parameters={"ApiUsageException": message, "message": message})


class ResetPassword(ServerCommand[omero.cmd.ResetPasswordRequest]):
    """OMERO's ResetPasswordRequestI, which checks the request and then fails, for no mail can be sent."""

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
        """Raise CommandError. The password stays, since a new one could not be sent to the user."""
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

    def response(self) -> omero.cmd.Response:
        """Fail: there is no response."""
        raise AssertionError


class SendEmail(ServerCommand[omero.cmd.SendEmailRequest]):
    """OMERO's SendEmailRequestI, which checks the request and then fails, for no sender is configured."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Raise CommandError."""
        request = self.request
        if not work.caller.is_admin:
            raise _refusal("no-permissions", "You have no permissions to send email.")
        if not request.everyone and not request.groupIds and not request.userIds:
            raise _refusal("no-body", "No recipients specified.")
        raise _refusal("no-sender", "omero.mail.from cannot be empty.")

    def response(self) -> omero.cmd.Response:
        """Fail: there is no response."""
        raise AssertionError
