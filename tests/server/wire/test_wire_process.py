"""The server's process: how it starts, refuses to start, and ends."""

from __future__ import annotations

import json
import logging
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import Glacier2
import Ice
import omero
import pytest
from omero.rtypes import rstring

from omero_desk.server.privacy import DiscreetFormatter
from omero_desk.server.process import FolderLock
from omero_desk.server.wire.certificate import ensure_certificate
from tests.conftest import StartServer
from tests.support.server_process import ServerProcess, lines_of, server_command, server_environment


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


def test_that_a_folder_that_cannot_be_locked_is_not_said_to_be_served(tmp_path: Path) -> None:
    (tmp_path / "server.lock").mkdir()
    result = run("--data", str(tmp_path))
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "server.lock") in result.stderr
    assert "Another server" not in result.stderr


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
    refused = run("--data", str(tmp_path / "loud"), "--host", "0.0.0.0")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "everybody knows the password of root" in refused.stderr
    loud = start_server(tmp_path / "loud", "--host", "0.0.0.0", "--private")
    loud.stop()
    assert any("everyone who can reach this computer" in line for line in lines_of(loud.notes))
    quiet.stop()
    assert [line for line in lines_of(quiet.notes) if "network" in line] == []


def test_that_passwords_that_everybody_knows_are_told_at_every_start_until_they_are_changed(
    start_server: StartServer, tmp_path: Path
) -> None:
    first = start_server(tmp_path / "one")
    client = sign_in(first)
    first_lines = lines_of(first.notes)
    client.getSession().getAdminService().changeUserPassword("root", rstring("changed"))
    client.closeSession()
    first.stop()
    second = start_server(tmp_path / "one")
    second.stop()
    assert first_lines[0] == "Sign in as administrator: root, password: omero."
    assert first_lines[1].startswith("Everybody knows the password of root, and whoever has an account")
    assert lines_of(second.notes) == []
    other = start_server(tmp_path / "one", "--host", "0.0.0.0")
    other.stop()
    assert not any("Everybody knows" in line for line in other.notes)


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


@pytest.mark.alone
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
    assert rest.startswith(b"Sign in as administrator: root") and b"Traceback" not in rest
    FolderLock(tmp_path).release()


def test_that_what_was_acknowledged_survives_a_power_cut(start_server: StartServer, tmp_path: Path) -> None:
    first = start_server(tmp_path)
    client = sign_in(first)
    uuid = client.getSessionId()
    project = omero.model.ProjectI()
    project.name = rstring("kept")
    saved = client.getSession().getUpdateService().saveAndReturnObject(project)
    first.kill()
    with suppress(Ice.Exception):  # by which of them depends on how far the line is down
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


@pytest.mark.alone
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


@pytest.mark.parametrize("name", ["a:b", "it's", 'a "name"', "a b;c?d#e%f&g=h", "übung"])
def test_that_a_librarys_path_may_have_any_character(start_server: StartServer, tmp_path: Path, name: str) -> None:
    client = sign_in(start_server(tmp_path / name))
    table = client.sf.sharedResources().newTable(1, "table")
    table.initialize([omero.grid.LongColumn("a", "", [])])
    table.close()
    client.closeSession()
    assert (tmp_path / name / "omero.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_that_nobody_else_reads_what_the_server_writes(start_server: StartServer, tmp_path: Path) -> None:
    data = tmp_path / "library"
    for _ in range(2):
        server = start_server(data)
        client = sign_in(server)
        file = client.sf.getUpdateService().saveAndReturnObject(named_file())
        store = client.sf.createRawFileStore()
        store.setFileId(file.id.val)
        store.write(b"secret", 0, 6)
        store.close()
        client.closeSession()
        server.stop()
        found = [data, *data.rglob("*")]
        assert {path.name for path in found} >= {"omero.db", "server.log", "server.pem", str(file.id.val)}
        assert [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
        for path in data.iterdir():
            path.chmod(0o755)  # as an older server left it
        (data / "of a person").write_text("not the library's")
        (data / "of a person").chmod(0o644)
        start_server(data).stop()
        assert stat.S_IMODE((data / "omero.db").stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "of a person").stat().st_mode) == 0o644
        (data / "of a person").unlink()


def named_file() -> Any:
    file = omero.model.OriginalFileI()
    file.name, file.path = rstring("notes"), rstring("/")
    return file


def test_that_no_sessions_uuid_is_in_the_log(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(tmp_path / "library")
    client = sign_in(server)
    service = client.sf.getSessionService()
    unknown = "00000000-1111-2222-3333-444444444444"
    uuid = client.getSessionId()
    attempts: tuple[Callable[[], Any], ...] = (
        lambda: service.getSession(unknown),
        lambda: client.sf.getQueryService().findAllByQuery(f"select i from Image where {uuid}", None),
        lambda: client.sf.setSecurityContext(None),
        lambda: client.sf.getByName(uuid),
    )
    for wrong in attempts:
        with pytest.raises((omero.ServerError, Ice.Exception)):
            wrong()
    client.closeSession()
    server.stop()
    log = (tmp_path / "library" / "server.log").read_text("utf-8")
    assert "signed in" in log
    assert uuid not in log
    assert unknown not in log


def test_that_the_log_cuts_every_uuid_short() -> None:
    record = logging.LogRecord(
        "a", logging.INFO, "", 0, "session-%s ended", ("0a7e1b0c-5d3e-4f6a-9c55-7b2f3d1e8a90",), None
    )
    assert DiscreetFormatter("%(message)s").format(record) == "session-0a7e… ended"


def test_that_a_private_library_has_passwords_of_its_own_however_it_was_before(
    start_server: StartServer, tmp_path: Path
) -> None:
    data = tmp_path / "library"
    open_to_all = start_server(data)
    sign_in(open_to_all).closeSession()  # root, omero
    open_to_all.stop()
    passwords: list[str] = []
    for _ in range(2):
        server = start_server(data, "--private")
        assert server.ready["user"] == "root"
        file = Path(server.ready["password_file"])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        passwords.append(file.read_text())
        with pytest.raises(Glacier2.PermissionDeniedException):
            sign_in(server)
        sign_in(server, "root", passwords[-1]).closeSession()
        server.stop()
    assert passwords[0] == passwords[1]
    assert len(passwords[0]) >= 16
    (data / "password").unlink()
    server = start_server(data, "--private")
    sign_in(server, "root", (data / "password").read_text()).closeSession()
    server.stop()


def test_that_no_text_of_a_client_can_forge_a_record_of_the_log() -> None:
    text = "x\n2030-01-01 INFO omero_desk.server: forged\r\u2028\ud800"
    try:
        raise ValueError(text)
    except ValueError:
        record = logging.LogRecord("a", logging.INFO, "", 0, "%s", (text,), sys.exc_info())
    first, *rest = DiscreetFormatter("%(message)s").format(record).split("\n")
    assert first == "x\\n2030-01-01 INFO omero_desk.server: forged\\r\\u2028\\ud800"
    assert rest and all(line.startswith("  | ") and line.isprintable() for line in rest)
