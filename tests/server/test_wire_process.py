"""The server's process: how it starts, refuses to start, and ends."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import Glacier2
import omero
import pytest
from omero.rtypes import rstring

from omero_desk.server.process import FolderLock
from omero_desk.server.wire.certificate import ensure_certificate
from tests.conftest import StartServer
from tests.server_process import ServerProcess, lines_of, server_command, server_environment


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = server_command("--port", "0", *arguments)
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=server_environment(), check=False)


def sign_in(server: ServerProcess, user: str = "root", password: str = "omero") -> Any:
    client = omero.client(host="localhost", port=server.ssl_port)
    client.createSession(user, password)
    return client


def test_that_a_second_server_on_the_same_library_says_so_and_leaves(fresh_server: ServerProcess) -> None:
    second = run("--data", str(fresh_server.data))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "Another server is running" in second.stderr
    sign_in(fresh_server).closeSession()


def test_that_a_taken_port_is_one_clear_line(fresh_server: ServerProcess, tmp_path: Path) -> None:
    second = run("--data", str(tmp_path / "other"), "--port", str(fresh_server.ssl_port))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"ssl {fresh_server.ssl_port}" in second.stderr
    assert "in use" in second.stderr


def test_that_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    result = run("--data", str(tmp_path / "file" / "library"))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in result.stderr


def test_that_a_broken_database_is_one_clear_line_and_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "omero.db").write_bytes(b"this was a database once" * 100)
    result = run("--data", str(tmp_path))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "omero.db" in result.stderr
    assert (tmp_path / "omero.db").read_bytes() == b"this was a database once" * 100


def test_that_a_bad_setting_and_an_unknown_host_are_one_clear_line(tmp_path: Path) -> None:
    for arguments, word in (
        (("--set", "omero.sessions.timeout=soon"), "omero.sessions.timeout"),
        (("--host", "no-such-host.invalid"), "no-such-host.invalid"),
    ):
        result = run("--data", str(tmp_path), *arguments)
        assert (result.returncode, result.stderr.count("\n")) == (1, 1)
        assert word in result.stderr


def test_that_the_network_is_only_listened_to_when_told_and_with_a_word_about_it(
    start_server: StartServer, tmp_path: Path
) -> None:
    quiet = start_server(tmp_path / "quiet")
    assert quiet.host == "127.0.0.1"
    with socket.create_server(("127.0.0.2", quiet.ssl_port)):
        pass  # nobody else has the port on another address
    loud = start_server(tmp_path / "loud", "--host", "0.0.0.0")
    loud.stop()
    assert any("everyone who can reach this computer" in line for line in lines_of(loud.notes))
    quiet.stop()
    assert lines_of(quiet.notes) == []


def test_that_the_default_ports_are_neighbours(start_server: StartServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
    server = start_server(tmp_path / "one", "--port", str(port))
    assert (server.ssl_port, server.tcp_port) == (port, port - 1)


def test_that_a_busy_neighbour_only_moves_the_tcp_port(start_server: StartServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1] + 1
        server = start_server(tmp_path / "one", "--port", str(port))
        assert server.ssl_port == port
        assert server.tcp_port not in {port, port - 1}


def test_that_sigterm_ends_it_within_two_seconds_whatever_clients_do(fresh_server: ServerProcess) -> None:
    clients = [sign_in(fresh_server) for _ in range(3)]
    query = clients[0].getSession().getQueryService()
    calls = [query.begin_projection("select e.id, e.value from Format e", None) for _ in range(200)]
    started = time.monotonic()
    assert fresh_server.stop() == 0
    assert time.monotonic() - started < 2
    assert len(calls) == 200
    for client in clients:
        client.closeSession()


def test_that_it_ends_when_the_process_that_started_it_goes_away(tmp_path: Path) -> None:
    command = server_command("--data", str(tmp_path), "--port", "0")
    parent = (
        "import subprocess, sys\n"
        f"server = subprocess.Popen({command!r}, stdout=subprocess.PIPE)\n"
        "sys.stdout.write(server.stdout.readline().decode()); sys.stdout.flush()\n"
        "sys.stdin.readline()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=server_environment(),
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["pid"]
    process.kill()
    _, rest = process.communicate(timeout=5)  # the server has stderr too: this returns when both are gone
    assert rest == b""
    FolderLock(tmp_path).release()


def test_that_what_was_acknowledged_survives_a_power_cut(start_server: StartServer, tmp_path: Path) -> None:
    first = start_server(tmp_path)
    client = sign_in(first)
    uuid = client.getSessionId()
    project = omero.model.ProjectI()
    project.name = rstring("kept")
    saved = client.getSession().getUpdateService().saveAndReturnObject(project)
    first.kill()
    client.closeSession()

    second = start_server(tmp_path)
    with pytest.raises(Glacier2.PermissionDeniedException):
        sign_in(second, uuid, uuid)
    client = sign_in(second)
    assert client.getSession().getQueryService().get("Project", saved.id.val).name.val == "kept"
    client.closeSession()


def test_that_the_certificate_stays_the_same_and_its_key_is_private(tmp_path: Path) -> None:
    path = ensure_certificate(tmp_path)
    content = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ensure_certificate(tmp_path).read_bytes() == content
    path.write_bytes(content[:300])
    assert ensure_certificate(tmp_path).read_bytes() != content[:300]


def test_that_neither_passwords_nor_session_keys_are_logged(fresh_server: ServerProcess) -> None:
    client = sign_in(fresh_server)
    uuid = client.getSessionId()
    with pytest.raises(Glacier2.PermissionDeniedException):
        sign_in(fresh_server, "root", "a-wrong-secret")
    client.closeSession()
    fresh_server.stop()
    log = (fresh_server.data / "server.log").read_text()
    assert "signed in" in log
    assert uuid not in log
    assert "a-wrong-secret" not in log


def test_that_an_interrupt_is_a_clean_end(fresh_server: ServerProcess) -> None:
    assert fresh_server.process is not None
    fresh_server.process.send_signal(signal.SIGINT)
    assert fresh_server.process.wait(5) == 0


def test_that_the_demo_is_made_with_progress_and_a_stop_meanwhile_is_heard(tmp_path: Path) -> None:
    process = subprocess.Popen(
        server_command("--data", str(tmp_path), "--port", "0", "--demo"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=server_environment(),
    )
    assert process.stderr is not None
    first = json.loads(process.stderr.readline())
    assert first["progress"] == 0
    assert first["message"]
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=5)
    assert time.monotonic() - started < 2
    assert (process.returncode, output) == (0, "")


def test_that_the_demo_user_signs_in_to_a_library(demo_server: ServerProcess) -> None:
    client = sign_in(demo_server, "demo", "demo")
    rows = (
        client.getSession()
        .getQueryService()
        .projection("select count(p.id) from Project p", None, {"omero.group": "-1"})
    )
    assert rows[0][0].val >= 8
    client.closeSession()
