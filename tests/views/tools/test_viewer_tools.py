"""The viewer's tools by keyboard and mouse, on a real server: what they show is compared with numpy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import omero.gateway
import omero.model.enums
import pytest
import pytest_asyncio
import tifffile
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import ImageInfo
from omero_desk.exporting.tiff_export import TiffExport, read_raw
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.imaging.composite import Composer, Picture
from omero_desk.imaging.projection import Projection
from omero_desk.models.exports.exports import Content, ExportFile, ExportPlan, ExportsModel, Extent, FileFormat
from omero_desk.models.messages import MessagesModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.tools.derived_images import alone
from omero_desk.models.tools.profile import ProfileLine
from omero_desk.models.translation import say
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.models.viewer.plane_times import in_words
from omero_desk.models.viewer.playing import Playing
from omero_desk.readers.images import ImageReader
from omero_desk.readers.rois import RoiReader
from omero_desk.system.atomic_file import write_whole
from omero_desk.views.exports.commands import SAVE_PART
from omero_desk.views.exports.export_dialog import ExportDialog
from omero_desk.views.exports.export_menu import DragButton
from omero_desk.views.tools.viewer_tools import ViewerTools
from omero_desk.views.viewer.compare_view import CompareView
from omero_desk.views.viewer.full_screen import FullScreen
from omero_desk.views.viewer.image_canvas import ImageCanvas
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.snapshot import snapshot
from omero_desk.views.widgets.page import PageTabs
from omero_desk.views.widgets.plot_view import ticks
from omero_desk.views.window.centre_view import CentreView
from tests.support.accessibility import nameless
from tests.support.picture_library import DEEP, PYRAMID, SMALLER, STACK, PictureLibrary, picture_library
from tests.support.present import present

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
SECONDS = 10


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureLibrary]:
    with picture_library(tmp_path_factory.mktemp("tools")) as found:
        yield found


class Room:
    """The centre of a window, signed in, with a folder for files."""

    def __init__(self, library: PictureLibrary, folder: Path) -> None:
        self.library, self.folder = library, folder
        self.service = ServiceManager()
        self.files = Worker("files")
        self.messages = MessagesModel()

    async def enter(self) -> None:
        self.account = await self.service.sign_in(self.library.sign_in())
        self.exports = ExportsModel(partial(read_raw, self.service), self._start, self._write, self.messages)
        self.images = ImagesModel(ImageReader(self.service), lambda: self.account, self.messages.report)
        rois = RoiReader(self.service, self._write)
        self.regions = RegionsModel(rois, lambda: self.account, self.messages)
        self.centre = CentreView(self.images, self.exports, self.regions, tuple)
        self.tabs = PageTabs()
        self.centre.pages_changed.connect(lambda: self.tabs.show_pages(self.centre.pages))
        self.tabs.show()
        self.centre.hold(QLabel("Contents"))
        self.centre.resize(1000, 700)
        self.centre.show()
        self.centre.activateWindow()

    async def leave(self) -> None:
        self.centre.close_all()
        await self.images.finished()
        self.regions.cancel_all()
        await self.regions.finished()
        for window in (self.centre, self.tabs):
            window.close()
            window.deleteLater()
        self.service.close()
        self.files.close()

    async def open(self, name: str) -> ImageViewer:
        viewer = self.centre.open_image(self.library.ref(name), name)
        await settled(viewer)
        return viewer

    async def side_by_side(self, *names: str) -> CompareView:
        page = self.centre.open_side_by_side([(self.library.ref(name), name) for name in names])
        for viewer in page.viewers:
            await settled(viewer)
        return page

    async def _start(self, plan: ExportPlan) -> ExportFile:
        return await TiffExport(self.files, plan).start()

    async def _write(self, path: Path, content: Content) -> None:
        await self.files.run(partial(write_whole, path, content))


@pytest_asyncio.fixture
async def room(library: PictureLibrary, tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(library, tmp_path)
    await made.enter()
    yield made
    await made.leave()


async def until(condition: Callable[[], object]) -> None:
    """Let everything run until `condition` holds."""

    async def hold() -> None:
        while not condition():
            await asyncio.sleep(0.002)

    await asyncio.wait_for(hold(), SECONDS)


async def settled(viewer: ImageViewer) -> None:
    """Until all of what is in view is there."""

    def is_settled() -> bool:
        viewer.canvas.repaint()
        return viewer.model.is_complete

    await until(is_settled)


def tools_of(viewer: ImageViewer) -> ViewerTools:
    found = viewer.findChild(ViewerTools)
    assert isinstance(found, ViewerTools)
    return found


def press(viewer: ImageViewer, key: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT) -> None:
    viewer.canvas.activateWindow()
    viewer.canvas.setFocus()
    QTest.keyClick(viewer.canvas, key, modifiers)


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Blue, green, red and 255 of a picture."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


def shown(canvas: ImageCanvas) -> NDArray[np.uint8]:
    """What a canvas shows of its image at 100 %, without anything over it."""
    canvas.zoom_to(1.0)
    info = canvas.model.info
    assert info is not None
    ratio = canvas.devicePixelRatioF()
    sizes = (canvas.width() * ratio, info.size_x), (canvas.height() * ratio, info.size_y)
    canvas.show_place(*(size / 2 + (room - size) % 2 / 2 for room, size in sizes))
    return pixels(snapshot(canvas, []))


def rendered(viewer: ImageViewer, planes: dict[int, NDArray[np.uint16]], channel: int | None = None) -> Picture:
    info, settings = viewer.model.info, viewer.model.settings
    assert info is not None
    return Composer(info).picture(planes, settings if channel is None else alone(settings, channel))


async def test_that_a_projection_is_chosen_by_keyboard_and_shows_what_numpy_projects(room: Room) -> None:
    viewer = await room.open("stack")
    bar = tools_of(viewer).projection_bar
    press(viewer, Qt.Key.Key_P)
    assert bar.isVisible()
    bar.kind.setCurrentIndex(bar.kind.findData(Projection.MINIMUM))
    bar.start.setValue(2)
    await settled(viewer)
    reference = rendered(viewer, dict(enumerate(STACK[0, :, 1:].min(1))))
    np.testing.assert_array_equal(shown(viewer.canvas), reference)
    assert not viewer.sliders.z.play_button.isEnabled()

    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert viewer.sliders.z.play_button.isEnabled()
    await settled(viewer)
    plane = STACK[0, :, viewer.model.z]
    np.testing.assert_array_equal(shown(viewer.canvas), rendered(viewer, dict(enumerate(plane))))


async def test_that_one_button_says_how_the_image_is_seen_and_leads_back_to_single_planes(room: Room) -> None:
    viewer = await room.open("stack")
    tools = tools_of(viewer)
    ways = {action.text(): action for action in tools.modes.actions() if action.text()}
    assert list(ways) == ["Single plane", "Z projection", "Orthogonal views", "Split channels", "Compare"]
    assert tools._mode.text() == "Single plane"
    ways["Z projection"].trigger()
    assert room.tabs.currentWidget() is viewer.channels_page.widget
    assert tools.projection_section.is_open
    ways["Split channels"].trigger()
    assert tools._mode.text() == "Z projection + Split channels"
    assert not ways["Single plane"].isChecked()
    ways["Single plane"].trigger()
    assert tools._mode.text() == "Single plane"
    assert (tools.projection.kind, viewer.stage.guests) == (None, ())
    asked: list[tuple[object, str]] = []
    room.centre.compare_wanted.connect(lambda ref, name: asked.append((ref, name)))
    ways["Compare"].trigger()
    assert asked == [(viewer.model.ref, "stack")]


async def test_that_what_has_no_sections_or_is_too_large_offers_no_projection(room: Room) -> None:
    for name in ("uint16", "pyramid"):
        viewer = await room.open(name)
        tools = tools_of(viewer)
        assert not tools.projection.is_possible
        press(viewer, Qt.Key.Key_P)
        press(viewer, Qt.Key.Key_O)
        assert not tools.projection_bar.isVisible()
        assert viewer.stage.guests == ()


async def test_that_what_is_in_view_of_a_large_image_is_projected_in_its_detail(room: Room) -> None:
    viewer = await room.open("deep")
    tools = tools_of(viewer)
    press(viewer, Qt.Key.Key_P)
    for level, zoom in enumerate((1.0, 1 / SMALLER)):
        viewer.canvas.zoom_to(zoom)
        viewer.canvas.show_place(26_000.0, 100.0)
        await settled(viewer)
        view = viewer.model.view(viewer.canvas.viewport)
        assert view is not None
        left, width = round(view.x * zoom), view.picture.shape[1]
        reference = DEEP[level].max(0)[:, left : left + width]
        np.testing.assert_array_equal(view.picture, rendered(viewer, {0: reference}))
    await until(lambda: tools.projection.progress == (0, 0))
    press(viewer, Qt.Key.Key_O)
    assert viewer.stage.guests == ()
    assert "too large" in tools.orthogonal_action.toolTip()


async def test_that_a_plane_is_gone_to_by_its_number(room: Room) -> None:
    viewer = await room.open("stack")
    for number in ("2", "4"):
        press(viewer, Qt.Key.Key_G, CONTROL)
        if number == "4":
            QTest.keyClick(viewer.focusWidget(), Qt.Key.Key_G, CONTROL)
        QTest.keyClicks(viewer.focusWidget(), number)
        QTest.keyClick(viewer.focusWidget(), Qt.Key.Key_Return)
    assert (viewer.model.t, viewer.model.z) == (1, 3)


async def test_that_a_time_point_says_when_it_was_acquired(room: Room) -> None:
    viewer = await room.open("stack")
    assert viewer.model.info is not None
    times = tools_of(viewer).times
    assert times.words == ""
    room.centre.close_all()
    await room.service.call(Lane.METADATA, save_times, viewer.model.info)
    viewer = await room.open("stack")
    times = tools_of(viewer).times
    await until(lambda: times.words)
    assert times.words == "0.25 s"
    viewer.model.set_plane(t=1)
    assert times.words == "2:05 min"
    assert "2:05 min" in [label.text() for label in viewer.sliders.findChildren(QLabel)]


def save_times(session: LaneSession, info: ImageInfo) -> None:
    """Have the first planes of two time points acquired after 250 ms and 125 s, and another one later."""
    for t, c, value, unit in ((0, 0, 250.0, "MILLISECOND"), (1, 0, 125.0, "SECOND"), (1, 1, 500.0, "SECOND")):
        plane = omero.model.PlaneInfoI()
        plane.pixels = omero.model.PixelsI(info.pixels_id, False)
        plane.theZ, plane.theC, plane.theT = (omero.rtypes.rint(number) for number in (0, c, t))
        plane.deltaT = omero.model.TimeI(value, getattr(omero.model.enums.UnitsTime, unit))
        session.gateway.getUpdateService().saveObject(plane, {"omero.group": str(info.group_id)})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 s"),
        (12.345, "12.3 s"),
        (60, "1:00 min"),
        (3725, "1:02:05 h"),
        (-90, "-1:30 min"),
        (3599.7, "1:00:00 h"),
    ],
)
def test_that_a_time_is_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


async def test_that_playing_once_stops_at_the_last_plane(room: Room) -> None:
    viewer = await room.open("stack")
    viewer.canvas.repaint()
    axis = viewer.sliders.t
    seen: list[int] = []
    axis.moved.connect(seen.append)
    menu = axis.play_button.menu()
    assert menu is not None
    next(action for action in menu.actions() if action.text() == say(Playing.ONCE.value)).trigger()
    axis.rate.setValue(60)
    viewer.model.plane_changed.connect(viewer.canvas.repaint)
    press(viewer, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    await until(lambda: not axis.play_button.isChecked())
    assert seen == [1]
    press(viewer, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    await until(lambda: not axis.play_button.isChecked())
    assert seen == [1, 0, 1]


async def test_that_split_channels_show_each_alone_and_move_together(room: Room) -> None:
    viewer = await room.open("stack")
    press(viewer, Qt.Key.Key_S)
    canvases = [guest for guest in viewer.stage.guests if isinstance(guest, ImageCanvas)]
    assert [canvas.accessibleName() for canvas in canvases] == [f"Channel Channel {n}" for n in (1, 2, 3)]
    await until(lambda: all(canvas.model.info for canvas in canvases))
    planes = STACK[0, :, viewer.model.z]
    for number, canvas in enumerate(canvases):
        picture = shown(canvas)
        np.testing.assert_array_equal(picture, rendered(viewer, {number: planes[number]}, number))
    np.testing.assert_array_equal(shown(viewer.canvas), rendered(viewer, dict(enumerate(planes))))

    canvases[1].zoom_to(7.0)
    canvases[1].show_place(12.0, 9.0)
    for canvas in (viewer.canvas, *canvases):
        assert (canvas.viewport.zoom, canvas.viewport.x, canvas.viewport.y) == (7.0, 12.0, 9.0)
    QTest.keyClick(canvases[2], Qt.Key.Key_PageUp)
    assert viewer.model.z == canvases[0].model.z == 3
    viewer.model.set_channel(1, active=False)
    guests = viewer.stage.guests
    assert len(guests) == 2
    press(viewer, Qt.Key.Key_S)
    assert viewer.stage.guests == ()


async def test_that_three_sides_follow_a_click_and_the_keys(room: Room) -> None:
    viewer = await room.open("stack")
    press(viewer, Qt.Key.Key_O)
    model = tools_of(viewer).orthogonal.model
    assert model is not None
    await model.volume.finished()
    yz, xz = (guest for guest in viewer.stage.guests if isinstance(guest, ImageCanvas))
    await until(lambda: yz.model.info and xz.model.info)
    viewer.canvas.zoom_to(4.0)
    viewer.canvas.show_place(15.0, 10.0)
    assert xz.viewport.zoom == yz.viewport.zoom == 4.0
    assert (xz.viewport.x, yz.viewport.y) == (15.0, 10.0)

    middle = viewer.canvas.rect().center()
    clicked = middle + QPoint(8, -12)
    QTest.mouseClick(viewer.canvas, LEFT, pos=clicked)
    x, y = (int(place) for place in viewer.canvas.place(QPointF(clicked)))
    assert (model.x, model.y) == (x, y)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Left, SHIFT)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_PageDown)
    assert (model.x, model.y, viewer.model.z) == (x - 1, y, 1)
    expected = rendered(viewer, dict(enumerate(STACK[0, :, :, y, :])))
    np.testing.assert_array_equal(pictured(xz), expected)
    expected = rendered(viewer, dict(enumerate(STACK[0, :, :, :, x - 1].transpose(0, 2, 1))))
    np.testing.assert_array_equal(pictured(yz), expected)

    press(viewer, Qt.Key.Key_S)
    assert tools_of(viewer).orthogonal.model is None
    press(viewer, Qt.Key.Key_S)
    assert viewer.stage.guests == ()


def pictured(canvas: ImageCanvas) -> NDArray[np.uint8]:
    """All of a canvas' image, a pixel of the picture for each of it."""
    info = canvas.model.info
    assert info is not None
    canvas.zoom_to(1.0)
    canvas.show_place(info.size_x / 2, info.size_y / 2)
    view = canvas.model.view(canvas.viewport)
    assert view is not None
    return view.picture


