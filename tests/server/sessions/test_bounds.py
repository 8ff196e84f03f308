"""How many sessions and connections one user may have open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import Glacier2
import omero
import pytest

from tests.server.conftest import furnish
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

MOST = 3
SignIn = Callable[..., Any]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    furnish(tmp_path)
    with running_server(tmp_path, "--set", f"desk.sessions.user_maximum={MOST}") as server:
        yield server


@pytest.fixture
def sign_in(server: ServerProcess) -> Iterator[SignIn]:
    opened: list[Any] = []

    def open_client(user: str, password: str | None = None) -> Any:
        opened.append(omero.client(host=server.host, port=server.ssl_port))
        opened[-1].createSession(user, user if password is None else password)
        return opened[-1]

    yield open_client
    for client in opened:
        client.closeSession()


def refusal(server: ServerProcess, user: str, password: str | None = None) -> Any:
    """The refusal of another sign-in; unlike omero.client, a router does not try three times and lose the reason."""
    client = omero.client(host=server.host, port=server.ssl_port)
    router = Glacier2.RouterPrx.checkedCast(client.getCommunicator().getDefaultRouter())
    assert router is not None
    with pytest.raises(omero.WrappedCreateSessionException) as caught:
        router.createSession(user, user if password is None else password)
    client.closeSession()
    return caught.value


def test_that_a_user_with_as_many_sessions_as_one_may_have_is_told_so_and_others_sign_in(
    server: ServerProcess, sign_in: SignIn
) -> None:
    ada = sign_in("ada")
    service = ada.sf.getSessionService()
    more = [service.createUserSession(0, 600_000, None) for _ in range(MOST - 1)]
    refused = refusal(server, "ada")
    assert refused.reason == "Too many sessions of one user: 3 are open. Close some, or wait until they end."
    assert (refused.concurrency, refused.backOff) == (True, 1000)
    with pytest.raises(omero.ConcurrencyException, match="Too many sessions"):
        service.createUserSession(0, 600_000, None)
    sign_in("ben")
    service.closeSession(more[0])
    sign_in("ada")


def test_that_sessions_that_a_groups_owner_opens_for_a_member_are_the_owners(
    server: ServerProcess, sign_in: SignIn
) -> None:
    service = sign_in("ada").sf.getSessionService()
    for _ in range(MOST - 1):
        service.createSessionWithTimeout(omero.sys.Principal("ben", "shared lab", "User", None), 60_000)
    with pytest.raises(omero.ConcurrencyException, match="Too many sessions"):
        service.createSessionWithTimeout(omero.sys.Principal("ben", "shared lab", "User", None), 60_000)
    sign_in("ben")


def test_that_a_user_with_as_many_connections_as_one_may_have_is_told_so(
    server: ServerProcess, sign_in: SignIn
) -> None:
    clients = [sign_in("ada")]
    uuid = clients[0].getSessionId()
    clients += [sign_in(uuid, uuid) for _ in range(MOST - 1)]
    assert "Too many connections" in refusal(server, uuid, uuid).reason
    assert "Too many connections" in refusal(server, "ada").reason
    sign_in("root", ROOT_PASSWORD)
    clients.pop().closeSession()
    sign_in(uuid, uuid)
