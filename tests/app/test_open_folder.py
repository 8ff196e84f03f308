"""A folder of one's own images in the window: opened, filled while it is looked at, remembered."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from omero_desk.models.node import LoadState
from omero_desk.settings import Settings
from omero_desk.views.folder_part import FolderButton, FolderScanPart, folder_in
from tests.folder_writer import picture, save_tiff
from tests.running_desk import NOTHING, Running, Start, until


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two datasets in a project, and one beside it."""
    place = tmp_path / "My images"
    for n, name in enumerate(("day 1/cells/a.tif", "day 1/cells/b.tif", "day 1/controls/c.tif", "loose/d.tif")):
        save_tiff(place / name, picture(n))
    (place / "loose/broken.tif").write_bytes(b"no image")
    return place


def opening(folder: Path) -> argparse.Namespace:
    return argparse.Namespace(demo=False, folder=str(folder), server="", user="", verify=False)


def names(running: Running, parent: QModelIndex | QPersistentModelIndex | None = None) -> list[str]:
    tree = running.bench.tree
    where = QModelIndex() if parent is None else QModelIndex(parent)
    found = (tree.entity(tree.index(row, 0, where)) for row in range(tree.rowCount(where)))
    return [entity.name for entity in found if entity is not None]


def row(running: Running, name: str, parent: QPersistentModelIndex | None = None) -> QPersistentModelIndex:
    where = QModelIndex() if parent is None else QModelIndex(parent)
    return QPersistentModelIndex(running.bench.tree.index(names(running, where).index(name), 0, where))


async def is_shown(running: Running) -> None:
    await until(lambda: running.message or {"day 1", "loose"} <= set(names(running)))
    assert running.message == ""


async def test_that_a_folder_opens_fills_and_follows_what_happens_there_without_losing_the_place(
    start: Start, folder: Path
) -> None:
    running = start(opening(folder))
    await is_shown(running)
    tree, view = running.bench.tree, running.bench.browser.view
    part = running.window.findChild(FolderScanPart)
    await until(lambda: "5 files, 1 could not be read" in part.label.text())
    assert part.isVisible()
    assert not part.bar.isVisible()
    assert "My images" in running.window.windowTitle()

    project = row(running, "day 1")
    view.expand(QModelIndex(project))
    await until(lambda: names(running, project) == ["cells", "controls"])
    dataset = row(running, "cells", project)
    view.expand(QModelIndex(dataset))
    await until(lambda: names(running, dataset) == ["a.tif", "b.tif"])
    view.setCurrentIndex(QModelIndex(row(running, "b.tif", dataset)))
    selected = running.bench.browser.entities

    save_tiff(folder / "day 1/cells/aa.tif", picture(9))
    await until(lambda: names(running, dataset) == ["a.tif", "aa.tif", "b.tif"])
    await until(lambda: tree.state(dataset) is LoadState.LOADED)
    assert [entity.ref for entity in running.bench.browser.entities] == [entity.ref for entity in selected]
    assert view.isExpanded(QModelIndex(dataset))
    await running.leave()
    assert '"folders": [' in (running.home / "config" / "settings.json").read_text("utf-8")
    assert str(folder) in (running.home / "config" / "settings.json").read_text("utf-8")


async def test_that_a_folder_is_chosen_dragged_or_taken_from_those_before(start: Start, folder: Path) -> None:
    running = start(NOTHING)
    dialog = await running.dialog_opened()
    (button,) = dialog.findChildren(FolderButton)
    button.click()
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(folder))
    chooser.reject()
    await is_shown(running)
    await until(lambda: running.dialog is None)

    running.bench.connection.sign_out()
    await until(lambda: names(running) == [])
    assert not running.window.findChild(FolderScanPart).isVisible()
    drop(running, folder)
    await is_shown(running)

    running.bench.connection.sign_out()
    dialog = running.bench.open_connect_dialog()
    (button,) = dialog.findChildren(FolderButton)
    button.click()
    (menu,) = button.findChildren(QMenu)
    (recent,) = [action for action in menu.actions() if action.text() == str(folder)]
    recent.trigger()
    menu.close()
    await is_shown(running)


def drop(running: Running, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(50, 50).toPoint(), *rest)
    QApplication.sendEvent(running.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(running.window, QDropEvent(QPointF(50, 50), *rest))


def test_that_only_one_folder_of_this_computer_can_be_dropped(folder: Path) -> None:
    data = QMimeData()
    file = QUrl.fromLocalFile(str(folder / "loose/d.tif"))
    place = QUrl.fromLocalFile(str(folder))
    for urls, expected in (
        ([place], str(folder)),
        ([file], ""),
        ([place, place], ""),
        ([QUrl("https://example.org/")], ""),
        ([], ""),
    ):
        data.setUrls(urls)
        assert folder_in(data) == expected


async def test_that_a_folder_that_is_gone_is_said_in_words(start: Start, tmp_path: Path) -> None:
    running = start(opening(tmp_path / "gone"), Settings())
    await until(lambda: running.message)
    assert running.message.startswith("The library of gone could not be started. The folder ")
    assert "No such file or directory" in running.message
    assert running.bench.connection.folders == ()
