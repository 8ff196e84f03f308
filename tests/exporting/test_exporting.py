"""Planes in files: read back with tifffile, and what is left when something is in the way."""

from __future__ import annotations

import asyncio
import errno
import math
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
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

from omero_desk.entities.images import Channel, Length
from omero_desk.entities.pixels import PlaneKey
from omero_desk.exporting.tiff_description import imagej_text, ome_xml, resolution
from omero_desk.exporting.tiff_export import TiffExport, is_big
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.imaging.defaults import default_settings
from omero_desk.models.activities import ACTIVITY, ActivitiesModel, ActivityState
from omero_desk.models.exports.exports import (
    Area,
    Content,
    ExportFile,
    ExportPlan,
    ExportsModel,
    FileFormat,
    disk_words,
    file_name,
)
from omero_desk.models.messages import MessagesModel, Severity
from omero_desk.models.rasters.viewport import Rect
from omero_desk.system.atomic_file import write_whole
from tests.support.array_images import ArrayReader
from tests.support.gallery import ramp
from tests.support.present import present

STACK = ramp((2, 3, 4, 20, 30))
_PROJECT = Path(__file__).parents[2]
SMALL_FILES = """
import asyncio, resource, sys
from pathlib import Path
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.models.exports.exports import FileFormat
from tests.exporting.test_exporting import STACK, Desk
from tests.support.array_images import ArrayReader

async def export_all():
    desk = Desk(ArrayReader(STACK), Worker("files"), Path(sys.argv[1]))
    for format_ in FileFormat:
        await desk.export(desk.plan(f"stack{format_.value}", format_))
        print(desk.told)

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
asyncio.run(export_all())
"""
"""No file may have more than 20,000 bytes, in all of the process."""


@dataclass
class Desk:
    """Writes the planes of an array into files."""

    reader: ArrayReader
    disk: Worker
    folder: Path

    def __post_init__(self) -> None:
        self.messages = MessagesModel()
        self.activities = ActivitiesModel(self.messages)
        self.model = ExportsModel(self._read, self._start, self._write, self.messages, None, self.activities)

    @property
    def left(self) -> set[str]:
        """The names of all that is in the folder."""
        return {path.name for path in self.folder.iterdir()}

    @property
    def told(self) -> str:
        current = self.messages.current or self.messages.toast
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

    async def _start(self, plan: ExportPlan) -> ExportFile:
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


def x_resolution(tiff: tifffile.TiffFile) -> Any:
    page = tiff.pages[0]
    assert isinstance(page, tifffile.TiffPage)
    return page.tags["XResolution"].value


async def test_that_an_ome_tiff_tells_lengths_and_the_channels_names_and_colours(desk: Desk) -> None:
    await desk.export(desk.plan())
    with tifffile.TiffFile(desk.folder / "stack.ome.tif") as tiff:
        found = tifffile.xml2dict(present(tiff.ome_metadata))["OME"]["Image"]
        assert x_resolution(tiff) == (20_000, 1)  # a centimetre
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
        assert x_resolution(tiff) == (2, 1)
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
        ("x" * 300 + ".ome.tif", "The file name is too long."),
        ("a folder", "A folder already has that name."),
        ("lone \ud800.ome.tif", "The disk does not allow such a file name."),
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
    assert desk.told == "stack.ome.tif was not saved. There is not enough space on the disk."
    assert desk.left == set()
    assert desk.reader.asked == []


def test_that_a_file_too_large_for_the_disk_is_told_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, str(tmp_path)],
        cwd=_PROJECT,
        env={**os.environ, "PYTHONPATH": str(_PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"stack{format_.value} was not saved. The disk does not allow files of that size." for format_ in FileFormat
    ]
    assert list(tmp_path.iterdir()) == []


async def test_that_a_part_has_its_own_size_and_lengths(desk: Desk) -> None:
    area = Area(1, Rect(2, 1, 10, 7), (2.0, 2.0))
    info = replace(desk.reader.info, size_x=60, size_y=40)
    desk.reader = ArrayReader(STACK[..., 1:8, 2:12])
    await desk.export(desk.plan(info=info, area=area))
    with tifffile.TiffFile(desk.folder / "stack.ome.tif") as tiff:
        pixels = tifffile.xml2dict(present(tiff.ome_metadata))["OME"]["Image"]["Pixels"]
        assert [pixels[f"PhysicalSize{axis}"] for axis in "XYZ"] == [1.0, 1.0, 1.5]
        assert x_resolution(tiff) == (10_000, 1)
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


async def test_that_an_export_is_an_activity_from_its_beginning_to_its_file(desk: Desk) -> None:
    shown: list[Path] = []
    desk.model.show_file = shown.append
    steps: list[tuple[int, int]] = []
    activities = desk.activities
    activities.changed.connect(lambda: steps.extend((one.done, one.total) for one in activities.running))
    await desk.export(desk.plan())
    count = desk.plan().count
    assert steps[0] == (0, 0) and (count, count) in steps
    one = activities.index(0).data(ACTIVITY)
    assert (one.state, one.title, one.small) == (ActivityState.DONE, "Saved stack.ome.tif", str(desk.folder))
    one.actions[0].run()
    present(desk.messages.toast).actions[0].run()
    assert shown == [desk.folder / "stack.ome.tif"] * 2


async def test_that_an_export_that_failed_can_be_tried_again_and_takes_its_message_back(desk: Desk) -> None:
    desk.reader.missing = {PlaneKey(2, 1, 1)}
    await desk.export(desk.plan())
    one = desk.activities.index(0).data(ACTIVITY)
    assert (one.state, one.title) == (ActivityState.FAILED, "stack.ome.tif was not saved")
    assert one.small == "This plane cannot be read."
    desk.reader.missing = set()
    one.actions[0].run()
    assert desk.messages.current is None
    await desk.model.finished()
    assert desk.left == {"stack.ome.tif"}


async def test_that_a_cancelled_export_is_a_cancelled_activity(desk: Desk) -> None:
    desk.reader.gate.clear()
    desk.model.start(desk.plan())
    while not desk.reader.asked:
        await asyncio.sleep(0)
        await desk.disk.run(lambda: None)
    desk.activities.cancel(desk.activities.running[0].number)
    await desk.model.finished()
    assert desk.activities.index(0).data(ACTIVITY).state is ActivityState.CANCELLED


async def test_that_an_export_that_is_cancelled_before_its_first_step_is_over(desk: Desk) -> None:
    number = desk.model.start(desk.plan())
    desk.model.cancel(number)
    await desk.model.finished()
    assert desk.model.under_way == {}
    assert desk.model.unsaved_work() == ()
    assert desk.activities.index(0).data(ACTIVITY).state is ActivityState.CANCELLED
    assert desk.left == set()