async def test_that_a_line_is_drawn_and_told_by_its_values(room: Room) -> None:
    viewer = await room.open("stack")
    tool = tools_of(viewer).profile
    press(viewer, Qt.Key.Key_L)
    await settled(viewer)
    viewer.canvas.zoom_to(8.0)
    viewer.canvas.show_place(15.0, 10.0)
    middle = viewer.canvas.rect().center()
    drag(viewer.canvas, middle - QPoint(40, 0), middle + QPoint(40, 0))
    line = tool.model.line
    assert line is not None
    assert (line.x2 - line.x1, line.y2 - line.y1) == (10.0, 0.0)
    assert tool.panel.isVisible()
    QTest.keyClick(tool.panel.plot, Qt.Key.Key_Right)
    assert tool.layer.at == (line.x1, line.y1)
    row, column = int(line.y1), int(line.x1)
    assert f"Channel 3: {STACK[0, 2, viewer.model.z, row, column]:g}" in tool.panel.words.text()
    drag(viewer.canvas, middle + QPoint(40, 0), middle + QPoint(40, 24))
    longer = tool.model.line
    assert longer == ProfileLine(line.x1, line.y1, line.x2, line.y2 + 3)
    for box, value in zip(tool.panel.ends, (0.5, 0.5, 20.5, 0.5), strict=True):
        box.setValue(value)
    line = tool.model.line
    assert line == ProfileLine(0.5, 0.5, 20.5, 0.5)
    assert tool.panel.words.text() == "Length 10 µm"

    dialog = tool.panel.ask_for_file()
    dialog.fileSelected.emit(str(room.folder / "line.csv"))
    dialog.reject()
    await room.exports.finished()
    rows = (room.folder / "line.csv").read_text("utf-8").splitlines()
    assert [float(row.split(",")[3]) for row in rows[1:]] == list(STACK[0, 0, viewer.model.z, 0, :21])
    tool.show(False)
    assert tool.model.line is None
    assert not tool.panel.isVisible()


