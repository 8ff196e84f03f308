"""The parts of the viewer that stand beside the picture: overview, scale bar, sliders, histogram."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from omero_desk.entities.images import ImageInfo, Length, OpenedImage, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.imaging.contrast import Histogram
from omero_desk.imaging.mips import Mips
from omero_desk.models.rasters.raster import PlaneRaster, Raster
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.playing import Course, Playing
from omero_desk.views.channels.histogram_view import HistogramView
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.scale_bar import bar
from tests.support.gallery import ramp
from tests.support.left_over import ends_with_the_test
from tests.support.picture_library import Reported
from tests.support.running_desk import until
from tests.support.streamed import streamed

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STACK = ramp((6, 5, 600, 800), "uint8")  # T, Z
INFO = ImageInfo(Ref(Kind.IMAGE, 1), "stack", 1, 800, 600, 5, 1, 6, PixelType.UINT8, physical_x=Length(0.5, "µm"))


async def read(ref: Ref) -> OpenedImage:
    return OpenedImage(INFO, ())


async def raster(info: ImageInfo) -> Raster:
    async def planes(info: ImageInfo, keys: object) -> list[Mips]:
        return [Mips(STACK[key.t, key.z]) for key in keys]  # type: ignore[attr-defined]

    return PlaneRaster(info, streamed(planes), Reported())


@pytest_asyncio.fixture
async def viewer() -> AsyncIterator[ImageViewer]:
    made = ImageViewer(ends_with_the_test(ImageModel(INFO.ref, read, raster, Reported())))
    made.resize(900, 600)
    made.show()
    made.model.open()
    await shown(made)
    yield made
    made.close_image()
    made.close()
    made.deleteLater()


async def shown(viewer: ImageViewer) -> None:
    def is_there() -> bool:
        viewer.canvas.repaint()
        return viewer.model.is_complete

    await until(is_there)
    found = viewer.model.raster
    assert isinstance(found, PlaneRaster)
    await found.finished()


async def test_that_the_overview_is_there_when_the_image_is_not_all_in_view(viewer: ImageViewer) -> None:
    canvas, overview = viewer.canvas, viewer.overview
    assert overview.box(canvas.viewport) is None
    canvas.zoom_to(4.0)
    await shown(viewer)
    box = overview.box(canvas.viewport)
    assert box is not None
    frame = overview.frame(box, canvas.viewport)
    assert box.contains(frame)
    screen = canvas.grab().toImage()
    picture = viewer.model.overview(160, 120)
    assert picture is not None
    inside = QPoint(round(box.left()) + 3, round(box.top()) + 3)
    assert not frame.contains(QPointF(inside))
    scale = picture.picture.shape[1] / box.width()
    place = (inside.y() + 0.5 - box.top()) * scale, (inside.x() + 0.5 - box.left()) * scale
    near = picture.picture[int(place[0]) - 1 : int(place[0]) + 2, int(place[1]) - 1 : int(place[1]) + 2, 0]
    assert near.min() <= screen.pixelColor(inside).red() <= near.max()


async def test_that_a_press_and_a_drag_in_the_overview_bring_places_into_view(viewer: ImageViewer) -> None:
    canvas = viewer.canvas
    canvas.zoom_to(4.0)
    box = viewer.overview.box(canvas.viewport)
    assert box is not None
    corner = box.topLeft().toPoint() + QPoint(20, 15)
    QTest.mousePress(canvas, LEFT, NONE, corner)
    assert (canvas.viewport.x, canvas.viewport.y) == pytest.approx((100, 75))
    QTest.mouseMove(canvas, corner + QPoint(40, 30))
    assert (canvas.viewport.x, canvas.viewport.y) == pytest.approx((300, 225))
    QTest.mouseRelease(canvas, LEFT, NONE, corner)
    QTest.mouseMove(canvas, corner)
    assert (canvas.viewport.x, canvas.viewport.y) == pytest.approx((300, 225))
    QTest.mousePress(canvas, LEFT, NONE, canvas.rect().center())
    QTest.mouseMove(canvas, canvas.rect().center() + QPoint(8, 0))
    QTest.mouseRelease(canvas, LEFT, NONE, canvas.rect().center())
    assert canvas.viewport.x == pytest.approx(298)


async def test_that_sliders_numbers_and_play_go_through_planes(viewer: ImageViewer) -> None:
    model, sliders = viewer.model, viewer.sliders
    sliders.z._slider.setValue(4)
    assert model.z == 4
    sliders.t._number.setValue(6)
    assert model.t == 5
    model.set_plane(1, 2)
    assert (sliders.z._slider.value(), sliders.t._number.value()) == (1, 3)
    sliders.t.rate.setValue(60)
    courses: list[Course | None] = []
    sliders.t.played.connect(lambda: courses.append(model.course))
    QTest.keyClick(viewer, Qt.Key.Key_Space)
    seen: set[int] = set()
    model.plane_changed.connect(lambda: seen.add(model.t))
    await until(lambda: viewer.canvas.repaint() or seen >= {0, 3, 4, 5})
    sliders.stop()
    assert not sliders.t.play_button.isChecked()
    assert courses == [Course(Playing.LOOP, along_z=False, count=6), None]
    await shown(viewer)
    view = model.view(viewer.canvas.viewport)
    assert view is not None
    assert view.complete


async def test_that_a_histogram_tells_its_window_and_keeps_its_ends_apart() -> None:
    view = HistogramView("DAPI")
    view.resize(212, 56)
    view.show_window((0, 100), (20, 60), QColor("red"), True)
    view.show_histogram(Histogram((1, 5, 0, 9), 0, 100))
    moved: list[tuple[float, float]] = []
    view.window_moved.connect(lambda start, end: moved.append((start, end)))
    QTest.mousePress(view, LEFT, NONE, QPoint(6 + 40, 20))
    QTest.mouseMove(view, QPoint(6 + 190, 20))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(6 + 190, 20))
    assert moved[-1] == (60.0, 60.0)
    view.show_window((0, 100), (20, 60), QColor("red"), True)
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert moved[-1] == (20.0, 61.0)
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moved[-1] == (20.0, 71.0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert moved[-1] == (19.0, 71.0)
    asked: list[bool] = []
    view.auto_wanted.connect(lambda: asked.append(True))
    QTest.mouseDClick(view, LEFT, NONE, QPoint(6 + 100, 20))
    assert asked == [True]
    for limits, window in (((5, 5), (5, 5)), ((0, 1e-9), (0, 1e-9)), ((-1e300, 1e300), (0, 1))):
        view.show_window(limits, window, QColor("red"), False)
        view.show_histogram(None)
        view.grab()


@given(st.floats(1e-6, 1e6), st.sampled_from(["pm", "nm", "µm", "mm", "m", "furlong"]), st.floats(1, 1e5))
def test_that_a_scale_bar_is_round_and_fits(value: float, unit: str, most: float) -> None:
    pixels, text = bar(Length(value, unit), most)
    assert 0 < pixels <= most * (1 + 1e-6)
    assert pixels >= most / 2.5 * (1 - 1e-6)
    number = float(text.split()[0])
    assert number / 10 ** math.floor(math.log10(number) + 1e-9) == pytest.approx(
        min((1, 2, 5, 10), key=lambda step: abs(step - number / 10 ** math.floor(math.log10(number) + 1e-9)))
    )


async def test_that_a_coarser_picture_shows_the_same_part(viewer: ImageViewer) -> None:
    viewport = viewer.canvas.viewport
    fine, coarse = viewer.model.view(viewport), viewer.model.view(viewport, 1)
    assert fine is not None
    assert coarse is not None
    assert coarse.picture.shape[0] < fine.picture.shape[0]
    assert (coarse.width, coarse.height) == pytest.approx((fine.width, fine.height), abs=4)
    assert np.abs(coarse.picture.mean() - fine.picture.mean()) < 2


async def test_that_a_turned_view_shows_every_pixel_where_its_place_says_so(viewer: ImageViewer) -> None:
    canvas = viewer.canvas
    canvas.layers = []
    places = [(370.5, 280.5), (430.5, 290.5), (390.5, 330.5)]

    def colours() -> list[str]:
        screen, ratio = canvas.grab().toImage(), canvas.devicePixelRatioF()
        on_screen = (canvas.viewport.to_canvas(*place) for place in places)
        return [screen.pixelColor(int(left / ratio), int(top / ratio)).name() for left, top in on_screen]

    canvas.zoom_to(4.0)
    await shown(viewer)
    before = colours()
    assert len(set(before)) == 3
    for name in ("rotate-right", "mirror", "rotate-left", "mirror", "mirror"):
        viewer.commands[f"viewer.{name}"][0].trigger()
        await shown(viewer)
        assert colours() == before, name
        at = QPointF(40, 30)
        assert canvas.viewport.to_canvas(*canvas.place(at)) == pytest.approx((40, 30))


async def test_that_an_upright_view_fits_and_its_overview_leads_to_the_places_that_it_shows(
    viewer: ImageViewer,
) -> None:
    canvas = viewer.canvas
    viewer.commands["viewer.rotate-right"][0].trigger()
    assert canvas.viewport.zoom == pytest.approx(canvas.viewport.height / 800)
    canvas.zoom_to(4.0)
    await shown(viewer)
    box = viewer.overview.box(canvas.viewport)
    assert box is not None
    assert (box.width(), box.height()) == pytest.approx((120, 160))
    upper_right = QPoint(round(box.right()) - 15, round(box.top()) + 20)
    QTest.mousePress(canvas, LEFT, NONE, upper_right)
    QTest.mouseRelease(canvas, LEFT, NONE, upper_right)
    assert (canvas.viewport.x, canvas.viewport.y) == pytest.approx((100, 75), abs=4)
    frame = viewer.overview.frame(box, canvas.viewport)
    assert frame.center().x() > box.center().x() and frame.center().y() < box.center().y()
