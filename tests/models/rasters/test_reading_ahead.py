"""What is read before it is looked at: in which order, how much at a time, and how much in all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
import pytest_asyncio

from omero_desk.entities.errors import LostError
from omero_desk.entities.images import ImageInfo, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.models.rasters import orders
from omero_desk.models.rasters.line import Line
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.raster import AHEAD_S, PlaneRaster
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.viewer.playing import Course, Playing, following
from tests.support.picture_library import Reported

SIDE, COUNT = 256, 20
WHOLE = Rect(0, 0, SIDE, SIDE)
INFO = ImageInfo(Ref(Kind.IMAGE, 1), "movie", 1, SIDE, SIDE, 1, 2, COUNT, PixelType.UINT16)
PLANE = INFO.plane_bytes
KEPT = Mips(np.zeros((SIDE, SIDE), np.uint16)).nbytes
LOOP = Course(Playing.LOOP, along_z=False, count=COUNT)


class SteadyLine(Line):
    """A line of so many bytes a second, whatever comes."""

    def note(self, count: int, seconds: float) -> None: ...


@dataclass
class Worker:
    """Reads what is ordered: all that may be on its way at once, plane after plane, each only while `gate` is set."""

    taken: list[PlaneKey] = field(default_factory=list)
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def stream(self, info: ImageInfo, ordered: PlaneOrders) -> None:
        ordered.begin()
        on_its_way = list(iter(ordered.take, None))
        while on_its_way:
            self.most = max(self.most, len(on_its_way))
            await self.gate.wait()
            key = on_its_way.pop(0)
            self.taken.append(key)
            ordered.put(key, Mips(np.full((SIDE, SIDE), key.t * 2 + key.c, np.uint16)))
            on_its_way += iter(ordered.take, None)

    @property
    def times(self) -> list[int]:
        """The time points whose first channel was read."""
        return [key.t for key in self.taken if key.c == 0]


Made = Callable[..., PlaneRaster]


@pytest.fixture
async def worker() -> Worker:
    return Worker()


@pytest_asyncio.fixture
async def made(worker: Worker) -> AsyncIterator[Made]:
    rasters: list[PlaneRaster] = []

    def make(memory: int = 10**9, line: Line | None = None, pool: PixelPool | None = None) -> PlaneRaster:
        raster = PlaneRaster(INFO, worker.stream, Reported(), memory, pool=pool, line=line)
        rasters.append(raster)
        return raster

    yield make
    for raster in rasters:
        raster.close()
        await raster.finished()


async def show(raster: PlaneRaster, t: int) -> None:
    """Look at a time point until all of it is there, and nothing more is on its way."""
    raster.region([0, 1], 0, t, 0, WHOLE)
    await raster.finished()
    found = raster.region([0, 1], 0, t, 0, WHOLE)
    assert found.complete
    assert [int(plane[0, 0]) for plane in found.planes.values()] == [2 * t, 2 * t + 1]


@pytest.mark.parametrize("playing", list(Playing))
@pytest.mark.parametrize("step", [1, -1])
def test_that_what_comes_is_what_will_be_played(playing: Playing, step: int) -> None:
    course, at, played = Course(playing, along_z=True, count=7, step=step), (3, step), list[int]()
    for _ in range(14):
        found = following(playing, at[0], at[1] if playing is Playing.TO_AND_FRO else 1, 7)
        if found is None:
            break
        played.append(found[0])
        at = found
    expected = [z for z in dict.fromkeys(played) if z != 3]
    assert list(course.upcoming(3, 5)) == [(z, 5) for z in expected]


async def test_that_frames_are_read_in_the_order_in_which_they_are_played(worker: Worker, made: Made) -> None:
    raster = made(line=Line(1e9))
    raster.follow(LOOP.upcoming)
    await show(raster, 17)
    assert worker.times == [17, 18, 19, *range(17)]
    assert worker.taken[:4] == [PlaneKey(0, 0, 17), PlaneKey(0, 1, 17), PlaneKey(0, 0, 18), PlaneKey(0, 1, 18)]


async def test_that_playing_backwards_reads_backwards(worker: Worker, made: Made) -> None:
    raster = made(line=Line(1e9))
    raster.follow(Course(Playing.TO_AND_FRO, along_z=False, count=COUNT, step=-1).upcoming)
    await show(raster, 3)
    assert worker.times == [3, 2, 1, 0, *range(4, COUNT)]


async def test_that_no_more_is_on_its_way_than_the_bound(
    worker: Worker, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "IN_FLIGHT", 5 * PLANE)
    raster = made(line=Line(1e12))
    raster.follow(LOOP.upcoming)
    worker.gate.clear()
    raster.region([0, 1], 0, 0, 0, WHOLE)
    while not worker.most:
        await asyncio.sleep(0)
    assert raster.in_flight == 5 * PLANE
    worker.gate.set()
    await show(raster, 0)
    assert len(worker.taken) == 2 * COUNT
    assert worker.most == 5


async def test_that_nothing_is_sent_for_ahead_while_a_slow_line_is_busy() -> None:
    ordered = PlaneOrders(PLANE, SteadyLine(PLANE), lambda _key, _mips: None)
    ordered.place([PlaneKey(0, c, 0) for c in (0, 1)], [PlaneKey(0, 0, t) for t in range(1, 4)])
    ordered.begin()
    assert len(list(iter(ordered.take, None))) == 2, "what is in view is sent for together"
    ordered.place([], [PlaneKey(0, 0, t) for t in range(1, 4)])
    for key in sorted(ordered.reading, key=lambda key: key.c):
        assert ordered.take() is None
        ordered.put(key, Mips(np.zeros((SIDE, SIDE), np.uint16)))
    assert ordered.in_flight == 0
    assert ordered.take() == PlaneKey(0, 0, 1)
    assert ordered.take() is None


async def test_that_closing_orders_nothing_more_and_lets_nothing_in(worker: Worker, made: Made) -> None:
    raster = made(line=Line(1e12))
    raster.follow(LOOP.upcoming)
    worker.gate.clear()
    raster.region([0, 1], 0, 0, 0, WHOLE)
    while not worker.most:
        await asyncio.sleep(0)
    ordered = raster._orders
    raster.close()
    assert ordered.take() is None
    key = next(iter(ordered.reading))
    ordered.put(key, Mips(np.zeros((SIDE, SIDE), np.uint16)))
    await raster.finished()
    await asyncio.sleep(0)
    assert raster.memory_used == 0
    assert worker.taken == []


async def test_that_a_loop_longer_than_the_memory_keeps_what_it_can(worker: Worker, made: Made) -> None:
    frames = 12
    raster = made(frames * 2 * KEPT, Line(1e9))
    raster.follow(LOOP.upcoming)
    for t in [*range(COUNT), *range(COUNT)]:
        await show(raster, t)
        assert raster.memory_used <= frames * 2 * KEPT
    before = len(worker.times)
    for t in range(COUNT):
        await show(raster, t)
    assert len(worker.times) - before <= COUNT - frames + 5, "what was used longest ago is just what comes next"


async def test_that_planes_for_which_there_is_no_room_are_not_read_for_ever(worker: Worker, made: Made) -> None:
    held = 8 * KEPT
    raster = made(line=Line(1e9), pool=PixelPool(lambda: 2, bound=1, floor=held))
    raster.follow(LOOP.upcoming)
    for t in range(COUNT):
        await show(raster, t)
        assert raster.memory_used <= held + KEPT
    assert len(worker.times) < 4 * COUNT


async def test_that_neighbours_for_which_there_is_no_room_are_read_once(worker: Worker, made: Made) -> None:
    raster = made(line=Line(1e9), pool=PixelPool(lambda: 2, bound=1, floor=2 * KEPT))
    for t in (9, 3, 9):
        worker.taken.clear()
        await show(raster, t)
        assert len(worker.taken) == len(set(worker.taken))


async def test_that_at_rest_no_more_is_read_than_the_line_soon_brings(worker: Worker, made: Made) -> None:
    for rate, expected in {0.9: [9], 2: [9, 10], 4: [8, 9, 10], 1e6: [7, 8, 9, 10, 11]}.items():
        worker.taken.clear()
        await show(made(line=SteadyLine(rate * PLANE / AHEAD_S)), 9)
        assert worker.times[0] == 9
        assert sorted(worker.times) == expected


async def test_that_an_unknown_line_is_measured_by_what_is_in_view(worker: Worker, made: Made) -> None:
    line = Line()
    raster = made(line=line)
    worker.gate.clear()
    raster.region([0, 1], 0, 9, 0, WHOLE)
    while not worker.most:
        await asyncio.sleep(0)
    assert (worker.most, line.within(1.0)) == (2, 0)
    worker.gate.set()
    await raster.finished()
    assert line.is_known
    assert worker.times[0] == 9


async def test_that_what_is_in_view_overtakes_what_is_read_ahead(worker: Worker, made: Made) -> None:
    raster = made(line=SteadyLine(PLANE))
    raster.follow(LOOP.upcoming)
    worker.gate.clear()
    raster.region([0, 1], 0, 0, 0, WHOLE)
    while not worker.most:
        await asyncio.sleep(0)
    raster.region([0, 1], 0, 10, 0, WHOLE)
    worker.gate.set()
    await show(raster, 10)
    assert worker.times[:3] == [0, 10, 11]


async def test_that_a_call_that_is_made_again_gets_the_same_planes_first() -> None:
    arrived: list[PlaneKey] = []
    ordered = PlaneOrders(PLANE, Line(1e9), lambda key, _mips: arrived.append(key))
    keys = [PlaneKey(0, c, t) for t in range(3) for c in range(2)]
    ordered.place(keys[:2], keys[2:])
    ordered.begin()
    assert [ordered.take() for _ in range(3)] == keys[:3]
    ordered.put(keys[0], Mips(np.zeros((SIDE, SIDE), np.uint16)))
    ordered.begin()
    assert list(iter(ordered.take, None)) == keys[1:]
    await asyncio.sleep(0)
    assert arrived == keys[:1]
    assert ordered.reading == set(keys[1:])


async def test_that_a_lost_call_leaves_the_planes_that_come_later_to_be_read(worker: Worker) -> None:
    calls: list[int] = []

    async def lose(info: ImageInfo, ordered: PlaneOrders) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise LostError("away")
        await worker.stream(info, ordered)

    raster = PlaneRaster(INFO, lose, Reported(), line=Line(1e9))
    raster.region([0, 1], 0, 0, 0, WHOLE)
    await raster.finished()
    assert raster.region([0, 1], 0, 0, 0, WHOLE).problem is not None
    raster.retry()
    await show(raster, 0)
    raster.close()
