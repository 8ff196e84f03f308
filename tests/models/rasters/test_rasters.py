"""Where pixels come from: newest wishes first, what is in view stays, memory is bounded, errors stay where they are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from omero_desk.entities.errors import FailedError, GatewayError, LostError
from omero_desk.entities.images import ImageInfo, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import Level, PlaneKey, Pyramid, Tile
from omero_desk.imaging.mips import Mips, halved
from omero_desk.models.rasters import tile_raster
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.rasters.viewport import Rect, Viewport
from tests.support.gallery import ramp
from tests.support.picture_library import Reported
from tests.support.streamed import streamed

SIDE = 300
STACK = ramp((12, 3, SIDE, SIDE), "uint16")
WHOLE = Rect(0, 0, SIDE, SIDE)
LEVELS = [ramp((2, 2048 >> n, 2048 >> n), "uint8", seed=n) for n in (0, 1, 3)]
PLANE = Mips(STACK[0, 0]).nbytes


@dataclass
class Shelf:
    """Reads arrays; `sent` is what was asked for, call by call; `gate` lets calls through while it is set."""

    sent: list[list[Any]] = field(default_factory=list)
    broken: dict[Any, GatewayError] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> list[Mips]:
        await self._ask(keys)
        return [Mips(STACK[key.z, key.c]) for key in keys]

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> list[NDArray[Any]]:
        await self._ask(wanted)
        return [
            LEVELS[tile.level][tile.plane.c, tile.y : tile.y + tile.height, tile.x : tile.x + tile.width]
            for tile in wanted
        ]

    async def _ask(self, keys: Sequence[Any]) -> None:
        self.sent.append(list(keys))
        await self.gate.wait()
        await asyncio.sleep(0)
        for key in keys:
            if key in self.broken:
                raise self.broken[key]

    @property
    def asked(self) -> list[Any]:
        return [key for call in self.sent for key in call]


def stack(shelf: Shelf, reported: Reported, memory: int = 10**9) -> PlaneRaster:
    info = ImageInfo(Ref(Kind.IMAGE, 1), "stack", 1, SIDE, SIDE, 12, 3, 1, PixelType.UINT16)
    return PlaneRaster(info, streamed(shelf.planes), reported, memory)


def slide(shelf: Shelf, reported: Reported, memory: int = 10**9) -> TileRaster:
    info = ImageInfo(Ref(Kind.IMAGE, 1), "slide", 1, 2048, 2048, 1, 2, 1, PixelType.UINT8)
    pyramid = Pyramid(tuple(Level(level.shape[2], level.shape[1]) for level in LEVELS), 256, 256)
    return TileRaster(info, pyramid, shelf.tiles, reported, memory)


@pytest.fixture
async def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def reported() -> Reported:
    return Reported()


async def test_that_planes_come_and_their_neighbours_after_them(shelf: Shelf, reported: Reported) -> None:
    raster = stack(shelf, reported)
    arrived: list[int] = []
    raster.arrived.connect(lambda: arrived.append(1))
    first = raster.region([0, 2], 5, 0, 0, WHOLE)
    assert not first.planes
    assert not first.complete
    await raster.finished()
    found = raster.region([0, 2], 5, 0, 0, Rect(10, 20, 30, 40))
    assert found.complete
    for channel in (0, 2):
        np.testing.assert_array_equal(found.planes[channel], STACK[5, channel, 20:60, 10:40])
    assert shelf.sent[0] == [PlaneKey(5, 0, 0), PlaneKey(5, 2, 0)]
    assert {key.z for key in shelf.asked} == {3, 4, 5, 6, 7}
    assert {key.c for key in shelf.asked} == {0, 2}
    assert len(shelf.asked) == len(set(shelf.asked))
    assert len(arrived) == 1, "what nobody looks at has nothing drawn anew"
    for z in (4, 6):
        assert raster.region([0, 2], z, 0, 0, WHOLE).complete
    raster.close()
    await raster.finished()


async def test_that_smaller_levels_are_means_and_values_are_told(shelf: Shelf, reported: Reported) -> None:
    raster = stack(shelf, reported)
    assert raster.sizes == ((300, 300), (150, 150))
    assert raster.peek([0], 0, 0, 3, 4) == {}
    raster.region([0], 0, 0, 1, Rect(0, 0, 150, 150))
    await raster.finished()
    found = raster.region([0], 0, 0, 1, Rect(0, 0, 150, 150)).planes[0]
    np.testing.assert_array_equal(found, halved(STACK[0, 0]))
    assert raster.peek([0, 1], 0, 0, 3, 4) == {0: STACK[0, 0, 4, 3]}
    np.testing.assert_array_equal(raster.glance([0], 0, 0)[0], found)


async def test_that_wishes_that_are_over_are_not_sent_for(shelf: Shelf, reported: Reported) -> None:
    raster = stack(shelf, reported)
    shelf.gate.clear()
    for z in range(12):
        raster.region([0], z, 0, 0, WHOLE)
        await asyncio.sleep(0)
    shelf.gate.set()
    await raster.finished()
    assert [key.z for key in shelf.asked[:2]] == [0, 11]
    assert {key.z for key in shelf.asked} == {0, 9, 10, 11}
    assert raster.region([0], 11, 0, 0, WHOLE).complete


async def test_that_memory_is_bounded_but_for_what_is_in_view(shelf: Shelf, reported: Reported) -> None:
    raster = stack(shelf, reported, 7 * PLANE)
    for z in [*range(12), *reversed(range(12))]:
        raster.region([0, 1], z, 0, 0, WHOLE)
        await raster.finished()
        assert raster.memory_used <= 7 * PLANE
        assert raster.region([0, 1], z, 0, 0, WHOLE).complete
    tight = stack(shelf, reported, PLANE)
    tight.region([0, 1, 2], 0, 0, 0, WHOLE)
    await tight.finished()
    sent = len(shelf.sent)
    assert tight.region([0, 1, 2], 0, 0, 0, WHOLE).complete
    await tight.finished()
    assert len(shelf.sent) == sent, "what is in view is not read for ever"


async def test_that_a_plane_that_cannot_be_read_fails_alone_and_is_asked_for_again_by_retry(
    shelf: Shelf, reported: Reported
) -> None:
    raster = stack(shelf, reported)
    shelf.broken[PlaneKey(3, 1, 0)] = FailedError("corrupt")
    raster.region([0, 1, 2], 3, 0, 0, WHOLE)
    await raster.finished()
    found = raster.region([0, 1, 2], 3, 0, 0, WHOLE)
    assert found.complete
    assert set(found.planes) == {0, 2}
    assert str(found.problem) == "corrupt"
    await raster.finished()
    sent = len(shelf.sent)
    assert raster.region([0, 1, 2], 3, 0, 0, WHOLE).problem is found.problem
    await raster.finished()
    assert len(shelf.sent) == sent
    shelf.broken.clear()
    raster.retry()
    raster.region([0, 1, 2], 3, 0, 0, WHOLE)
    await raster.finished()
    assert set(raster.region([0, 1, 2], 3, 0, 0, WHOLE).planes) == {0, 1, 2}
    assert reported.errors == []


async def test_that_what_failed_ahead_of_time_is_asked_for_again_when_it_is_wanted(
    shelf: Shelf, reported: Reported
) -> None:
    raster = stack(shelf, reported)
    shelf.broken[PlaneKey(1, 0, 0)] = LostError("away")
    raster.region([0], 0, 0, 0, WHOLE)
    await raster.finished()
    assert raster.region([0], 0, 0, 0, WHOLE).problem is None
    shelf.broken.clear()
    raster.region([0], 1, 0, 0, WHOLE)
    await raster.finished()
    found = raster.region([0], 1, 0, 0, WHOLE)
    assert found.complete
    assert found.problem is None


async def test_that_tiles_come_coarsest_first_and_from_the_middle_outwards(shelf: Shelf, reported: Reported) -> None:
    raster = slide(shelf, reported)
    rect = Rect(300, 300, 1000, 1000)
    assert raster.region([0, 1], 0, 0, 0, rect).planes == {}
    await raster.finished()
    tiles = shelf.asked
    assert [tile.level for tile in tiles[:2]] == [2, 2]
    fine = [tile for tile in tiles if tile.level == 0]
    away = [np.hypot(tile.x + tile.width / 2 - 800, tile.y + tile.height / 2 - 800) for tile in fine]
    assert away == sorted(away)
    assert len(tiles) == len(set(tiles))
    found = raster.region([0, 1], 0, 0, 0, rect)
    assert found.complete
    for channel in (0, 1):
        np.testing.assert_array_equal(found.planes[channel], LEVELS[0][channel, 300:1300, 300:1300])
    assert raster.peek([0, 1], 0, 0, 400, 500) == {c: LEVELS[0][c, 500, 400] for c in (0, 1)}
    np.testing.assert_array_equal(raster.glance([1], 0, 0)[1], LEVELS[2][1])


async def test_that_coarser_tiles_stand_in_for_those_that_are_on_their_way(shelf: Shelf, reported: Reported) -> None:
    raster = slide(shelf, reported)
    raster.region([0], 0, 0, 2, Rect(0, 0, 256, 256))
    await raster.finished()
    shelf.gate.clear()
    found = raster.region([0], 0, 0, 0, Rect(512, 256, 512, 512))
    assert not found.complete
    expected = LEVELS[2][0, 32:96, 64:128].repeat(8, 0).repeat(8, 1)
    np.testing.assert_array_equal(found.planes[0], expected)
    shelf.gate.set()
    await raster.finished()
    np.testing.assert_array_equal(
        raster.region([0], 0, 0, 0, Rect(512, 256, 512, 512)).planes[0], LEVELS[0][0, 256:768, 512:1024]
    )


async def test_that_memory_stays_flat_while_the_whole_slide_is_seen(shelf: Shelf, reported: Reported) -> None:
    memory = 20 * 256 * 256
    raster = slide(shelf, reported, memory)
    for x in range(0, 1600, 100):
        for y in range(0, 1600, 400):
            raster.region([0], 0, 0, 0, Rect(x, y, 400, 400))
            await raster.finished()
            assert raster.memory_used <= memory
    assert set(raster.glance([0], 0, 0)) == {0}, "the coarsest level goes last"
    tight = slide(shelf, reported, 1)
    tight.region([0], 0, 0, 0, Rect(0, 0, 600, 600))
    await tight.finished()
    assert tight.region([0], 0, 0, 0, Rect(0, 0, 600, 600)).complete


async def test_that_a_corrupt_tile_leaves_the_others(shelf: Shelf, reported: Reported) -> None:
    raster = slide(shelf, reported)
    bad = Tile(PlaneKey(0, 0, 0), 0, 256, 256, 256, 256)
    shelf.broken[bad] = FailedError("corrupt")
    rect = Rect(0, 0, 768, 768)
    raster.region([0], 0, 0, 0, rect)
    await raster.finished()
    found = raster.region([0], 0, 0, 0, rect)
    assert found.complete
    assert str(found.problem) == "corrupt"
    expected = LEVELS[0][0, :768, :768].copy()
    expected[256:512, 256:512] = LEVELS[2][0, 32:64, 32:64].repeat(8, 0).repeat(8, 1)
    np.testing.assert_array_equal(found.planes[0], expected)
    shelf.broken.clear()
    raster.retry()
    raster.region([0], 0, 0, 0, rect)
    await raster.finished()
    np.testing.assert_array_equal(raster.region([0], 0, 0, 0, rect).planes[0], LEVELS[0][0, :768, :768])


async def test_that_closing_gives_up_what_is_under_way(shelf: Shelf, reported: Reported) -> None:
    shelf.gate.clear()
    for raster in (stack(shelf, reported), slide(shelf, reported)):
        raster.region([0], 0, 0, 0, WHOLE)
        await asyncio.sleep(0)
        raster.close()
        await raster.finished()
        assert raster.memory_used == 0
    assert reported.errors == []


@given(st.integers(0, 2), st.integers(0, 2047), st.integers(0, 2047), st.integers(1, 600), st.integers(1, 600))
def test_that_any_part_of_any_level_is_covered_by_tiles_within_it(
    level: int, x: int, y: int, width: int, height: int
) -> None:
    raster = slide(Shelf(), Reported())
    across, down = raster.sizes[level]
    x, y = x % across, y % down
    rect = Rect(x, y, min(width, across - x), min(height, down - y))
    seen = np.zeros((rect.height, rect.width), int)
    for tile in raster._covering(PlaneKey(0, 0, 0), level, rect):
        assert tile.x + tile.width <= across
        assert tile.y + tile.height <= down
        seen[
            max(tile.y - y, 0) : max(tile.y + tile.height - y, 0), max(tile.x - x, 0) : max(tile.x + tile.width - x, 0)
        ] += 1
    assert (seen == 1).all()


LINE = np.stack([np.arange(100, 1500, 100), np.arange(200, 1600, 100)], axis=1)


async def test_that_values_are_of_the_finest_level_that_has_them_all(shelf: Shelf, reported: Reported) -> None:
    raster = slide(shelf, reported)
    assert np.isnan(raster.sample([0], 0, 0, LINE)[0][0]).all()
    raster.region([0, 1], 0, 0, 2, Rect(0, 0, 256, 256))
    await raster.finished()
    values, level = raster.sample([0, 1], 0, 0, LINE)
    assert level == 2
    for channel in (0, 1):
        np.testing.assert_array_equal(values[channel], LEVELS[2][channel, LINE[:, 1] // 8, LINE[:, 0] // 8])


async def test_that_pixels_out_of_view_are_sent_for_if_they_are_wanted(shelf: Shelf, reported: Reported) -> None:
    raster = slide(shelf, reported)
    raster.want("profile", [0], 0, 0, LINE)
    raster.region([0], 0, 0, 2, Rect(0, 0, 256, 256))
    await raster.finished()
    values, level = raster.sample([0], 0, 0, LINE)
    assert level == 0
    np.testing.assert_array_equal(values[0], LEVELS[0][0, LINE[:, 1], LINE[:, 0]])
    sent = len(shelf.sent)
    raster.want("profile", [0], 0, 0, LINE)
    await raster.finished()
    assert len(shelf.sent) == sent


async def test_that_a_coarser_level_does_for_what_would_take_too_many_tiles(
    shelf: Shelf, reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_raster, "MOST_EXTRA", 4)
    raster = slide(shelf, reported)
    raster.want("profile", [0], 0, 0, LINE)
    await raster.finished()
    assert raster.sample([0], 0, 0, LINE)[1] > 0
    raster.want("profile", [0], 0, 0, LINE[:0])
    assert raster.wanted == ()


FLAT = (np.add.outer(np.arange(3000), np.arange(4000)) % 251).astype(np.uint8)


class FlatImage:
    """An image that a server has at one size alone."""

    def __init__(self, width: int = 4000, height: int = 3000) -> None:
        sizes = width, height, 1, 1, 1
        self.info = ImageInfo(Ref(Kind.IMAGE, 1), "flat", 1, *sizes, PixelType.UINT8)
        self.pyramid = Pyramid((Level(width, height),), 1024, 1024)

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> list[NDArray[Any]]:
        assert all(tile.level == 0 for tile in wanted)
        return [FLAT[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width] for tile in wanted]


async def test_that_a_picture_of_a_flat_image_costs_what_the_screen_has_pixels(reported: Reported) -> None:
    flat = FlatImage()
    raster = TileRaster(flat.info, flat.pyramid, flat.tiles, reported)
    viewport = Viewport(width=800, height=600).fitted(4000, 3000)
    level = viewport.best_level(raster.sizes)
    rect = viewport.in_view(raster.sizes, level)
    drawn = list[int]()

    def draw() -> None:
        drawn.append(raster.region([0], 0, 0, level, rect).planes[0].size)

    raster.arrived.connect(draw)
    assert raster.region([0], 0, 0, level, rect).planes == {}
    await raster.finished()
    raster.arrived.disconnect(draw)
    assert len(drawn) > 1
    assert max(drawn) <= 2 * 800 * 600
    found = raster.region([0], 0, 0, level, rect)
    assert found.complete
    step = 4000 // raster.sizes[level][0]
    np.testing.assert_array_equal(found.planes[0], FLAT[step // 2 :: step, step // 2 :: step])
    glance = raster.glance([0], 0, 0)[0]
    assert glance.shape == raster.sizes[-1][::-1]
    exact = raster.region([0], 0, 0, 0, Rect(10, 20, 300, 200)).planes[0]
    np.testing.assert_array_equal(exact, FLAT[20:220, 10:310])


async def test_that_a_flat_image_too_large_for_the_memory_asks_to_zoom_in(reported: Reported) -> None:
    flat = FlatImage(2**31 - 1, 2**31 - 1)
    raster = TileRaster(flat.info, flat.pyramid, flat.tiles, reported)
    level = len(raster.sizes) - 1
    found = raster.region([0], 0, 0, level, Rect(0, 0, *raster.sizes[level]))
    assert "Zoom in" in str(found.problem)
    assert found.complete
    assert raster.region([0], 0, 0, 0, Rect(0, 0, 500, 500)).problem is None
    await raster.finished()
    np.testing.assert_array_equal(raster.region([0], 0, 0, 0, Rect(0, 0, 500, 500)).planes[0], FLAT[:500, :500])
