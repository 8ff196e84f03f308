"""Small files that claim much: each is refused with a reason, in bounded memory and steps."""

from __future__ import annotations

import json
import os
import re
import struct
import tracemalloc
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorstore
import tifffile
from PIL import Image

from omero_desk.server.images import picture_source
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.measuring import measure, work_of
from omero_desk.server.images.pixel_source import MOST_CHANNELS, MOST_PLANES
from omero_desk.server.images.segment_cache import SegmentCache
from omero_desk.server.images.tiff import directories

OME = '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">{}</Image></OME>'
PIXELS = (
    '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="8" SizeY="8" SizeZ="1" SizeC="1" SizeT="{}">'
    '<Channel ID="Channel:0:0" SamplesPerPixel="1"/>{}</Pixels>'
)


@contextmanager
def little_memory(limit: int = 2**24) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < limit


def refuse(path: Path, reason: str) -> None:
    with little_memory(), pytest.raises(ImageFileError, match=reason) as raised:
        read_image_file(path)
    assert str(raised.value).endswith(".")


def write_ome(path: Path, planes: int, data: str) -> Path:
    description = OME.format(PIXELS.format(planes, data))
    tifffile.imwrite(path, np.zeros((8, 8), np.uint8), description=description, metadata=None)
    return path


def page(next_page: int, offset: int = 8) -> bytes:
    """A directory of one page of 2 x 2 bytes whose pixels are the first bytes of the file."""
    tags = [(256, 2), (257, 2), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 2), (279, 4)]
    entries = b"".join(struct.pack("<HHII", code, 4, 1, value) for code, value in tags)
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_page)


@pytest.mark.parametrize("back_to", [0, 1])
def test_that_pages_that_run_in_a_circle_are_refused(tmp_path: Path, back_to: int) -> None:
    places = [8, 8 + len(page(0))]
    path = tmp_path / "x.tif"
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + page(places[1]) + page(places[back_to]))
    refuse(path, r"x\.tif is damaged: its list of pages runs in a circle\.$")


def test_that_smaller_copies_that_lead_back_to_their_page_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(np.zeros((8, 8), np.uint8), subifds=1, metadata=None)
        tiff.write(np.zeros((4, 4), np.uint8), subfiletype=1, metadata=None)
    with tifffile.TiffFile(path) as tiff:
        first = tiff.pages.first
        tag, offset = first.tags[330], first.offset
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, tag.offset + 8, offset)
    path.write_bytes(content)
    refuse(path, "circle")


def test_that_pages_are_counted_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((12, 8, 8), np.uint8), photometric="minisblack")
    monkeypatch.setattr(directories, "MOST_PAGES", 11)
    refuse(path, "more than 11 pages")


def test_that_tags_that_say_more_than_the_file_holds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    content = bytearray(b"II*\0" + struct.pack("<I", 8) + page(0))
    struct.pack_into("<HHII", content, 10, 320, 4, 2**30, 8)
    path.write_bytes(content)
    refuse(path, "described at more length than it has")


@pytest.mark.parametrize(
    ("planes", "data", "reason"),
    [
        (10_000_000, '<TiffData IFD="0" PlaneCount="1"/>', "claims to hold 10,000,000 planes"),
        (1, '<TiffData IFD="0" PlaneCount="2000000000"/>', "numbers that make no sense"),
        (1, '<TiffData IFD="-1"/>', "numbers that make no sense"),
        (1_000_000, "<TiffData/>" * 5, "names more planes than can be read"),
        (0, "<TiffData/>", "claims to hold 0 planes"),
        ("many", "<TiffData/>", "a SizeT that is no number"),
    ],
)
def test_that_ome_xml_of_absurd_numbers_is_refused(tmp_path: Path, planes: int, data: str, reason: str) -> None:
    refuse(write_ome(tmp_path / "x.ome.tif", planes, data), reason)


def test_that_ome_xml_of_very_many_tags_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = write_ome(tmp_path / "x.ome.tif", 1, "<TiffData/>" + "<a/>" * 4_000_000)
    with little_memory(2**28), pytest.raises(ImageFileError, match="OME-XML is too long"):
        read_image_file(path)


def write_zarr(path: Path, shape: list[int], **changes: Any) -> Path:
    (path / "0").mkdir(parents=True)
    axes = [{"name": name, "type": "space"} for name in "zyx"] if len(shape) == 3 else list("yx")
    axes = [{"name": "c", "type": "channel"}, *axes[1:]] if len(shape) == 3 else axes
    told = {"multiscales": [{"version": "0.4", "axes": axes, "datasets": [{"path": "0"}]}]}
    (path / ".zattrs").write_text(json.dumps(told))
    header = {
        "zarr_format": 2,
        "shape": shape,
        "chunks": [1] * (len(shape) - 2) + [8, 8],
        "dtype": "|u1",
        "compressor": None,
        "fill_value": 7,
        "order": "C",
        "filters": None,
        "dimension_separator": "/",
        **changes,
    }
    (path / "0" / ".zarray").write_text(json.dumps(header))
    return path