async def test_that_a_tool_is_left_by_its_key_after_its_dialog(room: Room) -> None:
    viewer = await room.open("stack")
    tool = tools_of(viewer).profile
    press(viewer, Qt.Key.Key_L)
    tool.panel.save.setFocus()
    tool.panel.ask_for_file().reject()
    room.centre.activateWindow()  # a window manager does so; offscreen there is none
    focus = QApplication.focusWidget()
    assert focus is tool.panel.save
    QTest.keyClick(focus, Qt.Key.Key_L, SHIFT)
    assert not tool.panel.isVisible()
    assert viewer.isAncestorOf(present(QApplication.focusWidget()))


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, LEFT, none, start)
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(end), widget.mapToGlobal(QPointF(end)), LEFT, LEFT, none)
    QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, LEFT, none, end)


async def test_that_all_planes_go_into_a_file_as_they_are(room: Room) -> None:
    viewer = await room.open("stack")
    dialog = tools_of(viewer).export_menu.ask_for_file(tools_of(viewer).export_menu.plan(Extent.ALL), "Save")
    assert dialog.isVisible()
    assert not dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    path = room.folder / "all.ome.tif"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    await room.exports.finished()
    assert present(room.messages.toast).text == f"Saved {path}"
    np.testing.assert_array_equal(tifffile.imread(path), STACK.transpose(0, 2, 1, 3, 4))


