"""The viewer with real widgets, on images of every kind on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import omero
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import Family, Model, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.views.channels.channel_menu import ChannelMenu
from omero_desk.views.messages.question import Question
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.settings_menu import SettingsMenu, apply_question
from tests.faults.proxy import Fault, FaultProxy, Moment
from tests.support.accessibility import nameless
from tests.support.picture_library import ARRAYS, PYRAMID, STACK, TYPES, PictureLibrary, Reported, picture_library
from tests.support.present import present
from tests.support.viewer_host import ViewerHost

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
SECONDS = 5


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureLibrary]:
    with picture_library(tmp_path_factory.mktemp("viewed")) as found:
        yield found


@dataclass
class Room:
    """Signed in as somebody, with images and viewers."""

    library: PictureLibrary
    service: ServiceManager = field(default_factory=ServiceManager)
    reported: Reported = field(default_factory=Reported)
    viewers: list[ImageViewer] = field(default_factory=list)
    hosts: list[ViewerHost] = field(default_factory=list)
    ref: Ref | None = None

    async def enter(self, user: str = "ada", port: int | None = None) -> None:
        self.account = await self.service.sign_in(self.library.sign_in(user, port))
        self.images = ImagesModel(ImageReader(self.service), lambda: self.account, self.reported)

    def view(self, name: str) -> ImageViewer:
        """A viewer of an image, on its way."""
        viewer = ImageViewer(self.images.open(self.library.ref(name)))
        self.hosts.append(ViewerHost(viewer, QSize(600, 600)))
        self.viewers.append(viewer)
        return viewer

    async def seen(self, name: str) -> ImageViewer:
        """A viewer of an image, once all of what is in view is there."""
        viewer = self.view(name)
        await self.settle(viewer)
        return viewer

    async def settle(self, viewer: ImageViewer) -> None:
        """Until all of what is in view is there, and nothing is under way."""
        await until(lambda: is_settled(viewer))
        await self.images.finished()
        raster = viewer.model.raster
        assert raster is None or isinstance(raster, PlaneRaster | TileRaster)
        if raster is not None:
            await raster.finished()

    async def leave(self) -> None:
        for viewer in self.viewers:
            viewer.close_image()
            self.images.close(viewer.model)
            viewer.close()
            viewer.deleteLater()
        for host in self.hosts:
            host.close()
            host.deleteLater()
        await self.images.finished()
        self.service.close()
        assert self.reported.errors == []


@pytest_asyncio.fixture
async def room(library: PictureLibrary) -> AsyncIterator[Room]:
    """Ada's."""
    made = Room(library)
    await made.enter()
    yield made
    await made.leave()


async def until(condition: Callable[[], object]) -> None:
    """Let everything run until `condition` holds."""

    async def hold() -> None:
        while not condition():
            await asyncio.sleep(0.002)

    await asyncio.wait_for(hold(), SECONDS)


def is_settled(viewer: ImageViewer) -> bool:
    viewer.canvas.repaint()
    return viewer.model.problem is not None or viewer.model.is_complete


def drawn(viewer: ImageViewer) -> NDArray[np.uint8]:
    """Red, green and blue of the model's picture of the whole image, a pixel of it for each of the image."""
    info = viewer.model.info
    assert info is not None
    view = viewer.model.view(Viewport(info.size_x, info.size_y, 1.0, info.size_x / 2, info.size_y / 2))
    assert view is not None
    return view.picture[..., 2::-1]


def on_screen(viewer: ImageViewer) -> NDArray[np.uint8]:
    """Red, green and blue of what the canvas shows."""
    image = viewer.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)


