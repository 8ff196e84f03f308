"""What is looked up: once for a key, and only while somebody wants to see it."""

from __future__ import annotations

import asyncio

import pytest

from omero_desk.entities.errors import FailedError
from omero_desk.models.annotations.lookup import Lookup


class Source:
    """Answers when it is let, with an error where there is one for the key."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.problems: set[int] = set()
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, key: int) -> str:
        self.asked.append(key)
        await self.gate.wait()
        if key in self.problems:
            raise FailedError("no")
        return f"value {key}"


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def lookup(source: Source) -> Lookup[int, str]:
    def fail(error: BaseException) -> None:
        raise error

    return Lookup[int, str](source.read, fail)


async def test_that_it_is_read_once_and_only_when_it_is_wanted(lookup: Lookup[int, str], source: Source) -> None:
    lookup.look_at(1)
    await lookup.finished()
    assert source.asked == []
    lookup.want()
    await lookup.finished()
    assert (lookup.value, lookup.is_known) == ("value 1", True)
    lookup.want(False)
    lookup.want()
    lookup.look_at(1)
    await lookup.finished()
    assert source.asked == [1]


async def test_that_a_key_that_is_left_is_given_up_and_its_value_never_shown(
    lookup: Lookup[int, str], source: Source
) -> None:
    lookup.want()
    lookup.look_at(1)
    await lookup.finished()
    source.gate.clear()
    lookup.look_at(2)
    await asyncio.sleep(0)
    assert (lookup.value, lookup.is_known, lookup.is_loading) == ("value 1", False, True)
    lookup.look_at(3)
    source.gate.set()
    await lookup.finished()
    assert (lookup.value, source.asked) == ("value 3", [1, 2, 3])
    lookup.look_at(None)
    assert (lookup.value, lookup.is_known) == (None, False)


async def test_that_what_is_paused_is_given_up_and_read_after_all_for_the_same_key(
    lookup: Lookup[int, str], source: Source
) -> None:
    lookup.want()
    source.gate.clear()
    lookup.look_at(1)
    await asyncio.sleep(0)
    lookup.pause()
    source.gate.set()
    await lookup.finished()
    assert (lookup.value, lookup.is_loading, source.asked) == (None, False, [1])
    lookup.look_at(1)
    await lookup.finished()
    assert (lookup.value, source.asked) == ("value 1", [1, 1])
    lookup.pause()
    lookup.look_at(1)
    await lookup.finished()
    assert source.asked == [1, 1]


async def test_that_a_problem_stays_until_it_is_read_again(lookup: Lookup[int, str], source: Source) -> None:
    source.problems.add(1)
    lookup.want()
    lookup.look_at(1)
    await lookup.finished()
    assert lookup.problem is not None
    lookup.want()
    await lookup.finished()
    assert source.asked == [1]
    source.problems.clear()
    lookup.again()
    await lookup.finished()
    assert lookup.is_known
    assert lookup.value == "value 1"