async def test_that_a_plane_too_large_to_be_read_whole_is_exported_in_strips(room: Room) -> None:
    viewer = await room.open("pyramid")
    path = room.folder / "large.tif"
    plan = tools_of(viewer).export_menu.plan(Extent.PLANE)
    room.exports.start(replace(plan, path=path, format=FileFormat.TIFF))
    await room.exports.finished()
    np.testing.assert_array_equal(tifffile.imread(path), PYRAMID[0])


@pytest.mark.parametrize("level", [0, 1])
async def test_that_what_is_in_view_of_a_large_image_is_exported_in_the_detail_that_is_chosen(
    room: Room, level: int
) -> None:
    viewer = await room.open("deep")
    viewer.canvas.zoom_to(1 / SMALLER)
    viewer.canvas.show_place(20_000.0, 100.0)
    menu = tools_of(viewer).export_menu
    dialog = menu.ask_for_part()
    assert dialog.detail.currentIndex() == 1
    dialog.part.setCurrentIndex(1)
    dialog.detail.setCurrentIndex(level)
    dialog.sections.boxes[0].setValue(3)
    dialog.sections.boxes[1].setValue(2)
    plan = dialog.plan
    assert nameless(dialog) == []
    dialog.reject()
    room.exports.start(replace(plan, path=room.folder / "part.ome.tif"))
    await room.exports.finished()
    rect = viewer.canvas.viewport.in_view(((52_000, 200), (13_000, 50), (3_250, 12)), level)
    expected = DEEP[level][1:, rect.y : rect.y + rect.height, rect.x : rect.x + rect.width]
    np.testing.assert_array_equal(tifffile.imread(room.folder / "part.ome.tif"), expected)