def rendered_by_server(session: LaneSession, viewer: ImageViewer) -> NDArray[np.uint8]:
    """Red, green and blue of the server's own rendering with the same settings."""
    model = viewer.model
    info, settings = model.info, model.settings
    assert info is not None
    engine = session.connection.factory.createRenderingEngine()
    group = {"omero.group": str(info.group_id)}
    engine.lookupPixels(info.pixels_id, group)
    if not engine.lookupRenderingDef(info.pixels_id, group):
        engine.resetDefaultSettings(True, group)
        engine.lookupRenderingDef(info.pixels_id, group)
    engine.load(group)
    models: dict[str, Any] = {one.value.val: one for one in list[Any](engine.getAvailableModels())}
    families: dict[str, Any] = {one.value.val: one for one in list[Any](engine.getAvailableFamilies())}
    engine.setModel(models[settings.model.value])
    for number, channel in enumerate(settings.channels):
        engine.setActive(number, channel.active)
        engine.setChannelWindow(number, channel.start, channel.end)
        engine.setRGBA(number, *channel.color)
        reverse = omero.romio.ReverseIntensityMapContext()
        (engine.addCodomainMapToChannel if channel.reverse else engine.removeCodomainMapFromChannel)(reverse, number)
        engine.setQuantizationMap(number, families[channel.family.value], channel.coefficient, channel.noise_reduction)
    packed = engine.renderAsPackedInt(omero.romio.PlaneDef(omero.romio.XY, 0, 0, model.z, model.t, None, -1))
    engine.close()
    values = np.array(packed, np.int64).reshape(info.size_y, info.size_x)
    return np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=-1).astype(np.uint8)


async def compare(room: Room, viewer: ImageViewer) -> None:
    server = await room.service.call(Lane.JOBS, rendered_by_server, viewer)
    difference = np.abs(server.astype(int) - drawn(viewer).astype(int))
    assert difference.max() <= 1


@pytest.mark.parametrize("kind", TYPES)
async def test_that_pictures_of_every_pixel_type_and_family_are_the_servers(room: Room, kind: str) -> None:
    viewer = await room.seen(kind)
    model = viewer.model
    for family, coefficient in [(one, 1.0 if one is Family.LINEAR else 1.3) for one in Family]:
        for rendering in Model:
            settings = replace(model.settings, model=rendering)
            for number in range(2):
                settings = settings.with_channel(number, active=True, family=family, coefficient=coefficient)
            model.set_settings(settings)
            await compare(room, viewer)


@pytest.mark.parametrize("name", ["strange", "constant", "dot", "many", "odd"])
async def test_that_strange_images_show_something(room: Room, name: str) -> None:
    viewer = await room.seen(name)
    assert viewer.model.problem is None
    viewer.model.stretch()
    drawn(viewer)
    for row in viewer.channels.rows:
        row.open_details(True)
        row.show_histogram()
    for family in Family:
        viewer.model.set_channel(0, family=family, coefficient=2.0, reverse=True)
        viewer.canvas.repaint()
    for x, y in ((0, 0), (-5, 3), (1e6, 2)):
        viewer.canvas.pointed.emit(x, y)
    await compare(room, viewer)


async def test_that_images_nobody_measured_are_not_black(room: Room) -> None:
    viewer = await room.seen("odd")
    low, high = np.percentile(ARRAYS["odd"], [0.35, 99.65])
    channel = viewer.model.settings.channels[0]
    assert channel.start == pytest.approx(low, abs=300)
    assert channel.end == pytest.approx(high, abs=300)


async def test_that_everything_has_a_name_and_a_tip(room: Room) -> None:
    viewer = await room.seen("stack")
    assert nameless(viewer) == []
    assert all(action.toolTip() for action in viewer.toolbar.actions() if action.text())


async def test_that_keys_and_wheel_move_zoom_and_turn_pages(room: Room) -> None:
    viewer = await room.seen("stack")
    canvas, model = viewer.canvas, viewer.model
    before = canvas.viewport
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Minus):
        QTest.keyClick(canvas, key)
    assert canvas.viewport.zoom == pytest.approx(before.zoom)
    assert (canvas.viewport.x, canvas.viewport.y) < (before.x, before.y)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.viewport == before
    model.set_plane(0, 0)
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert (model.z, model.t) == (1, 1)
    turn(canvas, -120, Qt.KeyboardModifier.ShiftModifier)
    turn(canvas, 120, Qt.KeyboardModifier.ControlModifier)
    assert (model.z, model.t) == (2, 0)
    at = canvas.place(QPointF(100, 100))
    turn(canvas, 120)
    assert canvas.viewport.zoom > before.zoom
    assert canvas.place(QPointF(100, 100)) == pytest.approx(at)
    model.set_plane(99, 99)
    assert (model.z, model.t) == (3, 1)
    await until(lambda: is_settled(viewer))
    np.testing.assert_array_equal([model.value_at(5, 7)[c] for c in range(3)], [STACK[1, c, 3, 7, 5] for c in range(3)])


