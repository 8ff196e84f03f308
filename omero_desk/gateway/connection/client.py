"""The `omero.client` behind a connection: made, held to one certificate, signed in, thrown away."""

from __future__ import annotations

import contextlib
import logging
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Final, Protocol

import Ice
import omero

from omero_desk.entities.errors import (
    CertificateChangedError,
    FailedError,
    GatewayError,
    NotAMemberError,
    RefusedError,
    UntrustedCertificateError,
)
from omero_desk.entities.objects import SignIn
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection import probe
from omero_desk.gateway.connection.certificates import KnownCertificates
from omero_desk.gateway.connection.pinning import ServerCertificate, is_held, is_patched, pinned
from omero_desk.gateway.errors import classify
from omero_desk.gateway.lanes.policy import Patience
from omero_desk.gateway.redaction import redacted

if TYPE_CHECKING:
    from omero.api import ServiceFactoryPrx
    from omero.clients import BaseClient

# Its warnings show session keys, and say nothing that is not in the exceptions.
logging.getLogger("omero.gateway").setLevel(logging.ERROR)

PING_TIMEOUT = 5.0
CALL_TIMEOUT = Patience.LONG.value + 10.0
"""Seconds after which Ice ends any call; the lanes' own patience is shorter, this frees what they left behind."""
CLOSE_TIMEOUT = 0.5
_BOUNDS: Final = {
    "Ice.ClassGraphDepthMax": "2000",  # objects within each other in an answer: some more overflow the stack
    "OmeroDesk.ElementsMax": "10000000",  # some fifty bytes of memory each; bytes are not counted
    "OmeroDesk.CompressionRatioMax": "0",  # nothing is asked for that would be compressed
}
"""What a server's answer may hold; its size is bounded by `omero.client`."""


@dataclass(frozen=True)
class Trust:
    """The certificates that are taken: those `known` from before; with `verify`, only what the system's CAs signed."""

    known: KnownCertificates | None = None
    verify: bool = False


NO_PINS = Trust()

_CANNOT_HOLD = mark(
    "Connection",
    "The Ice that is installed cannot make sure that {server} is always the same server; no password was sent. Install"
    " OMERO Desk anew with ./run.",
)


class _Communicator(Protocol):
    """IcePy's own communicator, beneath `Ice.Communicator`."""

    def destroy(self) -> None: ...

    def _setWrapper(self, wrapper: object) -> None: ...


@dataclass(frozen=True)
class Greeted:
    """A client that has met its server, and what the user should know about that."""

    client: BaseClient
    remarks: tuple[Sentence, ...] = ()


def meet(request: SignIn, trust: Trust, began: Callable[[BaseClient], None]) -> Greeted:
    """Return a client that speaks to the owner of one certificate only, the known one or else the one that is seen now.

    A certificate that was not known before is looked at by a client of its own, which never signs in: whatever happens
    to its connection, the client that sends the password fails in every handshake with somebody else.

    `began` is told of each client before it speaks. Raises GatewayError.
    """
    server = probe.name(request)
    known = trust.known.expected(server) if trust.known is not None else ""
    expected = ServerCertificate(known) if known else None
    client, shown = _greeted(request, trust, expected, began)
    try:
        is_news = trust.known is not None and trust.known.check(server, shown.fingerprint if shown is not None else "")
        if shown is not None and not is_held(expected, trust.verify):
            destroy(client)
            client, _ = _greeted(request, trust, shown, began)
    except BaseException:
        destroy(client)
        raise
    unkept = trust.known.news() if trust.known is not None else None
    remarks = _without_certificate(request) if is_news else None, unkept
    return Greeted(client, tuple(filter(None, remarks)))


def _greeted(
    request: SignIn, trust: Trust, expected: ServerCertificate | None, began: Callable[[BaseClient], None]
) -> tuple[BaseClient, ServerCertificate | None]:
    client = make(request, trust, expected)
    try:
        began(client)
        return client, greet(client, request, trust, expected)
    except BaseException:
        destroy(client)
        raise


def make(request: SignIn, trust: Trust, expected: ServerCertificate | None = None) -> BaseClient:
    """Return a client that has not spoken to any server yet, and will not to one with another certificate."""
    try:
        properties = {
            "Ice.Default.InvocationTimeout": str(milliseconds(CALL_TIMEOUT)),
            "Ice.Override.CloseTimeout": str(milliseconds(CLOSE_TIMEOUT)),
            **_BOUNDS,
        }
        if request.group:
            properties["omero.group"] = request.group
        if trust.verify:
            properties |= _verification()
        with pinned(expected, trust.verify) as pins:
            client = omero.client(host=request.host, port=request.port, pmap=properties | pins)
    except Exception as error:
        raise classify(error, probe.name(request)) from error
    communicator = client.getCommunicator()
    communicator.destroy = partial(_destroy, communicator._impl)
    return client


