"""The form to sign in with, and the failures of a sign-in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from omero_desk.entities.errors import GatewayError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.models.connection.address import AddressError, parse_address
from omero_desk.models.messages import describe
from omero_desk.models.translation import translate

_SESSION_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class SignInField(Enum):
    """A field of the form, to point at a mistake."""

    SERVER = auto()
    USER = auto()
    PASSWORD = auto()
    GROUP = auto()


@dataclass(frozen=True, slots=True)
class SignInForm:
    """The typed texts. `user` may be the ID of a session, with no password.

    `remember` stores the password in the keyring; `verify` checks the server's certificate with the authorities that
    the system trusts.
    """

    server: str
    user: str = ""
    password: str = field(default="", repr=False)
    group: str = ""
    remember: bool = False
    verify: bool = False

    def request(self) -> SignIn:
        """Return the request to the server. Raises FormError if a field is empty or wrong."""
        try:
            address = parse_address(self.server)
        except AddressError as error:
            raise FormError(SignInField.SERVER, str(error)) from error
        user = self.user.strip()
        if not user:
            raise FormError(SignInField.USER, translate("Connection", "Type your user name, or the ID of a session."))
        if self.password:
            return SignIn(address.host, address.port, user, self.password, self.group.strip(), verify=self.verify)
        if not _SESSION_ID.match(user):
            raise FormError(SignInField.PASSWORD, translate("Connection", "Type your password."))
        return SignIn(address.host, address.port, group=self.group.strip(), session=user, verify=self.verify)


class FormError(ValueError):
    """The form cannot be sent as it is."""

    def __init__(self, where: SignInField, message: str) -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True)
class SignInFailure:
    """The reason of a failed sign-in: a plain sentence, the technical text, and the field to look at, if any."""

    message: str
    detail: str = ""
    where: SignInField | None = None


def failure_of(error: BaseException, request: SignIn | None) -> SignInFailure:
    """Return the failure to show for `error`, with the field of the form that most likely caused it."""
    message = describe(error)
    return SignInFailure(message.text, message.detail, _where(error, request))


def _where(error: BaseException, request: SignIn | None) -> SignInField | None:
    if request is None:
        return None
    if isinstance(error, RefusedError):
        return SignInField.USER if request.session else SignInField.PASSWORD
    return SignInField.SERVER if isinstance(error, GatewayError) else None
