"""The `omero.client` behind a connection: made, greeted, signed in, thrown away."""

from __future__ import annotations

import contextlib
import logging
import ssl
import sys
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import Any

import Ice
import omero

from omero_desk.gateway import probe
from omero_desk.gateway.certificates import KnownCertificates, fingerprint
from omero_desk.gateway.entities import SignIn
from omero_desk.gateway.errors import (
    FailedError,
    GatewayError,
    NotAMemberError,
    RefusedError,
    UntrustedCertificateError,
    classify,
)
from omero_desk.gateway.policy import Patience
from omero_desk.gateway.redaction import redacted

# Its warnings show session keys, and say nothing that is not in the exceptions.
logging.getLogger("omero.gateway").setLevel(logging.ERROR)

PING_TIMEOUT = 5.0
CALL_TIMEOUT = Patience.LONG.value + 10.0
"""Seconds after which Ice ends any call; the lanes' own patience is shorter, this frees what they left behind."""
CLOSE_TIMEOUT = 0.5


@dataclass(frozen=True)
class Trust:
    """Which certificates are taken: those `known` from before and, with `verify`, only what the system's CAs signed."""

    known: KnownCertificates | None = None
    verify: bool = False


NO_PINS = Trust()


def make(request: SignIn, trust: Trust) -> Any:
    """A client that has not spoken to anybody yet."""
    try:
        properties = {
            "Ice.Default.InvocationTimeout": str(milliseconds(CALL_TIMEOUT)),
            "Ice.Override.CloseTimeout": str(milliseconds(CLOSE_TIMEOUT)),
        }
        if request.group:
            properties["omero.group"] = request.group
        if trust.verify:
            properties |= _verification()
        client = omero.client(host=request.host, port=request.port, pmap=properties)
    except Exception as error:
        raise classify(error, probe.name(request)) from error
    communicator = client.getCommunicator()
    communicator.destroy = partial(_destroy, communicator._impl)
    return client


def greet(client: Any, request: SignIn, trust: Trust) -> None:
    """Ask whether an Ice server is there, within seconds, and look at its certificate: before any password is sent.

    omero.client would try three times and lose the reason.
    """
    try:
        # This proxy and no other of the same router remembers the connection.
        router = client.getCommunicator().getDefaultRouter().ice_invocationTimeout(milliseconds(PING_TIMEOUT))
        router.ice_ping()
    except Ice.Exception as error:
        found = classify(error, probe.name(request))
        if trust.verify and "certificate" in found.detail.lower():
            raise UntrustedCertificateError(probe.name(request), found.detail) from error
        raise probe.diagnosis(request, found) from error
    if trust.known is not None:
        _check_certificate(router, probe.name(request), trust.known)


def sign_in(client: Any, request: SignIn, join: str) -> Any:
    """The service factory of a new session, or of the one with the uuid `join`."""
    try:
        factory = client.joinSession(join) if join else client.createSession(request.user, request.password)
        # The session outlives a broken line, so that it can be joined again.
        factory.detachOnDestroy()
    except Exception as error:
        raise _refusal(classify(error, probe.name(request)), request, join) from error
    return factory


def destroy(client: Any) -> None:
    """Free the client's threads and sockets, without a word to the server; what waits for an answer fails at once."""
    with contextlib.suppress(Exception):
        # Without it, destroying waits until the server agrees, or for CLOSE_TIMEOUT.
        close_by_force(client.getSession(False))
    with contextlib.suppress(Exception):
        client.getCommunicator().destroy()
    with contextlib.suppress(Exception):
        # Finds nothing to talk to any more, and so keeps the client from trying it when it is collected.
        client.closeSession()


def _destroy(communicator: Any) -> None:
    """Destroy a communicator so that a thread which is just sending a request by a `begin_` operation lives through it.

    Ice 3.6 (getCommunicatorWrapper of IcePy's Communicator.cpp) hands such a thread, when it comes back, the Python
    object of the communicator, which destroying sets to null: the program would crash. Hence there is another object in
    its place before Python lets any other thread go on: no bytecode runs between the two steps.
    """
    steps = communicator.destroy, partial(communicator._setWrapper, None)
    any(map(methodcaller("__call__"), steps))


def close_by_force(proxy: Any) -> None:
    """Close the proxy's TCP connection without a word; never opens one."""
    connection = proxy.ice_getCachedConnection()
    if connection is not None:
        connection.close(True)


def milliseconds(seconds: float) -> int:
    """As Ice wants it."""
    return int(seconds * 1000)


def _check_certificate(router: Any, server: str, known: KnownCertificates) -> None:
    # The cached connection, never ice_getConnection: that might open another one, to somebody else.
    connection = router.ice_getCachedConnection()
    certificates = getattr(connection.getInfo(), "certs", None) if connection is not None else None
    known.check(server, fingerprint(certificates[0]) if certificates else "")


def _verification() -> dict[str, str]:
    """Properties that make Ice check certificate and host name against the CAs that this system trusts."""
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
        return RefusedError(f"This session on {probe.name(request)} has expired. Please sign in.", error.detail)
    # A group that is not there and one that is not ours come back in the same wrapping.
    if request.group and ("SecurityViolation" in error.detail or "ApiUsageException" in error.detail):
        return NotAMemberError(f"You are not a member of a group named {request.group}.", error.detail)
    if isinstance(error, FailedError) and "Obtained null object" in error.detail:
        return FailedError(f"{probe.name(request)} does not answer.", error.detail)
    return error