def greet(
    client: BaseClient, request: SignIn, trust: Trust, expected: ServerCertificate | None = None
) -> ServerCertificate | None:
    """Ask whether an Ice server is there, within seconds, and return its certificate: before any password is sent.

    omero.client would try three times and lose the reason. Raises GatewayError.
    """
    # This proxy and no other of the same router remembers the connection.
    router = client.getCommunicator().getDefaultRouter().ice_invocationTimeout(milliseconds(PING_TIMEOUT))
    try:
        router.ice_ping()
    except Ice.Exception as error:
        raise _not_greeted(error, request, trust, expected) from error
    try:
        return shown_certificate(router)
    except Ice.Exception as error:  # cut since the ping
        raise classify(error, probe.name(request)) from error


def _not_greeted(
    error: Ice.Exception, request: SignIn, trust: Trust, expected: ServerCertificate | None
) -> GatewayError:
    server = probe.name(request)
    found = classify(error, server)
    if isinstance(found, CertificateChangedError):
        return found
    if trust.verify and "certificate" in found.detail.lower():
        return UntrustedCertificateError(server, found.detail)
    if expected is not None and not is_patched() and isinstance(error, Ice.SecurityException):
        return RefusedError(_CANNOT_HOLD, found.detail, server=server)
    return probe.diagnosis(request, found, expected.fingerprint if expected is not None else "")


def sign_in(client: BaseClient, request: SignIn, join: str) -> ServiceFactoryPrx:
    """Return the service factory of a new session, or of the one with the uuid `join`."""
    try:
        factory = client.joinSession(join) if join else client.createSession(request.user, request.password)
        # The session outlives a broken connection, so that it can be joined again.
        factory.detachOnDestroy()
    except Exception as error:
        raise _refusal(classify(error, probe.name(request)), request, join) from error
    return factory


def destroy(client: BaseClient) -> None:
    """Free the client's threads and sockets, without a word to the server; what waits for an answer fails at once."""
    with contextlib.suppress(Exception):
        # Without it, destroying waits until the server agrees, or for CLOSE_TIMEOUT.
        close_by_force(client.getSession(False))
    with contextlib.suppress(Exception):
        client.getCommunicator().destroy()
    with contextlib.suppress(Exception):
        # Finds nothing to talk to any more, and so keeps the client from trying it when it is collected.
        client.closeSession()


def _destroy(communicator: _Communicator) -> None:
    """Destroy a communicator so that a thread which is just sending a request by a `begin_` operation lives through it.

    Ice 3.6 (getCommunicatorWrapper of IcePy's Communicator.cpp) hands such a thread, when it comes back, the Python
    object of the communicator, which destroying sets to null: the program would crash. Hence there is another object in
    its place before Python lets any other thread go on: no bytecode runs between the two steps.
    """
    steps = communicator.destroy, partial(communicator._setWrapper, None)
    any(map(methodcaller("__call__"), steps))


def close_by_force(proxy: Ice.ObjectPrx) -> None:
    """Close the proxy's TCP connection without a word; never opens one."""
    connection = proxy.ice_getCachedConnection()
    if connection is not None:
        connection.close(True)


def milliseconds(seconds: float) -> int:
    """Return milliseconds, in which Ice counts."""
    return int(seconds * 1000)


def shown_certificate(router: Ice.ObjectPrx) -> ServerCertificate | None:
    """Return the certificate of the proxy's connection; raises Ice.ConnectionLostException if that is gone already."""
    # The cached connection, never ice_getConnection: that might open another one, to somebody else.
    connection = router.ice_getCachedConnection()
    if connection is None:
        raise Ice.ConnectionLostException
    certificates = getattr(connection.getInfo(), "certs", None)
    return ServerCertificate.of(certificates[0]) if certificates else None


def _without_certificate(request: SignIn) -> Sentence:
    if request.host.startswith("ws://"):
        text = mark(
            "Connection", "The connection to {server} is not encrypted: others may read and change what is sent."
        )
    else:
        text = mark(
            "Connection",
            "{server} has no certificate: it cannot be told from another server that answers in its place.",
        )
    return Sentence.of(text, server=probe.name(request))


def _verification() -> dict[str, str]:
    """Return properties that make Ice check certificate and host name against the CAs that this system trusts."""
    properties = {"IceSSL.VerifyPeer": "2", "IceSSL.CheckCertName": "1"}
    paths = ssl.get_default_verify_paths()
    store = paths.cafile or paths.capath
    if sys.platform.startswith("linux") and store:
        # The Ice library was built elsewhere, and looks where that system keeps its CAs.
        return properties | {"IceSSL.CAs": store}
    return properties | {"IceSSL.UsePlatformCAs": "1"}


def _refusal(error: GatewayError, request: SignIn, join: str) -> GatewayError:
    error.detail = redacted(error.detail, request.password)
    if isinstance(error, RefusedError) and join:
        text = mark("Connection", "This session on {server} has expired. Please sign in.")
        return RefusedError(text, error.detail, server=probe.name(request))
    # A group that is not there and one that is not ours come back in the same wrapping.
    if request.group and ("SecurityViolation" in error.detail or "ApiUsageException" in error.detail):
        text = mark("Connection", "You are not a member of a group named {group}.")
        return NotAMemberError(text, error.detail, group=request.group)
    if isinstance(error, FailedError) and "Obtained null object" in error.detail:
        text = mark("Connection", "{server} does not answer.")
        return FailedError(text, error.detail, server=probe.name(request))
    return error
