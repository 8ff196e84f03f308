"""One family for everything that can go wrong with a server, in words that a biologist understands.

The rules name the exceptions of Ice, Glacier2 and omero instead of importing them: what catches an error need not pay
the half second that those packages take to load.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.errors import (
    BusyError,
    CertificateChangedError,
    FailedError,
    GatewayError,
    LostError,
    NotReadyError,
    RefusedError,
)
from omero_desk.entities.sentences import Sentence, Text, mark
from omero_desk.gateway.redaction import redacted


@dataclass(frozen=True)
class _Rule:
    """The meaning of an exception; a text may hold {server}."""

    error: type[GatewayError]
    text: Text


_DENIED: Final = mark("Connection", "The server refused the sign-in: the user name or the password is wrong.")
_SESSION_GONE: Final = mark("Connection", "Your session on {server} has ended. Please sign in again.")
_CONNECTION_LOST: Final = mark("Connection", "The connection to {server} was lost.")
_NOT_ALLOWED: Final = mark("Connection", "You are not allowed to do this.")

_GARBLED: Final = mark("Connection", "The answer of {server} was garbled on the way.")
_UNREADABLE: Final = mark("Connection", "OMERO Desk cannot read the answer of {server}.")
_NO_ADDRESS: Final = mark("Connection", "{server} is not an address that OMERO Desk understands.")
_BUSY: Final = mark("Connection", "The server is busy with this. Try again in a moment.")
_NOT_CHECKED: Final = mark("Connection", "{server} could not check the password.")
_FULL: Final = mark("Connection", "{server} takes no new sessions at this moment.")
_SILENT: Final = mark("Connection", "{server} does not answer.")
_NOT_OMERO: Final = mark("Connection", "{server} does not speak OMERO's protocol.")
_THE_SERVER: Final = Sentence(mark("Connection", "the server"))
_CANNOT_ANSWER: Final = mark("Connection", "The server failed to answer this request.")

_RULES: dict[str, _Rule] = {
    # The connection.
    "Ice.ConnectionRefusedException": _Rule(
        LostError, mark("Connection", "{server} refuses connections: OMERO is not running there, or the port is wrong.")
    ),
    "Ice.ConnectTimeoutException": _Rule(LostError, _SILENT),
    "Ice.TimeoutException": _Rule(LostError, _SILENT),
    "Ice.SyscallException": _Rule(LostError, _CONNECTION_LOST),  # sockets' too
    "Ice.FileException": _Rule(FailedError, mark("Connection", "A file that the connection needs cannot be read.")),
    "Ice.CloseConnectionException": _Rule(LostError, _CONNECTION_LOST),
    "Ice.ForcedCloseConnectionException": _Rule(LostError, _CONNECTION_LOST),
    "Ice.CommunicatorDestroyedException": _Rule(LostError, _CONNECTION_LOST),
    "Ice.ObjectAdapterDeactivatedException": _Rule(LostError, _CONNECTION_LOST),
    "Ice.ProtocolException": _Rule(LostError, _GARBLED),
    "Ice.MarshalException": _Rule(FailedError, _UNREADABLE),
    "Ice.MemoryLimitException": _Rule(
        FailedError, mark("Connection", "The answer of the server is too large for one message.")
    ),
    "Ice.UnsupportedProtocolException": _Rule(FailedError, _NOT_OMERO),
    "Ice.UnsupportedEncodingException": _Rule(FailedError, _NOT_OMERO),
    "Ice.VersionMismatchException": _Rule(FailedError, _NOT_OMERO),
    "Ice.SecurityException": _Rule(FailedError, mark("Connection", "{server} refused the encrypted connection (TLS).")),
    # The address.
    "Ice.DNSException": _Rule(FailedError, mark("Connection", "There is no server named {server}.")),
    "Ice.NoEndpointException": _Rule(FailedError, _NO_ADDRESS),
    "Ice.EndpointParseException": _Rule(FailedError, _NO_ADDRESS),
    "Ice.ProxyParseException": _Rule(FailedError, _NO_ADDRESS),
    # What the server offers.
    "Ice.ObjectNotExistException": _Rule(LostError, _SESSION_GONE),
    "Ice.FacetNotExistException": _Rule(FailedError, mark("Connection", "The server does not offer this.")),
    "Ice.OperationNotExistException": _Rule(
        FailedError, mark("Connection", "This server is too old for that request.")
    ),
    "Ice.InvocationCanceledException": _Rule(FailedError, mark("Connection", "The request was cancelled.")),
    "Ice.OperationInterruptedException": _Rule(FailedError, mark("Connection", "The request was interrupted.")),
    "Ice.UnknownException": _Rule(FailedError, _CANNOT_ANSWER),
    "Ice.Exception": _Rule(FailedError, mark("Connection", "The request to {server} failed.")),
    # The session.
    "Glacier2.PermissionDeniedException": _Rule(RefusedError, _DENIED),
    "Glacier2.CannotCreateSessionException": _Rule(
        FailedError,
        mark(
            "Connection",
            "{server} takes no new sessions now: it is full, starting, or in maintenance. Try again later.",
        ),
    ),
    "Glacier2.SessionNotExistException": _Rule(LostError, _SESSION_GONE),
    "omero.ExpiredCredentialException": _Rule(RefusedError, mark("Connection", "Your password has expired.")),
    "omero.AuthenticationException": _Rule(RefusedError, _DENIED),
    "omero.SessionException": _Rule(RefusedError, _SESSION_GONE),
    "omero.SessionTimeoutException": _Rule(
        LostError, mark("Connection", "Your session on {server} was idle for too long.")
    ),
    "omero.ShutdownInProgress": _Rule(LostError, mark("Connection", "{server} is shutting down.")),
    # The request.
    "omero.DatabaseBusyException": _Rule(BusyError, mark("Connection", "The server's database is busy.")),
    "omero.ConcurrencyException": _Rule(BusyError, _BUSY),
    "omero.MissingPyramidException": _Rule(
        NotReadyError, mark("Connection", "The server is still preparing this image.")
    ),
    "omero.OptimisticLockException": _Rule(
        FailedError, mark("Connection", "Somebody else changed this meanwhile. Refresh, then try again.")
    ),
    "omero.SecurityViolation": _Rule(FailedError, _NOT_ALLOWED),
    "omero.ValidationException": _Rule(FailedError, mark("Connection", "The server did not accept the data.")),
    "omero.ApiUsageException": _Rule(FailedError, mark("Connection", "The server did not accept the request.")),
    "omero.QueryException": _Rule(FailedError, mark("Connection", "The server did not understand the query.")),
    "omero.OverUsageException": _Rule(FailedError, mark("Connection", "The request was too large for the server.")),
    "omero.ResourceError": _Rule(FailedError, mark("Connection", "The server cannot read this from its disk.")),
    "omero.NoProcessorAvailable": _Rule(
        FailedError, mark("Connection", "The server has no processor free for scripts.")
    ),
    "omero.ServerError": _Rule(FailedError, _CANNOT_ANSWER),
    "omero.CmdError": _Rule(FailedError, _CANNOT_ANSWER),
    "omero.ClientError": _Rule(LostError, _CONNECTION_LOST),
    # Python's own.
    "builtins.MemoryError": _Rule(
        FailedError, mark("Connection", "This computer has not enough memory for the answer.")
    ),
}

_UNKNOWN_RULE = _Rule(FailedError, mark("Connection", "Something unexpected went wrong."))
_TIMER_GONE: Final = "timer destroyed"
"""Ice 3.6 (IceUtil's Timer.cpp) says so when a call is sent while the communicator is destroyed; in Python it is a bare
RuntimeError."""

_OTHER_CERTIFICATE: Final = re.compile(r"OmeroDesk\.PinnedCertificates: (?P<shown>\S+) instead of (?P<known>\S+)")
_LONGEST: Final = 10_000
"""Characters of a server's text that are kept as detail."""


def classify(exception: BaseException, server: str | Sentence = _THE_SERVER) -> GatewayError:
    """Return our error for any exception of Ice, Glacier2, omero or Python; the nearest base class counts.

    One that no rule knows is a `FailedError` with its text as detail, never swallowed.
    """
    if isinstance(exception, GatewayError):
        return exception
    if changed := _other_certificate(exception):
        return CertificateChangedError(str(server), changed["known"], changed["shown"])
    if _could_not_check(exception):
        return FailedError(_NOT_CHECKED, _detail(exception), server=server)
    if getattr(exception, "concurrency", False):  # a WrappedCreateSessionException: starting, stopping or full
        return BusyError(_FULL, _detail(exception), _back_off(exception), server=server)
    rule = next((_RULES[name] for name in _names(exception) if name in _RULES), _UNKNOWN_RULE)
    error = rule.error(rule.text, _detail(exception), server=server)
    if isinstance(error, BusyError):
        error.back_off = _back_off(exception)
    return error


def _back_off(exception: BaseException) -> float:
    """Return seconds; servers count milliseconds, and say 0 or -1 where they do not care."""
    return max(float(getattr(exception, "backOff", 0) or 0), 0.0) / 1000


def _names(exception: BaseException) -> list[str]:
    """Return the names of the exception's classes, the nearest first."""
    if type(exception) is RuntimeError and str(exception) == _TIMER_GONE:
        return ["Ice.CommunicatorDestroyedException"]
    return [f"{cls.__module__}.{cls.__name__}" for cls in type(exception).__mro__]


def _other_certificate(exception: BaseException) -> re.Match[str] | None:
    """Return the fingerprints with which our Ice refused a handshake (pinned_certificate.h), None for other errors."""
    is_local = "Ice.SecurityException" in _names(exception)
    return _OTHER_CERTIFICATE.fullmatch(getattr(exception, "reason", "")) if is_local else None


def _could_not_check(exception: BaseException) -> bool:
    """Return whether a refused sign-in says that the server itself failed; router and verifier word it so."""
    return "internal" in getattr(exception, "reason", "").lower()


def _detail(exception: BaseException) -> str:
    """Return what the server gave as reason, message or type, else the exception's text; short, without session keys.

    A server can send a text of any length, and to write or search hundreds of megabytes takes minutes.
    """
    names = ("reason", "message", "type", "unknown")
    said = [str(value)[:_LONGEST] for name in names if (value := getattr(exception, name, ""))]
    return redacted(f"{type(exception).__name__}: {' '.join(said) or str(exception)[:_LONGEST]}")
