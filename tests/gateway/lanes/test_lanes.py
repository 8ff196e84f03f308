"""The worker threads."""

import asyncio
import threading
import weakref
from collections.abc import Iterator
from functools import partial

import pytest

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import GivenUpError
from omero_desk.gateway.lanes.lane_runner import LaneRunner
from omero_desk.gateway.lanes.worker import Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker("test")
    yield worker
    worker.close()
    assert worker.join(5)


async def test_that_functions_run_in_order_on_one_other_thread(worker: Worker) -> None:
    seen: list[tuple[int, int]] = []

    def note(number: int) -> None:
        seen.append((number, threading.get_ident()))

    await asyncio.gather(*(worker.run(partial(note, number)) for number in range(20)))
    assert [i for i, _ in seen] == list(range(20))
    assert len({ident for _, ident in seen}) == 1
    assert threading.get_ident() != seen[0][1]


async def test_that_an_exception_reaches_whoever_waits(worker: Worker) -> None:
    with pytest.raises(ZeroDivisionError):
        await worker.run(lambda: 1 // 0)
    assert await worker.run(lambda: "still there") == "still there"


async def test_that_a_cancelled_function_that_has_not_begun_never_does(worker: Worker) -> None:
    gate, ran = threading.Event(), []
    first = worker.run(gate.wait)
    second = worker.run(lambda: ran.append(2))
    second.cancel()
    gate.set()
    await first
    await worker.run(lambda: None)
    assert ran == []


async def test_that_the_result_of_an_abandoned_call_is_handed_back(worker: Worker) -> None:
    begun, gate, unwanted = threading.Event(), threading.Event(), asyncio.Event()
    results: list[str] = []

    def slow() -> str:
        begun.set()
        gate.wait()
        return "late"

    def take(result: str) -> None:
        results.append(result)
        unwanted.set()

    future = worker.run(slow, take)
    await asyncio.to_thread(begun.wait)
    future.cancel()
    gate.set()
    await asyncio.wait_for(unwanted.wait(), 5)
    assert results == ["late"]


async def test_that_a_worker_that_waits_holds_nothing_of_what_it_did(worker: Worker) -> None:
    class Tool:
        def use(self) -> None: ...

    tool, gone = Tool(), threading.Event()
    weakref.finalize(tool, gone.set)
    await worker.run(tool.use)
    del tool
    assert await asyncio.to_thread(gone.wait, 5)


def test_that_a_worker_outlives_the_loop_that_asked(worker: Worker) -> None:
    begun, gate = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        gate.wait()

    async def ask() -> None:
        worker.run(hold)
        await asyncio.to_thread(begun.wait)

    asyncio.run(ask())
    gate.set()

    async def ask_again() -> str:
        return await worker.run(lambda: "here")

    assert asyncio.run(ask_again()) == "here"


async def test_that_a_call_is_given_up_only_once_it_gets_no_further() -> None:
    runner, gate = LaneRunner(Lane.JOBS, lambda: None), threading.Event()
    asked: list[int] = []

    def progress() -> int:
        asked.append(len(asked))
        return min(asked[-1], 3)

    with pytest.raises(GivenUpError):
        await runner.run(1, gate.wait, 0.01, progress)
    assert len(asked) == 5, "as it began, three times with progress, and once without"
    gate.set()
    runner.close()
    assert runner.join(5)
