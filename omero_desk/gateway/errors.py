"""One family for everything that can go wrong with a server, in words that a biologist understands.

The rules name the exceptions of Ice, Glacier2 and omero instead of importing them: what catches an error need not pay
the half second that those packages take to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omero_desk.gateway.redaction import redacted


class GatewayError(Exception):
    """Base of the family: `message` is a plain sentence for the user, `detail` the technical text behind it."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.fate_unknown = False
        """Of a write: whether it may have got there all the same."""


class LostError(GatewayError):
    """The line or the server is gone, perhaps for a moment: reconnect, and repeat what only reads."""


class RefusedError(GatewayError):
    """The server does not know us any more, or never will: ask to sign in, keep the window as it is."""


class CertificateChangedError(RefusedError):
    """The server shows another certificate than before: `known` and `presented` are SHA-256 fingerprints."""

    def __init__(self, server: str, known: str, presented: str) -> None:
        super().__init__(
            f"{server} shows another certificate than before. Either it was renewed, or somebody else answers in its"
            " place; no password was sent.",
            f"known: {known}, now: {presented}",
        )
        self.server, self.known, self.presented = server, known, presented


class UntrustedCertificateError(RefusedError):
    """The server's certificate is not one that the system trusts, or is not for this name."""

    def __init__(self, server: str, detail: str = "") -> None:
        super().__init__(f"This computer does not trust the certificate of {server}; no password was sent.", detail)


class FailedError(GatewayError):
    """This one call did not work; the session is as good as before."""


class BusyError(FailedError):
    """The server cannot do it now; `back_off` is how many seconds it asks to wait, 0 if it does not say."""

    def __init__(self, message: str, detail: str = "", back_off: float = 0.0) -> None:
        super().__init__(message, detail)
        self.back_off = back_off


class NotReadyError(BusyError):
    """Pixels that the server still makes a pyramid of, or that are still being imported: that may take hours."""


class NotAMemberError(FailedError):
    """The group that was asked for is not one of the user's, or not any more."""


class GivenUpError(LostError):
    """A call took longer than the patience for its kind, and its lane goes on without it."""


@dataclass(frozen=True)
class _Rule:
    """What an exception means; a wording may hold {server}."""

    error: type[GatewayError]
    message: str


_DENIED = "The server refused the sign-in: the user name or the password is wrong."
_SESSION_GONE = "Your session on {server} has ended. Please sign in again."
_LINE_LOST = "The connection to {server} was lost."
_NOT_ALLOWED = "You are not allowed to do this."

_GARBLED = "What came over the line from {server} was garbled."
_UNREADABLE = "OMERO Desk cannot read the answer of {server}."
_NO_ADDRESS = "{server} is not an address that OMERO Desk understands."
_BUSY = "The server is busy with this. Try again in a moment."
_CANNOT_ANSWER = "The server failed to answer this request."

