"""ThumbnailStore over the wire, by unmodified clients, on real files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
from numpy.typing import NDArray
from omero.gateway import BlitzGateway
from omero.rtypes import rint
from PIL import Image

from omero_desk.server.database.store import Store
from omero_desk.server.files.thumbnail_cache import ThumbnailCache
from tests.support.gallery import Gallery, people, ramp
from tests.support.server_process import ServerProcess, running_server

SMOOTH = np.add.outer(np.arange(120), np.arange(240)).astype(np.uint16)
STACK = np.stack([np.full((50, 80), 20 * z, np.uint8) for z in range(5)])
PYRAMID = [np.full((1, 256 >> n, 512 >> n), 50 + 60 * n, np.uint8) for n in range(4)]


@dataclass(frozen=True)
class Shelf:
    """A server with images and the ids of their Pixels."""

    server: ServerProcess
    pixels: dict[str, int]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder = tmp_path_factory.mktemp("thumbnails")
    store = Store(folder)
    ids = people(store)
    mine, shared = (Gallery(store, ids["ada"], ids[group]) for group in ("private", "shared"))
    for name in ("smooth", "section", "versions", "set", "defaults"):
        mine.add(name, SMOOTH, "YX")
    mine.add("stack", STACK, "ZYX")
    mine.add("broken", SMOOTH, "YX")
    mine.add("large", np.broadcast_to((np.arange(6000) * (255 / 5999)).astype(np.uint8), (3000, 6000)), "YX")
    PYRAMID[0][0, 0, 0], PYRAMID[0][0, 0, 1] = 0, 255
    mine.add_pyramid("pyramid", PYRAMID)
    for name in ("unseen", "seen", "plate"):
        shared.add(name, ramp((30, 60)), "YX")
    rows = store.schema.table("Image"), store.schema.table("Pixels")
    with store.read() as connection:
        image, pixels = rows
        found = connection.execute(pixels.join(image, pixels.c.image_id == image.c.id).select()).mappings()
        known = {row[image.c.name]: row[pixels.c.id] for row in found}
    store.close()
    mine.path("broken").unlink()
    with running_server(folder) as server:
        yield Shelf(server, known)


@pytest.fixture
def gateway(shelf: Shelf) -> Iterator[Callable[..., BlitzGateway]]:
    opened: list[BlitzGateway] = []

    def open_gateway(user: str = "ada", password: str | None = None) -> BlitzGateway:
        made = BlitzGateway(user, password or user, host="localhost", port=shelf.server.ssl_port)
        assert made.connect()
        made.SERVICE_OPTS.setOmeroGroup(-1)
        opened.append(made)
        return made

    yield open_gateway
    for each in opened:
        each.close()


def opened(conn: BlitzGateway) -> Any:
    return conn.c.sf.createThumbnailStore()


EVERYWHERE = {"omero.group": "-1"}


def picture(jpeg: bytes) -> NDArray[np.int64]:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"), int)


def thumbnails_of(conn: BlitzGateway, pixels: int) -> list[Any]:
    hql = "select t from Thumbnail t where t.pixels.id = :id order by t.id"
    return list(conn.getQueryService().findAllByQuery(hql, omero.sys.ParametersI().addId(pixels), EVERYWHERE))


def test_that_a_gateway_gets_a_thumbnail_at_the_first_try(gateway: Any, shelf: Shelf) -> None:
    conn = gateway()
    image = conn.getObject("Image", attributes={"name": "smooth"})
    found = picture(image.getThumbnail((96,)))
    assert found.shape == (48, 96, 3)
    grey = Image.fromarray(np.round(SMOOTH * (255 / SMOOTH.max())).astype(np.uint8))
    wanted = grey.resize((96, 48), Image.Resampling.LANCZOS)
    assert np.abs(found - np.asarray(wanted, int)[:, :, None]).max() < 12
    assert picture(image.getThumbnail((40, 30))).shape == (30, 40, 3)
    assert picture(image.getThumbnail()).shape == (64, 64, 3)
    assert image.getThumbVersion() is None or image.getThumbVersion() >= 0


def test_that_settings_are_made_on_demand_and_once(gateway: Any, shelf: Shelf) -> None:
    store, pixels = opened(gateway()), shelf.pixels["defaults"]
    with pytest.raises(omero.ApiUsageException, match="No rendering def"):
        store.getRenderingDefId()
    assert store.setPixelsId(pixels, EVERYWHERE) is False
    with pytest.raises(omero.InternalException, match="rendering settings"):
        store.getThumbnail(rint(20), rint(20))
    store.resetDefaults(EVERYWHERE)
    assert store.setPixelsId(pixels, EVERYWHERE) is True
    assert store.getRenderingDefId() > 0
    with pytest.raises(omero.ApiUsageException, match="only resets"):
        store.resetDefaults(EVERYWHERE)
    assert store.isInProgress() is False
    store.close()


def test_that_sections_are_shown_as_asked(gateway: Any) -> None:
    image = gateway().getObject("Image", attributes={"name": "stack"})
    greys = [int(picture(image.getThumbnail((40,), z=z, t=0)).mean()) for z in range(5)]
    assert greys == [0, 64, 128, 191, 255]
    assert int(picture(image.getThumbnail((40,))).mean()) == 128  # the middle one


def test_that_a_pyramid_s_small_level_is_enough(gateway: Any) -> None:
    image = gateway().getObject("Image", attributes={"name": "pyramid"})
    assert {int(picture(image.getThumbnail((64,))).mean())} == {50 + 60 * 3}
    assert {int(picture(image.getThumbnail((128,))).mean())} == {50 + 60 * 2}


def test_that_a_large_plane_without_levels_is_read_in_bands(gateway: Any) -> None:
    image = gateway().getObject("Image", attributes={"name": "large"})
    found = picture(image.getThumbnail((96,)))
    assert found.shape == (48, 96, 3)
    assert np.abs(found[:, :, 0] - np.linspace(0, 255, 96)).max() < 8


def test_that_a_web_client_finds_the_thumbnail_s_version(gateway: Any, shelf: Shelf) -> None:
    conn = gateway()
    image = conn.getObject("Image", attributes={"name": "plate"})
    image.getThumbnail((96,), direct=False)
    hql = (
        "select image.id, thumbs.version from Image image join image.pixels pix join pix.thumbnails thumbs "
        "where image.id in (:ids) and thumbs.id = (select max(t.id) from Thumbnail t where t.pixels = pix.id "
        "and t.details.owner.id = :thumbOwner)"
    )
    params = omero.sys.ParametersI().addIds([image.id]).addLong("thumbOwner", conn.getUserId())
    rows = conn.getQueryService().projection(hql, params, EVERYWHERE)
    assert [[value.val for value in row] for row in rows] == [[image.id, 0]]


def test_that_a_thumbnail_is_kept_until_its_settings_change(gateway: Any, shelf: Shelf) -> None:
    conn, pixels = gateway(), shelf.pixels["versions"]
    image = conn.getObject("Image", attributes={"name": "versions"})
    image.renderImage(0, 0)
    store = opened(conn)
    assert store.setPixelsId(pixels, EVERYWHERE)
    assert not store.thumbnailExists(rint(96), rint(48))
    first = store.getThumbnailByLongestSide(rint(96))
    assert store.thumbnailExists(rint(96), rint(48))
    (row,) = thumbnails_of(conn, pixels)
    assert (row.sizeX.val, row.sizeY.val, row.version.val, row.mimeType.val) == (96, 48, 0, "image/jpeg")
    (file,) = Path(str(shelf.server.data), "Thumbnails").rglob(f"{row.id.val}-*.jpg")
    assert file.read_bytes() == first
    file.write_bytes(b"kept")
    assert store.getThumbnailByLongestSide(rint(96)) == b"kept"
    assert store.getThumbnailByLongestSideDirect(rint(96)) == first
    image.setActiveChannels([1], [[0, 10]], ["FFFFFF"])
    assert image.saveDefaults()
    store.setPixelsId(pixels, EVERYWHERE)
    assert not store.thumbnailExists(rint(96), rint(48))
    changed = store.getThumbnail(rint(96), rint(48))
    assert picture(changed).mean() > picture(first).mean() + 50
    assert store.thumbnailExists(rint(96), rint(48))
    assert [each.version.val for each in thumbnails_of(conn, pixels)] == [1]
    assert not file.exists()
    store.createThumbnail(rint(20), rint(20))
    store.createThumbnails()
    assert [each.sizeX.val for each in thumbnails_of(conn, pixels)] == [96, 20]
    store.close()


def test_that_a_set_has_a_thumbnail_for_each_image_that_can_be_read(gateway: Any, shelf: Shelf) -> None:
    store = opened(gateway())
    names = ("set", "smooth", "broken", "pyramid")
    ids = [shelf.pixels[name] for name in names]
    found = store.getThumbnailByLongestSideSet(rint(96), [*ids, -5], EVERYWHERE)
    assert sorted(found) == sorted(ids)
    sizes = {name: picture(found[shelf.pixels[name]]).shape[:2] for name in names if name != "broken"}
    assert sizes == {"set": (48, 96), "smooth": (48, 96), "pyramid": (48, 96)}
    assert found[shelf.pixels["broken"]] == b""
    square = store.getThumbnailSet(rint(32), rint(32), ids[:2], EVERYWHERE)
    assert {picture(each).shape for each in square.values()} == {(32, 32, 3)}
    store.createThumbnailsByLongestSideSet(rint(96), ids[:1], EVERYWHERE)
    assert store.getThumbnailByLongestSideSet(rint(96), [], EVERYWHERE) == {}
    store.close()


def test_that_a_gateway_gets_sets_by_image(gateway: Any, shelf: Shelf) -> None:
    conn = gateway()
    ids = {name: conn.getObject("Image", attributes={"name": name}).id for name in ("set", "smooth", "broken")}
    found = conn.getThumbnailSet(list(ids.values()), 48)
    assert picture(found[ids["set"]]).shape == (24, 48, 3)
    assert not found[ids["broken"]]


def test_that_a_broken_image_says_so(gateway: Any, shelf: Shelf) -> None:
    store = opened(gateway())
    store.setPixelsId(shelf.pixels["broken"], EVERYWHERE)
    with pytest.raises(omero.ResourceError, match="broken"):
        store.resetDefaults(EVERYWHERE)
    store.close()


def test_that_in_a_read_only_group_one_sees_what_the_owner_set(gateway: Any, shelf: Shelf) -> None:
    ada, ben = gateway("ada"), gateway("ben")
    theirs, unseen, seen = opened(ben), shelf.pixels["unseen"], shelf.pixels["seen"]
    assert theirs.setPixelsId(unseen, EVERYWHERE) is False
    with pytest.raises(omero.ApiUsageException, match="read-only group"):
        theirs.resetDefaults(EVERYWHERE)
    with pytest.raises(omero.ResourceError, match="has not viewed"):
        theirs.getThumbnail(rint(9), rint(9), EVERYWHERE)
    assert theirs.getThumbnailSet(rint(9), rint(9), [unseen], EVERYWHERE) == {unseen: b""}
    ada.getObject("Image", attributes={"name": "seen"}).renderImage(0, 0)
    assert theirs.setPixelsId(seen, EVERYWHERE) is True
    assert picture(theirs.getThumbnail(rint(30), rint(15), EVERYWHERE)).shape == (15, 30, 3)
    assert thumbnails_of(ben, seen) == []
    theirs.close()


def test_that_settings_may_be_chosen(gateway: Any, shelf: Shelf) -> None:
    conn = gateway()
    image = conn.getObject("Image", attributes={"name": "section"})
    plain = image.getThumbnail((96,))
    image.setActiveChannels([1], [[0, 10]], ["FFFFFF"])
    other = image._re.saveAsNewSettings()
    store = opened(conn)
    store.setPixelsId(shelf.pixels["section"], EVERYWHERE)
    store.setRenderingDefId(other, EVERYWHERE)
    assert store.getRenderingDefId() == other
    assert picture(store.getThumbnailByLongestSideDirect(rint(96))).mean() > picture(plain).mean() + 50
    assert image.getThumbnail((96,), rdefId=other) == store.getThumbnailByLongestSideDirect(rint(96))
    with pytest.raises(omero.ValidationException, match="No rendering definition"):
        store.setRenderingDefId(-1)
    foreign = conn.getObject("Image", attributes={"name": "stack"})
    foreign.renderImage(0, 0)
    with pytest.raises(omero.ValidationException, match="incompatible"):
        store.setRenderingDefId(foreign.getRenderingDefId())
    store.close()


def test_that_nonsense_is_refused(gateway: Any, shelf: Shelf) -> None:
    store, pixels = opened(gateway()), shelf.pixels["smooth"]
    with pytest.raises(omero.ApiUsageException, match="Pixels not set"):
        store.getThumbnail(rint(9), rint(9))
    with pytest.raises(omero.ResourceError, match="Error retrieving Pixels id:-1"):
        store.setPixelsId(-1)
    if not store.setPixelsId(pixels, EVERYWHERE):
        store.resetDefaults(EVERYWHERE)
        store.setPixelsId(pixels, EVERYWHERE)
    for width, height in ((rint(-1), rint(9)), (rint(9), rint(-1)), (rint(100_000), rint(9))):
        with pytest.raises(omero.ApiUsageException):
            store.getThumbnailDirect(width, height)
    with pytest.raises(omero.InternalException):
        store.getThumbnailForSectionDirect(9, 0, rint(9), rint(9))
    assert picture(store.getThumbnailDirect(None, None)).shape == (48, 48, 3)
    assert picture(store.getThumbnailDirect(rint(0), rint(1))).shape == (3, 3, 3)
    store.close()


def test_that_pixels_given_by_half_are_refused(gateway: Any) -> None:
    service = gateway().c.sf.getRenderingSettingsService()
    bare, unloaded = omero.model.PixelsI(), omero.model.PixelsI()
    unloaded.pixelsType = omero.model.PixelsTypeI(1, False)
    for one, other in ((bare, bare), (unloaded, unloaded), (omero.model.PixelsI(1, False), bare)):
        with pytest.raises(omero.ApiUsageException, match="type, sizes and channels"):
            service.sanityCheckPixels(one, other)


def test_that_the_cache_forgets_what_was_used_longest_ago(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path, limit=1000)
    for number in range(10):
        cache.put(number, 0, b"x" * 100)
        os.utime(next(tmp_path.rglob(f"{number}-0.jpg")), (number, number))
    assert cache.get(0, 0) == b"x" * 100  # and so it was used just now
    cache.put(10, 0, b"y" * 100)
    assert [cache.has(number, 0) for number in range(11)] == [True, False, False, False, *[True] * 7]


def test_that_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = ThumbnailCache(tmp_path / "file")
    cache.put(1, 0, b"x")
    assert cache.get(1, 0) is None
