"""What is within shapes, measured by the plane and written as a table."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.rois.jobs import RoiExport
from omero_desk.server.database.store import Store
from tests.support.accessibility import nameless
from tests.support.gallery import Gallery, people
from tests.support.roi_room import Library, Room
from tests.support.server_process import running_server

STACK = np.arange(3 * 2 * 2 * 40 * 50, dtype="uint16").reshape(3, 2, 2, 40, 50)
"""Time points, channels, sections, rows and columns."""
ROWS, COLUMNS = np.indices((3250, 3300))
LARGE = ((ROWS * 7 + COLUMNS * 3) % 251).astype("uint8")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A stack, twice, and an image that is too large for whole planes."""
    folder = tmp_path_factory.mktemp("roi-files")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    images = [gallery.add(f"stack, {n}", STACK, "TCZYX", PhysicalSizeX=0.5, PhysicalSizeY=0.5) for n in range(3)]
    images.append(gallery.add_pyramid("large", [LARGE[None], LARGE[None, ::2, ::2]], (256, 256)))
    store.close()
    with running_server(folder) as server:
        yield Library(server, images)


@pytest_asyncio.fixture
async def room(library: Library) -> AsyncIterator[Room]:
    room = Room(library)
    yield room
    await room.leave()


async def exported(room: Room, path: Path, what: RoiExport) -> list[dict[str, str]]:
    room.side.panel.jobs.export(path, what)
    await room.side.panel.jobs.finished()
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


async def test_that_intensities_are_exported_for_each_shape_and_channel_on_its_plane(
    room: Room, library: Library, tmp_path: Path
) -> None:
    side = await room.enter(library.images[0])
    side.rois.draw(
        Shape(ShapeKind.RECTANGLE, (10, 5, 20, 10), "own plane", z=1, t=2),
        Shape(ShapeKind.MASK, (0.0, 0.0, 4.0, 2.0), "mask", bits=b"\xa5"),
        Shape(ShapeKind.POINT, (500.0, 5.0), "outside"),
    )
    await room.saved()
    room.viewer.model.set_plane(0, 1)
    rows = {
        (row["comment"], row["channel"]): row for row in await exported(room, tmp_path / "a.csv", RoiExport.INTENSITIES)
    }
    assert len(rows) == 6
    channels = sorted({channel for _, channel in rows})
    for n, channel in enumerate(channels):
        part = STACK[2, n, 1, 5:15, 10:30].astype(float)
        row = rows["own plane", channel]
        assert (row["image"], row["plane_z"], row["plane_t"], row["pixels"]) == ("stack, 0", "2", "3", "200")
        assert (row["area"], row["unit"]) == ("50.0", "µm")
        found = [float(row[name]) for name in ("min", "max", "mean", "sum", "sd")]
        assert found == pytest.approx([part.min(), part.max(), part.mean(), part.sum(), part.std(ddof=1)])
        bits = np.unpackbits(np.array([0xA5], np.uint8)).reshape(2, 4).astype(bool)
        assert float(rows["mask", channel]["sum"]) == STACK[1, n, 0, :2, :4][bits].sum()
        assert (rows["outside", channel]["pixels"], rows["outside", channel]["mean"]) == ("0", "")


async def test_that_masks_that_nobody_has_looked_at_are_measured_by_their_bits(
    room: Room, library: Library, tmp_path: Path
) -> None:
    side = await room.enter(library.images[1])
    side.rois.draw(*(Shape(ShapeKind.MASK, (float(n), 0.0, 8.0, 1.0), bits=b"\x81") for n in range(3)))
    await room.saved()
    room.close_viewer()
    side = await room.open(library.images[1])
    side.rois.show_all(False)
    rows = await exported(room, tmp_path / "masks.csv", RoiExport.INTENSITIES)
    assert [row["pixels"] for row in rows] == ["2"] * 6