_RULES: dict[str, _Rule] = {
    # The line.
    "Ice.ConnectionRefusedException": _Rule(
        LostError, "{server} refuses connections: OMERO is not running there, or the port is wrong."
    ),
    "Ice.ConnectTimeoutException": _Rule(LostError, "{server} does not answer."),
    "Ice.TimeoutException": _Rule(LostError, "{server} does not answer."),
    "Ice.SyscallException": _Rule(LostError, _LINE_LOST),  # sockets' too
    "Ice.FileException": _Rule(FailedError, "A file that the connection needs cannot be read."),
    "Ice.CloseConnectionException": _Rule(LostError, _LINE_LOST),
    "Ice.ForcedCloseConnectionException": _Rule(LostError, _LINE_LOST),
    "Ice.CommunicatorDestroyedException": _Rule(LostError, _LINE_LOST),
    "Ice.ObjectAdapterDeactivatedException": _Rule(LostError, _LINE_LOST),
    "Ice.ProtocolException": _Rule(LostError, _GARBLED),
    "Ice.MarshalException": _Rule(FailedError, _UNREADABLE),
    "Ice.MemoryLimitException": _Rule(FailedError, "The answer of the server is too large for one message."),
    "Ice.UnsupportedProtocolException": _Rule(FailedError, "{server} does not speak OMERO's protocol."),
    "Ice.UnsupportedEncodingException": _Rule(FailedError, "{server} does not speak OMERO's protocol."),
    "Ice.VersionMismatchException": _Rule(FailedError, "{server} does not speak OMERO's protocol."),
    "Ice.SecurityException": _Rule(FailedError, "{server} refused the encrypted connection (TLS)."),
    # The address.
    "Ice.DNSException": _Rule(FailedError, "There is no server named {server}."),
    "Ice.NoEndpointException": _Rule(FailedError, _NO_ADDRESS),
    "Ice.EndpointParseException": _Rule(FailedError, _NO_ADDRESS),
    "Ice.ProxyParseException": _Rule(FailedError, _NO_ADDRESS),
    # What the server offers.
    "Ice.ObjectNotExistException": _Rule(LostError, _SESSION_GONE),
    "Ice.FacetNotExistException": _Rule(FailedError, "The server does not offer this."),
    "Ice.OperationNotExistException": _Rule(FailedError, "This server is too old for that request."),
    "Ice.InvocationCanceledException": _Rule(FailedError, "The request was cancelled."),
    "Ice.OperationInterruptedException": _Rule(FailedError, "The request was interrupted."),
    "Ice.UnknownException": _Rule(FailedError, _CANNOT_ANSWER),
    "Ice.Exception": _Rule(FailedError, "The request to {server} failed."),
    # The session.
    "Glacier2.PermissionDeniedException": _Rule(RefusedError, _DENIED),
    "Glacier2.CannotCreateSessionException": _Rule(
        FailedError,
        "{server} takes no new sessions now: it is full, starting, or in maintenance. Try again later.",
    ),
    "Glacier2.SessionNotExistException": _Rule(LostError, _SESSION_GONE),
    "omero.ExpiredCredentialException": _Rule(RefusedError, "Your password has expired."),
    "omero.AuthenticationException": _Rule(RefusedError, _DENIED),
    "omero.SessionException": _Rule(RefusedError, _SESSION_GONE),
    "omero.SessionTimeoutException": _Rule(LostError, "Your session on {server} was idle for too long."),
    "omero.ShutdownInProgress": _Rule(LostError, "{server} is shutting down."),
    # The request.
    "omero.DatabaseBusyException": _Rule(BusyError, "The server's database is busy."),
    "omero.ConcurrencyException": _Rule(BusyError, _BUSY),
    "omero.MissingPyramidException": _Rule(NotReadyError, "The server is still preparing this image."),
    "omero.OptimisticLockException": _Rule(
        FailedError, "Somebody else changed this meanwhile. Refresh, then try again."
    ),
    "omero.SecurityViolation": _Rule(FailedError, _NOT_ALLOWED),
    "omero.ValidationException": _Rule(FailedError, "The server did not accept the data."),
    "omero.ApiUsageException": _Rule(FailedError, "The server did not accept the request."),
    "omero.QueryException": _Rule(FailedError, "The server did not understand the query."),
    "omero.OverUsageException": _Rule(FailedError, "The request was too large for the server."),
    "omero.ResourceError": _Rule(FailedError, "The server cannot read this from its disk."),
    "omero.NoProcessorAvailable": _Rule(FailedError, "The server has no processor free for scripts."),
    "omero.ServerError": _Rule(FailedError, _CANNOT_ANSWER),
    "omero.CmdError": _Rule(FailedError, _CANNOT_ANSWER),
    "omero.ClientError": _Rule(LostError, _LINE_LOST),
    # Python's own.
    "builtins.MemoryError": _Rule(FailedError, "This computer has not enough memory for the answer."),
}

_UNKNOWN_RULE = _Rule(FailedError, "Something unexpected went wrong.")
_TIMER_GONE: Final = "timer destroyed"
"""Ice 3.6 (IceUtil's Timer.cpp) to who sends while the communicator is destroyed; in Python a bare RuntimeError."""


def classify(exception: BaseException, server: str = "the server") -> GatewayError:
    """The error of our family for any exception out of Ice, Glacier2, omero or Python; the nearest base class counts.

    One that no rule knows is a `FailedError` with its text as detail, never swallowed.
    """
    if isinstance(exception, GatewayError):
        return exception
    if _could_not_check(exception):
        return FailedError(f"{server} could not check the password.", _detail(exception))
    if getattr(exception, "concurrency", False):  # a WrappedCreateSessionException: starting, stopping or full
        return BusyError(f"{server} takes no new sessions at this moment.", _detail(exception), _back_off(exception))
    rule = next((_RULES[name] for name in _names(exception) if name in _RULES), _UNKNOWN_RULE)
    error = rule.error(rule.message.format(server=server), _detail(exception))
    if isinstance(error, BusyError):
        error.back_off = _back_off(exception)
    return error


def _back_off(exception: BaseException) -> float:
    """Seconds; servers count milliseconds, and say 0 or -1 where they do not care."""
    return max(float(getattr(exception, "backOff", 0) or 0), 0.0) / 1000


def _names(exception: BaseException) -> list[str]:
    """Those of the exception's classes, the nearest first."""
    if type(exception) is RuntimeError and str(exception) == _TIMER_GONE:
        return ["Ice.CommunicatorDestroyedException"]
    return [f"{cls.__module__}.{cls.__name__}" for cls in type(exception).__mro__]


def _could_not_check(exception: BaseException) -> bool:
    """Whether a refused sign-in says that the server itself failed; router and verifier word it so."""
    return "internal" in getattr(exception, "reason", "").lower()


def _detail(exception: BaseException) -> str:
    """The exception's own words: the reason, message or type that the server gave, else its text; no session keys."""
    said = [str(value) for name in ("reason", "message", "type") if (value := getattr(exception, name, ""))]
    return redacted(f"{type(exception).__name__}: {' '.join(said) or exception}")
