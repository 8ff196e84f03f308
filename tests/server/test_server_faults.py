"""Faults on order: the server fails as it is told, and only if it was started so."""

from collections.abc import Iterator
from typing import Any

import Glacier2
import omero
import pytest

from omero_desk.server.faults import KEY, parse
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that fails as it is told; each test ends its sessions and takes its orders back."""
    arguments = ("--set", "desk.faults=", "--set", "desk.sessions.maximum=2")
    with running_server(tmp_path_factory.mktemp("faults"), *arguments) as server:
        yield server


def signed_in(server: ServerProcess) -> Any:
    client = omero.client(host=server.host, port=server.ssl_port)
    try:
        client.createSession("root", ROOT_PASSWORD)
    except Glacier2.PermissionDeniedException:
        client.closeSession()
        raise
    return client


def router_of(client: Any) -> Any:
    return Glacier2.RouterPrx.checkedCast(client.getCommunicator().getDefaultRouter())


def order(client: Any, faults: str, key: str = KEY) -> None:
    client.sf.getConfigService().setConfigValue(key, faults)


def ask(client: Any) -> int:
    return len(client.sf.getQueryService().projection("select g.id from ExperimenterGroup g", None))


def test_that_a_call_fails_as_often_as_was_asked_for_with_the_back_off_that_was_asked_for(
    server: ServerProcess,
) -> None:
    client = signed_in(server)
    order(client, "projection=ConcurrencyException*2:500; findByQuery=InternalException")
    for _ in range(2):
        with pytest.raises(omero.ConcurrencyException) as caught:
            ask(client)
        assert caught.value.backOff == 500
    assert ask(client) == 3
    assert client.sf.getConfigService().getConfigValue(KEY) == "findByQuery=InternalException*1:0"
    order(client, "")
    client.closeSession()


def test_that_a_sign_in_can_fail_as_when_the_database_is_down(server: ServerProcess) -> None:
    client = signed_in(server)
    order(client, "createSession=PermissionDeniedException")
    with pytest.raises(Glacier2.PermissionDeniedException, match="Internal error"):
        signed_in(server)
    client.closeSession()


def test_that_a_server_that_is_full_says_when_to_come_again(server: ServerProcess) -> None:
    clients = [signed_in(server), signed_in(server)]
    third = omero.client(host=server.host, port=server.ssl_port)
    with pytest.raises(omero.ClientError):  # omero.client tries three times at once and loses the reason
        third.createSession("root", ROOT_PASSWORD)
    with pytest.raises(omero.WrappedCreateSessionException) as caught:
        router_of(third).createSession("root", ROOT_PASSWORD)
    assert (caught.value.concurrency, caught.value.backOff) == (True, 1000)
    clients.pop().closeSession()
    third.createSession("root", ROOT_PASSWORD)
    third.closeSession()
    clients.pop().closeSession()


def test_that_an_hour_on_the_server_s_clock_ends_what_idles(server: ServerProcess) -> None:
    client = signed_in(server)
    order(client, "3600000", "desk.faults.clock")
    with pytest.raises((omero.SessionTimeoutException, omero.RemovedSessionException)):
        ask(client)
    client.closeSession()


def test_that_nonsense_is_refused_and_changes_nothing(server: ServerProcess) -> None:
    client = signed_in(server)
    for key, value in ((KEY, "projection"), (KEY, "projection=NoSuchException"), ("desk.faults.clock", "soon")):
        with pytest.raises(omero.ApiUsageException):
            order(client, value, key)
    assert ask(client) == 3
    client.closeSession()


def test_that_a_server_that_was_not_started_so_never_fails_on_order(fresh_server: ServerProcess) -> None:
    client = signed_in(fresh_server)
    order(client, "projection=InternalException")
    assert ask(client) == 3
    client.closeSession()


def test_that_an_order_reads_as_it_is_written() -> None:
    (rule,) = parse("save=DatabaseBusyException*3:20")
    assert str(rule) == "save=DatabaseBusyException*3:20"
