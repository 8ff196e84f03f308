"""RawPixelsStore over the wire, by unmodified clients, on real files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from omero.gateway import BlitzGateway
from omero.rtypes import unwrap

from omero_desk.server.database.bootstrap import EVENT_ID
from omero_desk.server.database.rows import PRIVATE
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import REPOSITORY, read_image_file
from tests.server.conftest import Lab, furnish
from tests.support.server_process import running_server

TYPES = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")
STACK = (2, 3, 2, 21, 34)
"""Sizes of T, C, Z, Y and X."""
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ramp(shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    kind = np.dtype(dtype)
    rng = np.random.default_rng(7)
    if kind.kind == "f":
        return (rng.normal(size=shape) * 1e5).astype(kind)
    limits = np.iinfo(kind)
    return rng.integers(limits.min, limits.max, shape, kind, endpoint=True)


def pyramid() -> list[NDArray[Any]]:
    finest = ramp((2, 300, 420), "uint16")
    return [finest, finest[:, ::2, ::2], finest[:, ::4, ::4]]


def write_files(folder: Path) -> None:
    """Stacks of every type, every other one big-endian, a pyramid and a picture of one bit."""
    for number, dtype in enumerate(TYPES):
        options: dict[str, Any] = {"byteorder": "<>"[number % 2]}
        if number % 3:
            options |= {"tile": (16, 16), "compression": "zlib"}
        array = ramp(STACK, dtype)
        tifffile.imwrite(
            folder / f"{dtype}.ome.tif", array, metadata={"axes": "TCZYX"}, photometric="minisblack", **options
        )
    with tifffile.TiffWriter(folder / "pyramid.ome.tif", ome=True) as tiff:
        for number, level in enumerate(pyramid()):
            extra = {"subifds": 2, "metadata": {"axes": "CYX"}} if number == 0 else {"subfiletype": 1, "metadata": None}
            tiff.write(level, photometric="minisblack", tile=(64, 64), **extra)
    tifffile.imwrite(folder / "bits.tif", ramp((30, 41), "uint8") > 99, photometric="minisblack")


def enter(data: Path, owner: int, group: int) -> dict[str, int]:
    """Write the files into the repository and enter them; returns the ids of the images by the files' names."""
    folder = data / REPOSITORY / "files"
    folder.mkdir(parents=True)
    write_files(folder)
    details = {
        "owner_id": owner,
        "group_id": group,
        "creation_id": EVENT_ID,
        "update_id": EVENT_ID,
        "permissions": PRIVATE,
    }
    store = Store(data)
    found = {}
    with store.write() as connection:
        rows = ImageRows(store.schema, connection)
        for path in sorted(folder.iterdir()):
            file = read_image_file(path)
            (fileset,) = rows.add_filesets(data, [(file, rows.add_image_file(data, file, details), details)])
            (found[path.name.split(".")[0]],) = rows.add_images([NewImage(file.images[0], fileset, path.name, details)])
    store.close()
    return found


class Pictures:
    """The images and the server that has them."""

    def __init__(self, lab: Lab, images: dict[str, int]) -> None:
        self.lab = lab
        self.images = images


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pictures]:
    data = tmp_path_factory.mktemp("pixels")
    people = furnish(data)
    images = enter(data, people["ada"], people["private"])
    with running_server(data, "--set", "omero.pixeldata.max_plane_width=256") as server:
        yield Pictures(Lab(server, **people), images)


@pytest.fixture(scope="module")
def gateway(pictures: Pictures) -> Iterator[BlitzGateway]:
    conn = BlitzGateway("ada", "ada", host="localhost", port=pictures.lab.server.ssl_port)
    assert conn.connect()
    yield conn
    conn.close()


Open = Callable[[str], Any]


@pytest.fixture
def open_store(pictures: Pictures, gateway: BlitzGateway) -> Iterator[Open]:
    """Open a RawPixelsStore on the image of a file."""
    opened: list[Any] = []

    def make(name: str) -> Any:
        store = gateway.c.sf.createRawPixelsStore()
        opened.append(store)
        pixels = gateway.getObject("Image", pictures.images[name]).getPixelsId()
        store.setPixelsId(pixels, False)
        return store

    yield make
    for store in opened:
        store.close()


def big(array: NDArray[Any]) -> bytes:
    return array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize("dtype", TYPES)
