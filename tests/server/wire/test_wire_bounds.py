"""What a message may cost: before anybody has signed in, afterwards, and for a client whose server is hostile."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import Ice
import omero
import pytest
from omero.rtypes import rstring, unwrap

from bench.attack import wire
from tests.support.impostor import impostor
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

MIB = 1 << 20
GROWTH = 150 * MIB
"""More memory is not taken for what a stranger says."""
PAIR = wire.text(b"a") + wire.text(b"b")
ENDLESS = b"\xff" + struct.pack("<i", 0x7FFFFFF0)


def most_memory(server: ServerProcess) -> int:
    """The most bytes of memory that the server ever took."""
    lines = Path(f"/proc/{server.pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def entries(count: int) -> bytes:
    return wire.size(count) + b"".join(wire.text(str(number).encode()) + b"\x00" for number in range(count))


STRANGERS = {
    "a size that leads back": wire.request(b"createSession", PAIR + b"\x0e" + struct.pack("<i", -5)),
    "a size that leads back for long": wire.request(b"createSession", PAIR + b"\x0e" + struct.pack("<i", -(2**31))),
    "a list without end": wire.request(b"addProxies", ENDLESS),
    "facets without end": wire.request(b"createSession", PAIR, facets=ENDLESS),
    "many facets": wire.request(b"createSession", PAIR, facets=wire.size(50_000) + bytes(50_000)),
    "a context without end": wire.request(b"createSession", PAIR, ENDLESS),
    "many entries of a context": wire.request(b"createSession", PAIR, entries(1001)),
    "unknown objects in each other": wire.request(b"createSession", PAIR + wire.nested_unknown(60_000)),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("bounds")) as server:
        yield server


def sign_in(server: ServerProcess) -> Any:
    client = omero.client(server.host, server.ssl_port)
    client.createSession("root", ROOT_PASSWORD)
    return client


def still_serves(server: ServerProcess) -> bool:
    client = sign_in(server)
    found = client.sf.getAdminService().getEventContext().userName
    client.closeSession()
    return bool(found == "root")


@pytest.mark.parametrize("body", STRANGERS.values(), ids=STRANGERS)
def test_that_a_strangers_message_costs_little_and_others_are_served(server: ServerProcess, body: bytes) -> None:
    before = most_memory(server)
    wire.send(server, [wire.plain(body)])
    assert still_serves(server)
    assert most_memory(server) - before < GROWTH


@pytest.mark.parametrize("inside", ["a text", "a context"])
def test_that_a_stranger_cannot_make_a_small_message_large(server: ServerProcess, inside: str) -> None:
    before = most_memory(server)
    if inside == "a text":
        body = wire.request(b"createSession", wire.size(20 * MIB) + b"a" * (20 * MIB) + wire.text(b"x"))
    else:
        body = wire.request(b"createSession", PAIR, wire.size(2 * MIB) + b"\x04abcd\x00" * (2 * MIB))
    assert len(wire.compressed(body)) < 20_000
    assert wire.send(server, [wire.compressed(body)]) == b""
    assert wire.send(server, [wire.compressed(wire.request(b"ice_ping"), claimed=200 * MIB)]) == b""
    assert most_memory(server) - before < GROWTH
    assert still_serves(server)


def test_that_a_stranger_cannot_announce_a_large_message(server: ServerProcess) -> None:
    with wire.line(server) as line:
        line.sendall(wire.header(wire.REQUEST, 65 * 1024))
        assert line.recv(10) == b""
    with wire.line(server) as line:
        line.sendall(wire.header(wire.REQUEST, 63 * 1024))
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):  # the rest is waited for
            line.recv(10)


def test_that_who_signs_in_may_send_as_much_as_to_omero_until_they_leave(server: ServerProcess) -> None:
    client = sign_in(server)
    file = omero.model.OriginalFileI()
    file.name, file.path = rstring("large"), rstring("/")
    store = client.sf.createRawFileStore()
    store.setFileId(client.sf.getUpdateService().saveAndReturnObject(file).id.val)
    store.write(bytes(100 * MIB), 0, 100 * MIB)
    assert store.size() == 100 * MIB
    store.close()
    client.closeSession()
    with wire.member_line(server, "root", ROOT_PASSWORD) as (line, factory):
        line.sendall(wire.plain(wire.request(b"activeServices", target=factory)))
        assert line.recv(4096)[:4] == b"IceP"
        line.sendall(wire.plain(wire.request(b"destroySession")))
        assert line.recv(4096)[:4] == b"IceP"
        line.sendall(wire.header(wire.REQUEST, 65 * 1024))
        assert line.recv(10) == b""


def test_that_a_client_that_compresses_works(server: ServerProcess) -> None:
    client = omero.client(server.host, server.ssl_port, pmap={"Ice.Override.Compress": "1"})
    client.createSession("root", ROOT_PASSWORD)
    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("a word " * 20_000)
    saved = client.sf.getUpdateService().saveAndReturnObject(tag)
    assert unwrap(saved.textValue) == unwrap(tag.textValue)
    client.closeSession()


MEMBERS = {
    "unknown objects in each other": (b"submit", wire.nested_unknown(2 * MIB)[1:]),
    "an object that never comes": (b"setSecurityContext", b"\x0f"),
    "a list without end": (b"keepAllAlive", ENDLESS),
    "sixty million proxies": (b"keepAllAlive", wire.size(60 * MIB) + bytes(2 * 60 * MIB)),
    "a text of a gigabyte in memory": (b"getByName", wire.text("\N{GRINNING FACE}".encode() + b"a" * (200 * MIB))),
}


@pytest.mark.parametrize(("operation", "parameters"), MEMBERS.values(), ids=MEMBERS)
def test_that_a_members_message_does_not_end_or_fill_the_server(
    server: ServerProcess, operation: bytes, parameters: bytes
) -> None:
    before = most_memory(server)
    with suppress(ConnectionError), wire.member_line(server, "root", ROOT_PASSWORD) as (line, factory):
        line.sendall(wire.plain(wire.request(operation, parameters, target=factory)))
        assert line.recv(4096)[:4] in {b"IceP", b""}
    assert still_serves(server)
    assert most_memory(server) - before < 3 * len(parameters) + GROWTH


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00" + struct.pack("<i", 7) + b"\x01\x01\x0f",
        b"\x00" + struct.pack("<i", 6 + 11 * 200_000) + b"\x01\x01" + wire.nested_unknown(11 * 200_000)[1:-1],
        b"\x07" + ENDLESS,
    ],
    ids=["an object that never comes", "unknown objects in each other", "a text without end"],
)
def test_that_a_hostile_servers_answer_is_an_error_for_a_client(
    server: ServerProcess, tmp_path: Path, answer: bytes
) -> None:
    with impostor(server.ssl_port, tmp_path / "impostor") as between:
        properties = {"Ice.ClassGraphDepthMax": "2000", "OmeroDesk.ElementsMax": "10000000"}
        client = omero.client("localhost", between.port, pmap=properties)
        client.createSession("root", ROOT_PASSWORD)
        service = client.sf.getQueryService()
        between.answers = answer
        between.take_over()
        with pytest.raises(Ice.Exception):
            service.get("Image", 1)
        client.getCommunicator().destroy()
