"""One run of chaos: the whole application on a line that breaks about every fifth operation, on a server that dies.

`python -m bench.turmoil SEED OPERATIONS SECONDS` prints one line of JSON. Everything random comes of the seed; the
threads' timing does not, so that two runs of one seed are alike and not the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import random
import sys
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication

from bench.remote_laboratory import RemoteLaboratory, remote_laboratory
from bench.stalls import StallMeter
from omero_desk.app import make_application
from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.objects import Entity
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.annotations.edit_write import EditWrite
from omero_desk.gateway.connection import keeper
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.tree import browse
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.row_data import Role
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.settings import Settings
from omero_desk.system.uncaught import uncaught_errors_to
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.tree.part import TreePart
from tests.faults.laboratory import PASSWORD, USER
from tests.faults.proxy import Fault, Moment
from tests.support.running_desk import NOTHING, Running

DATASETS = 12
IMAGES = 150
PATIENCE = 2.0
"""Seconds until a call is given up, for 60 in earnest; a black hole would eat up the run otherwise."""
HEARTBEAT = 2.0
"""Seconds between two pings, for 30 in earnest."""
STUCK = 60.0
_STALL_MS = 100.0

Step = Callable[[], Awaitable[None]]


@dataclass
class Score:
    """What a run came to. Times are in seconds."""

    seed: int
    operations: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    writes: int = 0
    given_back: int = 0
    lost: int = 0
    doubled: int = 0
    wrong_rows: int = 0
    unloaded: int = 0
    uncaught: list[str] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    sessions_left: int = 0
    stuck: list[str] = field(default_factory=list)
    failed_reads: int = 0
    signed_in_again: int = 0
    stalls: int = 0
    worst_stall_ms: float = 0.0
    with_retry: list[float] = field(default_factory=list)
    by_itself: list[float] = field(default_factory=list)
    unnoticed: int = 0
    seconds: float = 0.0


class _Errors(logging.Handler):
    """Collects what was logged as an error."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._found = found

    def emit(self, record: logging.LogRecord) -> None:
        self._found.append(record.getMessage())