def test_that_planes_and_tiles_are_those_of_the_file(pictures: Pictures, gateway: BlitzGateway, dtype: str) -> None:
    pixels = gateway.getObject("Image", pictures.images[dtype]).getPrimaryPixels()
    array = ramp(STACK, dtype)
    planes = [(z, c, t) for t in range(2) for c in range(3) for z in range(2)]
    for (z, c, t), plane in zip(planes, pixels.getPlanes(planes), strict=True):
        assert plane.dtype == dtype
        np.testing.assert_array_equal(plane, array[t, c, z])
    np.testing.assert_array_equal(pixels.getTile(1, 2, 0, (5, 3, 20, 11)), array[0, 2, 1, 3:14, 5:25])


def test_that_bits_are_bytes(pictures: Pictures, gateway: BlitzGateway) -> None:
    plane = gateway.getObject("Image", pictures.images["bits"]).getPrimaryPixels().getPlane()
    np.testing.assert_array_equal(plane, ramp((30, 41), "uint8") > 99)


@FEW
@given(data=st.data())
def test_that_every_box_of_pixels_is_cut_as_numpy_cuts_it(open_store: Open, data: st.DataObject) -> None:
    store = open_store("uint16")
    array = ramp(STACK, "uint16")
    offset, size = [], []
    for length in (STACK[4], STACK[3], STACK[2], STACK[1], STACK[0]):
        offset.append(data.draw(st.integers(0, length - 1)))
        size.append(data.draw(st.integers(1, length - offset[-1])))
    step = [data.draw(st.integers(1, 12)) for _ in range(5)]
    x, y, z, c, t = (slice(o, o + s, p) for o, s, p in zip(offset, size, step, strict=True))
    assert store.getHypercube(offset, size, step) == big(array[t, c, z, y, x])


def test_that_rows_columns_stacks_and_timepoints_are_those_of_the_file(open_store: Open) -> None:
    store, array = open_store("int16"), ramp(STACK, "int16")
    assert store.getRow(4, 1, 2, 0) == big(array[0, 2, 1, 4])
    assert store.getCol(33, 0, 1, 1) == big(array[1, 1, 0, :, 33])
    assert store.getStack(2, 1) == big(array[1, 2])
    assert store.getTimepoint(1) == big(array[1])
    assert store.getPlaneRegion(1, 0, 1, 50, 30) == big(array[1, 0, 1].ravel()[30:80])
    assert store.getRegion(3001, 777) == big(array)[777:3778]
    assert store.calculateMessageDigest() == hashlib.sha1(big(array), usedforsecurity=False).digest()


def test_that_sizes_and_offsets_count_bytes(open_store: Open) -> None:
    store = open_store("float64")
    assert (store.getByteWidth(), store.isSigned(), store.isFloat()) == (8, True, True)
    row, plane = 34 * 8, 34 * 21 * 8
    assert (store.getRowSize(), store.getPlaneSize(), store.getStackSize()) == (row, plane, 2 * plane)
    assert (store.getTimepointSize(), store.getTotalSize()) == (6 * plane, 12 * plane)
    assert store.getRowOffset(3, 1, 2, 1) == 3 * row + plane + 2 * 2 * plane + 6 * plane
    assert store.getPlaneOffset(1, 2, 1) == plane + 4 * plane + 6 * plane
    assert (store.getStackOffset(2, 1), store.getTimepointOffset(1)) == (10 * plane, 6 * plane)


