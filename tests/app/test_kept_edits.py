"""Edits that are not saved outlive the program, however it ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from omero_desk.models.annotations.pending import EditState, summary
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.server.database.store import Store
from tests.conftest import StartServer
from tests.support.gallery import people
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.running_desk import NOTHING, Start, until

TYPING = """
import asyncio, sys
from pathlib import Path
from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Entity, Kind, Permissions, Ref, SignIn
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.readers.annotations import AnnotationReader
from omero_desk.readers.edits_file import EditsFile

async def type_a_comment(host, port, project, home, state):
    service = ServiceManager()
    account = await service.sign_in(SignIn(host, int(port), "ada", "ada"))
    reader = AnnotationReader(AccountCalls(service))
    file = EditsFile(Path(home, "data", "edits"), Worker("disk"))
    edits = EditsModel(reader.start, reader.send, reader.author, print, disk=file)
    edits.enter(account)
    await edits.finished()
    print("signed in", flush=True)
    sys.stdin.readline()
    edits.follow(State[state])
    edits.comment([Entity(Ref(Kind.PROJECT, int(project)), "Mitosis", "")], "Precious words")
    await asyncio.sleep(600)

asyncio.run(type_a_comment(*sys.argv[1:]))
"""
"""A program that types a comment, and is killed."""


@pytest.mark.parametrize(("state", "reason"), [("OFFLINE", "before this was sent"), ("ONLINE", "look whether it is")])
async def test_that_an_edit_outlives_a_killed_program_and_is_offered_at_the_next_sign_in(
    start: Start, start_server: StartServer, tmp_path: Path, state: str, reason: str
) -> None:
    home = tmp_path / "home"
    store = Store(tmp_path / "library")
    ids = people(store)
    with store.write() as connection:
        (project,) = LibraryWriter(store, connection, ids["ada"], ids["private"]).named("Project", "Mitosis")
    store.close()
    server = start_server(tmp_path / "library")
    arguments = server.host, str(server.ssl_port), str(project), str(home), state
    program = [sys.executable, "-c", TYPING, *arguments]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as typing:
        assert present(typing.stdout).readline() == "signed in\n"
        os.kill(present(server.process).pid, signal.SIGSTOP)  # so that nothing can be saved
        present(typing.stdin).write("\n")
        present(typing.stdin).flush()
        await until(lambda: list((home / "data" / "edits").glob("*.json")))
        if state == "ONLINE":
            await until(lambda: '"sent": true' in next((home / "data" / "edits").glob("*.json")).read_text("utf-8"))
        typing.kill()
    os.kill(present(server.process).pid, signal.SIGCONT)
    (file,) = (home / "data" / "edits").glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Precious words" in file.read_text("utf-8")
    assert "password" not in file.read_text("utf-8")

    running = start(NOTHING, home=home)
    edits = running.bench.models.edits
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ben", "ben"))
    await until(lambda: running.bench.connection.account is not None)
    await edits.finished()
    assert summary(edits.pending) == ""  # they are nobody else's

    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(lambda: edits.pending)
    (found,) = edits.pending
    assert (found.text, found.state) == ("Precious words", EditState.GIVEN_BACK)
    assert reason in found.reason
    assert "1 edit of an earlier session" in running.message
    edits.retry(found.id)
    await until(lambda: not edits.pending)
    await until(lambda: not file.exists())
    assert running.message == ""
    await running.leave()
