"""Large images of one level: their smaller levels are made of strips, seen as they come, within the memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.images import ImageInfo, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import Level, PlaneKey, Pyramid, Tile
from omero_desk.imaging import strips as strips_module
from omero_desk.imaging.mips import halved
from omero_desk.imaging.strips import halvings
from omero_desk.models.rasters import tile_raster
from omero_desk.models.rasters.plain_raster import PlainRaster
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.viewport import Rect
from tests.support.gallery import ramp
from tests.support.picture_library import Reported

WIDTH, HEIGHT, SECTIONS = 803, 1101, 3
STACK = ramp((SECTIONS, HEIGHT, WIDTH), "uint16")
INFO = ImageInfo(Ref(Kind.IMAGE, 1), "plain", 1, WIDTH, HEIGHT, SECTIONS, 1, 1, PixelType.UINT16)


@dataclass
class Plain:
    """Reads strips and tiles of an array; `asked` is what was read, strip by strip."""

    asked: list[Tile] = field(default_factory=list)
    broken: GatewayError | None = None

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> list[NDArray[Any]]:
        await asyncio.sleep(0)
        return [STACK[tile.plane.z, tile.y : tile.y + tile.height, tile.x : tile.x + tile.width] for tile in wanted]

    async def strips(
        self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile], times: tuple[int, int]
    ) -> list[tuple[NDArray[Any], ...]]:
        self.asked += wanted
        if self.broken is not None:
            raise self.broken
        return [halvings(strip, *times) for strip in await self.tiles(info, pyramid, wanted)]

    def raster(self, reported: Reported, memory: int = 10**9, pool: PixelPool | None = None) -> PlainRaster:
        pyramid = Pyramid((Level(WIDTH, HEIGHT),), WIDTH, 1)
        return PlainRaster(INFO, pyramid, self.tiles, self.strips, reported, memory, pool=pool)


@pytest.fixture(autouse=True)
def _small_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips_module, "STRIP", WIDTH * 2 * 64)
    monkeypatch.setattr(tile_raster, "_SCREEN", 128)


@pytest.fixture
def reported() -> Reported:
    return Reported()


def levels_of(plane: NDArray[Any], count: int) -> list[NDArray[Any]]:
    found = [plane]
    for _ in range(count - 1):
        found.append(halved(found[-1]))
    return found


async def test_that_made_levels_are_those_of_the_whole_plane(reported: Reported) -> None:
    raster = Plain().raster(reported)
    expected = levels_of(STACK[1], len(raster.sizes))
    for level, (width, height) in enumerate(raster.sizes[1:], 1):
        whole = Rect(0, 0, width, height)
        raster.region([0], 1, 0, level, whole)
        await raster.finished()
        found = raster.region([0], 1, 0, level, whole)
        assert found.complete
        np.testing.assert_array_equal(found.planes[0], expected[level])
    np.testing.assert_array_equal(raster.glance([0], 1, 0)[0], expected[-1])
    raster.close()


async def test_that_strips_are_seen_as_they_come_and_read_once(reported: Reported) -> None:
    plain = Plain()
    raster = plain.raster(reported)
    level = len(raster.sizes) - 1
    whole = Rect(0, 0, *raster.sizes[level])
    seen: list[int] = []

    def look() -> None:
        seen.append(int(np.count_nonzero(raster.region([0], 0, 0, level, whole).planes[0])))

    raster.arrived.connect(look)
    assert raster.region([0], 0, 0, level, whole).planes == {}
    await raster.finished()
    raster.arrived.disconnect(look)
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert seen[0] < seen[-1] / 2
    assert len(plain.asked) == len(set(plain.asked))
    assert sum(tile.height for tile in plain.asked) == HEIGHT
    raster.close()


async def test_that_the_strips_in_view_come_first(reported: Reported) -> None:
    plain = Plain()
    raster = plain.raster(reported)
    part = Rect(0, 400, 200, 100)
    raster.region([0], 0, 0, 1, part)
    await raster.finished()
    assert plain.asked[0].y <= 2 * 400 < plain.asked[0].y + plain.asked[0].height
    np.testing.assert_array_equal(raster.region([0], 0, 0, 1, part).planes[0], halved(STACK[0])[400:500, :200])
    raster.close()


async def test_that_the_finest_level_is_read_in_tiles_over_what_was_made(reported: Reported) -> None:
    raster = Plain().raster(reported)
    whole = Rect(0, 0, *raster.sizes[1])
    raster.region([0], 0, 0, 1, whole)
    await raster.finished()
    near = Rect(100, 200, 300, 200)
    meanwhile = raster.region([0], 0, 0, 0, near)
    assert not meanwhile.complete
    np.testing.assert_array_equal(meanwhile.planes[0], halved(STACK[0])[100:200, 50:200].repeat(2, 0).repeat(2, 1))
    await raster.finished()
    found = raster.region([0], 0, 0, 0, near)
    assert found.complete
    np.testing.assert_array_equal(found.planes[0], STACK[0, 200:400, 100:400])
    raster.close()


async def test_that_other_planes_go_where_memory_runs_out(reported: Reported) -> None:
    made = sum(plane.nbytes for plane in levels_of(STACK[0], 5)[1:])
    raster = Plain().raster(reported, 2 * made + made // 2)
    for z in range(SECTIONS):
        raster.region([0], z, 0, 1, Rect(0, 0, *raster.sizes[1]))
        await raster.finished()
        assert raster.memory_used <= 2 * made + made // 2
    assert raster.region([0], 2, 0, 1, Rect(0, 0, *raster.sizes[1])).complete
    assert not raster.region([0], 0, 0, 1, Rect(0, 0, *raster.sizes[1])).complete
    raster.close()
    assert raster.memory_used == 0


async def test_that_what_a_plane_is_too_large_for_begins_with_a_coarser_level(reported: Reported) -> None:
    raster = Plain().raster(reported, memory=800_000)
    raster.region([0], 0, 0, 2, Rect(0, 0, *raster.sizes[2]))
    await raster.finished()
    assert raster.region([0], 0, 0, 2, Rect(0, 0, *raster.sizes[2])).complete
    assert raster.memory_used < 400_000
    part = Rect(100, 100, 200, 100)  # the level between is taken from tiles of the finest
    raster.region([0], 0, 0, 1, part)
    await raster.finished()
    across, down = WIDTH / raster.sizes[1][0], HEIGHT / raster.sizes[1][1]
    rows, columns = ((np.arange(100, 100 + n) + 0.5) * step for n, step in ((100, down), (200, across)))
    found = raster.region([0], 0, 0, 1, part).planes[0]
    np.testing.assert_array_equal(found, STACK[0][np.ix_(rows.astype(int), columns.astype(int))])
    raster.close()


async def test_that_a_plane_that_cannot_be_read_says_why_until_it_is_tried_again(reported: Reported) -> None:
    plain = Plain(broken=FailedError("The disk is gone."))
    raster = plain.raster(reported)
    whole = Rect(0, 0, *raster.sizes[1])
    raster.region([0], 0, 0, 1, whole)
    await raster.finished()
    found = raster.region([0], 0, 0, 1, whole)
    assert found.complete is True
    assert found.problem is plain.broken
    plain.broken = None
    raster.retry()
    raster.region([0], 0, 0, 1, whole)
    await raster.finished()
    assert raster.region([0], 0, 0, 1, whole).problem is None
    assert raster.region([0], 0, 0, 1, whole).complete
    raster.close()


async def test_that_a_step_to_another_section_does_not_wait_for_the_one_before(reported: Reported) -> None:
    plain = Plain()
    raster = plain.raster(reported)
    whole = Rect(0, 0, *raster.sizes[1])
    raster.region([0], 0, 0, 1, whole)
    await asyncio.sleep(0)
    raster.region([0], 2, 0, 1, whole)
    await raster.finished()
    assert {tile.plane for tile in plain.asked} <= {PlaneKey(0, 0, 0), PlaneKey(2, 0, 0)}
    assert sum(tile.plane.z == 0 for tile in plain.asked) <= 4
    assert raster.region([0], 2, 0, 1, whole).complete
    raster.close()