def turn(canvas: Any, angle: int, keys: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(100, 100)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


async def test_that_the_mouse_moves_the_image_and_tells_its_values(room: Room) -> None:
    viewer = await room.seen("uint8")
    canvas = viewer.canvas
    middle = canvas.rect().center()
    x, y = canvas.place(QPointF(middle))
    QTest.mouseMove(canvas, middle)
    QTest.mousePress(canvas, LEFT, NONE, middle)
    QTest.mouseMove(canvas, middle + QPoint(40, 30))
    assert canvas.place(QPointF(middle + QPoint(40, 30))) == pytest.approx((x, y))
    values = viewer.model.value_at(*canvas.place(QPointF(middle)))
    column, row = (int(place) for place in canvas.place(QPointF(middle)))
    assert values == {c: float(ARRAYS["uint8"][c, row, column]) for c in range(2)}
    QTest.mouseRelease(canvas, LEFT, NONE, middle)
    QTest.mouseDClick(canvas, LEFT, NONE, middle)
    assert canvas.viewport == Viewport(canvas.width(), canvas.height()).fitted(9, 12)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


async def test_that_the_canvas_shows_the_picture_where_the_viewport_says(room: Room) -> None:
    viewer = await room.seen("uint8")
    viewer.scale_bar.visible = False
    viewer.canvas.zoom_to(16)
    await until(lambda: is_settled(viewer))
    picture, screen = drawn(viewer), on_screen(viewer)
    viewer.canvas.repaint()
    for x, y in ((0, 0), (4, 6), (8, 11)):
        left, top = viewer.canvas.viewport.to_canvas(x + 0.5, y + 0.5)
        np.testing.assert_array_equal(screen[int(top), int(left)], picture[y, x])


async def test_that_a_window_is_dragged_by_mouse_and_keys_and_undone_at_once(room: Room) -> None:
    viewer = await room.seen("uint16")
    model, details = viewer.model, viewer.channels.rows[0].details
    assert details is not None
    view = details.histogram
    before = model.settings
    middle, end = view.rect().center(), QPoint(view.width() - 8, view.height() // 2)
    QTest.mousePress(view, LEFT, NONE, end)
    for step in range(1, 4):
        QTest.mouseMove(view, end - QPoint(20 * step, 0))
    QTest.mouseRelease(view, LEFT, NONE, middle)
    dragged = model.settings
    assert dragged.channels[0].end < before.channels[0].end
    assert dragged.channels[1] == before.channels[1]
    assert details.end.value() == dragged.channels[0].end
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert model.settings.channels[0].start > dragged.channels[0].start
    model.undo()
    model.undo()
    assert model.settings == before
    model.redo()
    assert model.settings == dragged
    model.undo()
    assert not model.can_undo or model.settings == before


async def test_that_numbers_gamma_colours_and_switches_set_a_channel(room: Room) -> None:
    viewer = await room.seen("uint8")
    model, row = viewer.model, viewer.channels.rows[1]
    assert row.details is not None
    row.details.start.setValue(50)
    row.details.end.setValue(40)
    assert (model.settings.channels[1].start, model.settings.channels[1].end) == (40, 40)
    row.details.gamma.setValue(0.5)
    assert (model.settings.channels[1].family, model.settings.channels[1].coefficient) == (Family.POLYNOMIAL, 0.5)
    row.details.gamma.setValue(1)
    assert model.settings.channels[1].family is Family.LINEAR
    menu = row.color_button.menu()
    texts = {action.text(): action for action in menu.actions()}
    texts["Magenta"].trigger()
    texts["Reverse intensity"].trigger()
    assert model.settings.channels[1].color == (255, 0, 255, 255)
    assert model.settings.channels[1].reverse
    texts["Show only this channel"].trigger()
    assert [one.active for one in model.settings.channels] == [False, True]
    viewer.channels.all_off.click()
    assert not drawn(viewer).any()
    viewer.channels.all_on.click()
    assert [one.active for one in model.settings.channels] == [True, True]
    row.active.click()
    assert [one.active for one in model.settings.channels] == [True, False]
    QTest.keyClick(viewer.canvas, Qt.Key.Key_G)
    await until(lambda: model.settings.model is Model.GREYSCALE)


async def test_that_sixty_channels_have_rows_without_details_until_they_are_wanted(room: Room) -> None:
    viewer = await room.seen("many")
    rows = viewer.channels.rows
    assert [row.details is not None for row in rows] == [True] + [False] * 59
    rows[40].more.click()
    assert rows[40].details is not None
    assert rows[40].details.isVisible()
    viewer.model.set_settings(replace(viewer.model.settings, model=Model.RGB))
    viewer.channels.all_on.click()
    await until(lambda: is_settled(viewer))
    await compare(room, viewer)


async def test_that_lookup_tables_are_the_servers(room: Room) -> None:
    viewer = await room.seen("uint8")
    await until(lambda: "fire.lut" in viewer.model.luts)
    menu = viewer.channels.rows[0].color_button.menu()
    assert isinstance(menu, ChannelMenu)
    menu.luts.aboutToShow.emit()
    next(action for action in menu.luts.actions() if action.text() == "fire").trigger()
    viewer.model.show_channels(lambda number: number == 0)
    assert viewer.model.settings.channels[0].lut == "fire.lut"
    viewer.model.set_channel(0, start=0, end=255)
    table = viewer.model.luts["fire.lut"]
    np.testing.assert_array_equal(drawn(viewer), table[ARRAYS["uint8"][0]])
    viewer.model.set_channel(0, lut="nobody knows.lut")
    drawn(viewer)


async def test_that_a_lookup_table_that_is_new_on_the_server_is_read_when_an_image_names_it(room: Room) -> None:
    viewer = await room.seen("uint8")
    await until(lambda: "fire.lut" in viewer.model.luts)
    images = room.images
    images.luts = {name: table for name, table in images.luts.items() if name != "fire.lut"}
    for image in images.open_images:
        image.use_luts(images.luts)
    viewer.model.set_channel(0, lut="fire.lut")
    viewer.model.opened.emit()
    await until(lambda: "fire.lut" in viewer.model.luts)


async def test_that_a_file_that_cannot_be_read_says_so_in_place_and_can_be_retried(
    room: Room, library: PictureLibrary
) -> None:
    viewer = await room.seen("broken")
    retry = viewer.overlays.retry
    assert viewer.model.problem is not None
    assert retry.isVisible()
    assert viewer.channels.rows
    viewer.model.set_channel(0, end=9)
    before, path = library.paths["broken"].read_bytes(), library.paths["broken"]
    try:
        path.write_bytes(library.sound)
        retry.click()
        assert not retry.isVisible()
        await until(lambda: is_settled(viewer) and viewer.model.problem is None)
        assert not retry.isVisible()
    finally:
        path.write_bytes(before)


async def test_that_an_image_that_is_not_there_says_so(room: Room) -> None:
    viewer = ImageViewer(room.images.open(Ref(Kind.IMAGE, 987_654)))
    viewer.show()
    room.viewers.append(viewer)
    await until(lambda: viewer.model.problem)
    assert viewer.overlays.retry.isVisible()
    assert viewer.canvas._words()
    viewer.model.retry()
    await until(lambda: viewer.model.problem)


async def test_that_a_pyramid_is_seen_by_its_tiles(room: Room) -> None:
    viewer = await room.seen("pyramid")
    info = viewer.model.info
    assert info is not None
    assert info.pixel_type is PixelType.UINT8
    canvas = viewer.canvas
    canvas.zoom_to(1.0)
    canvas.show_place(1000, 2000)
    await until(lambda: is_settled(viewer))
    view = viewer.model.view(canvas.viewport)
    assert view is not None
    viewer.model.set_settings(replace(viewer.model.settings, model=Model.GREYSCALE).with_channel(0, start=0, end=255))
    view = viewer.model.view(canvas.viewport)
    assert view is not None
    left, top = int(view.x), int(view.y)
    height, width = view.picture.shape[:2]
    np.testing.assert_array_equal(view.picture[..., 0], PYRAMID[0][0, top : top + height, left : left + width])
    assert viewer.model.value_at(1000, 2000) == {c: float(PYRAMID[0][c, 2000, 1000]) for c in range(2)}


async def test_that_a_service_is_ready_for_the_next_image_once_one_is_seen(room: Room) -> None:
    await room.seen("uint8")
    services = room.service.open_services
    assert services == ("RawPixelsStore",) * 2
    await room.seen("int16")
    assert room.service.open_services == ("RawPixelsStore",) * 3


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HALF_CLOSE])
async def test_that_a_line_that_drops_while_tiles_stream_delays_them(library: PictureLibrary, fault: Fault) -> None:
    with FaultProxy(library.server.host, library.server.ssl_port) as proxy:
        room = Room(library)
        await room.enter(port=proxy.port)
        viewer = await room.seen("pyramid")
        proxy.arm(fault, Moment.REPLY, after=100_000, once=True)
        viewer.canvas.zoom_to(1.0)
        await until(lambda: is_settled(viewer))
        assert await proxy.struck(5)
        assert viewer.model.problem is None
        await room.leave()


