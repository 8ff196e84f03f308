"""What lies on an image's canvas, and the settings of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from omero_desk.entities.images import Length
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.glass import GlassButton
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.scale_bar import BarPlace, BarSize
from omero_desk.views.viewer.snapshot import paint_layers, snapshot
from tests.support.array_images import ArrayReader
from tests.support.viewer_host import ViewerHost

WIDE = (300, 200)


@pytest_asyncio.fixture
async def viewer() -> AsyncIterator[ImageViewer]:
    reader = ArrayReader(np.full((1, 2, 1, WIDE[1], WIDE[0]), 7000, "uint16"))
    reader.info = replace(reader.info, physical_x=Length(0.5, "µm"), physical_y=Length(0.5, "µm"))
    made = ImageViewer(await reader.opened())
    host = ViewerHost(made, QSize(600, 500))
    yield made
    made.close_image()
    host.close()
    host.deleteLater()


async def test_that_values_lie_on_the_canvas_while_the_mouse_is_there_and_move_nothing(viewer: ImageViewer) -> None:
    canvas, value = viewer.canvas, viewer.overlays.value
    before = canvas.size(), canvas.viewport
    assert not value.isVisible()
    canvas.repaint()
    canvas.pointed.emit(12.0, 30.0)
    assert value.isVisible()
    assert value.text().startswith("x 12 y 30")
    assert canvas.geometry().contains(value.geometry())
    viewer.overlays.say("very long words " * 100)
    assert canvas.geometry().contains(value.geometry())
    canvas.pointed.emit(-1.0, -1.0)
    assert not value.isVisible()
    assert (canvas.size(), canvas.viewport) == before


async def test_that_the_zoom_is_told_and_changed_on_the_canvas(viewer: ImageViewer) -> None:
    overlays, canvas = viewer.overlays, viewer.canvas
    group = overlays.zoom_group
    buttons = {button.accessibleName(): button for button in group.findChildren(GlassButton)}
    assert list(buttons) == ["Zoom out", "Zoom in", "Fit", "Actual size"]
    fitted = canvas.viewport.zoom
    buttons["Zoom in"].click()
    assert canvas.viewport.zoom == pytest.approx(1.25 * fitted)
    buttons["Zoom out"].click()
    buttons["Actual size"].click()
    assert (canvas.viewport.zoom, overlays.zoom.text()) == (1.0, "100 %")
    buttons["Fit"].click()
    assert canvas.viewport.zoom == pytest.approx(fitted)
    area = canvas.geometry()
    assert area.contains(group.geometry())
    assert group.geometry().center().x() < area.center().x()
    assert group.geometry().center().y() > area.center().y()


async def test_that_a_picture_of_the_view_is_without_what_lies_on_the_canvas(viewer: ImageViewer) -> None:
    viewer.canvas.repaint()
    before = snapshot(viewer.canvas, [])
    viewer.overlays.say("x 1 y 1")
    assert snapshot(viewer.canvas, []) == before


def painted(viewer: ImageViewer, viewport: Viewport) -> QImage:
    picture = QImage(round(viewport.width), round(viewport.height), QImage.Format.Format_RGB32)
    picture.fill(QColor("#808080"))
    paint_layers(picture, viewport, [viewer.scale_bar, viewer.grid], 1.0)
    return picture


def pure(picture: QImage, colour: str) -> list[tuple[int, int]]:
    """The places of all pixels of one colour."""
    wanted = QColor(colour).rgb()
    places = ((x, y) for y in range(picture.height()) for x in range(picture.width()))
    return [(x, y) for x, y in places if picture.pixel(x, y) == wanted]


@pytest.mark.parametrize("place", BarPlace)
async def test_that_a_scale_bar_has_the_length_colour_and_place_that_were_chosen(
    viewer: ImageViewer, place: BarPlace
) -> None:
    settings = viewer.overlay_settings
    settings.fixed.setCurrentIndex(1)
    settings.length.setValue(30.0)
    settings.choose_colour(QColor("#ffff00"))
    settings.size_box.setCurrentIndex(settings.size_box.findData(BarSize.LARGE.name))
    settings.place_box.setCurrentIndex(settings.place_box.findData(place.name))
    viewport = Viewport(400, 300, 2.0, 150, 100)
    found = pure(painted(viewer, viewport), "#ffff00")
    rows = {y: [x for x, at in found if at == y] for y in {y for _, y in found}}
    longest = max(rows.values(), key=len)
    assert len(longest) == 30.0 / 0.5 * viewport.zoom
    middle = sum(longest) / len(longest), max(rows)
    assert (middle[0] > 200) == (place is BarPlace.LOWER_RIGHT)
    assert (middle[1] > 150) == (place is not BarPlace.UPPER_LEFT)
    settings.shown.setChecked(False)
    assert pure(painted(viewer, viewport), "#ffff00") == []


async def test_that_a_scale_bar_too_long_for_the_view_is_one_that_fits(viewer: ImageViewer) -> None:
    viewer.scale_bar.length = 1e9
    viewport = Viewport(400, 300, 2.0, 150, 100)
    found = pure(painted(viewer, viewport), "#ffffff")
    assert found
    assert max(x for x, _ in found) < 400


async def test_that_a_grid_stands_at_round_lengths_within_the_image(viewer: ImageViewer) -> None:
    viewer.overlay_settings.gridded.setChecked(True)
    viewer.overlay_settings.shown.setChecked(False)
    viewport = Viewport(800, 600, 2.0, 150, 100)
    assert viewer.grid.spacing(viewport) == 40  # 20 µm, of pixels of 0.5
    picture = painted(viewer, viewport)
    row = [x for x in range(800) if picture.pixelColor(x, 590) != QColor("#808080")]
    assert row == []
    lit = [x for x in range(800) if picture.pixelColor(x, 310).lightness() > 150]
    assert lit
    left = viewport.to_canvas(0, 0)[0]
    assert all((x - left) % 80 < 1.5 or (x - left) % 80 > 78.5 for x in lit)


async def test_that_without_a_pixel_size_there_is_no_bar_to_set(viewer: ImageViewer) -> None:
    viewer.scale_bar.pixel = None
    viewer.overlay_settings.show_unit()
    assert not viewer.overlay_settings.fixed.isEnabled()
    assert not viewer.overlay_settings.length.isEnabled()