def test_that_ome_zarr_of_very_many_channels_is_refused(tmp_path: Path) -> None:
    refuse(write_zarr(tmp_path / "x.zarr", [2**31 - 1, 8, 8]), "claims to hold 2,147,483,647 planes")
    refuse(write_zarr(tmp_path / "y.zarr", [MOST_CHANNELS + 1, 8, 8]), "at most 1,000,000 planes in 10,000 channels")


def with_pipe(path: Path) -> Path:
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    return path


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")


@needs_pipes
@pytest.mark.parametrize("name", ["x.tif", "x.png", "x.jpg"])
def test_that_a_pipe_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    refuse(with_pipe(tmp_path / name), "is not a file but")
    with pytest.raises(ImageFileError, match="is not a file but"):
        open_source(tmp_path / name, 0)


@needs_pipes
def test_that_a_pipe_in_place_of_another_file_of_a_set_is_refused(tmp_path: Path) -> None:
    data = '<TiffData IFD="0" PlaneCount="1"><UUID FileName="b.ome.tif">urn:uuid:1</UUID></TiffData>'
    path = write_ome(tmp_path / "a.ome.tif", 1, data)
    with_pipe(tmp_path / "b.ome.tif")
    refuse(path, "needs the file 'b.ome.tif' beside it")


