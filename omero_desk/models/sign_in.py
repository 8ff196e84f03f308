"""What is typed to sign in, and what comes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from omero_desk.gateway.entities import SignIn
from omero_desk.gateway.errors import GatewayError, RefusedError
from omero_desk.models.address import AddressError, parse_address
from omero_desk.models.messages import describe

_SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class Field(Enum):
    """A field of the form, to say where a mistake is."""

    SERVER = "Server"
    USER = "User"
    PASSWORD = "Password"
    GROUP = "Group"


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What was typed. `user` may be a session's ID, with no password.

    `remember` is for the keyring; `verify` has the server's certificate checked with the system's authorities.
    """

    server: str
    user: str = ""
    password: str = field(default="", repr=False)
    group: str = ""
    remember: bool = False
    verify: bool = False

    def request(self) -> SignIn:
        """What to ask the server for. Raises FormError."""
        try:
            address = parse_address(self.server)
        except AddressError as error:
            raise FormError(Field.SERVER, str(error)) from error
        user = self.user.strip()
        if not user:
            raise FormError(Field.USER, "Type your user name, or the ID of a session.")
        if self.password:
            return SignIn(address.host, address.port, user, self.password, self.group.strip(), verify=self.verify)
        if not _SESSION_ID.match(user):
            raise FormError(Field.PASSWORD, "Type your password.")
        return SignIn(address.host, address.port, group=self.group.strip(), session=user, verify=self.verify)


class FormError(ValueError):
    """The form cannot be sent as it is."""

    def __init__(self, where: Field, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True)
class SignInFailure:
    """Why a sign-in failed: a plain sentence, the technical text, and the field to look at, if any."""

    message: str
    detail: str = ""
    where: Field | None = None


def failure_of(error: BaseException, request: SignIn | None) -> SignInFailure:
    """What to show for `error`, and the field of the form that most likely caused it."""
    message = describe(error)
    return SignInFailure(message.text, message.detail, _where(error, request))


def _where(error: BaseException, request: SignIn | None) -> Field | None:
    if request is None:
        return None
    if isinstance(error, RefusedError):
        return Field.USER if request.session else Field.PASSWORD
    return Field.SERVER if isinstance(error, GatewayError) else None