async def test_that_some_planes_of_a_stack_are_chosen_by_keyboard(room: Room) -> None:
    viewer = await room.open("stack")
    viewer.commands[SAVE_PART.id][0].trigger()
    dialog = viewer.findChild(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    for box in dialog.times.boxes:
        box.setValue(2)
    dialog.sections.boxes[1].setValue(3)
    dialog.button.click()
    files = next(one for one in viewer.findChildren(QFileDialog) if one.isVisible())
    assert Path(files.selectedFiles()[0]).name == "stack_z1-3_t2.ome.tif"
    files.fileSelected.emit(str(room.folder / "some.ome.tif"))
    files.reject()
    await room.exports.finished()
    np.testing.assert_array_equal(tifffile.imread(room.folder / "some.ome.tif"), STACK[1, :, :3].transpose(1, 0, 2, 3))


async def test_that_the_view_is_copied_saved_and_dragged_as_it_is_shown(room: Room) -> None:
    viewer = await room.open("stack")
    menu = tools_of(viewer).export_menu
    bare = shown(viewer.canvas)
    viewer.canvas.zoom_to(12.0)
    viewer.canvas.show_place(15.0, 10.0)
    menu.overlays.setChecked(False)
    without = pixels(menu.picture)
    menu.overlays.setChecked(True)
    assert not np.array_equal(pixels(menu.picture), without)
    assert without.shape == (20 * 12, 30 * 12, 4)
    np.testing.assert_array_equal(without[6::12, 6::12], bare)
    press(viewer, Qt.Key.Key_C, CONTROL)
    np.testing.assert_array_equal(pixels(QGuiApplication.clipboard().image()), pixels(menu.picture))

    button = viewer.findChild(DragButton)
    assert isinstance(button, DragButton)
    data = button.mime()
    await room.exports.finished()
    (url,) = data.urls()
    assert url.fileName() == "stack_view.png"
    np.testing.assert_array_equal(pixels(QImage(url.toLocalFile())), pixels(menu.picture))
    assert room.messages.toast is None
    assert room.messages.current is None


@pytest.mark.parametrize("name", ["stack", "deep"])
async def test_that_the_view_is_saved_in_the_images_own_pixels(room: Room, name: str) -> None:
    viewer = await room.open(name)
    viewer.canvas.zoom_to(1 / SMALLER if name == "deep" else 3.0)
    viewer.canvas.show_place(*((30_000.0, 100.0) if name == "deep" else (15.0, 10.0)))
    await settled(viewer)
    menu = tools_of(viewer).export_menu
    menu.aboutToShow.emit()
    rect = viewer.canvas.viewport.in_view(((52_000, 200) if name == "deep" else (30, 20),), 0)
    assert f"{rect.width:,} x {rect.height:,} pixels" in menu.full.toolTip()
    menu.overlays.setChecked(False)
    await save_full(room, viewer, room.folder / "full.png")
    planes = {0: DEEP[0][viewer.model.z]} if name == "deep" else dict(enumerate(STACK[0, :, viewer.model.z]))
    rows, columns = slice(rect.y, rect.y + rect.height), slice(rect.x, rect.x + rect.width)
    part = {n: plane[rows, columns] for n, plane in planes.items()}
    np.testing.assert_array_equal(pixels(QImage(str(room.folder / "full.png"))), rendered(viewer, part))
    menu.overlays.setChecked(True)
    await save_full(room, viewer, room.folder / "with bar.png")
    assert (pixels(QImage(str(room.folder / "with bar.png"))) != rendered(viewer, part)).any() == (name == "stack")

    tools_of(viewer).projection_bar.enter()
    menu.overlays.setChecked(False)
    await save_full(room, viewer, room.folder / "projected.png")
    stack = DEEP[0][None] if name == "deep" else STACK[0]
    planes = {n: plane.max(0)[rows, columns] for n, plane in enumerate(stack)}
    np.testing.assert_array_equal(pixels(QImage(str(room.folder / "projected.png"))), rendered(viewer, planes))


async def save_full(room: Room, viewer: ImageViewer, path: Path) -> None:
    tools_of(viewer).export_menu.full.trigger()
    dialog = next(one for one in viewer.findChildren(QFileDialog) if one.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    await room.exports.finished()


async def test_that_a_view_in_full_resolution_that_is_given_up_leaves_nothing(room: Room) -> None:
    viewer = await room.open("deep")
    press(viewer, Qt.Key.Key_P)
    dialog = tools_of(viewer).export_menu.full
    dialog.trigger()
    files = next(one for one in viewer.findChildren(QFileDialog) if one.isVisible())
    files.fileSelected.emit(str(room.folder / "full.png"))
    files.reject()
    (number,) = room.exports.under_way
    await asyncio.sleep(0)
    room.exports.cancel(number)
    await room.exports.finished()
    assert room.exports.under_way == {}
    assert list(room.folder.iterdir()) == []


async def test_that_full_screen_has_the_image_alone_and_escape_leaves_it(room: Room) -> None:
    viewer = await room.open("stack")
    press(viewer, Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier)
    screen = room.centre.findChild(FullScreen)
    assert isinstance(screen, FullScreen)
    assert screen.isFullScreen()
    assert not viewer.isAncestorOf(viewer.canvas)
    press(viewer, Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier)
    assert viewer.model.z == 3
    press(viewer, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert viewer.isAncestorOf(viewer.canvas)
    assert viewer.canvas.isVisible()
    press(viewer, Qt.Key.Key_F11, Qt.KeyboardModifier.NoModifier)
    room.centre.close_all()
    await until(lambda: room.centre.findChild(FullScreen) is None)


async def test_that_images_side_by_side_go_together_as_far_as_that_is_wanted(room: Room) -> None:
    page = await room.side_by_side("stack", "odd", "stack", "many", "float")
    assert len(page.viewers) == 4
    first, odd, again, _many = page.viewers
    first.model.set_plane(1, 1)
    assert (again.model.z, again.model.t, odd.model.z) == (1, 1, 0)
    again.canvas.zoom_to(3.0)
    assert {viewer.canvas.viewport.zoom for viewer in page.viewers} == {3.0}
    page.place.trigger()
    first.canvas.zoom_to(5.0)
    assert again.canvas.viewport.zoom == 3.0
    first.model.set_channel(2, end=77.0)
    assert again.model.settings.channels[2].end != 77.0
    page.channels.trigger()
    assert again.model.settings.channels[2].end == 77.0
    assert nameless(page) == []


async def test_that_images_side_by_side_show_the_same_lengths_where_those_are_known(room: Room) -> None:
    page = await room.side_by_side("stack", "fine")
    coarse, fine = page.viewers
    assert "µm" in page.place.text()
    coarse.canvas.zoom_to(8.0)
    coarse.canvas.show_place(17.0, 9.0)
    assert (fine.canvas.viewport.zoom, fine.canvas.viewport.x, fine.canvas.viewport.y) == (4.0, 19.0, 8.0)
    fine.canvas.zoom_to(2.0)
    assert coarse.canvas.viewport.zoom == 4.0
    added = room.centre.show_beside(room.library.ref("odd"), "odd")
    assert added is page
    await settled(page.viewers[2])
    assert "pixels" in page.place.text()
    coarse.canvas.zoom_to(6.0)
    assert fine.canvas.viewport.zoom == 6.0


async def test_that_images_come_beside_those_that_are_there_until_there_is_no_room(room: Room) -> None:
    viewer = await room.open("stack")
    viewer.model.set_plane(3, 1)
    page = room.centre.show_beside(room.library.ref("odd"), "odd")
    assert page is not None
    assert page.names == ("stack", "odd")
    room.centre.swap(page)
    for name in ("stack", "float"):
        assert room.centre.show_beside(room.library.ref(name), name) is page
    assert room.centre.windows[0].windowTitle() == "stack | odd | stack | float"
    assert room.centre.show_beside(room.library.ref("many"), "many") is None
    for one in page.viewers:
        await settled(one)
    assert page.viewers[2].model.z == page.viewers[0].model.z


async def test_that_a_window_is_called_after_every_image_that_has_come_beside_the_others(room: Room) -> None:
    page = await room.side_by_side("stack", "odd")
    assert room.centre.show_beside(room.library.ref("float"), "float") is page
    room.centre.swap(page)
    assert room.centre.windows[0].windowTitle() == "stack | odd | float"
    await settled(page.viewers[2])


async def test_that_a_tab_becomes_a_window_and_a_tab_again(room: Room) -> None:
    viewer = await room.open("stack")
    press(viewer, Qt.Key.Key_W)
    (window,) = room.centre.windows
    assert window.isVisible()
    assert window.windowTitle() == "stack"
    assert room.centre.count() == 1
    assert await room.open("stack") is viewer
    await until(window.isActiveWindow)
    press(viewer, Qt.Key.Key_W)
    assert room.centre.windows == []
    assert room.centre.currentWidget() is viewer

    bar = room.centre.tabBar()
    drag(bar, bar.tabRect(1).center(), QPoint(300, 300))
    (window,) = room.centre.windows
    window.close()
    assert room.centre.windows == []
    assert room.images.open_images == []


async def test_that_windows_and_tabs_are_closed_together(room: Room) -> None:
    viewer = await room.open("stack")
    press(viewer, Qt.Key.Key_W)
    await room.side_by_side("odd", "float")
    assert len(room.images.open_images) == 3
    room.centre.close_all()
    assert room.images.open_images == []
    assert room.centre.windows == []
    assert room.centre.count() == 1


async def test_that_every_control_of_the_tools_has_a_name(room: Room) -> None:
    viewer = await room.open("stack")
    for key in (Qt.Key.Key_P, Qt.Key.Key_O, Qt.Key.Key_L):
        press(viewer, key)
    await settled(viewer)
    assert nameless(viewer) == []
    tips = [action.toolTip() for action in viewer.actions() if action.text()]
    assert all(tips)
    keys = [action.shortcut().toString() for action in viewer.actions() if not action.shortcut().isEmpty()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0, 10, [0, 2, 4, 6, 8, 10]), (95, 2053, [500, 1000, 1500, 2000])]
)
def test_that_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected
