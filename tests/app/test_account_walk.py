"""From one library to the next and back, with work that is not saved: nothing of one reaches another."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import OtherAccountError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.messages import Severity
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.window.leaving import LeaveDialog
from tests.support.demo_library import copy_of_demo
from tests.support.folder_writer import picture, save_tiff
from tests.support.present import present
from tests.support.running_desk import NOTHING, Running, Start, until

IMAGE = Ref(Kind.IMAGE, 1)
"""The first image of every library: only the account tells them apart."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders of the same name."""
    places = tmp_path / "A/data", tmp_path / "B/data"
    for number, (place, name) in enumerate(zip(places, ("a.tif", "b.tif"), strict=True)):
        save_tiff(place / "cells" / name, picture(number))
    return places


async def signed_in(running: Running, folder: str) -> None:
    """Wait until the folder is open, or for "" the demo library."""
    connection = running.bench.connection
    await until(lambda: connection.folder == folder and connection.state is State.ONLINE)
    assert running.bench.centre.count() == 1  # nothing of the library before
    messages = [each.message for each in running.bench.messages.posted]
    assert [one for one in messages if one.severity is not Severity.INFORMATION] == []


async def opened(running: Running) -> ImageModel:
    await until(lambda: running.bench.tree.rowCount() > 0)
    viewer = running.bench.centre.open_image(IMAGE, "the first")
    await until(lambda: viewer.model.info is not None)
    await until(lambda: viewer.model.raster is not None)
    return viewer.model


def brighten(image: ImageModel) -> float:
    """Change the contrast; returns the new end of the first channel's window."""
    end = image.settings.channels[0].start + 77
    image.set_channel(0, end=end)
    return end


def question(running: Running) -> LeaveDialog | None:
    return running.window.findChild(LeaveDialog)


async def answered(running: Running) -> None:
    await until(lambda: question(running) is None)


@pytest.mark.timeout(400)  # the demo library may have to be made first
async def test_that_nothing_of_one_library_reaches_another(  # noqa: PLR0915 - one walk
    start: Start, folders: tuple[Path, Path], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy_of_demo(tmp_path_factory, tmp_path / "data" / "demo")
    first, second = (str(folder) for folder in folders)
    running = start(argparse.Namespace(**{**vars(NOTHING), "folder": first}))
    bench = running.bench
    connection, models = bench.connection, bench.models
    await until(lambda: connection.folder == first)

    # Folder A: a contrast, a shape and a comment that are not saved.
    image = await opened(running)
    assert present(image.info).name == "a.tif"
    brighten(image)
    await until(lambda: models.regions.open_rois[0].is_complete)
    models.regions.open_rois[0].draw(Shape(ShapeKind.POINT, (1, 1), "precious"))
    models.edits.follow(State.SIGN_IN_NEEDED)
    await until(lambda: bench.tree.rowCount() > 0)
    models.edits.comment([present(bench.tree.entity(bench.tree.index(0, 0)))], "for A alone")
    reader, info, settings = models.images.reader_of(image), present(image.info), image.settings

    connection.open_demo()
    asked = present(question(running))
    for words in ("1 edit is not saved", "1 shape is not saved", "rendering settings of 1 image are not", "a.tif"):
        assert words in asked.text
    asked.stay.click()
    await answered(running)
    assert (connection.folder, connection.busy, bench.centre.count()) == (first, False, 2)
    assert (models.regions.unsaved, len(models.edits.pending), image.is_changed) == (1, 1, True)

    connection.open_demo()
    present(question(running)).discard.click()
    await signed_in(running, "")
    assert (models.regions.unsaved, models.edits.pending, models.images.unsaved_work()) == (0, (), ())
    with pytest.raises(OtherAccountError, match="not signed in any more"):
        await reader.save_settings(info, settings)

    # The demo library: the same id is another image, whose contrast is saved.
    image = await opened(running)
    assert present(image.info).name != "a.tif"
    assert not image.is_changed
    end = brighten(image)
    connection.open_folder(second)
    present(question(running)).save.click()
    await signed_in(running, second)

    # Folder B: contrast stays with the image in this session, though its tab is closed.
    image = await opened(running)
    assert present(image.info).name == "b.tif"
    assert not image.is_changed
    changed = brighten(image)
    bench.centre.close_all()
    image = await opened(running)
    assert image.settings.channels[0].end == changed
    image.undo()
    assert not image.is_changed

    # The demo again: nothing is unsaved, so nothing is asked; what was saved there is there.
    connection.open_demo()
    assert question(running) is None
    await signed_in(running, "")
    image = await opened(running)
    assert image.settings.channels[0].end == pytest.approx(end)
    assert image.settings.id is not None

    # Folder A has nothing of it.
    connection.open_folder(first)
    await signed_in(running, first)
    image = await opened(running)
    assert (present(image.info).name, image.saved) == ("a.tif", ())
    await until(lambda: models.regions.open_rois[0].is_complete)
    assert models.regions.open_rois[0].shapes.unsaved == ()
    assert models.edits.pending == ()
    await running.leave()


async def test_that_the_end_of_the_program_waits_for_one_answer_about_all_that_is_unsaved(
    start: Start, folders: tuple[Path, Path]
) -> None:
    running = start(argparse.Namespace(**{**vars(NOTHING), "folder": str(folders[0])}))
    models = running.bench.models
    await until(lambda: running.bench.connection.folder)
    image = await opened(running)
    await until(lambda: models.regions.open_rois[0].is_complete)
    models.regions.open_rois[0].draw(Shape(ShapeKind.POINT, (1, 1), "precious"))
    brighten(image)
    await until(lambda: running.bench.tree.rowCount() > 0)
    models.edits.follow(State.SIGN_IN_NEEDED)
    models.edits.comment([present(running.bench.tree.entity(running.bench.tree.index(0, 0)))], "wait for me")
    running.window.close()
    running.window.close()
    assert len(running.window.findChildren(LeaveDialog)) == 1
    present(question(running)).stay.click()
    await answered(running)
    assert (models.regions.unsaved, len(models.edits.pending), image.is_changed) == (1, 1, True)
    running.window.close()
    present(question(running)).save.click()
    assert running.window.isVisible()
    models.edits.follow(State.ONLINE)
    await until(running.task.done)
    assert not (running.home / "data" / "edits").exists() or not list((running.home / "data" / "edits").iterdir())