async def test_that_intensities_over_time_have_a_row_for_every_time_point(
    room: Room, library: Library, tmp_path: Path
) -> None:
    side = await room.enter(library.images[2])
    side.rois.draw(Shape(ShapeKind.RECTANGLE, (10, 5, 20, 10), z=1, t=2))
    rows = await exported(room, tmp_path / "time.csv", RoiExport.TIME)
    assert [(row["plane_t"], row["channel"]) for row in rows] == [
        (str(t), channel) for t in (1, 2, 3) for channel in sorted({row["channel"] for row in rows})
    ]
    means = STACK[:, :, 1, 5:15, 10:30].mean((2, 3)).ravel()
    assert [float(row["mean"]) for row in rows] == pytest.approx(means.tolist())


async def test_that_the_mean_over_time_is_plotted_and_the_image_follows(room: Room, library: Library) -> None:
    side = await room.enter(library.images[2])
    (key,) = side.rois.draw(Shape(ShapeKind.RECTANGLE, (10, 5, 20, 10), "cell", z=1, t=2))
    side.panel.jobs.follow(key)
    await side.panel.jobs.finished()
    dialog = side.panel.course_dialog
    assert dialog is not None
    assert dialog.windowTitle() == "Mean over time: cell"
    assert nameless(dialog) == []
    means = STACK[:, :, 1, 5:15, 10:30].mean((2, 3))
    found = np.array([curve.values for curve in dialog.plot._curves])
    assert found == pytest.approx(means.T)
    dialog.plot.grab()
    dialog.plot.setFocus()
    QTest.keyClick(dialog.plot, Qt.Key.Key_Right)
    QTest.keyClick(dialog.plot, Qt.Key.Key_Right)
    assert room.viewer.model.t == 1
    assert f"{means[1, 0]:.5g}" in dialog._words.text()


async def test_that_shapes_of_a_very_large_image_are_measured_part_by_part(
    room: Room, library: Library, tmp_path: Path
) -> None:
    side = await room.enter(library.images[3])
    side.rois.draw(
        Shape(ShapeKind.RECTANGLE, (900, 1000, 1500, 1200), "several squares"),
        Shape(ShapeKind.RECTANGLE, (3290, 3240, 100, 100), "over the edge"),
        Shape(ShapeKind.RECTANGLE, (0, 0, 3300, 3250), "too much"),
        Shape(ShapeKind.PATH, (), "path", data="M10 20h30v40h-30z"),
        Shape(ShapeKind.POLYGON, (), "nowhere"),
    )
    rows = {row["comment"]: row for row in await exported(room, tmp_path / "large.csv", RoiExport.INTENSITIES)}
    parts = {
        "several squares": LARGE[1000:2200, 900:2400],
        "over the edge": LARGE[3240:, 3290:],
        "path": LARGE[20:60, 10:40],
    }
    for comment, part in parts.items():
        assert (rows[comment]["pixels"], float(rows[comment]["sum"])) == (str(part.size), part.sum())
    assert {comment: rows[comment]["pixels"] for comment in ("too much", "nowhere")} == {
        "too much": "0",
        "nowhere": "0",
    }


async def test_that_several_selected_shapes_are_exported_alone_and_an_export_can_be_stopped(
    room: Room, library: Library, tmp_path: Path
) -> None:
    side = await room.enter(library.images[0])
    for key in side.rois.draw(*(Shape(ShapeKind.POINT, (n, n)) for n in range(4)))[:2]:
        side.rois.select((*side.rois.selection[-1:], key))
    dialog = side.panel.export_menu.ask_for_file(RoiExport.TABLE)
    assert dialog.windowTitle() == "Export 2 shapes"
    dialog.fileSelected.emit(str(tmp_path / "two.csv"))
    dialog.reject()
    await side.panel.jobs.finished()
    assert len((tmp_path / "two.csv").read_text("utf-8").splitlines()) == 3
    side.panel.jobs.export(tmp_path / "never.csv", RoiExport.TIME)
    begun = side.panel.jobs.is_exporting
    assert begun
    side.panel.jobs.stop()
    await side.panel.jobs.finished()
    assert not side.panel.jobs.is_exporting
    assert not (tmp_path / "never.csv").exists()
