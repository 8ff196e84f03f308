"""The service manager: lanes of worker threads over one session."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Concatenate, ParamSpec, TypeVar

from omero_desk.gateway.entities import Account, SignIn

P = ParamSpec("P")
T = TypeVar("T")
Session = Any


class State(Enum):
    """How the line to the server is; the value is the word that the user reads."""

    OFFLINE = "Offline"
    CONNECTING = "Connecting"
    ONLINE = "Online"
    RECONNECTING = "Reconnecting"
    SIGN_IN_NEEDED = "Sign-in needed"


class Lane(Enum):
    """A worker thread of its own, so that slow work of one sort never delays another."""

    BROWSING = "Browsing"
    METADATA = "Metadata"
    JOBS = "Jobs"


class ServiceManager:
    """Runs plain gateway functions on the lanes of one session. Made and used on the event loop's thread."""

    state: State
    account: Account | None

    def on_state(self, listener: Callable[[State], None]) -> None:
        """Call `listener` on the loop's thread at each change of `state`."""

    async def sign_in(self, request: SignIn, progress: Callable[[str], None] = ...) -> Account:
        """Open a session, in place of the one there was. `progress` is called on the loop's thread."""

    async def call(
        self, lane: Lane, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(session, *args)` on `lane`; raises GatewayError. Cancelling abandons the call at once."""

    async def sign_out(self) -> None:
        """Close the session in the background; never waits for the network."""

    def close(self) -> None:
        """End the lanes without waiting for what they do; for the end of the program."""
