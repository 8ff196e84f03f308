"""The viewer that nobody sees, before the first that somebody does."""

from __future__ import annotations

import asyncio

import shiboken6
from PySide6.QtWidgets import QApplication

from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.rehearsal import Rehearsal
from tests.support.picture_library import Reported


def viewers() -> list[ImageViewer]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, ImageViewer)]


async def test_that_all_of_a_viewer_is_made_and_painted_and_nothing_is_left(qapp: QApplication) -> None:
    reported = Reported()
    rehearsal = Rehearsal(reported)
    make, show, paint, close = rehearsal.steps
    make()
    (viewer,) = viewers()
    model = viewer.model
    await model.finished()
    show()
    paint()
    assert viewer.canvas.picture is not None
    assert viewer.canvas.picture.complete
    assert len(viewer.channels.rows) == 3
    assert not viewer.isActiveWindow()
    close()
    for _ in range(100):
        await asyncio.sleep(0)
        qapp.processEvents()
    assert not shiboken6.isValid(viewer)
    assert not shiboken6.isValid(model)
    assert reported.errors == []


async def test_that_it_can_be_ended_after_any_step(qapp: QApplication) -> None:
    for count in range(4):
        reported = Reported()
        rehearsal = Rehearsal(reported)
        for step in rehearsal.steps[:count]:
            step()
        for viewer in viewers():
            await viewer.model.finished()
        rehearsal.close()
        for _ in range(100):
            await asyncio.sleep(0)
            qapp.processEvents()
        assert viewers() == []
        assert reported.errors == []
