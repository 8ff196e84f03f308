"""Pixels over the wire, beside the arrays that the files were made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest
import pytest_asyncio

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import OpenedImage, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import Level, PlaneKey, Tile
from omero_desk.gateway.connection.kept_services import MOST
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.images import image, pixels
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.proxy import Fault, FaultProxy
from tests.support.picture_library import ARRAYS, PYRAMID, SMALLER, STACK, TYPES, PictureLibrary, picture_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureLibrary]:
    with picture_library(tmp_path_factory.mktemp("pictures")) as found:
        yield found


@pytest_asyncio.fixture
async def service(library: PictureLibrary) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(library.sign_in())
    yield manager
    manager.close()


async def opened(service: ServiceManager, library: PictureLibrary, name: str) -> OpenedImage:
    return await service.call(Lane.METADATA, image.opened, library.ref(name))


async def planes(service: ServiceManager, found: OpenedImage, *keys: PlaneKey) -> list[pixels.Plane]:
    info = found.info
    size = info.size_x, info.size_y
    return await service.call(Lane.PIXELS, pixels.planes, info.pixels_id, info.pixel_type, size, keys)


async def stores_in_use(service: ServiceManager) -> int:
    """How many stores of pixels the session has open, as the server says."""

    def ask(session: LaneSession) -> list[str]:
        names: list[str] = session.connection.factory.activeServices()
        return names

    names = await service.call(Lane.METADATA, ask)
    return sum(name.endswith("RawPixelsStore") for name in names)


@pytest.mark.parametrize("kind", TYPES)
async def test_that_planes_of_every_pixel_type_are_the_files(
    service: ServiceManager, library: PictureLibrary, kind: str
) -> None:
    found = await opened(service, library, kind)
    assert found.info.pixel_type is PixelType(kind)
    array = ARRAYS[kind]
    read = await planes(service, found, PlaneKey(0, 0, 0), PlaneKey(0, 1, 0))
    for channel, plane in enumerate(read):
        assert plane.dtype.isnative
        assert not plane.flags.writeable
        np.testing.assert_array_equal(plane, array[channel])


async def test_that_z_c_and_t_name_the_plane(service: ServiceManager, library: PictureLibrary) -> None:
    found = await opened(service, library, "stack")
    info = found.info
    assert (info.size_t, info.size_c, info.size_z, info.size_y, info.size_x) == STACK.shape
    keys = [PlaneKey(z, c, t) for z in range(4) for c in range(3) for t in range(2)]
    for key, plane in zip(keys, await planes(service, found, *keys), strict=True):
        np.testing.assert_array_equal(plane, STACK[key.t, key.c, key.z])


async def test_that_planes_are_streamed_as_they_are_taken(service: ServiceManager, library: PictureLibrary) -> None:
    info = (await opened(service, library, "stack")).info
    keys = [PlaneKey(z, c, t) for z in range(4) for c in range(3) for t in range(2)]
    left, on_their_way = list(keys), 0

    def take() -> PlaneKey | None:
        nonlocal on_their_way
        if not left or on_their_way == 3:
            return None
        on_their_way += 1
        return left.pop(0)

    def read(session: LaneSession) -> list[tuple[PlaneKey, pixels.Plane]]:
        nonlocal on_their_way
        found = []
        for each in pixels.streaming(session, info.pixels_id, info.pixel_type, (info.size_x, info.size_y), take):
            on_their_way -= 1
            found.append(each)
        return found

    found = await service.call(Lane.PIXELS, read)
    assert [key for key, _plane in found] == keys
    for key, plane in found:
        np.testing.assert_array_equal(plane, STACK[key.t, key.c, key.z])
    assert await service.call(Lane.PIXELS, read) == []


async def test_that_an_image_of_no_settings_has_none_and_tells_its_sizes(
    service: ServiceManager, library: PictureLibrary
) -> None:
    found = await opened(service, library, "stack")
    assert found.settings == ()
    assert found.info.physical_x is not None
    assert (found.info.physical_x.value, found.info.physical_x.unit) == (0.5, "µm")
    with pytest.raises(FailedError):
        await service.call(Lane.METADATA, image.opened, Ref(Kind.IMAGE, 99_999))


async def test_that_tiles_of_every_level_are_the_files(service: ServiceManager, library: PictureLibrary) -> None:
    info = (await opened(service, library, "pyramid")).info
    found = await service.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)
    assert found.levels == tuple(Level(level.shape[2], level.shape[1]) for level in PYRAMID)
    assert (found.tile_width, found.tile_height) == (256, 256)
    for level in (0, 2, 1, 1, 2, 0):
        wide = 4096 // SMALLER**level
        wanted = [
            Tile(PlaneKey(0, c, 0), level, x, 10, min(200, wide - x), 50) for c in range(2) for x in (0, wide - 33)
        ]
        read = await service.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, found, wanted)
        for tile, plane in zip(wanted, read, strict=True):
            expected = PYRAMID[level][tile.plane.c, 10:60, tile.x : tile.x + tile.width]
            np.testing.assert_array_equal(plane, expected)


async def test_that_tiles_of_several_levels_are_refused(service: ServiceManager, library: PictureLibrary) -> None:
    info = (await opened(service, library, "pyramid")).info
    found = await service.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)
    wanted = [Tile(PlaneKey(0, 0, 0), level, 0, 0, 8, 8) for level in (0, 1)]
    with pytest.raises(FailedError):
        await service.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, found, wanted)


async def test_that_an_image_without_a_pyramid_has_one_level(service: ServiceManager, library: PictureLibrary) -> None:
    info = (await opened(service, library, "odd")).info
    found = await service.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)
    assert found.levels == (Level(517, 301),)
    tile = Tile(PlaneKey(0, 0, 0), 0, 500, 300, 17, 1)
    (read,) = await service.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, found, [tile])
    np.testing.assert_array_equal(read, ARRAYS["odd"][0, 300:301, 500:517])


async def test_that_several_images_are_read_in_turn_by_one_lane_with_a_store_each(
    service: ServiceManager, library: PictureLibrary
) -> None:
    names = ["uint8", "int16", "uint16", "float", "double", "int8"]
    found = {name: await opened(service, library, name) for name in names}
    for _ in range(2):
        for name in names:
            (plane,) = await planes(service, found[name], PlaneKey(0, 1, 0))
            np.testing.assert_array_equal(plane, ARRAYS[name][1])
    assert service.open_services == ("RawPixelsStore",) * MOST


async def test_that_the_store_is_closed_with_the_image_and_opened_ahead_if_so_wanted(
    service: ServiceManager, library: PictureLibrary
) -> None:
    found = await opened(service, library, "uint8")
    await service.call(Lane.PIXELS, pixels.prepare, None)
    await service.call(Lane.PIXELS, pixels.prepare, None)
    assert await stores_in_use(service) == 1
    await service.call(Lane.PIXELS, pixels.prepare, found.info.pixels_id)
    await planes(service, found, PlaneKey(0, 0, 0))
    assert await stores_in_use(service) == 1
    await service.call(Lane.PIXELS, pixels.release, found.info.pixels_id)
    assert await stores_in_use(service) == 0
    await service.call(Lane.PIXELS, pixels.release, found.info.pixels_id)
    (plane,) = await planes(service, found, PlaneKey(0, 0, 0))
    np.testing.assert_array_equal(plane, ARRAYS["uint8"][0])


async def test_that_a_store_that_is_opened_ahead_is_known_to_the_router_already(
    service: ServiceManager, library: PictureLibrary
) -> None:
    found = await opened(service, library, "uint8")

    def is_connected(session: LaneSession) -> bool:
        connected = []
        kept = session.kept("createRawPixelsStore")
        with kept.use("", lambda store: connected.append(store.ice_getCachedConnection() is not None)):
            pass
        kept.release("")
        (first,) = connected
        return first

    assert not await service.call(Lane.PIXELS, is_connected)
    await service.call(Lane.PIXELS, pixels.prepare, None)
    assert await service.call(Lane.PIXELS, is_connected)
    await planes(service, found, PlaneKey(0, 0, 0))


async def test_that_no_more_stores_are_opened_ahead_than_may_be_kept(
    service: ServiceManager, library: PictureLibrary
) -> None:
    for name in ["uint8", "int16", "uint16", "float", "double", "int8"]:
        await planes(service, await opened(service, library, name), PlaneKey(0, 0, 0))
        await service.call(Lane.PIXELS, pixels.prepare, None)
    assert await stores_in_use(service) == MOST


async def test_that_a_file_that_cannot_be_read_fails_alone(service: ServiceManager, library: PictureLibrary) -> None:
    broken, sound = await opened(service, library, "broken"), await opened(service, library, "uint8")
    with pytest.raises(FailedError):
        await planes(service, broken, PlaneKey(0, 0, 0))
    assert await stores_in_use(service) == 0
    (plane,) = await planes(service, sound, PlaneKey(0, 0, 0))
    np.testing.assert_array_equal(plane, ARRAYS["uint8"][0])


async def test_that_pixels_go_on_over_a_new_line(library: PictureLibrary) -> None:
    service = ServiceManager()
    with FaultProxy(library.server.host, library.server.ssl_port) as proxy:
        await service.sign_in(library.sign_in(port=proxy.port))
        found = await opened(service, library, "stack")
        await planes(service, found, PlaneKey(0, 0, 0))
        proxy.arm(Fault.RESET, once=True)
        (plane,) = await planes(service, found, PlaneKey(3, 2, 1))
        np.testing.assert_array_equal(plane, STACK[1, 2, 3])
        service.close()
