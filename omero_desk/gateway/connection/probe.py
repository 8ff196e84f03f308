"""Finds out why a server cannot be reached, to say it in one plain sentence."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from urllib.parse import urlsplit

from omero_desk.entities.errors import CertificateChangedError, FailedError, GatewayError, LostError
from omero_desk.entities.objects import SignIn
from omero_desk.entities.sentences import mark
from omero_desk.gateway.connection.certificates import NONE

TIMEOUT = 5.0


def name(request: SignIn) -> str:
    """Return the server as the user typed it: its URL, or host:port."""
    if "://" in request.host:
        return request.host
    host = f"[{request.host}]" if ":" in request.host else request.host
    return f"{host}:{request.port}"


def reach(request: SignIn) -> None:
    """Open a TCP connection and close it again; raises GatewayError saying what is in the way. One round trip."""
    _tcp(request).close()


def diagnosis(request: SignIn, error: GatewayError, expected: str = "") -> GatewayError:
    """Return why Ice did not get through: silence, something without TLS, or something that is not OMERO.

    Where the certificate with the fingerprint `expected` should be, to have none is the reason.
    """
    if request.host.startswith("ws://"):
        text = mark("Connection", "{server} does not speak OMERO's protocol.")
        return FailedError(text, error.detail, server=name(request))
    try:
        with _tcp(request) as tcp:
            presented = _shake_hands(tcp, _address(request)[0])
        if expected and not presented:
            return CertificateChangedError(name(request), expected, NONE)
        text = mark("Connection", "{server} answers, but it is not an OMERO server.")
        return FailedError(text, error.detail, server=name(request))
    except TimeoutError:
        return LostError(mark("Connection", "{server} does not answer."), error.detail, server=name(request))
    except ssl.SSLError as refused:
        return _tls_refused(request, refused, error)
    except (OSError, GatewayError):
        return error


def _shake_hands(tcp: socket.socket, host: str) -> bytes | None:
    """Do TLS up to the end of the handshake, over buffers of our own; return the certificate, None without one.

    SSLContext.wrap_socket loses a socket that is reset at the wrong moment, without closing it.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = _context().wrap_bio(incoming, outgoing, server_hostname=host)
    end = time.monotonic() + TIMEOUT
    while True:
        try:
            tls.do_handshake()
            return tls.getpeercert(binary_form=True)
        except ssl.SSLWantReadError:
            tcp.sendall(outgoing.read())
        tcp.settimeout(max(end - time.monotonic(), 0.001))
        if data := tcp.recv(1 << 16):
            incoming.write(data)
        else:
            incoming.write_eof()


def _tls_refused(request: SignIn, refused: ssl.SSLError, error: GatewayError) -> GatewayError:
    detail = f"{error.detail}; {refused}"
    if refused.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_MESSAGE", "UNKNOWN_PROTOCOL"}:
        text = mark("Connection", "{server} is not an OMERO server: it does not encrypt (TLS).")
    else:
        text = mark("Connection", "{server} refused the encrypted connection (TLS).")
    return FailedError(text, detail, server=name(request))


def _tcp(request: SignIn) -> socket.socket:
    server = name(request)
    try:
        return socket.create_connection(_address(request), timeout=TIMEOUT)
    except (socket.gaierror, UnicodeError) as error:
        text = mark("Connection", "There is no server named {server}.")
        raise FailedError(text, str(error), server=_address(request)[0]) from error
    except TimeoutError as error:
        raise LostError(mark("Connection", "{server} does not answer."), str(error), server=server) from error
    except ConnectionRefusedError as error:
        text = mark("Connection", "{server} refuses connections: OMERO is not running there, or the port is wrong.")
        raise LostError(text, str(error), server=server) from error
    except OSError as error:
        raise LostError(mark("Connection", "{server} cannot be reached."), str(error), server=server) from error


def _address(request: SignIn) -> tuple[str, int]:
    if "://" not in request.host:
        return request.host, request.port
    url = urlsplit(request.host)
    return url.hostname or "", url.port or (443 if url.scheme == "wss" else 80)


def _context() -> ssl.SSLContext:
    """Takes any certificate, as OMERO's clients do: this only asks whether the port speaks TLS; nothing is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context