async def test_that_settings_are_copied_to_another_image(room: Room) -> None:
    one, other = await room.seen("uint16"), await room.seen("many")
    one.model.set_settings(one.model.settings.with_channel(1, start=7, end=99))
    menus = [SettingsMenu(viewer.model, room.images, viewer, tuple) for viewer in (one, other)]
    texts = [{action.text(): action for action in menu.actions()} for menu in menus]
    assert not texts[1]["&Paste settings"].isEnabled()
    texts[0]["&Copy settings"].trigger()
    texts[1]["&Paste settings"].trigger()
    assert other.model.settings.channels[:2] == one.model.settings.channels
    assert len(other.model.settings.channels) == 60
    await room.settle(other)


async def test_that_own_settings_are_saved_and_come_back(room: Room, library: PictureLibrary) -> None:
    viewer = await room.seen("int16")
    model = viewer.model
    wanted = model.settings.with_channel(
        0,
        start=-7,
        end=9,
        color=(1, 2, 3, 255),
        lut="fire.lut",
        family=Family.EXPONENTIAL,
        coefficient=1.5,
        reverse=True,
    )
    model.set_settings(wanted)
    told: list[str] = []
    room.images.told.connect(told.append)
    room.images.save_settings(model)
    await until(lambda: told)
    again = await room.seen("int16")
    assert again.model.settings.channels == wanted.channels
    again.model.set_channel(0, reverse=False, lut="", start=0)
    room.images.save_settings(again.model)
    await until(lambda: len(told) == 2)
    third = await room.seen("int16")
    assert third.model.settings.channels == again.model.settings.channels
    assert len({one.id for one in third.model.saved if one.owner_id == library.people["ada"]}) == 1
    assert [choice.name for choice in third.model.choices] == ["Your own", "Imported", "Full range"]