def test_that_level_0_is_the_smallest_and_the_finest_is_read_at_first(open_store: Open) -> None:
    store, levels = open_store("pyramid"), pyramid()
    assert (store.getResolutionLevels(), store.getResolutionLevel()) == (3, 2)
    assert [(each.sizeX, each.sizeY) for each in store.getResolutionDescriptions()] == [
        (420, 300),
        (210, 150),
        (105, 75),
    ]
    assert (store.getTileSize(), store.requiresPixelsPyramid()) == ([64, 64], False)
    for number, level in enumerate(reversed(levels)):
        store.setResolutionLevel(number)
        assert store.getPlane(0, 1, 0) == big(level[1])
        assert store.getTile(0, 0, 0, 17, 60, 70, 15) == big(level[0, 60:75, 17:87])
    with pytest.raises(omero.InternalException, match="resolution"):
        store.setResolutionLevel(3)


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("getPlane", (2, 0, 0), "Z '2' greater than sizeZ '2'"),
        ("getPlane", (0, -1, 0), "C '-1' greater than sizeC '3'"),
        ("getTile", (0, 0, 0, 30, 0, 5, 5), "X '34' greater than sizeX '34'"),
        ("getTile", (0, 0, 0, 3, 3, 0, 5), "sizes must be 1 or greater"),
        ("getTile", (0, 0, 0, 0, 0, 2**31 - 1, 2**31 - 1), "greater than sizeX"),
        ("getRow", (21, 0, 0, 0), "Y '21' greater than sizeY '21'"),
        ("getHypercube", ([0], [1], [1]), "each list must contain 5 elements"),
        ("getHypercube", ([0] * 5, [1] * 5, [0] * 5), "steps sizes must be 1 or greater"),
        ("getRegion", (2**31 - 1, 0), "not inside"),
        ("getPlaneRegion", (0, 0, 0, -1, 0), "not inside"),
    ],
)
def test_that_what_lies_outside_is_refused_in_omero_s_words(
    open_store: Open, operation: str, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(omero.ApiUsageException, match=message):
        getattr(open_store("uint8"), operation)(*arguments)


def test_that_a_store_without_pixels_and_pixels_of_others_are_refused(
    pictures: Pictures, gateway: BlitzGateway
) -> None:
    store = gateway.c.sf.createRawPixelsStore()
    with pytest.raises(omero.ApiUsageException, match="not been properly initialized"):
        store.getPlane(0, 0, 0)
    with pytest.raises(omero.ValidationException, match="Cannot read pixels id=424242"):
        store.setPixelsId(424242, False)
    store.close()
    own = gateway.getObject("Image", pictures.images["uint8"]).getPixelsId()
    ben = BlitzGateway("ben", "ben", host="localhost", port=pictures.lab.server.ssl_port)
    assert ben.connect()
    theirs = ben.c.sf.createRawPixelsStore()
    with pytest.raises(omero.ValidationException, match="Cannot read pixels"):
        theirs.setPixelsId(own, False)
    theirs.close()
    ben.close()


def test_that_histograms_count_every_pixel_between_the_extremes(pictures: Pictures, gateway: BlitzGateway) -> None:
    image = gateway.getObject("Image", pictures.images["uint8"])
    plane = ramp(STACK, "uint8")[1, 2, 0]
    found = image.getHistogram([2], 16, globalRange=False, theZ=0, theT=1)
    expected, _ = np.histogram(plane, bins=16, range=(plane.min(), plane.max()))
    assert found == {2: expected.tolist()}
    whole = image.getHistogram([0, 1], 8, theZ=1, theT=0)
    for channel, counts in whole.items():
        every = ramp(STACK, "uint8")[:, channel]
        expected, _ = np.histogram(ramp(STACK, "uint8")[0, channel, 1], bins=8, range=(every.min(), every.max()))
        assert counts == expected.tolist()


def test_that_extremes_are_those_of_the_middle_plane(open_store: Open) -> None:
    array = ramp(STACK, "float32")
    found = open_store("float32").findMinMax([0, 2])
    assert found == {c: [array[0, c, 0].min(), array[0, c, 0].max()] for c in (0, 2)}


def test_that_statistics_of_channels_are_those_of_all_planes(pictures: Pictures, gateway: BlitzGateway) -> None:
    hql = (
        "select index(c), s.globalMin, s.globalMax from Pixels p join p.channels c join c.statsInfo s"
        " where p.image.id = :id order by index(c)"
    )
    params = omero.sys.ParametersI().addId(pictures.images["int32"])
    rows = [unwrap(row) for row in gateway.getQueryService().projection(hql, params)]
    array = ramp(STACK, "int32")
    assert rows == [[c, array[:, c].min(), array[:, c].max()] for c in range(3)]


def test_that_many_readers_at_once_each_get_their_own_planes(pictures: Pictures, gateway: BlitzGateway) -> None:
    def read(number: int) -> bool:
        dtype = TYPES[number % len(TYPES)]
        store = gateway.c.sf.createRawPixelsStore()
        try:
            store.setPixelsId(pixels[dtype], False)
            place = (number % 2, number % 3, number // 8 % 2)
            return bool(store.getPlane(*place) == big(ramp(STACK, dtype)[place[2], place[1], place[0]]))
        finally:
            store.close()

    pixels = {name: gateway.getObject("Image", pictures.images[name]).getPixelsId() for name in TYPES}
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(64)))


@pytest.mark.parametrize("dtype", TYPES)
def test_that_an_image_made_of_arrays_has_their_pixels(gateway: BlitzGateway, dtype: str) -> None:
    array = ramp((2, 3, 2, 9, 13), dtype)
    planes = (array[z, c, t] for z in range(2) for c in range(3) for t in range(2))
    made = gateway.createImageFromNumpySeq(planes, f"made of {dtype}", sizeZ=2, sizeC=3, sizeT=2)
    pixels = gateway.getObject("Image", made.getId()).getPrimaryPixels()
    places = [(z, c, t) for z in range(2) for c in range(3) for t in range(2)]
    for (z, c, t), plane in zip(places, pixels.getPlanes(places), strict=True):
        np.testing.assert_array_equal(plane, array[z, c, t])
    written = np.transpose(array, (2, 1, 0, 3, 4))
    assert pixels.getSha1() == hashlib.sha1(big(written), usedforsecurity=False).hexdigest()


