"""One family for everything that can go wrong with a server, in words that a biologist understands."""

from __future__ import annotations


class GatewayError(Exception):
    """Base of the family: `message` is a plain sentence for the user, `detail` the technical text behind it."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class LostError(GatewayError):
    """The line or the server is gone, perhaps for a moment: reconnect, and repeat what only reads."""


class RefusedError(GatewayError):
    """The server does not know us any more, or never will: ask to sign in, keep the window as it is."""


class FailedError(GatewayError):
    """This one call did not work; the session is as good as before."""
