"""Random arguments for every operation of every service: an answer comes, and the server goes on."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import Ice
import omero
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omero_desk.server.servants import STATEFUL, STATELESS
from omero_desk.server.servants.service_factory import _CREATORS, _GETTERS
from omero_desk.server.wire.refusals import operations, served_interfaces
from tests.server.conftest import furnish
from tests.support.server_process import ServerProcess, running_server
from tests.support.slice_values import arguments_of, values

SHARE = 250
"""How many calls the suite makes, the same ones each time."""
TRIES = int(os.environ.get("OMERO_DESK_FUZZ", SHARE))
"""How many calls are made; ten thousand take two minutes."""

_PATIENCE_MS = 30_000
_NOT_ASKED = {
    # They end what the test goes on with, or change who may sign in.
    "close",
    "destroy",
    "closeSession",
    "changePassword",
    "changePasswordWithOldPassword",
    "changeUserPassword",
    "updateExperimenterWithPassword",
    "setConfigValue",
    "setConfigValueIfEquals",
}
OPENERS = {**_GETTERS, **_CREATORS}
CALLS = sorted(
    (opener, operation)
    for opener, name in OPENERS.items()
    if name in STATELESS or name in STATEFUL
    for operation in operations(served_interfaces()[name])
    if operation not in _NOT_ASKED
)


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    """Sessions of a user and an administrator, on a server of their own."""
    folder = tmp_path_factory.mktemp("fuzz")
    furnish(folder)
    with running_server(folder, "--set", "omero.sessions.timeout=600000") as server:
        opened = [open_client(server, "ada", "ada"), open_client(server, "root", "omero")]
        yield opened
        for client in opened:
            client.closeSession()
        open_client(server, "ben", "ben").closeSession()
        assert server.process is not None
        assert server.process.poll() is None


def open_client(server: ServerProcess, user: str, password: str) -> Any:
    client = omero.client(host="localhost", port=server.ssl_port)
    client.createSession(user, password)
    return client


def type_of(parents: tuple[type, ...], operation: str) -> tuple[str, ...]:
    for parent in parents:
        try:
            return arguments_of(parent.__name__, operation)
        except KeyError:
            continue
    raise AssertionError(operation)


@settings(
    max_examples=TRIES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=TRIES == SHARE,
)
@given(data=st.data())
def test_that_whatever_is_sent_is_answered(clients: list[Any], data: st.DataObject) -> None:
    client = clients[data.draw(st.integers(0, len(clients) - 1))]
    opener, operation = data.draw(st.sampled_from(CALLS))
    interface = served_interfaces()[OPENERS[opener]]
    arguments = [data.draw(values(name)) for name in type_of(interface.__mro__, operation)]
    context = data.draw(st.sampled_from([{}, {"omero.group": "-1"}, {"omero.group": "3"}, {"omero.user": "2"}]))
    proxy = getattr(client.getSession(), opener)().ice_invocationTimeout(_PATIENCE_MS)
    invoke = getattr(proxy, operation, None) or getattr(proxy, f"_{operation}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            invoke(*arguments, {**client.getContext(), **context})
    except (Ice.UserException, Ice.UnknownUserException) as refused:  # the latter: one that Slice did not foresee
        assert not any(word in str(refused) for word in ("Internal error in", "Traceback")), refused
    finally:
        if opener in _CREATORS:
            proxy.close()