@needs_pipes
@pytest.mark.parametrize("version", [2, 3])
def test_that_a_pipe_in_place_of_a_chunk_is_told_of_by_who_reads_it(tmp_path: Path, version: int) -> None:
    path, array = tmp_path / "x.zarr", np.arange(256, dtype=np.uint8).reshape(16, 16)
    place = {"driver": "file", "path": f"{path}/0/"}
    metadata = (
        {"chunks": [8, 8], "compressor": None}
        if version == 2
        else {"chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [8, 8]}}}
    )
    spec = {"driver": "zarr" if version == 2 else "zarr3", "kvstore": place, "metadata": metadata}
    tensorstore.open(spec, create=True, dtype="uint8", shape=[16, 16]).result().write(array).result()
    told = {"multiscales": [{"axes": ["y", "x"], "datasets": [{"path": "0"}]}]}
    (path / ".zattrs").write_text(json.dumps(told))
    with_pipe(path / "0" / ("0.1" if version == 2 else "c/0/1"))
    source = open_source(path, 0)
    assert (source.region(0, 0, 0, 0, 0, 8, 16) == array[:, :8]).all()
    with pytest.raises(ImageFileError, match="is not a part of an image"):
        source.region(0, 0, 0, 0, 0, 16, 8)


@needs_pipes
@pytest.mark.parametrize("name", [".zattrs", "0/.zarray", "OME/METADATA.ome.xml"])
def test_that_a_pipe_in_place_of_a_header_is_refused(tmp_path: Path, name: str) -> None:
    path = write_zarr(tmp_path / "x.zarr", [8, 8])
    with_pipe(path / name)
    with pytest.raises(ImageFileError):
        read_image_file(path)


def test_that_the_file_of_a_chunk_is_not_read_if_it_is_far_too_long(tmp_path: Path) -> None:
    path = write_zarr(tmp_path / "x.zarr", [8, 8])
    source = open_source(path, 0)
    assert (source.region(0, 0, 0, 0, 0, 8, 8) == 7).all()
    (path / "0" / "0").mkdir()
    with (path / "0" / "0" / "0").open("wb") as file:
        file.truncate(2**33)
    with little_memory(), pytest.raises(ImageFileError, match="is not a part of an image"):
        source.region(0, 0, 0, 0, 0, 8, 8)


def write_large_png(path: Path, width: int, height: int) -> Path:
    """A PNG of 16 bits and four samples whose pixels are all zero."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compressobj(1)
    rows = b"".join(packed.compress(bytes(1 + width * 8)) for _ in range(height)) + packed.flush()
    header = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def test_that_a_picture_of_very_many_bytes_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    refuse(write_large_png(tmp_path / "x.png", 6_000, 6_000), r"6,000 x 6,000 pixels would have to be read all at once")


def test_that_large_pictures_are_decoded_one_at_a_time() -> None:
    inside, most = [0], [0]

    def decode() -> np.ndarray[Any, Any]:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        made = np.zeros(2**20, np.uint8)
        inside[0] -= 1
        return made

    cache = SegmentCache(2**16)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: cache.get(("x", number), decode, 2**20), range(16)))
    assert most == [1]


class CountingSource:
    """Very many tiny planes; it counts how often it is asked."""

    size_x = size_y = 1
    size_z, size_c, size_t = 1, 100, MOST_PLANES // 100
    dtype: np.dtype[Any] = np.dtype(np.uint8)
    levels: tuple[tuple[int, int], ...] = ((1, 1),)
    tile = (1, 1)
    asked = 0

    def region(self, *place: int) -> np.ndarray[Any, Any]:
        self.asked += 1
        return np.zeros((1, 1), np.uint8)

    def close(self) -> None:
        pass


def test_that_of_very_many_tiny_planes_some_are_measured() -> None:
    source = CountingSource()
    extremes, _ = measure(source)
    assert len(extremes) == 100
    assert 100 <= source.asked <= 2**15


def test_that_much_work_is_put_off(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((20, 8, 8), np.uint8), photometric="minisblack")
    with closing(open_source(path, 0)) as source:
        work = work_of(source)
    assert read_image_file(path, most_work=work).images[0].channels[0].extremes == (0, 0)
    assert read_image_file(path, most_work=work - 1).images[0].channels[0].extremes is None


@pytest.mark.parametrize("imagej", [False, True])
def test_that_a_file_that_is_cut_off_says_after_how_many_planes(tmp_path: Path, imagej: bool) -> None:
    path = tmp_path / "x.tif"
    stack = np.random.default_rng(1).integers(0, 255, (12, 40, 40)).astype(np.uint8)
    if imagej:
        tifffile.imwrite(path, stack, imagej=True, metadata={"axes": "TYX"})
    else:
        with tifffile.TiffWriter(path) as tiff:
            for number, plane in enumerate(stack):
                told = "" if number else OME.format(PIXELS.format(12, "<TiffData/>"))
                tiff.write(plane, description=told, metadata=None, contiguous=False)
    with tifffile.TiffFile(path) as tiff:
        end = tiff.pages[2].dataoffsets[0] + 1600
    path.write_bytes(path.read_bytes()[: end + 10])
    refuse(path, r"x\.tif is cut off after 3 of 12 planes\.$")


def test_that_no_reason_is_the_word_of_a_library(tmp_path: Path) -> None:
    good = tmp_path / "good.tif"
    tifffile.imwrite(good, np.random.default_rng(1).integers(0, 9, (30, 30)).astype(np.uint8), compression="zlib")
    Image.new("L", (30, 30)).save(tmp_path / "good.png")
    said = set()
    for source in (good, tmp_path / "good.png"):
        for place in range(8, min(source.stat().st_size, 400), 3):
            content = bytearray(source.read_bytes())
            content[place] ^= 0xFF
            path = source.with_stem("bad")
            path.write_bytes(content)
            try:
                read_image_file(path)
            except ImageFileError as error:
                said.add(re.sub(r"[\d,]+", "N", str(error).replace(str(path), "it")))
    words = re.compile(r"argument|tuple|object|struct|buffer|zip\(|Error|None|0x|[_()<>=]{2}")
    assert said
    assert not [text for text in said if words.search(text)]


def test_that_the_limit_of_pictures_is_that_of_their_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (10, 10)).save(tmp_path / "x.png")
    monkeypatch.setattr(picture_source, "MAX_BYTES", 300)
    read_image_file(tmp_path / "x.png")
    monkeypatch.setattr(picture_source, "MAX_BYTES", 299)
    refuse(tmp_path / "x.png", "too large a picture")


def test_that_pages_are_not_made_up_from_a_few_that_lie_close_together(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as tiff:
        for _ in range(6):
            tiff.write(np.zeros((2, 2), np.uint8), software="SI.", metadata=None, contiguous=False)
    with path.open("ab") as file:
        file.truncate(2**26)
    with little_memory(2**22):
        (image,) = read_image_file(path).images
    assert image.size_t == 6


@pytest.mark.parametrize("promised", [False, True])
def test_that_good_pages_are_shown_where_the_last_is_broken_unless_more_were_promised(
    tmp_path: Path, promised: bool
) -> None:
    path = tmp_path / "x.tif"
    planes = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8)
    with tifffile.TiffWriter(path) as tiff:
        for number, each in enumerate(planes):
            told = OME.format(PIXELS.format(3, "<TiffData/>")) if promised and not number else None
            tiff.write(each, description=told, metadata=None, contiguous=False)
    with tifffile.TiffFile(path) as tiff:
        last = tiff.pages[2].offset
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, last, 60_000)
    path.write_bytes(content)
    if promised:
        refuse(path, "the description of one of its pages makes no sense")
    else:
        assert read_image_file(path).images[0].size_t == 2
        with closing(open_source(path, 0)) as source:
            assert (source.region(0, 0, 1, 0, 0, 8, 8) == planes[1]).all()


def test_that_a_note_of_very_many_axes_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    note = f'{{"shape": [{"1, " * 300_000}8, 8]}}'
    tifffile.imwrite(path, np.zeros((8, 8), np.uint8), description=note, metadata=None)
    with little_memory():
        (image,) = read_image_file(path).images
    assert (image.size_x, image.size_y, image.size_t) == (8, 8, 1)