class Turmoil:
    """An application that is used while its line and its server fail."""

    def __init__(self, laboratory: RemoteLaboratory, seed: int, operations: int, seconds: float) -> None:
        self.laboratory = laboratory
        self.score = Score(seed)
        self.random = random.Random(seed)
        self._operations = operations
        self._seconds = seconds
        self._texts: list[str] = []
        self._back: dict[str, int] = {}

    async def run(self, home: Path) -> Score:
        """Use it, count what went wrong, end it, and count what it left behind."""
        before = set(threading.enumerate())
        self.running = Running(home, NOTHING, Settings())
        self.desk = self.running.desk
        self.tree = self.desk.workbench.part(TreePart).model
        self.counts = self.desk.workbench.part(AnnotationsPart).counts
        self.edits = self.desk.workbench.part(AnnotationsPart).edits
        self.edits.given_back.connect(self._note_given_back)
        logging.getLogger().addHandler(_Errors(self.score.uncaught))
        await asyncio.sleep(0)
        with uncaught_errors_to(lambda error: self.score.uncaught.append(repr(error))):
            await self._use()
        await self.running.leave()
        self.score.threads = [thread.name for thread in _left_over(before)]
        self.score.sessions_left = (await asyncio.to_thread(self.laboratory.truth)).open_sessions
        return self.score

    async def _use(self) -> None:
        await self._sign_in()
        await self.tree.finished()
        meter = StallMeter()
        meter.start()
        began = perf_counter()
        while self.score.operations < self._operations and perf_counter() - began < self._seconds:
            await self._step()
            self.score.operations += 1
        self.score.seconds = perf_counter() - began
        stalls = [gap for gap in meter.gaps if gap > _STALL_MS]
        self.score.stalls, self.score.worst_stall_ms = len(stalls), meter.stop()["worst"]
        await self._settle()
        await self._compare()

    # What the user does

    async def _step(self) -> None:
        """One operation, about every fifth with a fault."""
        kind, operation = self._operation()
        _tally(self.score.kinds, kind)
        work = asyncio.ensure_future(operation())
        name = "nothing"
        if self.random.random() < 0.2:
            name, fault = self._fault()
            _tally(self.score.faults, name)
            await fault()
        try:
            await asyncio.wait_for(work, STUCK)
        except TimeoutError:
            self.score.stuck.append(f"{kind} at {name}: {self.desk.service.status}")
        await self._ask_for_sign_in()

    def _operation(self) -> tuple[str, Step]:
        kinds: dict[str, tuple[int, Step]] = {
            "open": (35, self._open),
            "refresh": (5, self._refresh),
            "count": (25, self._count),
            "comment": (15, self._comment),
            "tag": (5, self._tag),
            "rename": (5, self._rename),
            "service": (10, self._use_service),
        }
        (kind,) = self.random.choices(list(kinds), [weight for weight, _ in kinds.values()])
        return kind, kinds[kind][1]

    async def _open(self) -> None:
        """Read a dataset, anew if it is there already."""
        index = self._dataset()
        if index is None:
            await self._refresh()
            return
        self.running.bench.browser.view.expand(index)
        self.tree.refresh([index])
        await self.tree.finished()
        self.score.failed_reads += self.tree.has_failed(index)

    async def _refresh(self) -> None:
        for index in self.tree.refresh():
            self.tree.fetchMore(index)
        await self.tree.finished()

    async def _count(self) -> None:
        self.counts.count(self._some())
        await self.counts.finished()

    async def _comment(self) -> None:
        entities = self._some(2)
        for entity in entities:
            self.edits.comment([entity], self._written("comment"))
        await self.edits.finished()

    async def _tag(self) -> None:
        for entity in self._some(2):
            self.edits.tag([entity], self._written("tag"))
        await self.edits.finished()

    async def _rename(self) -> None:
        """Each image once: of two names the one that was given back and sent again later would win."""
        for entity in self._some(2):
            if entity.name.startswith("Dataset"):
                self.edits.rename(entity, self._written("name"))
        await self.edits.finished()

    def _written(self, kind: str) -> str:
        text = f"{kind} {len(self._texts)} {uuid.UUID(int=self.random.getrandbits(128))}"
        self._texts.append(text)
        return text

    async def _use_service(self) -> None:
        with contextlib.suppress(Exception):  # it may fail: nothing of it may stay open
            await self.desk.service.call(Lane.JOBS, _use_a_file)

    def _dataset(self) -> QModelIndex | None:
        rows = [self.tree.index(row, 0) for row in range(self.tree.rowCount())]
        datasets = [index for index in rows if (ref := index.data(Role.REF)) is not None and ref.kind == "Dataset"]
        return self.random.choice(datasets) if datasets else None

    def _some(self, most: int = 50) -> list[Entity]:
        """Some images of a dataset that is loaded."""
        loaded = [index for index in self.tree.loaded_rows() if self.tree.rowCount(index)]
        if not loaded:
            return []
        entities = self.tree.entities(self.random.choice(loaded), 0, IMAGES)
        return self.random.sample(entities, min(self.random.randint(1, most), len(entities)))

    # What fails

    def _fault(self) -> tuple[str, Step]:
        broken = {fault.value: (8, self._line_fault(fault)) for fault in Fault if fault is not Fault.PASS}
        others: dict[str, tuple[int, Step]] = {
            "reply cut": (12, self._line_fault(Fault.RESET, cut=True)),
            "server killed": (5, self._kill_server),
            "session killed": (4, self._kill_session),
            "idle time-out": (4, self._let_an_hour_pass),
            "busy": (8, self._make_busy),
        }
        every = broken | others
        (name,) = self.random.choices(list(every), [weight for weight, _ in every.values()])
        return name, every[name][1]

    def _line_fault(self, fault: Fault, cut: bool = False) -> Step:
        async def strike() -> None:
            moment = Moment.REPLY if cut else self.random.choice(list(Moment))
            after = self.random.randint(1, 3000) if cut else 0
            await asyncio.to_thread(self.laboratory.strike, fault, moment, after, 0.02, 0.3)
            await asyncio.sleep(self.random.uniform(0, 0.8))
            await asyncio.to_thread(self.laboratory.heal)
            await self._come_back()

        return strike

    async def _kill_server(self) -> None:
        await asyncio.to_thread(self.laboratory.kill_server)
        await self._come_back()

    async def _kill_session(self) -> None:
        account = self.desk.service.account
        if account is not None:
            await asyncio.to_thread(self.laboratory.kill_session, account.session)

    async def _let_an_hour_pass(self) -> None:
        await asyncio.to_thread(self.laboratory.let_an_hour_pass)

    async def _make_busy(self) -> None:
        error = self.random.choice(["ConcurrencyException", "DatabaseBusyException"])
        calls = ("projection", "saveAndReturnObject", "activate", "createSession")
        orders = ";".join(f"{call}={error}*1:20" for call in calls)
        await asyncio.to_thread(self.laboratory.order_faults, orders)

    async def _come_back(self) -> None:
        """The fault has gone: half of the users press Retry; how long until the line is back?"""
        began = perf_counter()
        if self.desk.service.state is not State.RECONNECTING:
            self.score.unnoticed += 1
            return
        retry = self.random.random() < 0.5
        if retry:
            self.desk.workbench.connection.retry_now()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._state_is_not(State.RECONNECTING), STUCK)
        times = self.score.with_retry if retry else self.score.by_itself
        times.append(perf_counter() - began)

    async def _state_is_not(self, *states: State) -> None:
        while self.desk.service.state in states:
            await asyncio.sleep(0.002)

    async def _ask_for_sign_in(self) -> None:
        if self.desk.service.state is State.SIGN_IN_NEEDED:
            self.score.signed_in_again += 1
            await self._sign_in()
            await self.tree.finished()

    async def _sign_in(self) -> None:
        host, port = self.laboratory.address()
        form = SignInForm(f"{host}:{port}", USER, PASSWORD, "lab")
        self.desk.workbench.connection.sign_in(form)
        await self.desk.workbench.connection.finished()
        await asyncio.wait_for(self._state_is_not(State.CONNECTING, State.RECONNECTING), STUCK)

    # What came of it

    def _note_given_back(self, edit: PendingEdit) -> None:
        self.score.given_back += 1
        self._back[edit.text] = edit.id

    async def _settle(self) -> None:
        """Everything works again: what was given back is sent once more, what failed to load is loaded."""
        await asyncio.to_thread(self.laboratory.heal)
        await asyncio.to_thread(self.laboratory.order_faults, "")
        for _ in range(5):
            self.desk.workbench.connection.retry_now()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._state_is_not(State.RECONNECTING), STUCK)
            await self._ask_for_sign_in()
            for edit in self.edits.pending:
                if edit.state is EditState.GIVEN_BACK:
                    self.edits.retry(edit.id)
            await asyncio.wait_for(self.edits.finished(), STUCK)
            for index in [QModelIndex(), *self._rows()]:
                self.tree.retry(index)
            await asyncio.wait_for(self.tree.finished(), STUCK)

    async def _compare(self) -> None:
        """The tree and what was written beside the database's rows."""
        account = self.desk.service.account
        truth = await asyncio.to_thread(self.laboratory.truth)
        for index in self._rows():
            ref = index.data(Role.REF)
            if ref is not None and ref.id in truth.names and self.tree.state(index) is not LoadState.UNLOADED:
                shown = sorted(entity.name for entity in self.tree.entities(index, 0, IMAGES * 10))
                wrong = set(shown) ^ set(truth.names[ref.id])
                self.score.wrong_rows += max(len(wrong), abs(len(shown) - len(truth.names[ref.id])))
                self.score.unloaded += self.tree.state(index) is not LoadState.LOADED
        there = Counter(truth.texts)
        self.score.writes = len(self._texts)
        self.score.lost = sum(there[text] == 0 for text in self._texts)
        self.score.doubled = sum(there[text] > 1 for text in self._texts)
        if account is not None:
            self.score.services = await asyncio.to_thread(self.laboratory.open_services, account.session)

    def _rows(self) -> list[QModelIndex]:
        return [self.tree.index(row, 0) for row in range(self.tree.rowCount())]


