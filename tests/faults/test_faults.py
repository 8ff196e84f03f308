"""The fault table: each way in which a line or a server can fail, at each thing that a user does meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from omero_desk.gateway import client, connection, probe
from omero_desk.gateway import service as service_module
from omero_desk.gateway.certificates import KnownCertificates
from omero_desk.gateway.edit_writes import CommentWrite, EditWrite
from omero_desk.gateway.errors import FailedError, GatewayError, RefusedError
from omero_desk.gateway.service import ServiceManager, State
from omero_desk.gateway.session import Session
from tests.faults.laboratory import Laboratory
from tests.faults.operations import OPERATIONS, PATIENCE, Expanding, Operation, Streaming, Writing
from tests.faults.proxy import Fault, Moment
from tests.faults.troubles import TROUBLES, End, Trouble

LONGEST = 25.0
OURS = ("asyncio_", "server notes")
"""Threads of the tests themselves."""


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with Laboratory(tmp_path_factory.mktemp("faults")) as laboratory:
        yield laboratory


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sign-in waits for, shorter than people would like."""
    monkeypatch.setattr(probe, "TIMEOUT", PATIENCE)
    for module in (client, connection):
        monkeypatch.setattr(module, "PING_TIMEOUT", PATIENCE)
    monkeypatch.setattr(service_module, "SETTLE", PATIENCE / 3)
    for method in (EditWrite.prepare, EditWrite.send, EditWrite.find):
        monkeypatch.setattr(method, "patience", PATIENCE, raising=False)


@pytest_asyncio.fixture
async def service(laboratory: Laboratory, tmp_path: Path) -> AsyncIterator[ServiceManager]:
    before = set(threading.enumerate())
    service = ServiceManager(KnownCertificates(tmp_path / "certificates.json"))
    yield service
    laboratory.proxy.heal()
    session = service.account.session if service.account is not None else ""
    await asyncio.to_thread(let_go, laboratory, service, session)
    assert left_over(before) == []


def let_go(laboratory: Laboratory, service: ServiceManager, session: str) -> None:
    """End the manager, which must leave nothing open on the server."""
    if session:
        assert laboratory.admin.open_services(session) == []
    service.close(patience=5)
    laboratory.tidy()


def left_over(before: set[threading.Thread]) -> list[threading.Thread]:
    """The threads that have come since, and do not end."""
    new = [t for t in threading.enumerate() if t not in before and not t.name.startswith(OURS)]
    for thread in new:
        thread.join(5)
    return [thread for thread in new if thread.is_alive()]


async def nothing() -> None:
    """No fault this time."""


async def signed_in(laboratory: Laboratory, service: ServiceManager) -> None:
    """Sign in, and let the first ping come back, which would count as a sign of life later on."""
    pinged = asyncio.Event()
    service.on_status(lambda status: pinged.set() if status.round_trip is not None else None)
    await service.sign_in(laboratory.sign_in())
    await asyncio.wait_for(pinged.wait(), LONGEST)


async def end_of(operation: Operation, trouble: Trouble) -> End:
    """Do it while the trouble comes and goes."""
    going: list[asyncio.Task[None]] = []

    async def due() -> None:
        await trouble.arm(operation)
        going.append(asyncio.ensure_future(trouble.go()))
        if operation.at_rest:
            await going[0]

    try:
        await asyncio.wait_for(operation.run(due), LONGEST)
    except RefusedError:
        end = End.ASKED if operation.service.state is State.SIGN_IN_NEEDED else End.TOLD
    except GatewayError:
        end = End.TOLD
    else:
        end = End.DONE
    await asyncio.wait_for(going[0], LONGEST)
    return end


async def test_that_a_write_that_arrives_after_it_was_given_up_is_not_made_twice(
    laboratory: Laboratory, service: ServiceManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    await signed_in(laboratory, service)
    await Writing(laboratory, service).run(nothing)  # the lane has its services then: the next request is the write
    draft, held = CommentWrite._draft, []

    def draft_and_hold(write: CommentWrite, session: Session) -> Any:
        drafted = draft(write, session)
        if not held:
            held.append(write)
            laboratory.proxy.arm(Fault.HOLD, Moment.REQUEST)
        return drafted

    monkeypatch.setattr(CommentWrite, "_draft", draft_and_hold)
    writing = Writing(laboratory, service)
    task = asyncio.ensure_future(writing.run(nothing))
    lost = asyncio.Event()
    service.on_state(lambda state: lost.set() if state is State.RECONNECTING else None)
    await asyncio.wait_for(lost.wait(), LONGEST)
    laboratory.proxy.heal()
    service.retry_now()
    await asyncio.wait_for(task, LONGEST)
    writing.check()


async def test_that_a_reply_too_large_to_take_fails_with_a_sentence_and_the_next_call_works(
    laboratory: Laboratory, service: ServiceManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "ice.config"
    settings.write_text("Ice.MessageSizeMax=12\n")  # kB
    monkeypatch.setenv("ICE_CONFIG", str(settings))
    await signed_in(laboratory, service)
    with pytest.raises(FailedError, match="too large"):
        await Expanding(laboratory, service).run(nothing)
    await Streaming(laboratory, service).run(nothing)
    assert service.state is State.ONLINE


@pytest.mark.parametrize("operation_class", OPERATIONS, ids=lambda cls: cls.name)
@pytest.mark.parametrize("trouble_class", TROUBLES, ids=lambda cls: cls.name)
async def test_that_nothing_is_lost_or_doubled(
    laboratory: Laboratory,
    service: ServiceManager,
    trouble_class: type[Trouble],
    operation_class: type[Operation],
) -> None:
    operation, trouble = operation_class(laboratory, service), trouble_class(laboratory, service)
    if not operation.signs_in:
        await signed_in(laboratory, service)
    end = await end_of(operation, trouble)
    assert end is trouble.end_of(operation)
    if end is not End.DONE:
        operation.check_given_back()
    await trouble.make_good()
    if end is not End.DONE:
        await asyncio.wait_for(operation.run(nothing), LONGEST)
    assert service.state is State.ONLINE
    operation.check()
