"""A command at work: it is one transaction, heeds a cancel before its commit, and ends with its session."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import omero
import omero.cmd
import pytest

from omero_desk.server.backend import Backend
from omero_desk.server.commands.command import ServerCommand, Step, Work
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.requests.delete import Delete
from omero_desk.server.commands.run import CommandRun
from omero_desk.server.database.store import Store
from omero_desk.server.sessions.table import Session
from tests.server.conftest import furnish
from tests.support.library_writer import LibraryWriter


class Writing(ServerCommand[Any]):
    """Inserts a project, and works in the middle until it is let go on or stopped."""

    writes = True

    def __init__(self) -> None:
        super().__init__(omero.cmd.Timing())
        self.is_in_the_middle = threading.Event()
        self.may_go_on = threading.Event()
        self.committed = False

    def begin(self, work: Work) -> Sequence[Step]:
        self.work = work
        return [self.insert, self.wait, self.end]

    def insert(self) -> None:
        caller = self.work.caller
        row = {"name": "written", "owner_id": caller.user_id, "group_id": caller.group_id}
        event = self.work.events().event_id
        row.update(creation_id=event, update_id=event)
        self.work.backend.store.insert_rows(self.work.connection, "Project", [row])

    def wait(self) -> None:
        self.is_in_the_middle.set()
        while not self.may_go_on.wait(0.01):
            self.work.check()

    def end(self) -> None:
        """Nothing more."""

    def response(self) -> Any:
        return omero.cmd.OK()

    def after_commit(self) -> None:
        self.committed = True


class Failing(Writing):
    """Fails after it has written."""

    def wait(self) -> None:
        raise GraphError("it went wrong")


@dataclass
class Bench:
    """A library with one session, and what a run told."""

    backend: Backend
    call: Any
    told: list[tuple[Any, Any]] = field(default_factory=list)

    def run(self, command: ServerCommand[Any]) -> CommandRun:
        return CommandRun(self.call, command, command.request, lambda *told: self.told.append(told))

    def projects(self) -> int:
        with self.backend.store.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM project").scalar_one())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    people = furnish(tmp_path)
    backend = Backend(Store(tmp_path), {})
    session = backend.sessions.create(backend.sessions.new(people["ada"], people["private"]))
    caller = backend.caller(people["ada"], people["private"])
    yield Bench(backend, SimpleNamespace(backend=backend, session=session, caller=caller, context={}))
    backend.dispatcher.close()
    backend.store.close()


def in_the_middle(bench: Bench, do: Callable[[Writing, CommandRun], Any]) -> tuple[CommandRun, Writing, Any]:
    """Do something while a command is half done, and wait for its end."""
    command = Writing()
    run = bench.run(command)
    worker = threading.Thread(target=run.execute)
    worker.start()
    assert command.is_in_the_middle.wait(10)
    result = do(command, run)
    worker.join(10)
    assert not worker.is_alive()
    return run, command, result


def test_that_a_command_tells_its_steps_and_its_end(bench: Bench) -> None:
    def go_on(command: Writing, run: CommandRun) -> Any:
        response = run.response
        command.may_go_on.set()
        return response

    run, command, response = in_the_middle(bench, go_on)
    assert response is None
    assert isinstance(run.response, omero.cmd.OK)
    assert command.committed
    assert bench.projects() == 1
    assert [told[0] is None for told in bench.told] == [True, True, True, False]
    assert [told[1].currentStep for told in bench.told[:3]] == [1, 2, 3]


def test_that_a_command_cancelled_in_the_middle_has_done_nothing(bench: Bench) -> None:
    run, command, cancelled = in_the_middle(bench, lambda _, run: run.cancel())
    assert cancelled
    assert not command.committed
    assert bench.projects() == 0
    assert isinstance(run.response, omero.cmd.ERR)
    assert run.response.name == "cancel-called"
    assert omero.cmd.State.CANCELLED in run.status().flags


def test_that_a_command_ends_with_its_session(bench: Bench) -> None:
    session = bench.call.session
    # Its row is closed by whoever ends it, which waits for the one writing connection.
    ended = threading.Thread(target=bench.backend.sessions.kill, args=(session.uuid,))

    run, _, _ = in_the_middle(bench, lambda *_: ended.start())
    ended.join(10)
    assert not ended.is_alive()
    assert isinstance(run.response, omero.cmd.ERR)
    assert bench.projects() == 0


def test_that_a_command_cancelled_before_it_starts_never_does(bench: Bench) -> None:
    command = Writing()
    run = bench.run(command)
    assert run.cancel()
    run.execute()
    assert not command.is_in_the_middle.is_set()
    assert bench.projects() == 0


def test_that_a_command_that_fails_has_done_nothing(bench: Bench) -> None:
    run = bench.run(Failing())
    run.execute()
    assert isinstance(run.response, omero.cmd.GraphException)
    assert run.response.message == "it went wrong"
    assert run.response.category == "::omero::cmd::Timing"
    assert bench.projects() == 0
    assert [told[0] for told in bench.told] == [None, run.response]


class Looking(Delete):
    """Stops when its plan is made, before it may write."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.has_planned = threading.Event()
        self.may_go_on = threading.Event()

    def look_ahead(self, work: Work) -> None:
        super().look_ahead(work)
        self.plan_made = self.planner
        self.has_planned.set()
        assert self.may_go_on.wait(10)


def dataset_with_an_image(bench: Bench) -> tuple[int, int]:
    with bench.backend.write() as connection:
        writer = LibraryWriter(bench.backend.store, connection, bench.call.caller.user_id, bench.call.caller.group_id)
        (dataset,), (image,) = writer.named("Dataset", "d"), writer.named("Image", "i")
        writer.link("DatasetImageLink", [dataset], [image])
    return dataset, image


def deleted_meanwhile(bench: Bench, dataset: int, do: Callable[[], Any]) -> tuple[Any, Looking]:
    """Delete a dataset, do something between the plan and the writing, and return the response."""
    command = Looking(omero.cmd.Delete2(targetObjects={"Dataset": [dataset]}))
    run = bench.run(command)
    worker = threading.Thread(target=run.execute)
    worker.start()
    assert command.has_planned.wait(10)
    do()
    command.may_go_on.set()
    worker.join(10)
    return run.response, command


def test_that_others_write_while_a_deletion_is_planned_which_then_finds_what_they_wrote(bench: Bench) -> None:
    dataset, image = dataset_with_an_image(bench)
    more: list[int] = []

    def add_an_image() -> None:
        caller = bench.call.caller
        with bench.backend.write() as connection:
            writer = LibraryWriter(bench.backend.store, connection, caller.user_id, caller.group_id)
            more.extend(writer.named("Image", "new"))
            writer.link("DatasetImageLink", [dataset], more)

    response, command = deleted_meanwhile(bench, dataset, add_an_image)
    assert response.deletedObjects["ome.model.core.Image"] == [image, *more]
    assert command.planner is not command.plan_made


def test_that_a_plan_holds_though_somebody_signs_in(bench: Bench) -> None:
    dataset, image = dataset_with_an_image(bench)
    response, command = deleted_meanwhile(bench, dataset, lambda: bench.backend.session_rows.open(Session(0, 0)))
    assert response.deletedObjects["ome.model.core.Image"] == [image]
    assert command.planner is command.plan_made
    with bench.backend.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dataset").scalar() == 0
