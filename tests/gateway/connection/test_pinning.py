"""Somebody who takes a server's place between two handshakes is told nothing: no password, and no session's key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import Ice
import omero
import pytest
from omero.clients import BaseClient

from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.errors import CertificateChangedError, GatewayError, LostError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection import client as clients
from omero_desk.gateway.connection import pinning, probe
from omero_desk.gateway.connection.certificates import NONE, KnownCertificates
from omero_desk.gateway.connection.client import NO_PINS, Trust
from omero_desk.gateway.connection.connection import Connection
from omero_desk.gateway.connection.pinning import fingerprint
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.impostor import Impostor, impostor
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

OTHER = ":".join(["AB"] * 32)
SLACK = 8
"""Bytes by which a handshake may be shorter than another; the answer to a ping is longer."""

pytestmark = pytest.mark.parametrize("kind", ["ssl", "wss"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("pinning"), "--wss-port", "0") as server:
        yield server


@pytest.fixture
def between(server: ServerProcess, kind: str, tmp_path: Path) -> Iterator[Impostor]:
    with impostor(server.ports[f"{kind}_port"], tmp_path / "impostor") as between:
        yield between


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    return Trust(KnownCertificates(tmp_path / "certificates.json"))


def request_by(kind: str, port: int) -> SignIn:
    host = "127.0.0.1" if kind == "ssl" else f"wss://127.0.0.1:{port}/omero-ws"
    return SignIn(host, port, "root", ROOT_PASSWORD)


def shown_by(folder: Path) -> str:
    pem = (folder / "server.pem").read_text()
    return fingerprint(pem[pem.index("-----BEGIN CERTIFICATE") :])


def bytes_until_the_ping_is_answered(request: SignIn, between: Impostor) -> int:
    client = clients.make(request, NO_PINS)
    clients.greet(client, request, NO_PINS)
    said = between.passed_on
    clients.destroy(client)
    return said


def errors_of(attempt: Callable[[], object]) -> list[GatewayError]:
    """The first one tells Ice that the connection is gone."""
    errors = []
    for _ in range(3):
        with pytest.raises(GatewayError) as caught:
            attempt()
        errors.append(caught.value)
    return errors


def errors_of_signing_in(client: BaseClient, request: SignIn) -> list[GatewayError]:
    return errors_of(lambda: clients.sign_in(client, request, ""))


def test_that_the_impostor_hears_a_client_that_is_not_pinned(kind: str, between: Impostor) -> None:
    request = request_by(kind, between.port)
    client = clients.make(request, NO_PINS)
    clients.greet(client, request, NO_PINS)
    between.take_over()
    errors_of_signing_in(client, request)
    clients.destroy(client)
    assert (ROOT_PASSWORD.encode() if kind == "ssl" else b"GET /omero-ws") in between.heard


def test_that_ice_takes_any_of_several_pins_and_no_other_certificate(kind: str, server: ServerProcess) -> None:
    assert server.data is not None
    request = request_by(kind, server.ports[f"{kind}_port"])
    for pins, is_taken in ((f"{OTHER} {shown_by(server.data)}", True), (OTHER, False)):
        client = omero.client(request.host, request.port, pmap={pinning.PROPERTY: pins})
        with nullcontext() if is_taken else pytest.raises(Ice.SecurityException, match="instead of AB"):
            client.getCommunicator().getDefaultRouter().ice_ping()
        clients.destroy(client)


def test_that_a_session_is_not_betrayed_when_its_connection_is_cut(
    kind: str, between: Impostor, server: ServerProcess, trust: Trust, tmp_path: Path
) -> None:
    request = request_by(kind, between.port)
    opened = Connection.open(request, trust=trust)
    between.take_over()
    last = errors_of(opened.ping)[-1]
    opened.abandon()
    assert isinstance(last, CertificateChangedError)
    assert server.data is not None
    assert (last.known, last.presented) == (shown_by(server.data), shown_by(tmp_path / "impostor"))
    assert last.server == probe.name(request)
    assert between.taken
    assert not between.heard


@pytest.mark.parametrize("is_known", [True, False], ids=["known before", "first contact"])
def test_that_a_password_is_not_betrayed_when_the_connection_is_cut_before_it_is_sent(
    kind: str, between: Impostor, trust: Trust, is_known: bool
) -> None:
    request = request_by(kind, between.port)
    if is_known:
        clients.destroy(clients.meet(request, trust, lambda client: None).client)
    client = clients.meet(request, trust, lambda client: None).client
    between.take_over()
    assert isinstance(errors_of_signing_in(client, request)[-1], CertificateChangedError)
    clients.destroy(client)
    assert between.taken
    assert not between.heard


@pytest.mark.parametrize("is_known", [True, False], ids=["known before", "first contact"])
def test_that_a_password_is_not_betrayed_when_the_connection_is_cut_after_the_ping(
    kind: str, between: Impostor, trust: Trust, is_known: bool
) -> None:
    request = request_by(kind, between.port)
    said = bytes_until_the_ping_is_answered(request, between)
    if is_known:
        clients.destroy(clients.meet(request, trust, lambda client: None).client)
    between.cut_after = said - SLACK
    with pytest.raises(GatewayError):
        Connection.open(request, trust=trust)
    assert not between.heard


def test_that_a_pinned_server_is_never_replaced_by_one_without_a_certificate(
    kind: str, server: ServerProcess, trust: Trust, tmp_path: Path
) -> None:
    with impostor(server.ports[f"{kind}_port"], tmp_path, anonymous=True) as between:
        request = request_by(kind, between.port)
        opened = Connection.open(request, trust=trust)
        between.take_over()
        errors_of(opened.ping)
        opened.abandon()
        with pytest.raises(CertificateChangedError) as caught:
            Connection.open(request, trust=trust)
        assert caught.value.presented == NONE
        assert between.taken
        assert not between.heard


async def test_that_a_connection_that_another_takes_over_asks_to_sign_in_again(
    kind: str, between: Impostor, trust: Trust
) -> None:
    service = ServiceManager(trust.known)
    await service.sign_in(request_by(kind, between.port))
    between.take_over()
    with pytest.raises(RefusedError):
        await service.call(Lane.BROWSING, lambda session: session.connection.factory.keepAlive(None))
    assert service.state is State.SIGN_IN_NEEDED
    service.close()
    assert not between.heard


def test_that_another_ice_than_ours_is_held_to_the_certificate_as_its_authority(
    kind: str, between: Impostor, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Ice, "omeroDeskPatches", raising=False)
    assert "not the Ice that OMERO Desk builds" in str(pinning.problem())
    opened = Connection.open(request_by(kind, between.port), trust=trust)
    between.take_over()
    for error in errors_of(opened.ping):
        assert isinstance(error, RefusedError | LostError)
    opened.abandon()
    assert between.taken
    assert not between.heard
