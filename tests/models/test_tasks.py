"""Work under way: the newest wins, errors take one road, and everything can be given up."""

import asyncio

import pytest

from omero_desk.models.tasks import Tasks

pytestmark = pytest.mark.asyncio


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def tasks(errors: list[BaseException]) -> Tasks:
    return Tasks(errors.append)


async def test_that_a_newer_request_takes_the_place_of_the_older(tasks: Tasks) -> None:
    done: list[str] = []
    answered = asyncio.Event()

    async def ask(name: str) -> None:
        await answered.wait()
        done.append(name)

    tasks.start("key", ask("older"))
    await asyncio.sleep(0)
    answered.set()  # the older one is about to go on, and must not
    tasks.start("key", ask("newer"))
    tasks.start("another key", ask("other"))
    await tasks.finished()
    assert sorted(done) == ["newer", "other"]
    assert len(tasks) == 0


async def test_that_every_error_is_reported_and_being_cancelled_is_none(
    tasks: Tasks, errors: list[BaseException]
) -> None:
    async def fail() -> None:
        raise ValueError("no")

    tasks.start("fails", fail())
    tasks.start("waits", asyncio.Event().wait())  # type: ignore[arg-type]  # its result is not used
    await asyncio.sleep(0)
    assert "waits" in tasks
    tasks.cancel_all()
    await asyncio.sleep(0)
    await tasks.finished()
    assert [str(error) for error in errors] == ["no"]


async def test_that_cancelling_tells_whether_there_was_something(tasks: Tasks) -> None:
    tasks.start("key", asyncio.sleep(60))
    assert tasks.cancel("key")
    assert not tasks.cancel("key")


async def test_that_work_that_is_done_is_not_under_way_though_nobody_has_heard_of_it_yet(tasks: Tasks) -> None:
    done: list[bool] = []

    async def work() -> None:
        done.append("key" in tasks)

    tasks.start("key", work())
    await asyncio.sleep(0)  # its callbacks come a round of the loop later
    assert done == [True]
    assert len(tasks) == 1
    assert "key" not in tasks
    tasks.start("key", work())
    await tasks.finished()
    assert done == [True, True]


async def test_that_work_may_start_work_of_the_same_key(tasks: Tasks) -> None:
    done: list[int] = []

    async def count_down(number: int) -> None:
        done.append(number)
        if number:
            await asyncio.sleep(0)
            tasks.start("key" + str(number), count_down(number - 1))

    tasks.start("key", count_down(3))
    await tasks.finished()
    assert done == [3, 2, 1, 0]


async def test_that_the_end_is_told_of_work_that_never_began(tasks: Tasks, errors: list[BaseException]) -> None:
    ends: list[str] = []

    async def work(name: str) -> None:
        ends.append(f"{name} began")
        if name == "fails":
            raise ValueError(name)

    for name in ("given up", "done", "fails"):
        tasks.start(name, work(name), lambda name=name: ends.append(f"{name} ended"))  # type: ignore[misc]
    tasks.cancel("given up")
    await tasks.finished()
    assert ends == ["done began", "fails began", "given up ended", "done ended", "fails ended"]
    assert [str(error) for error in errors] == ["fails"]