def test_that_rows_tiles_and_regions_are_written_where_they_belong(gateway: BlitzGateway) -> None:
    array = ramp((7, 10), "int16")
    made = gateway.createImageFromNumpySeq(iter([np.zeros((7, 10), np.int16)]), "to be written")
    store = gateway.c.sf.createRawPixelsStore()
    store.setPixelsId(made.getPixelsId(), False)
    assert store.save() is None
    store.setRow(big(array[0]), 0, 0, 0, 0)
    store.setTile(big(array[1:4, :6]), 0, 0, 0, 0, 1, 6, 3)
    store.setTile(big(array[1:4, 6:]), 0, 0, 0, 6, 1, 4, 3)
    store.setRegion(3 * 20, 4 * 20, big(array[4:]))
    assert store.getPlane(0, 0, 0) == big(array)
    assert store.save().sha1.val == hashlib.sha1(big(array), usedforsecurity=False).hexdigest()
    with pytest.raises(omero.ResourceError, match="BufferUnderflow"):
        store.setPlane(b"123", 0, 0, 0)
    with pytest.raises(omero.ResourceError, match="BufferOverflow"):
        store.setPlane(b"0" * 141, 0, 0, 0)
    with pytest.raises(omero.ApiUsageException, match="not inside"):
        store.setRegion(20, 121, b"0" * 20)
    store.close()


def test_that_a_large_plane_is_written_by_tiles_whose_size_is_told_before(gateway: BlitzGateway) -> None:
    kind = gateway.getQueryService().findByString("PixelsType", "value", "int8")
    made = gateway.getPixelsService().createImage(4000, 3000, 1, 1, [0], kind, "large", "")
    store = gateway.c.sf.createRawPixelsStore()
    store.setPixelsId(gateway.getObject("Image", made.val).getPixelsId(), False)
    assert store.requiresPixelsPyramid()
    assert store.getPlaneSize() == 4000 * 3000

    width, height = store.getTileSize()
    for x in range(0, 4000, width):
        for y in range(0, 3000, height):
            wide, high = min(width, 4000 - x), min(height, 3000 - y)
            store.setTile(bytes([5]) * (wide * high), 0, 0, 0, x, y, wide, high)

    assert store.save().sha1.val == hashlib.sha1(bytes([5]) * 12_000_000, usedforsecurity=False).hexdigest()
    store.close()


def test_that_imported_files_are_never_written_to(open_store: Open, pictures: Pictures) -> None:
    store = open_store("uint8")
    path = Path(store.getPixelsPath())
    before = path.read_bytes()
    with pytest.raises(omero.InternalException, match="Cannot write to repository"):
        store.setPlane(b"0" * 21 * 34, 0, 0, 0)
    assert path.read_bytes() == before


def test_that_pixels_that_nobody_wrote_are_a_resource_error(gateway: BlitzGateway) -> None:
    kind = gateway.getQueryService().findByString("PixelsType", "value", "uint8")
    made = gateway.getPixelsService().createImage(5, 4, 1, 1, [0], kind, "empty", "")
    pixels = gateway.getObject("Image", unwrap(made)).getPixelsId()
    store = gateway.c.sf.createRawPixelsStore()
    store.setPixelsId(pixels, False)
    with pytest.raises(omero.ResourceError, match="No such file"):
        store.getPlane(0, 0, 0)
    store.close()


@pytest.mark.parametrize("damage", ["cut", "replaced", "gone"])
def test_that_a_file_that_is_not_what_it_was_is_told_of_and_harms_nothing(
    pictures: Pictures, gateway: BlitzGateway, open_store: Open, damage: str
) -> None:
    store = open_store("uint32")
    path = Path(store.getPixelsPath())
    whole, state = path.read_bytes(), path.stat()
    assert store.getPlane(0, 0, 0) == big(ramp(STACK, "uint32")[0, 0, 0])
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        tifffile.imwrite(path, np.zeros((5, 5), np.uint8))
    with pytest.raises(omero.ResourceError, match=r"uint32\.ome\.tif"):
        store.getPlane(0, 0, 0)
    path.write_bytes(whole)
    assert path.stat().st_size == state.st_size
    assert store.getPlane(0, 0, 0) == big(ramp(STACK, "uint32")[0, 0, 0])
