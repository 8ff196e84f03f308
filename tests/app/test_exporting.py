"""Planes in files: read back with tifffile, and what is left when something is in the way."""

from __future__ import annotations

import asyncio
import errno
import math
import os
import resource
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import pytest_asyncio
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.exporting import TiffExport, is_big
from omero_desk.gateway.image_entities import Channel, Length
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.defaults import default_settings
from omero_desk.models.exports import (
    Area,
    Content,
    ExportPlan,
    ExportsModel,
    FileFormat,
    ImageFile,
    disk_words,
    file_name,
)
from omero_desk.models.messages import MessagesModel, Severity
from omero_desk.models.viewport import Rect
from omero_desk.tiff_description import imagej_text, ome_xml, resolution
from omero_desk.whole_file import write_whole
from tests.array_images import ArrayReader
from tests.gallery import ramp

STACK = ramp((2, 3, 4, 20, 30))


@dataclass
class Desk:
    """Writes the planes of an array into files."""

    reader: ArrayReader
    disk: Worker
    folder: Path

    def __post_init__(self) -> None:
        self.messages = MessagesModel()
        self.model = ExportsModel(self._read, self._start, self._write, self.messages)

    @property
    def left(self) -> set[str]:
        """The names of all that is in the folder."""
        return {path.name for path in self.folder.iterdir()}

    @property
    def told(self) -> str:
        current = self.messages.current
        return "" if current is None else current.text

    def plan(
        self, name: str = "stack.ome.tif", format_: FileFormat = FileFormat.OME_TIFF, **changes: Any
    ) -> ExportPlan:
        info = self.reader.info
        everything = range(info.size_z), range(info.size_t)
        plan = ExportPlan(info, default_settings(info), self.folder / name, format_, *everything)
        return replace(plan, **changes)

    async def export(self, plan: ExportPlan) -> None:
        self.model.start(plan)
        await self.model.finished()
        await self.disk.run(lambda: None)

    async def _read(self, plan: ExportPlan, keys: Sequence[PlaneKey]) -> Sequence[Any]:
        return await self.reader.raw(plan.info, keys)

    async def _start(self, plan: ExportPlan) -> ImageFile:
        return await TiffExport(self.disk, plan).start()

    async def _write(self, path: Path, content: Content) -> None:
        await self.disk.run(lambda: write_whole(path, content))


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(ArrayReader(STACK), Worker("files"), tmp_path)
    yield made
    made.disk.close()
    assert made.disk.join(5)