def _use_a_file(session: LaneSession) -> None:
    with session.borrow("createRawFileStore") as service:
        for _ in range(3):
            service.activate()


def _tally(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def _left_over(before: set[threading.Thread]) -> list[threading.Thread]:
    """Python's threads that have come since, and do not end. A dummy stands for a thread of Ice that called us once."""
    new = [one for one in threading.enumerate() if one not in before and not isinstance(one, threading._DummyThread)]
    new = [one for one in new if not one.name.startswith(("asyncio_", "server notes"))]
    for thread in new:
        thread.join(5)
    return [thread for thread in new if thread.is_alive()]


@contextlib.contextmanager
def _impatience() -> Iterator[None]:
    """Shorter time-outs than people have."""
    writing = (EditWrite.prepare, EditWrite.send, EditWrite.find)
    for function in (browse.children, annotation_counts.counts, _use_a_file, *writing):
        vars(function)["patience"] = PATIENCE  # as @patient does
    vars(keeper)["INTERVAL"] = HEARTBEAT
    yield


def run(seed: int, operations: int, seconds: float) -> dict[str, Any]:
    """One run on an event loop of its own."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    make_application()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as name, _impatience():
        folder = Path(name)
        apart = remote_laboratory(folder / "library", DATASETS, IMAGES)
        with apart as laboratory, EventLoop(application) as loop:
            turmoil = Turmoil(laboratory, seed, operations, seconds)
            score = loop.run_until_complete(turmoil.run(folder / "home"))
    return asdict(score)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))) + "\n")
    sys.stdout.flush()
    os._exit(0)
