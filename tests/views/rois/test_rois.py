"""Regions of interest with mouse and keys, over a real image of a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from omero_desk.entities.connection_states import State
from omero_desk.entities.rois import ARROW, Shape, as_number
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.rois.row import RoiColumn
from omero_desk.server.database.store import Store
from omero_desk.views.window.leaving import Leaving
from tests.support.accessibility import nameless
from tests.support.gallery import Gallery, people
from tests.support.present import present
from tests.support.roi_room import PLANES, RED, Library, Room, library_of, near, shapes, untouched
from tests.support.running_desk import until
from tests.support.server_process import running_server


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_of(tmp_path_factory.mktemp("rois-library"), 30) as library:
        yield library


@pytest_asyncio.fixture
async def room(library: Library) -> AsyncIterator[Room]:
    async with untouched(library) as room:
        yield room


async def test_that_every_kind_is_drawn_with_its_tool(room: Room) -> None:
    for tool, places in {"B": [(10, 20), (50, 70)], "E": [(60, 20), (100, 40)], "L": [(10, 100), (60, 150)]}.items():
        room.press(tool)
        room.drag(*places)
    room.press("W")
    room.drag((100, 100), (120, 150))
    room.press("D")
    room.click(150, 30)
    for tool in ("P", "Y"):
        room.press(tool)
        for place in ((130, 50), (180, 60), (150, 90)):
            room.click(*place)
        room.key(Qt.Key.Key_Return)
    rectangle, ellipse, line, arrow, point, polygon, polyline = shapes(room)
    assert near(rectangle, 10, 20, 40, 50)
    assert near(ellipse, 80, 30, 20, 10)
    assert near(line, 10, 100, 60, 150)
    assert near(arrow, 100, 100, 120, 150)
    assert (line.end, arrow.end) == ("", ARROW)
    assert near(point, 150, 30)
    assert near(polygon, 130, 50, 180, 60, 150, 90)
    assert (polygon.kind, polyline.kind) == (ShapeKind.POLYGON, ShapeKind.POLYLINE)
    assert {(shape.z, shape.t) for shape in shapes(room)} == {(0, 0)}


async def test_that_a_polygon_is_drawn_by_hand_and_given_up_with_escape(room: Room) -> None:
    room.press("P")
    room.drag((20, 20), (60, 20), (60, 60), (20, 60))
    room.key(Qt.Key.Key_Return)
    assert near(shapes(room)[0], 20, 20, 60, 20, 60, 60, 20, 60)
    room.click(100, 100)
    room.key(Qt.Key.Key_Escape)
    room.key(Qt.Key.Key_Return)
    assert len(shapes(room)) == 1


async def test_that_what_was_drawn_changed_and_deleted_is_on_the_server(room: Room) -> None:
    room.side.rois.draw(
        Shape(ShapeKind.RECTANGLE, (10, 10, 40, 30), z=1, t=0, stroke=RED),
        Shape(ShapeKind.POINT, (100, 100)),
        Shape(ShapeKind.MASK, (120.0, 20.0, 8.0, 8.0), fill=RED, bits=b"\xff" * 8),
    )
    await room.saved()
    assert room.side.rois.unsaved == ()
    rectangle, point, _mask = room.side.rois.shapes.keys
    room.side.rois.comment([rectangle], "cell")
    room.side.rois.delete([point])
    await room.saved()
    room.close_viewer()
    await room.open(room.side.rois.ref.id)
    again = {shape.kind: shape for shape in shapes(room)}
    assert set(again) == {ShapeKind.RECTANGLE, ShapeKind.MASK}
    assert (again[ShapeKind.RECTANGLE].text, again[ShapeKind.RECTANGLE].z) == ("cell", 1)
    (key,) = (key for key in room.side.rois.shapes.keys if room.side.rois.shapes[key] == again[ShapeKind.MASK])
    await until(lambda: room.side.rois.bits(key))
    assert room.side.rois.bits(key) == b"\xff" * 8
    room.viewer.canvas.grab()


async def test_that_a_mask_whose_deletion_was_saved_is_undone_with_its_bits(room: Room) -> None:
    rois = room.side.rois
    rois.draw(Shape(ShapeKind.MASK, (10.0, 10.0, 8.0, 2.0), bits=b"\x81\xff"))
    await room.saved()
    room.close_viewer()
    await room.open(rois.ref.id)
    rois = room.side.rois
    (key,) = rois.shapes.keys
    rois.delete([key])
    await room.saved()
    room.press("Ctrl+Z")
    assert rois.bits(key) == b"\x81\xff"
    await room.saved()
    assert (rois.unsaved, rois.errors) == ((), {})
    room.close_viewer()
    await room.open(rois.ref.id)
    (key,) = room.side.rois.shapes.keys
    await until(lambda: room.side.rois.bits(key))
    assert room.side.rois.bits(key) == b"\x81\xff"


async def test_that_a_mask_that_nobody_knows_any_more_is_not_saved_empty(room: Room) -> None:
    rois = room.side.rois
    rois.draw(Shape(ShapeKind.MASK, (10.0, 10.0, 8.0, 2.0), z=2, bits=b"\x81\xff"))
    await room.saved()
    other = Room(room.library)
    others = (await other.enter(rois.ref.id)).rois
    (theirs,) = others.shapes.keys
    rois.delete(rois.shapes.keys)
    await room.saved()
    others.comment([theirs], "changed")
    await other.saved()
    await other.saved()
    assert "not known any more" in others.errors[theirs].message
    assert (await others.source.counts(others.ref)).total == 0
    await other.leave()


async def test_that_a_shape_is_selected_moved_and_resized_with_the_mouse(room: Room) -> None:
    (key,) = room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (40, 40, 40, 40)))
    room.side.rois.select(())
    room.click(60, 60)
    chosen = room.side.rois.selection
    assert chosen == (key,)
    room.drag((60, 60), (70, 75), (80, 65))
    assert near(present(room.side.rois.shapes[key]), 60, 45, 40, 40)
    room.drag((60, 45), (50, 35))
    assert near(present(room.side.rois.shapes[key]), 50, 35, 50, 50)
    room.press("Ctrl+Z")
    assert near(present(room.side.rois.shapes[key]), 60, 45, 40, 40)
    room.press("Ctrl+Z")
    assert room.side.rois.shapes[key] == Shape(ShapeKind.RECTANGLE, (40, 40, 40, 40))
    room.press("Ctrl+Y")
    assert near(present(room.side.rois.shapes[key]), 60, 45, 40, 40)
    room.click(5, 5)
    assert room.side.rois.selection == ()


async def test_that_a_turned_rectangle_is_reshaped_and_saved_with_its_transform(room: Room) -> None:
    turned = (0.0, 1.0, -1.0, 0.0, 100.0, 20.0)  # (x, y) is seen at (100 - y, 20 + x)
    room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (10.0, 10.0, 40.0, 30.0), transform=turned))
    await room.saved()
    room.drag((60, 70), (40, 90))
    (shape,) = shapes(room)
    assert near(shape, 10, 10, 60, 50)
    assert shape.transform == turned
    room.drag((70, 50), (75, 58))
    await room.saved()
    room.close_viewer()
    await room.open(room.side.rois.ref.id)
    (again,) = shapes(room)
    assert again.transform is not None
    assert np.allclose(again.transform, (0, 1, -1, 0, 105, 28), atol=1.0)
    assert near(again, *shape.numbers)


async def test_that_a_path_is_drawn_moved_stretched_and_saved(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.PATH, (), data="M20 20h40v40h-40z M30 30v20h20v-20z", fill=RED, stroke=RED))
    await room.saved()
    room.close_viewer()
    await room.open(room.side.rois.ref.id)
    picture = room.viewer.canvas.grab().toImage()
    ratio = room.viewer.devicePixelRatioF()
    assert picture.pixelColor(room.at(25, 40) * ratio).red() == 255
    assert picture.pixelColor(room.at(40, 40) * ratio).red() < 255
    room.drag((25, 40), (35, 50))
    room.drag((70, 70), (110, 90))
    rows = room.side.panel.rows
    assert rows.index(0, RoiColumn.KIND).data() == "Path"
    assert float(rows.index(0, RoiColumn.AREA).data().split()[0]) == pytest.approx(1200 * 3, rel=0.05)
    await room.saved()
    assert (room.side.rois.unsaved, room.side.rois.errors) == ((), {})


async def test_that_a_path_of_no_sense_says_so_in_the_table(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.PATH, (), data="somewhere"))
    rows = room.side.panel.rows
    assert rows.index(0, RoiColumn.KIND).data() == "Path, cannot be drawn"
    room.side.rois.select(room.side.rois.shapes.keys)
    room.viewer.canvas.grab()


async def test_that_keys_step_through_shapes_move_and_delete_them(room: Room) -> None:
    keys = room.side.rois.draw(*(Shape(ShapeKind.POINT, (10.0 * n, 20.0)) for n in range(1, 4)))
    room.side.rois.select(())
    room.press("N")
    chosen = [*room.side.rois.selection]
    for _ in range(3):
        room.key(Qt.Key.Key_Tab)
        chosen += room.side.rois.selection
    assert chosen == [*keys, keys[0]]
    room.key(Qt.Key.Key_Backtab)
    assert room.side.rois.selection == keys[2:]
    room.key(Qt.Key.Key_Right)
    room.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert present(room.side.rois.shapes[keys[2]]).numbers == (31.0, 30.0)
    room.key(Qt.Key.Key_Delete)
    assert len(shapes(room)) == 2
    assert room.side.rois.selection == ()
    room.key(Qt.Key.Key_Tab)
    assert room.side.rois.selection == ()


async def test_that_a_frame_selects_what_it_meets(room: Room) -> None:
    keys = room.side.rois.draw(*(Shape(ShapeKind.RECTANGLE, (50.0 * n, 50.0, 10.0, 10.0)) for n in range(3)))
    room.side.rois.select(())
    room.drag((40, 40), (80, 80), keys=Qt.KeyboardModifier.ShiftModifier)
    assert room.side.rois.selection == (keys[1],)


async def test_that_table_and_image_select_each_other_and_go_to_the_plane(room: Room) -> None:
    panel = room.side.panel
    first, second = room.side.rois.draw(
        Shape(ShapeKind.POINT, (10, 10), "zebra", z=2, t=0), Shape(ShapeKind.POINT, (50, 50), "ant", z=0, t=0)
    )
    panel.table.sortByColumn(RoiColumn.COMMENT, Qt.SortOrder.AscendingOrder)
    assert [panel.rows.key(row) for row in range(2)] == [second, first]
    place = panel.table.visualRect(panel.rows.index(1, RoiColumn.KIND)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert room.side.rois.selection == (first,)
    assert room.viewer.model.z == 2
    room.side.rois.select((second,))
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [0]
    panel.rows.set_filter("ZEB")
    assert [panel.rows.key(row) for row in range(panel.rows.rowCount())] == [first]


async def test_that_a_comment_and_visibility_are_changed_in_the_table(room: Room) -> None:
    rows = room.side.panel.rows
    (key,) = room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (10, 10, 20, 20)))
    rows.setData(rows.index(0, RoiColumn.COMMENT), "nucleus")
    assert present(room.side.rois.shapes[key]).text == "nucleus"
    rows.setData(rows.index(0, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert room.side.rois.shapes.at(15, 15, 0, 0, 1) == []
    rows.setData(rows.index(0, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert room.side.rois.shapes.at(15, 15, 0, 0, 1) == [key]


async def test_that_shapes_are_drawn_in_their_colour_on_their_planes_alone(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (20, 20, 60, 60), z=1, t=0, stroke=RED, fill=RED))
    room.side.rois.select(())

    def color() -> tuple[int, int, int]:
        found = room.viewer.canvas.grab().toImage().pixelColor(room.at(50, 50) * room.viewer.devicePixelRatioF())
        return found.red(), found.green(), found.blue()

    assert color() != (255, 0, 0)
    room.viewer.model.set_plane(z=1)
    assert color() == (255, 0, 0)
    room.press("H")
    assert color() != (255, 0, 0)


async def test_that_shapes_are_in_their_place_on_screens_of_any_density(room: Room) -> None:
    keys = room.side.rois.draw(
        *(Shape(ShapeKind.RECTANGLE, (20, 20, 20, 20), stroke=RED, fill=RED) for _ in range(400)),
        Shape(ShapeKind.MASK, (80.0, 20.0, 16.0, 16.0), fill=as_number((255, 0, 0, 128)), bits=b"\xff" * 32),
    )
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    for drawn in (keys[-2:], keys):
        room.side.rois.hide(keys, True)
        room.side.rois.hide(drawn, False)
        room.side.rois.select(())
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        painter.scale(0.5, 0.5)
        room.side.layer.paint(painter, Viewport(800, 800, 4.0, 100, 100))
        painter.end()
        assert image.pixelColor(40, 60).red() == 255
        assert image.pixelColor(40, 20).red() == 0
        assert image.pixelColor(176, 60).red() == 128


async def test_that_copied_shapes_are_pasted_into_another_image(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.ELLIPSE, (50.0, 50.0, 10.0, 20.0), "mine", stroke=RED))
    room.press("Ctrl+C")
    await room.saved()
    room.close_viewer()
    await room.open(room.library.images.pop())
    room.viewer.model.set_plane(z=2)
    room.press("Ctrl+V")
    assert shapes(room) == [Shape(ShapeKind.ELLIPSE, (50.0, 50.0, 10.0, 20.0), "mine", z=2, t=0, stroke=RED)]


async def test_that_intensities_are_those_of_the_plane_of_the_shape(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (10, 20, 30, 40), z=1, t=0))
    said: list[str] = []
    room.side.panel.jobs.told.connect(said.append)
    room.press("M")
    await until(lambda: len(said) == 2)
    part = PLANES[1, 20:60, 10:40].astype(float)
    assert f"mean {part.mean():.5g}, sd {part.std(ddof=1):.4g}" in said[1]
    assert f"min {part.min():g}, max {part.max():g}" in said[1]
    assert "1,200 px" in said[1]


async def test_that_what_was_measured_stands_in_the_rows_of_its_shapes(room: Room) -> None:
    panel, rows = room.side.panel, room.side.panel.rows
    boxes = [Shape(ShapeKind.RECTANGLE, (10 + 20 * n, 20, 30, 40), z=n, t=0) for n in range(3)]
    room.side.rois.draw(*boxes)
    keys = [rows.key(n) for n in range(3)]
    usual = rows.columnCount()
    room.side.rois.select(keys[:2])
    room.press("M")
    await until(lambda: any("2 shapes measured" in label.text() for label in panel.findChildren(QLabel)))
    titles = [str(rows.headerData(column, Qt.Orientation.Horizontal)) for column in range(usual, rows.columnCount())]
    assert [title.split()[0] for title in titles] == ["Mean", "SD", "Min", "Max", "Sum"] * (len(titles) // 5)
    for n in range(2):
        part = PLANES[n, 20:60, 10 + 20 * n : 40 + 20 * n].astype(float)
        assert rows.index(n, usual).data() == f"{part.mean():.6g}"
        assert rows.index(n, usual + 4).data() == f"{part.sum():.6g}"
    assert rows.index(2, usual).data() == ""
    assert {index.row() for index in panel.table.selectionModel().selectedRows()} == {0, 1}

    room.side.rois.select(keys[2:])
    assert not any("measured:" in label.text() for label in panel.findChildren(QLabel))
    room.side.rois.change({keys[0]: boxes[0].moved(5, 0)}, "Move")
    assert rows.index(0, usual).data() == ""
    assert rows.index(1, usual).data() != ""
    panel.table.sortByColumn(usual, Qt.SortOrder.DescendingOrder)
    assert rows.key(0) == keys[1]


async def test_that_the_table_is_exported_with_geometry(room: Room, tmp_path: Path) -> None:
    room.side.rois.draw(
        Shape(ShapeKind.RECTANGLE, (1.0, 2.0, 3.0, 4.0), "=1+1", z=1, t=0),
        Shape(ShapeKind.POLYGON, (0.0, 0.0, 4.0, 0.0, 0.0, 3.0), "tri, angle"),
    )
    room.side.panel.jobs.export(tmp_path / "rois.csv")
    await room.side.panel.jobs.finished()
    head, first, second = (tmp_path / "rois.csv").read_text("utf-8").splitlines()
    assert head.startswith("image_id,image,shape_id,roi_id,type,comment,z,t,c,owner,area,length,unit,geometry")
    image = f"{room.side.rois.ref.id},{present(room.viewer.model.info).name}"
    assert first == f"{image},,,Rectangle,'=1+1,2,1,,Ada Lab,12.0,14.0,px,x=1.0 y=2.0 width=3.0 height=4.0,"
    assert second == f'{image},,,Polygon,"tri, angle",,,,Ada Lab,6.0,12.0,px,"0.0,0.0 4.0,0.0 0.0,3.0",'


async def test_that_others_shapes_are_shown_and_not_changed(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.RECTANGLE, (40, 40, 40, 40), "ada's"))
    await room.saved()
    guest = Room(room.library, "ben")
    side = await guest.enter(room.side.rois.ref.id)
    guest.click(60, 60)
    (key,) = side.rois.selection
    guest.drag((60, 60), (90, 90))
    guest.key(Qt.Key.Key_Delete)
    assert present(side.rois.shapes[key]).numbers == (40, 40, 40, 40)
    assert side.rois.unsaved == ()
    assert side.rois.owner(key) == "Ada Lab"
    assert "you may not change" in side.panel._state.text()
    await guest.leave()


async def test_that_what_is_refused_keeps_its_reason_and_the_rest_is_saved(room: Room) -> None:
    first, second = room.side.rois.draw(Shape(ShapeKind.POINT, (1, 1)), Shape(ShapeKind.POINT, (2, 2)))
    await room.saved()
    other = Room(room.library)
    side = await other.enter(room.side.rois.ref.id)
    side.rois.delete(side.rois.shapes.keys[:1])
    await other.saved()
    await other.leave()
    room.side.rois.comment([first, second], "changed")
    await room.saved()
    assert room.side.rois.unsaved == (first,)
    assert room.side.rois.shapes.stored(first) is None
    assert "deleted this shape" in room.side.rois.errors[first].message
    assert present(room.side.rois.shapes[first]).text == "changed"


async def test_that_who_is_told_of_a_conflict_may_insist_or_revert(room: Room) -> None:
    rois = room.side.rois
    mine, theirs, gone, deleted = rois.draw(*(Shape(ShapeKind.POINT, (n, n)) for n in range(4)))
    await room.saved()
    other = Room(room.library)
    others = (await other.enter(rois.ref.id)).rois
    first, second, third, fourth = others.shapes.keys
    others.comment([first, second, fourth], "theirs")
    others.delete([third])
    await other.saved()
    rois.comment([mine, theirs, gone], "mine")
    rois.delete([deleted])
    await room.saved()
    assert set(rois.errors) == {mine, theirs, gone, deleted}
    assert rois.shapes[deleted] == Shape(ShapeKind.POINT, (3, 3), "theirs")
    rois.revert([theirs])
    assert present(rois.shapes[theirs]).text == "theirs"
    await room.saved()
    assert (rois.unsaved, rois.errors) == ((), {})
    counts = await rois.source.counts(rois.ref)
    assert counts.total == 4
    room.close_viewer()
    await room.open(rois.ref.id)
    assert sorted(shape.text for shape in shapes(room)) == ["mine", "mine", "theirs", "theirs"]
    await other.leave()


async def test_that_unsaved_shapes_are_there_when_the_image_is_opened_again(room: Room) -> None:
    room.side.rois.draw(Shape(ShapeKind.POINT, (1, 1), "precious"))
    ref = room.side.rois.ref
    room.close_viewer()
    assert "1 shape is not saved" in present(room.messages.current).text
    leaving = Leaving(room.regions.unsaved_work, QApplication.activeWindow() or room.viewer)
    assert not leaving.may_go(lambda: None)
    present(leaving.question).reject()
    await room.open(ref.id)
    assert room.messages.current is None
    assert [shape.text for shape in shapes(room)] == ["precious"]
    await room.saved()
    assert leaving.may_go(lambda: None)


async def test_that_shapes_that_are_not_saved_are_told_of_until_they_are_or_are_discarded(room: Room) -> None:
    ref = room.side.rois.ref
    for action in (1, 0):  # discard, then save
        room.side.rois.draw(Shape(ShapeKind.POINT, (1, 1), "precious"))
        room.close_viewer()
        message = present(room.messages.current)
        assert "1 shape is not saved" in message.text
        message.actions[action].run()
        await until(lambda: room.messages.current is None)
        assert room.regions.unsaved == 0
        await room.open(ref.id)


async def test_that_what_was_discarded_is_not_saved_by_the_button_beside(room: Room) -> None:
    ref, reader = room.side.rois.ref, room.side.rois.source
    room.side.rois.draw(Shape(ShapeKind.POINT, (1, 1), "unwanted"))
    before = (await reader.counts(ref)).total
    room.close_viewer()
    save, discard = present(room.messages.current).actions
    discard.run()
    save.run()
    await room.regions.finished()
    assert room.messages.current is None
    assert (await reader.counts(ref)).total == before
    await room.open(ref.id)


async def test_that_a_shape_on_all_planes_is_measured_on_the_plane_in_view(room: Room) -> None:
    rows = room.side.panel.rows
    everywhere = Shape(ShapeKind.RECTANGLE, (10, 20, 30, 40))
    room.side.rois.draw(everywhere, replace(everywhere, z=0, t=0))
    usual = rows.columnCount()
    room.side.rois.select([rows.key(0), rows.key(1)])
    room.press("M")
    means = [f"{plane[20:60, 10:40].astype(float).mean():.6g}" for plane in PLANES]
    await until(lambda: rows.columnCount() > usual and rows.index(1, usual).data() == means[0])
    room.viewer.model.set_plane(2, 0)
    assert [rows.index(row, usual).data() for row in range(2)] == ["", means[0]]  # of no other plane, not for a moment
    await until(lambda: rows.index(0, usual).data())
    assert [rows.index(row, usual).data() for row in range(2)] == [means[2], means[0]]


async def test_that_every_control_has_a_name(room: Room) -> None:
    await asyncio.sleep(0)
    assert nameless(room.host) == []
    for action in room.side.panel.bar.actions_by_name.values():
        assert action.toolTip()


async def test_that_what_is_saved_while_the_server_is_away_is_there_once_when_it_is_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    ids = people(store)
    image = Gallery(store, ids["ada"], ids["shared"]).add("image", PLANES, "ZYX")
    store.close()
    with running_server(tmp_path) as server:
        room = Room(Library(server, []))
        side = await room.enter(image)
        side.rois.draw(Shape(ShapeKind.POINT, (1, 1)))
        server.kill()
        room.press("Ctrl+S")
        await until(lambda: room.service.state is not State.ONLINE)
        unsaved = side.rois.unsaved
        assert len(unsaved) == 1
        with running_server(tmp_path, "--port", str(server.ssl_port)):
            room.service.retry_now()
            await until(lambda: not side.rois.is_saving)
            assert (side.rois.unsaved, side.rois.errors) == ((), {})
            counts = await side.rois.source.counts(side.rois.ref)
            assert (counts.rois, counts.total) == (1, 1)
            await room.leave()