@pytest.mark.parametrize("kind", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
async def test_that_an_ome_tiff_has_every_plane_as_it_is(desk: Desk, kind: str) -> None:
    array = ramp((2, 3, 4, 5, 6), kind)
    desk.reader = ArrayReader(array)
    await desk.export(desk.plan())
    assert desk.told == f"Saved {desk.folder / 'stack.ome.tif'}"
    assert desk.left == {"stack.ome.tif"}
    with tifffile.TiffFile(desk.folder / "stack.ome.tif") as tiff:
        (series,) = tiff.series
        assert series.axes == "TZCYX"
        np.testing.assert_array_equal(series.asarray(), array.transpose(0, 2, 1, 3, 4))


async def test_that_an_ome_tiff_tells_lengths_and_the_channels_names_and_colours(desk: Desk) -> None:
    await desk.export(desk.plan())
    with tifffile.TiffFile(desk.folder / "stack.ome.tif") as tiff:
        found = tifffile.xml2dict(tiff.ome_metadata)["OME"]["Image"]
        assert tiff.pages[0].tags["XResolution"].value == (20_000, 1)  # a centimetre
    pixels = found["Pixels"]
    assert found["Name"] == "stack.ome.tif"
    assert [pixels[f"PhysicalSize{axis}"] for axis in "XYZ"] == [0.5, 0.5, 1.5]
    assert {pixels[f"PhysicalSize{axis}Unit"] for axis in "XYZ"} == {"µm"}
    assert [channel["Name"] for channel in pixels["Channel"]] == ["Dye 0", "Dye 1", "Dye 2"]
    colors = [channel["Color"] & 0xFFFFFFFF for channel in pixels["Channel"]]
    assert colors == [0xFF0000FF, 0x00FF00FF, 0x0000FFFF]


async def test_that_imagej_knows_sections_channels_and_lengths_of_a_tiff(desk: Desk) -> None:
    await desk.export(desk.plan("part.tif", FileFormat.TIFF, times=range(1, 2), sections=range(1, 4)))
    with tifffile.TiffFile(desk.folder / "part.tif") as tiff:
        assert tiff.imagej_metadata is not None
        assert tiff.imagej_metadata["unit"] == "micron"
        assert tiff.imagej_metadata["spacing"] == 1.5
        assert tiff.pages[0].tags["XResolution"].value == (2, 1)
        (series,) = tiff.series
        assert series.axes == "ZCYX"
        np.testing.assert_array_equal(series.asarray(), STACK[1, :, 1:4].transpose(1, 0, 2, 3))


async def test_that_a_single_plane_of_an_image_of_which_nothing_is_known_is_a_file_too(desk: Desk) -> None:
    info = replace(desk.reader.info, physical_x=None, physical_y=None, physical_z=None, channels=())
    for format_ in FileFormat:
        name = f"plane{format_.value}"
        await desk.export(desk.plan(name, format_, info=info, sections=range(2, 3), times=range(1)))
        np.testing.assert_array_equal(tifffile.imread(desk.folder / name), STACK[0, :, 2])


async def test_that_nothing_of_a_cancelled_export_is_left_and_the_old_file_stays(desk: Desk) -> None:
    (desk.folder / "stack.ome.tif").write_text("old")
    desk.reader.gate.clear()
    number = desk.model.start(desk.plan())
    while not desk.reader.asked:
        await asyncio.sleep(0)
        await desk.disk.run(lambda: None)
    assert len(desk.left) == 2
    desk.model.cancel(number)
    await desk.model.finished()
    await desk.disk.run(lambda: None)
    assert desk.left == {"stack.ome.tif"}
    assert (desk.folder / "stack.ome.tif").read_text() == "old"
    assert desk.model.under_way == {}
    assert desk.told == ""


async def test_that_a_plane_that_cannot_be_read_ends_the_export_in_words(desk: Desk) -> None:
    desk.reader.missing = {PlaneKey(2, 1, 1)}
    await desk.export(desk.plan())
    assert desk.told == "stack.ome.tif was not saved. This plane cannot be read."
    assert desk.left == set()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no folder/stack.ome.tif", "That folder does not exist."),
        ("x" * 300 + ".ome.tif", "The name is too long."),
        ("a folder", "There is a folder of that name."),
        ("lone \ud800.ome.tif", "The disk does not take such a name."),
    ],
)
async def test_that_a_place_that_cannot_be_written_is_told_in_words(desk: Desk, name: str, words: str) -> None:
    (desk.folder / "a folder").mkdir()
    await desk.export(desk.plan(name))
    assert desk.told.endswith(f"was not saved. {words}")
    assert desk.messages.current is not None
    assert desk.messages.current.severity is Severity.ERROR
    assert desk.left == {"a folder"}
    assert desk.reader.asked == []


async def test_that_a_disk_without_room_is_told_before_anything_is_written(desk: Desk) -> None:
    await desk.export(desk.plan(info=replace(desk.reader.info, size_x=2**24, size_y=2**24)))
    assert desk.told == "stack.ome.tif was not saved. There is not enough room on the disk."
    assert desk.left == set()
    assert desk.reader.asked == []


