"""Bytes that are not UTF-8, and messages that end too soon, before anybody has signed in: the server goes on."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import omero
import pytest

from tests.support.impostor import request, text
from tests.support.server_process import (
    ROOT_PASSWORD,
    ServerProcess,
    running_server,
    server_command,
    server_environment,
)

BAD = text(b"\xff\xfe\x80")
CONTEXT = b"\x01" + BAD + BAD
PAIR = text(b"a") + text(b"b")
MESSAGES = {
    "no parameter": request(b"ice_isA", b""),
    "a text that ends too soon": request(b"ice_isA", b"\x05ab"),
    "a negative length": request(b"ice_isA", b"\xff\xff\xff\xff\xff"),
    "a parameter": request(b"ice_isA", BAD),
    "parameters too many": request(b"ice_ids", b"zz"),
    "a user's name": request(b"createSession", BAD + BAD),
    "no user's name": request(b"createSession", b""),
    "a list that ends too soon": request(b"addProxies", b"\x01"),
    "a long list": request(b"addProxies", b"\xff\xff\xff\xff\x7f"),
    "an operation": request(b"\xff\xfe", b""),
    "an operation that is not there": request(b"zzz", b""),
    "a context": request(b"ice_ping", b"", CONTEXT),
    "a context of a sign-in": request(b"createSession", PAIR, CONTEXT),
    "an identity": request(b"ice_ping", b"", identity=text(b"\xff") + text(b"\xfe")),
    "an identity of a sign-in": request(b"createSession", PAIR, identity=text(b"\xff") + text(b"\xfe")),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("text")) as server:
        yield server


@pytest.mark.parametrize("said", MESSAGES.values(), ids=MESSAGES)
def test_that_a_message_does_not_end_the_server(server: ServerProcess, said: bytes) -> None:
    for _ in range(5):
        with socket.create_connection((server.host, server.tcp_port)) as line:
            line.settimeout(10)
            line.recv(14)
            line.sendall(said)
            assert line.recv(14)[:4] in (b"IceP", b"")
    assert server.process is not None
    assert server.process.poll() is None
    client = omero.client(server.host, server.ssl_port)
    client.createSession("root", ROOT_PASSWORD)
    client.closeSession()


def test_that_the_server_does_not_start_on_an_ice_without_the_patches(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import Ice\n\ndel Ice.omeroDeskPatches\n")
    environment = server_environment()
    environment["PYTHONPATH"] = os.pathsep.join((str(tmp_path), environment["PYTHONPATH"]))
    data = tmp_path / "library"
    command = server_command("--data", str(data), "--port", "0")
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert answer.returncode == 1
    assert answer.stdout == ""
    (said,) = answer.stderr.splitlines()
    assert "This is not the Ice that OMERO Desk builds" in said
    assert not data.exists()
