"""A laboratory on a real server: two users who share a private group and a read-only one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import omero
import pytest
from omero.gateway import BlitzGateway

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.server_process import ServerProcess, running_server


@dataclass(frozen=True)
class Lab:
    """The server and the ids of who is there. Every password is the user's name, root's is "omero"."""

    server: ServerProcess
    private: int
    shared: int
    ada: int
    ben: int


def furnish(folder: Path) -> dict[str, int]:
    """Make the laboratory's groups and users in a new library."""
    store = Store(folder)
    with store.write() as connection:
        private = create_group(store.schema, connection, "private lab", "rw----")
        shared = create_group(store.schema, connection, "shared lab", "rwr---")
        ada, ben = (
            create_user(
                store.schema, connection, name, first_name=name.title(), last_name="Lab", groups=groups, password=name
            )
            for name, groups in (("ada", [private, shared]), ("ben", [private, shared]))
        )
        add_member(store.schema, connection, shared, ada, is_leader=True)
    store.close()
    return {"private": private, "shared": shared, "ada": ada, "ben": ben}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """For all tests of a session; they tell their objects apart by name."""
    folder = tmp_path_factory.mktemp("lab")
    people = furnish(folder)
    with running_server(folder, "--set", "omero.sessions.timeout=60000", "--set", "desk.guests=true") as server:
        yield Lab(server, **people)


Connect = Callable[..., Any]


@pytest.fixture
def connect(lab: Lab) -> Iterator[Connect]:
    """Open unmodified omero clients with a session: `connect("ada", group=...)`; closed after the test."""
    opened: list[Any] = []

    def open_client(user: str, password: str | None = None, group: str | None = None, server: Any = None) -> Any:
        where = server or lab.server
        client = omero.client(host="localhost", port=where.ssl_port)
        opened.append(client)
        if group is not None:
            client.getImplicitContext().put("omero.group", group)
        client.createSession(user, user if password is None else password)
        return client

    yield open_client
    for client in opened:
        client.closeSession()


@pytest.fixture
def sign_in(lab: Lab) -> Iterator[Connect]:
    """Open unmodified gateways, as the documentation does: `sign_in("ada")`; closed after the test."""
    opened: list[BlitzGateway] = []

    def open_gateway(user: str, **options: Any) -> BlitzGateway:
        gateway = BlitzGateway(user, user, host="localhost", port=lab.server.ssl_port, **options)
        opened.append(gateway)
        assert gateway.connect(), gateway.getLastError()
        return gateway

    yield open_gateway
    for gateway in opened:
        gateway.close()
