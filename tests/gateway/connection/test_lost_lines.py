"""What happens to reads, writes, services and the program itself while the line is bad."""

import asyncio
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import omero.model
import pytest
import pytest_asyncio
from omero.gateway import ProjectWrapper
from omero.rtypes import rstring

from omero_desk.entities.calls import Outcome
from omero_desk.entities.connection_states import Lane, State, Status
from omero_desk.entities.errors import FailedError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection.openings import Openings
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.lanes.policy import Patience, patience_of, patient
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.proxy import Fault, FaultProxy, Moment
from tests.support.present import present
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server, server_environment

PROGRAM = Path(__file__).with_name("quits_while_it_hangs.py")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("lost-lines")) as server:
        yield server


@pytest.fixture
def proxy(server: ServerProcess) -> Iterator[FaultProxy]:
    with FaultProxy(server.host, server.ssl_port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def root(proxy: FaultProxy) -> AsyncIterator[ServiceManager]:
    """Signed in through the proxy, and at rest: the first keep-alive is over."""
    manager, measured = ServiceManager(), asyncio.Event()
    manager.on_status(lambda status: measured.set() if status.round_trip is not None else None)
    await manager.sign_in(SignIn(proxy.host, proxy.port, "root", ROOT_PASSWORD))
    await asyncio.wait_for(measured.wait(), 30)
    yield manager
    manager.close(patience=5)


def user_name(session: LaneSession) -> str:
    return session.gateway.getAdminService().getEventContext().userName


async def until(service: ServiceManager, state: State) -> None:
    reached = asyncio.Event()
    service.on_state(lambda now: reached.set() if now is state else None)
    if service.state is not state:
        await asyncio.wait_for(reached.wait(), 30)


class NewProject:
    """A write, as simple as one can be."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent = 0
        self.before: set[int] = set()

    def prepare(self, session: LaneSession) -> None:
        self.before = set(self._there(session))

    def send(self, session: LaneSession) -> int:
        self.sent += 1
        project = omero.model.ProjectI()
        project.setName(rstring(self.name))
        return session.gateway.getUpdateService().saveAndReturnObject(project).getId().getValue()

    def find(self, session: LaneSession) -> int | None:
        return next((found for found in self._there(session) if found not in self.before), None)

    def _there(self, session: LaneSession) -> list[int]:
        rows = session.projection("select p.id from Project p where p.name = :name", {"name": self.name})
        return [identity for (identity,) in rows]


async def test_that_a_write_whose_answer_was_lost_is_found_and_not_made_again(
    root: ServiceManager, proxy: FaultProxy
) -> None:
    await root.call(Lane.JOBS, NewProject("the first").send)  # fetches the service: the next reply is the save's
    write = NewProject("answer lost")
    send = write.send

    def armed(session: LaneSession) -> int:
        if write.sent == 0:
            proxy.arm(Fault.RESET, Moment.REPLY, after=1, once=True)
        return send(session)

    write.send = armed  # type: ignore[method-assign]
    identity = await root.write(Lane.JOBS, write)
    assert await root.call(Lane.JOBS, write._there) == [identity]
    assert write.sent == 1
    assert root.journal.records[-2].outcome is Outcome.DONE
    assert root.journal.records[-2].method == "answer lost"


async def test_that_a_write_that_never_arrived_is_sent_again(root: ServiceManager, proxy: FaultProxy) -> None:
    write = NewProject("never arrived")
    send = write.send

    def armed(session: LaneSession) -> int:
        if write.sent == 0:
            proxy.arm(Fault.RESET, Moment.REQUEST, once=True)
        return send(session)

    write.send = armed  # type: ignore[method-assign]
    identity = await root.write(Lane.JOBS, write)
    assert await root.call(Lane.JOBS, write._there) == [identity]
    assert write.sent == 2


async def test_that_a_write_sent_earlier_is_looked_for_first(root: ServiceManager) -> None:
    write = NewProject("sent before")
    identity = await root.call(Lane.JOBS, write.send)
    assert await root.write(Lane.JOBS, write, sent=True) == identity
    assert write.sent == 1


async def test_that_the_old_session_is_joined_when_the_line_comes_back(root: ServiceManager, proxy: FaultProxy) -> None:
    assert root.account is not None
    session = root.account.session
    proxy.arm(Fault.RESET, Moment.REQUEST, once=True)
    assert await root.call(Lane.BROWSING, user_name) == "root"
    assert root.account.session == session
    assert root.journal.records[-1].tries == 2


async def test_that_a_borrowed_service_is_known_while_it_is_open(root: ServiceManager) -> None:
    seen: list[tuple[str, ...]] = []

    def borrow(session: LaneSession) -> list[str]:
        with session.borrow("createRawFileStore"):
            seen.append(root.open_services)
        return [name for name in session.connection.factory.activeServices() if name.endswith("RawFileStore")]

    assert await root.call(Lane.JOBS, borrow) == []
    assert seen == [("RawFileStore",)]
    assert root.open_services == ()


async def test_that_a_service_in_use_when_the_line_breaks_is_neither_used_again_nor_left_open(
    root: ServiceManager, proxy: FaultProxy
) -> None:
    used: list[str] = []

    def borrow(session: LaneSession) -> list[str]:
        with session.borrow("createRawFileStore") as service:
            used.append(service.ice_getIdentity().name)
            if len(used) == 1:
                proxy.arm(Fault.RESET, once=True)
            session.connection.factory.keepAlive(None)
            return [name for name in session.connection.factory.activeServices() if name.endswith("RawFileStore")]

    left = await root.call(Lane.JOBS, borrow)
    assert len(set(used)) == 2
    assert left == used[1:]


async def test_that_a_call_that_hangs_loses_its_lane_to_the_next(root: ServiceManager) -> None:
    gate = threading.Event()

    @patient(0.1)  # type: ignore[arg-type]  # seconds, for a test
    def hang(session: LaneSession) -> None:
        gate.wait(30)

    hanging = asyncio.ensure_future(root.call(Lane.BROWSING, hang))
    waiting = asyncio.ensure_future(root.call(Lane.BROWSING, user_name))
    assert await waiting == "root"
    with pytest.raises(FailedError, match=r"did not answer within 0\.1 seconds"):
        await hanging
    assert root.state is State.ONLINE
    assert [record.outcome for record in root.journal.records[-2:]] == [Outcome.ABANDONED, Outcome.DONE]
    gate.set()


async def test_that_a_thread_that_was_replaced_closes_the_services_that_it_kept(root: ServiceManager) -> None:
    gate = threading.Event()

    def names(session: LaneSession) -> list[str]:
        return [name for name in session.connection.factory.activeServices() if name.endswith("ThumbnailStore")]

    @patient(0.1)  # type: ignore[arg-type]  # seconds, for a test
    def hang(session: LaneSession) -> None:
        session.kept("createThumbnailStore").open_ahead()
        with session.kept("createThumbnailStore").use("", lambda store: None):
            pass
        session.kept("createThumbnailStore").open_ahead()
        gate.wait(30)

    with pytest.raises(FailedError, match="did not answer"):
        await root.call(Lane.BROWSING, hang)
    left = root.open_services
    assert left == ("ThumbnailStore",) * 4  # it was asked twice, on two threads
    gate.set()
    while left:
        await asyncio.sleep(0.01)
        left = root.open_services
    assert await root.call(Lane.BROWSING, names) == []


async def test_that_a_write_that_hangs_is_looked_for_but_never_sent_again_while_it_may_be_at_work(
    root: ServiceManager,
) -> None:
    gate = threading.Event()
    write = NewProject("hangs")

    @patient(0.1)  # type: ignore[arg-type]  # seconds, for a test
    def hang(session: LaneSession) -> int:
        write.sent += 1
        gate.wait(30)
        return 0

    write.send = hang  # type: ignore[method-assign]
    with pytest.raises(FailedError, match="did not answer") as caught:
        await root.write(Lane.JOBS, write)
    assert caught.value.fate_unknown
    assert write.sent == 1
    gate.set()


async def test_that_a_write_into_a_black_hole_is_made_when_the_line_is_back(
    root: ServiceManager, proxy: FaultProxy
) -> None:
    write = NewProject("black hole")
    send = write.send

    @patient(0.3)  # type: ignore[arg-type]  # seconds, for a test
    def swallowed(session: LaneSession) -> int:
        if write.sent == 0:
            proxy.arm(Fault.BLACK_HOLE, Moment.REQUEST, once=True)
        return send(session)

    write.send = swallowed  # type: ignore[method-assign]
    identity = await root.write(Lane.JOBS, write)
    assert await root.call(Lane.JOBS, write._there) == [identity]
    assert write.sent == 2


async def test_that_a_call_can_be_cancelled_and_its_lane_goes_on(root: ServiceManager) -> None:
    gate, begun = threading.Event(), threading.Event()

    def hang(session: LaneSession) -> None:
        begun.set()
        gate.wait(30)

    hanging = asyncio.ensure_future(root.call(Lane.BROWSING, hang))
    await asyncio.to_thread(begun.wait, 5)
    await asyncio.sleep(0)
    (busy,) = [info for info in root.lanes if info.running is not None]
    assert busy.lane is Lane.BROWSING
    assert busy.running == root.journal.records[-1].id
    root.cancel(busy.running)
    with pytest.raises(FailedError, match="You cancelled"):
        await hanging
    assert await root.call(Lane.BROWSING, user_name) == "root"
    assert root.journal.records[-2].outcome is Outcome.CANCELLED
    gate.set()


@pytest.mark.alone
async def test_that_retry_now_is_online_within_a_second_of_a_server_that_can_be_reached(
    root: ServiceManager, proxy: FaultProxy
) -> None:
    statuses: list[Status] = []
    root.on_status(statuses.append)
    proxy.arm(Fault.REFUSE)
    root.retry_now()  # tests the line, which is found dead although nobody calls
    while not any(status.next_try is not None and status.tries >= 3 for status in statuses):
        await asyncio.sleep(0.01)
    proxy.heal()
    began = time.monotonic()
    root.retry_now()
    await until(root, State.ONLINE)
    assert time.monotonic() - began < 1
    waiting = next(status for status in statuses if status.next_try is not None)
    assert waiting.state is State.RECONNECTING
    assert str(waiting.reason).endswith(".")
    assert str(waiting.doing).endswith(".")


async def test_that_two_programs_share_a_session_and_one_quits(root: ServiceManager, proxy: FaultProxy) -> None:
    assert root.account is not None
    other = ServiceManager()
    await other.sign_in(SignIn(proxy.host, proxy.port, session=root.account.session))
    proxy.arm(Fault.RESET, Moment.REQUEST, once=True)
    assert await other.call(Lane.BROWSING, user_name) == "root"
    other.close(patience=5)
    assert await root.call(Lane.BROWSING, user_name) == "root"


@pytest.mark.parametrize("patience", Patience)
def test_that_a_function_says_how_patient_its_calls_are(patience: Patience) -> None:
    @patient(patience)
    def function() -> None: ...

    assert patience_of(function) == patience.value
    assert patience_of(lambda: None) == Patience.NORMAL.value


async def test_that_a_write_without_a_session_is_refused(root: ServiceManager) -> None:
    await root.sign_out()
    with pytest.raises(RefusedError):
        await root.write(Lane.JOBS, NewProject("offline"))
    assert root.journal.records[-1].outcome is Outcome.FAILED


@pytest.mark.alone
def test_that_quitting_waits_for_nothing_that_hangs(server: ServerProcess, proxy: FaultProxy) -> None:
    command = [sys.executable, "-W", "ignore", str(PROGRAM), str(proxy.port), ROOT_PASSWORD]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=server_environment()
    ) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "online\n"
        proxy.arm(Fault.BLACK_HOLE)
        program.stdin.write("\n")
        program.stdin.flush()
        closing = float(program.stdout.readline())
        began = time.monotonic()
        assert program.wait(10) == 0
        assert closing < 5
        assert time.monotonic() - began < 5


async def test_that_another_database_at_the_address_of_a_lost_server_is_another_account(tmp_path: Path) -> None:
    manager = ServiceManager()
    with running_server(tmp_path / "old") as server:
        request = SignIn(server.host, server.ssl_port, "root", ROOT_PASSWORD)
        before = await manager.sign_in(request)
        port = str(server.ssl_port)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "server.pem").write_bytes((tmp_path / "old" / "server.pem").read_bytes())
    write = NewProject("for the old one")
    with running_server(tmp_path / "new", "--port", port):
        for asked in (manager.write(Lane.JOBS, write), manager.call(Lane.BROWSING, user_name)):
            with pytest.raises(RefusedError):
                await asked
        refused = manager.status
        assert refused.state is State.SIGN_IN_NEEDED
        assert "has another database than before" in str(refused.reason)
        after = await manager.sign_in(request)
        assert after.identity != before.identity
        assert (refused.is_other, manager.status.is_other) == (True, False)
        assert await manager.call(Lane.JOBS, write._there) == []
    manager.close(patience=5)


async def test_that_a_service_which_the_server_opened_too_late_is_closed_at_a_ping(root: ServiceManager) -> None:
    connection = present(root._keeper.connection)

    def late() -> list[str]:
        connection.openings = Openings(Counter(RawFileStore=1))
        connection.factory.createRawFileStore()  # for the connection before: nobody notes it
        connection.factory.createThumbnailStore()  # another package's
        connection.ping()
        return [name.rpartition("/")[2] for name in connection.factory.activeServices()]

    left = await asyncio.to_thread(late)
    assert not any(name.endswith("RawFileStore") for name in left)
    assert any(name.endswith("ThumbnailStore") for name in left)


async def test_that_a_foreign_wrapper_that_hangs_is_named_and_done_without(root: ServiceManager) -> None:
    gate, told = threading.Event(), list[str]()
    root.on_warning(lambda sentence, detail: told.append(f"{sentence} {detail}"))

    class Hangs(ProjectWrapper):
        def getName(self) -> str:
            gate.wait(30)
            return "late"

    @patient(0.2)  # type: ignore[arg-type]  # seconds, for a test
    def names(session: LaneSession) -> str:
        wrapper = session.registry.foreign("Project")
        if wrapper is None:
            return "without"
        return session.registry.attempt(wrapper, lambda: wrapper(session.gateway).getName()) or ""

    await root.call(Lane.BROWSING, lambda session: session.registry.register(Hangs))
    assert await root.call(Lane.BROWSING, names) == "without"
    gate.set()
    await asyncio.sleep(0)
    assert len(told) == 1
    assert "Hangs failed" in told[0]
    assert "no answer within 0.2 seconds" in told[0]