async def test_that_a_file_too_large_for_the_disk_is_told_in_words_and_leaves_nothing(
    desk: Desk, small_files: None
) -> None:
    for format_ in FileFormat:
        await desk.export(desk.plan(f"stack{format_.value}", format_))
        assert desk.told == f"stack{format_.value} was not saved. The disk does not take files that large."
        assert desk.left == set()


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may have more than 20,000 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_that_a_part_has_its_own_size_and_lengths(desk: Desk) -> None:
    area = Area(1, Rect(2, 1, 10, 7), (2.0, 2.0))
    info = replace(desk.reader.info, size_x=60, size_y=40)
    desk.reader = ArrayReader(STACK[..., 1:8, 2:12])
    await desk.export(desk.plan(info=info, area=area))
    with tifffile.TiffFile(desk.folder / "stack.ome.tif") as tiff:
        pixels = tifffile.xml2dict(tiff.ome_metadata)["OME"]["Image"]["Pixels"]
        assert [pixels[f"PhysicalSize{axis}"] for axis in "XYZ"] == [1.0, 1.0, 1.5]
        assert tiff.pages[0].tags["XResolution"].value == (10_000, 1)
        np.testing.assert_array_equal(tiff.asarray(), STACK[..., 1:8, 2:12].transpose(0, 2, 1, 3, 4))


def test_that_a_file_of_more_than_four_gigabytes_is_a_bigtiff(desk: Desk) -> None:
    info = replace(desk.reader.info, size_x=40_000, size_y=40_000, size_c=2, size_z=1, size_t=1)
    for size_c, big in ((1, False), (2, True)):
        plan = desk.plan(info=replace(info, size_c=size_c), sections=range(1), times=range(1))
        assert is_big(plan) == big
    many = replace(info, size_x=1, size_y=1, size_c=1, size_t=2**22)
    assert is_big(desk.plan(info=many, sections=range(1), times=range(2**22)))


@given(st.text(max_size=40), st.sampled_from(["µm", "pixel", "parsec", ""]), st.floats())
def test_that_any_name_and_length_make_a_description_that_can_be_read(name: str, unit: str, size: float) -> None:
    length = Length(size, unit)
    info = replace(
        ArrayReader(STACK).info, name=name, physical_x=length, physical_y=length, channels=(Channel(0, name),) * 3
    )
    plan = ExportPlan(info, default_settings(info), Path(), FileFormat.OME_TIFF, range(4), range(2))
    image = ElementTree.fromstring(ome_xml(plan).encode())[0]
    assert ("PhysicalSizeX" in image[-1].attrib) == (0 < size < math.inf and unit != "parsec")
    imagej_text(plan).encode()
    resolution(plan)


async def test_that_pictures_and_tables_are_written_whole_or_reported(desk: Desk) -> None:
    desk.model.save(desk.folder / "view.png", b"\x89PNG")
    await desk.model.finished()
    assert (desk.folder / "view.png").read_bytes() == b"\x89PNG"
    mask = os.umask(0)
    os.umask(mask)
    assert (desk.folder / "view.png").stat().st_mode & 0o777 == 0o666 & ~mask
    assert desk.told == f"Saved {desk.folder / 'view.png'}"
    desk.model.save(desk.folder / ("x" * 255), lambda: b"made")
    await desk.model.finished()
    assert (desk.folder / ("x" * 255)).read_bytes() == b"made"
    desk.model.save(desk.folder / "nowhere" / "view.csv", "µ")
    await desk.model.finished()
    assert desk.told == "view.csv was not saved. That folder does not exist."


def test_that_an_error_nobody_knows_is_told_in_the_systems_words() -> None:
    assert disk_words(OSError(errno.EIO, "Input/output error")) == "Input/output error."


@given(st.text(max_size=300), st.lists(st.sampled_from(["view", "z3", "t1"]), max_size=2))
def test_that_every_name_becomes_one_that_every_file_system_takes(name: str, parts: list[str]) -> None:
    found = file_name(name, *parts)
    assert found
    assert not set(found) & set('<>:"/\\|?*\0\n')
    assert len(found.encode()) <= 200
    assert found.strip(". ") == found
    assert found.split(".")[0].lower() not in {"con", "nul", "com1"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HeLa.ome.tiff", "HeLa"),
        ("a/b\\c.lsm", "c"),
        ("series [1]", "series [1]"),
        ("nul", "image_nul"),
        ("", "image"),
        ("a\u202egnp", "a_gnp"),
    ],
)
def test_that_a_name_keeps_what_matters(name: str, expected: str) -> None:
    assert file_name(name) == expected
