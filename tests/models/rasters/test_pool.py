"""One bound for the pixels of several images: what nobody has looked at for the longest time goes first."""

from __future__ import annotations

import pytest

from omero_desk.models.rasters.pool import PixelPool

MB = 2**20


class Holder:
    """Holds bytes, some of which are in view."""

    def __init__(self, held: int, in_view: int = 0) -> None:
        self.memory_used, self._in_view = held, in_view

    def shed(self, count: int) -> int:
        dropped = min(max(count, 0), self.memory_used - self._in_view)
        self.memory_used -= dropped
        return dropped


class Process:
    """A process that holds some memory besides the pixels."""

    def __init__(self, other: int, *holders: Holder) -> None:
        self._other, self._holders = other, holders

    def resident(self) -> int:
        return self._other + sum(holder.memory_used for holder in self._holders)


def pool_of(other: int, *holders: Holder, floor: int = 0) -> PixelPool:
    pool = PixelPool(Process(other, *holders).resident, bound=1000 * MB, floor=floor)
    for holder in holders:
        pool.look(holder)
    return pool


def test_that_nothing_is_dropped_within_the_bound() -> None:
    first, second = Holder(400 * MB), Holder(400 * MB)
    pool_of(200 * MB, first, second).make_room()
    assert (first.memory_used, second.memory_used) == (400 * MB, 400 * MB)


def test_that_the_image_looked_at_longest_ago_loses_its_pixels_first() -> None:
    first, second, third = (Holder(400 * MB, in_view=10 * MB) for _ in range(3))
    pool = pool_of(200 * MB, first, second, third)
    pool.look(first)
    pool.make_room()
    assert [holder.memory_used // MB for holder in (first, second, third)] == [400, 10, 390]


def test_that_the_bound_is_the_process_and_not_the_pixels() -> None:
    holder = Holder(500 * MB)
    pool_of(900 * MB, holder).make_room()
    assert holder.memory_used == 100 * MB


def test_that_some_pixels_stay_whatever_else_takes_memory() -> None:
    holder = Holder(500 * MB)
    pool_of(5000 * MB, holder, floor=128 * MB).make_room()
    assert holder.memory_used == 128 * MB


def test_that_a_closed_image_counts_no_more() -> None:
    holder, other = Holder(300 * MB), Holder(300 * MB)
    pool = pool_of(900 * MB, holder, other)
    assert pool.used == 600 * MB
    pool.leave(holder)
    assert pool.used == 300 * MB
    pool.make_room()
    assert holder.memory_used == 300 * MB


def test_that_a_system_that_does_not_tell_its_memory_drops_nothing() -> None:
    holder = Holder(5000 * MB)
    pool = PixelPool(bound=MB)
    pool.look(holder)
    pool.make_room()
    assert holder.memory_used == 5000 * MB


@pytest.mark.parametrize("seen", [0, 1])
def test_that_what_is_gone_is_forgotten(seen: int) -> None:
    pool = PixelPool(lambda: 2000 * MB, bound=1000 * MB, floor=0)
    for _ in range(seen):
        pool.look(Holder(10 * MB))
    pool.make_room()
    assert pool.used == 0
