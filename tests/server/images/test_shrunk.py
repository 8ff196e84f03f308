"""Large planes without levels: tiles of smaller ones are made of the finest, as of OMERO's pyramids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omero.gateway import BlitzGateway

from omero_desk.server.database.store import Store
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.shrunk import ShrunkLevels, shrunk
from tests.support.gallery import Gallery, people
from tests.support.server_process import running_server


@dataclass
class OnePlane:
    """A source of one plane, which notes the bytes of its largest region."""

    plane: Plane
    most: int = 0

    def __post_init__(self) -> None:
        self.size_y, self.size_x = self.plane.shape
        self.size_z = self.size_c = self.size_t = 1
        self.dtype = self.plane.dtype
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = (self.size_x, self.size_y)

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        found = self.plane[y : y + height, x : x + width]
        assert found.shape == (height, width)
        self.most = max(self.most, found.nbytes)
        return found

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("size", "expected"),
    [(4000, [4000, 2000, 1000, 500, 250, 125]), (6001, [6001, 3001, 1500, 750, 375, 188]), (257, [257, 129, 65])],
)
def test_that_levels_are_as_large_as_those_of_a_jpeg_2000_file(size: int, expected: list[int]) -> None:
    """MinimalTiffReader.initFile of Bio-Formats, for tiles of 256 and a rest."""
    assert [shrunk(size, 2**number) for number in range(len(expected))] == expected


@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from(["uint8", "int16", "bool", "float32"]), st.data())
def test_that_every_region_of_a_level_is_that_part_of_its_means(
    width: int, height: int, dtype: str, data: st.DataObject
) -> None:
    values = np.random.default_rng(width * 1000 + height).integers(0, 2 if dtype == "bool" else 100, (height, width))
    source = ShrunkLevels(OnePlane(values.astype(dtype)))
    level = data.draw(st.integers(0, 5))
    wide, high = source.levels[level]
    x, y = data.draw(st.integers(0, wide - 1)), data.draw(st.integers(0, high - 1))
    w, h = data.draw(st.integers(1, wide - x)), data.draw(st.integers(1, high - y))
    found = source.region(0, 0, 0, x, y, w, h, level)
    whole = source.region(0, 0, 0, 0, 0, wide, high, level)
    assert found.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(found, whole[y : y + h, x : x + w])
    factor = 2**level
    if level <= 3 and wide * factor <= width and high * factor <= height:
        squares = values.astype(dtype)[: high * factor, : wide * factor].reshape(high, factor, wide, factor)
        assert np.abs(whole.astype(float) - squares.mean(axis=(1, 3))).max() <= 0.5


def test_that_a_smaller_level_is_read_in_bands() -> None:
    plane = OnePlane(np.broadcast_to(np.arange(8000, dtype=np.uint16), (20_000, 8000)))
    found = ShrunkLevels(plane).region(0, 0, 0, 0, 0, 250, 625, 5)
    assert found.shape == (625, 250)
    assert np.abs(found[0] - np.arange(250) * 32.0 - 15.5).max() < 3
    assert plane.most <= 2**25 < plane.plane.size * 2


def test_that_what_is_outside_a_level_is_refused() -> None:
    source = ShrunkLevels(OnePlane(np.zeros((300, 300), np.uint8)))
    for region, level in (((0, 0, 151, 1), 1), ((0, 0, 1, 1), 6), ((-1, 0, 1, 1), 2)):
        with pytest.raises(IndexError):
            source.region(0, 0, 0, *region, level)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server for which a plane of more than 100 x 100 pixels is large."""
    folder: Path = tmp_path_factory.mktemp("large")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["private"])
    ramp = np.add.outer(np.arange(400), np.arange(600))
    gallery.add("large", ramp.astype(np.uint16), "YX")
    gallery.add("float", ramp.astype(np.float32), "YX")
    gallery.add("small", ramp[:100, :100].astype(np.uint16), "YX")
    store.close()
    limits = [part for side in ("width", "height") for part in ("--set", f"omero.pixeldata.max_plane_{side}=100")]
    with running_server(folder, *limits) as server:
        made = BlitzGateway("ada", "ada", host="localhost", port=server.ssl_port)
        assert made.connect()
        made.SERVICE_OPTS.setOmeroGroup(-1)
        yield made
        made.close()


def engine_of(gateway: Any, name: str) -> Any:
    pixels = gateway.getObject("Image", attributes={"name": name}).getPixelsId()
    engine = gateway.createRenderingEngine()
    engine.lookupPixels(pixels)
    engine.resetDefaultSettings(True)
    engine.lookupRenderingDef(pixels)
    engine.load()
    return engine


def test_that_a_large_plain_image_has_levels_and_tiles(gateway: Any) -> None:
    """PixelsService.getPixelBuffer, once there is a pyramid; here there is no time before that."""
    engine = engine_of(gateway, "large")
    assert (engine.requiresPixelsPyramid(), engine.getResolutionLevels(), engine.getTileSize()) == (True, 6, [256, 256])
    sizes = [(each.sizeX, each.sizeY) for each in engine.getResolutionDescriptions()]
    assert sizes[:3] == [(600, 400), (300, 200), (150, 100)]
    store = gateway.createRawPixelsStore()
    store.setPixelsId(gateway.getObject("Image", attributes={"name": "large"}).getPixelsId(), False)
    assert (store.requiresPixelsPyramid(), store.getResolutionLevels()) == (True, 6)
    store.setResolutionLevel(4)
    tile = np.frombuffer(store.getTile(0, 0, 0, 10, 20, 30, 40), ">u2").reshape(40, 30)
    expected = np.add.outer(np.arange(20, 60), np.arange(10, 40)) * 2 + 1
    assert np.abs(tile - expected.astype(int)).max() <= 1
    region = omero.romio.RegionDef(0, 0, 64, 64)
    engine.setResolutionLevel(4)
    plane = omero.romio.PlaneDef(omero.romio.XY, 0, 0, 0, 0, region)
    assert len(engine.renderAsPackedInt(plane)) == 64 * 64
    engine.close()
    store.close()


@pytest.mark.parametrize("name", ["float", "small"])
def test_that_other_images_have_no_pyramid(gateway: Any, name: str) -> None:
    """PixelsService.requiresPixelsPyramid: neither floating-point numbers nor planes within the limits."""
    engine = engine_of(gateway, name)
    assert (engine.requiresPixelsPyramid(), engine.getResolutionLevels()) == (False, 1)
    engine.close()
