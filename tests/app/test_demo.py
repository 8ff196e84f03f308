"""The demo library from the first start to the last click, as somebody new to it would go."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Entity, Kind
from omero_desk.models.tree.node import LoadState
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.channels.histogram_view import HistogramView
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.window.welcome_panel import WelcomePanel
from tests.support.present import present
from tests.support.running_desk import DEMO, Running, Start, until
from tests.support.server_process import children

PICTURES = "OMERO_DESK_PICTURES"
"""Environment variable that names the folder for the manual's pictures."""

NOTICED = 5
"""Seconds at most until a connection to a server that has ended is known to be lost; heartbeats are 30 apart."""
WELLS, FIELDS = 96, 2
"""Of the plate, and of a well in it, in the manual's picture."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where the demo library is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get(PICTURES) or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def test_that_the_demo_library_opens_down_to_an_image_whose_annotations_are_counted(
    start: Start, home: Path
) -> None:
    others = children()
    threads, widgets = set(threading.enumerate()), set(QApplication.topLevelWidgets())
    running = start(DEMO, home=home)
    await until(lambda: any("library" in text for text in running.texts(WelcomePanel)))
    await signed_in(running)
    image = await an_annotated_image(running)
    entity = running.bench.tree.entity(image)
    assert entity is not None
    await until(lambda: entity.name in labels(present(running.window.findChild(DetailsPanel))))

    menu = right_click(running, image)
    await until(lambda: "…" not in menu.actions()[0].text())
    assert f"Annotations: {entity.annotation_count}" in menu.actions()[0].text()
    menu.close()

    await running.leave()
    assert not running.desk.libraries.demo.running
    await until(lambda: set(QApplication.topLevelWidgets()) <= widgets)
    await until(lambda: set(threading.enumerate()) <= threads)
    assert children() <= others


async def test_that_the_window_is_not_online_once_the_demo_library_s_server_has_ended(start: Start, home: Path) -> None:
    others = children()
    running = start(DEMO, home=home)
    await signed_in(running)
    await until(lambda: not running.bench.tree.progress)
    (server,) = children() - others
    os.kill(server, signal.SIGKILL)
    await until(lambda: "has stopped" in running.message)
    began = time.monotonic()
    await until(lambda: running.bench.connection.state is State.RECONNECTING)
    assert time.monotonic() - began < NOTICED
    await running.leave()


async def test_that_a_server_killed_while_rows_stream_in_is_started_again_and_the_rest_arrives(
    start: Start, home: Path
) -> None:
    others = children()
    running = start(DEMO, home=home)
    await signed_in(running)
    tree = running.bench.tree
    dataset = await the_largest_dataset(running)
    running.bench.browser.view.expand(dataset)
    await until(lambda: tree.rowCount(dataset) > 1)
    assert tree.state(dataset) is LoadState.LOADING
    (server,) = children() - others
    os.kill(server, signal.SIGKILL)
    await until(lambda: "has stopped" in running.message)
    assert tree.state(dataset) is not LoadState.LOADED

    present(running.bench.messages.current).actions[0].run()
    await until(lambda: tree.state(dataset) is LoadState.LOADED)
    assert tree.rowCount(dataset) == 10_000
    assert not any("has stopped" in posted.message.text for posted in running.bench.messages.posted)
    await running.leave()
    assert children() <= others


async def the_largest_dataset(running: Running) -> QPersistentModelIndex:
    for project in of_kind(running, QModelIndex(), Kind.PROJECT):
        for dataset in await opened(running, project):
            entity = running.bench.tree.entity(dataset)
            if entity is not None and entity.child_count == 10_000:
                return dataset
    raise AssertionError("no dataset has 10,000 images")


async def test_that_the_manual_has_pictures_of_the_window_and_of_the_dialog(
    start: Start, home: Path, pictures: Path
) -> None:
    running = start(DEMO, Settings("light", annotation_column=True), home=home)
    running.window.resize(1100, 720)
    await signed_in(running)
    await an_annotated_image(running)
    dialog = running.bench.open_connect_dialog("omero.example.org", "ada")
    await until(dialog.isVisible)
    assert dialog.grab().save(str(pictures / "sign-in.png"))
    dialog.reject()
    await running.bench.models.thumbnails.finished()
    assert running.window.grab().save(str(pictures / "main-window.png"))


async def test_that_the_manual_has_pictures_of_an_image_and_of_a_plate(
    start: Start, home: Path, pictures: Path
) -> None:
    running = start(DEMO, Settings("dark"), home=home)
    running.window.resize(1300, 800)
    await signed_in(running)
    bench, tree = running.bench, running.bench.tree
    await an_annotated_image(running)
    entity = bench.browser.entities[0]
    bench.browser.activated.emit(entity)
    image = bench.models.images.open_images[0]
    views = running.window.findChildren
    await until(lambda: sum(one.histogram is not None for one in views(HistogramView)) >= 3)
    assert image.problem is None
    assert running.window.grab().save(str(pictures / "viewer.png"))

    for screen in of_kind(running, QModelIndex(), Kind.SCREEN)[:1]:
        (plate, *_) = await opened(running, screen)
        bench.browser.view.setCurrentIndex(plate)
    await until(lambda: not tree.progress)
    await until(lambda: bench.models.plate.rowCount() > 0)
    await bench.models.plate.finished()
    grid, fields, thumbnails = bench.plate.grid, bench.plate.strip.list, bench.models.thumbnails
    grid.setCurrentIndex(bench.models.plate.index(2, 6))
    await until(fields.in_sight)

    def drawn() -> int:
        images = [*grid.in_sight(), *fields.in_sight()]
        return sum(thumbnails.get(image, grid.fetched) is not None for image in images)

    await until(lambda: drawn() == WELLS + FIELDS and not grid.has_undrawn and not fields.has_undrawn)
    assert running.window.grab().save(str(pictures / "plate.png"))
    await running.leave()


async def signed_in(running: Running) -> None:
    tree = running.bench.tree
    await until(lambda: running.bench.connection.account is not None or running.message)
    assert running.message == ""
    await until(lambda: tree.state() is LoadState.LOADED)


async def an_annotated_image(running: Running) -> QPersistentModelIndex:
    """Open projects and datasets by keyboard until an image with annotations is there, and go to it."""
    tree, view = running.bench.tree, running.bench.browser.view
    for project in of_kind(running, QModelIndex(), Kind.PROJECT):
        for dataset in await opened(running, project):
            for image in await opened(running, dataset):
                entity = tree.entity(image)
                if entity is not None and entity.annotation_count:
                    view.setCurrentIndex(image)
                    view.scrollTo(image)
                    return image
    raise AssertionError("no image has annotations")


async def opened(running: Running, parent: QPersistentModelIndex) -> list[QPersistentModelIndex]:
    """Press the right arrow on a row, and wait for what is below it."""
    tree, view = running.bench.tree, running.bench.browser.view
    if not tree.hasChildren(parent):
        return []
    view.setCurrentIndex(parent)
    QTest.keyClick(view, Qt.Key.Key_Right)
    await until(lambda: tree.state(parent) is LoadState.LOADED)
    return list(below(running, parent))


def below(running: Running, parent: QModelIndex | QPersistentModelIndex) -> Iterator[QPersistentModelIndex]:
    tree = running.bench.tree
    for row in range(tree.rowCount(parent)):
        yield QPersistentModelIndex(tree.index(row, 0, parent))


def of_kind(running: Running, parent: QModelIndex, kind: str) -> list[QPersistentModelIndex]:
    entities = [(index, running.bench.tree.entity(index)) for index in below(running, parent)]
    return [index for index, entity in entities if isinstance(entity, Entity) and entity.ref.kind == kind]


def right_click(running: Running, index: QModelIndex | QPersistentModelIndex) -> NodeMenu:
    view = running.bench.browser.view
    point = view.visualRect(index).center()
    where = view.viewport().mapToGlobal(point)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, where)
    QApplication.sendEvent(view.viewport(), event)
    menu = present(running.window.findChild(NodeMenu))
    assert menu.isVisible()
    return menu


def labels(part: QWidget) -> list[str]:
    return [label.text() for label in part.findChildren(QLabel)]