async def test_that_settings_are_applied_to_images_after_a_question(room: Room) -> None:
    viewer = await room.seen("uint32")
    viewer.model.set_channel(0, start=11, end=12)
    refs = (room.library.ref("int32"), room.library.ref("many"), room.library.ref("uint32"))
    saved: list[set[int]] = []
    told: list[str] = []
    room.images.settings_saved.connect(saved.append)
    room.images.told.connect(told.append)
    menu = SettingsMenu(viewer.model, room.images, viewer, lambda: refs)
    next(action for action in menu.actions() if "apply" in action.text()).trigger()
    box = present(viewer.findChild(Question))
    assert "cannot be undone" in box.words.text()
    next(button for button in box.box.buttons() if button.text() == "&Apply").click()
    await until(lambda: told)
    assert saved[0] == {room.library.ids["uint32"]}
    assert room.library.ids["many"] not in saved[1]
    menu.aboutToShow.emit()
    assert "Your own" in [action.text() for action in menu.actions()]
    question = apply_question((Ref(Kind.DATASET, 1),), viewer)
    assert "All images in it" in question.words.text()
    question.deleteLater()


async def test_that_others_see_whose_settings_there_are(library: PictureLibrary) -> None:
    room = Room(library)
    await room.enter()
    viewer = await room.seen("uint8")
    viewer.model.set_channel(0, start=3)
    told: list[str] = []
    room.images.told.connect(told.append)
    room.images.save_settings(viewer.model)
    await until(lambda: told)
    await room.leave()
    ben = Room(library)
    await ben.enter("ben")
    seen = await ben.seen("uint8")
    assert [choice.name for choice in seen.model.choices] == ["Ada Lab (owner)", "Imported", "Full range"]
    assert seen.model.settings.channels[0].start == 3
    await ben.leave()


async def test_that_changes_are_undone_by_key(room: Room) -> None:
    viewer = await room.seen("uint8")
    SettingsMenu(viewer.model, room.images, viewer, tuple)
    viewer.activateWindow()
    viewer.canvas.setFocus()
    await until(viewer.canvas.hasFocus)
    before = viewer.model.settings
    viewer.model.set_channel(0, end=77.0)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert viewer.model.settings == before
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert viewer.model.settings.channels[0].end == 77
