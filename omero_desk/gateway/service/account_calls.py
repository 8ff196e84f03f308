"""The calls of one account: those that would reach another account's session are not sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import OtherAccountError
from omero_desk.entities.objects import Account
from omero_desk.entities.sentences import mark
from omero_desk.gateway.service.write import Write

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

P = ParamSpec("P")
T = TypeVar("T")


class SendsCalls(Protocol):
    """Sends calls and writes as `account`: a service manager as whoever is signed in, `AccountCalls` as nobody else."""

    @property
    def account(self) -> Account | None:
        """The account that the calls are for."""

    async def call(
        self, lane: Lane, function: Callable[Concatenate[LaneSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(session, *args)`, which only reads, on `lane`; raises GatewayError."""

    async def write(self, lane: Lane, change: Write[T], *, sent: bool = False) -> T:
        """Make `change` on `lane`, once; raises GatewayError."""


class AccountCalls:
    """Sends the calls of one account, at first that of `calls`; everything that readers ask goes through one of these.

    The ids of objects mean nothing on another server, so a call is refused if another account is signed in by then.
    Those of a window `enter` each account in turn; what belongs to one, such as an open image, has calls of its own.
    Used on the event loop's thread.
    """

    def __init__(self, calls: SendsCalls) -> None:
        self._calls, self._account = calls, calls.account

    @property
    def account(self) -> Account | None:
        """The account that the calls are for, None for nobody's."""
        return self._account

    def enter(self, account: Account | None) -> None:
        """Make the next calls for `account`; None for nobody's."""
        self._account = account

    async def call(
        self, lane: Lane, function: Callable[Concatenate[LaneSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call as `ServiceManager.call` does. Raises OtherAccountError, and sends nothing, as another account."""
        self._check()
        return await self._calls.call(lane, function, *args, **kwargs)

    async def write(self, lane: Lane, change: Write[T], *, sent: bool = False) -> T:
        """Write as `ServiceManager.write` does. Raises OtherAccountError, and sends nothing, as another account."""
        self._check()
        return await self._calls.write(lane, change, sent=sent)

    def _check(self) -> None:
        """Raise OtherAccountError if another account is signed in; that nobody is, the manager says itself."""
        if self._calls.account is not None:
            check_account(self._account, self._calls.account)


def check_account(account: Account | None, present: Account | None) -> None:
    """Raise OtherAccountError unless what is for `account` may be sent while `present` is signed in."""
    if account is None:
        raise OtherAccountError(mark("Connection", "You are not signed in."))
    if present is None or present.identity != account.identity:
        text = mark("Connection", "This belongs to {user} on {server}, who is not signed in any more.")
        raise OtherAccountError(text, user=account.user.user, server=account.server)
