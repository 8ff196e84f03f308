"""A folder of one's own images in the window: opened, filled while it is looked at, remembered."""

from __future__ import annotations

import argparse
import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton

from omero_desk.entities.connection_states import State
from omero_desk.entities.gallery_look import ContentsLook
from omero_desk.local_servers.embedded_server import EmbeddedServer
from omero_desk.models.messages import describe
from omero_desk.models.tree.node import LoadState
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.connection.file_notes_dialog import FileNotesDialog
from omero_desk.views.connection.folder_widgets import FolderButton, FolderScanStatus, folder_in
from tests.support.demo_library import copy_of_demo
from tests.support.folder_writer import picture, save_tiff
from tests.support.present import present
from tests.support.running_desk import NOTHING, Running, Start, until
from tests.support.server_process import children


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
    where = QModelIndex() if parent is None else parent
    found = (tree.entity(tree.index(row, 0, where)) for row in range(tree.rowCount(where)))
    return [entity.name for entity in found if entity is not None]


def row(running: Running, name: str, parent: QPersistentModelIndex | None = None) -> QPersistentModelIndex:
    where = QModelIndex() if parent is None else parent
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
    part = present(running.window.findChild(FolderScanStatus))
    await until(lambda: "5 files, 1 could not be read" in part.label.text())
    assert part.isVisible()
    assert not part.bar.isVisible()
    assert "My images" in running.window.windowTitle()
    await lists_the_broken_file(running, part)

    project = row(running, "day 1")
    view.expand(project)
    await until(lambda: names(running, project) == ["cells", "controls"])
    dataset = row(running, "cells", project)
    view.expand(dataset)
    await until(lambda: names(running, dataset) == ["a.tif", "b.tif"])
    view.setCurrentIndex(row(running, "b.tif", dataset))
    selected = running.bench.browser.entities

    save_tiff(folder / "day 1/cells/aa.tif", picture(9))
    await until(lambda: names(running, dataset) == ["a.tif", "aa.tif", "b.tif"])
    await until(lambda: tree.state(dataset) is LoadState.LOADED)
    assert [entity.ref for entity in running.bench.browser.entities] == [entity.ref for entity in selected]
    assert view.isExpanded(dataset)
    await running.leave()
    assert '"folders": [' in (running.home / "config" / "settings.json").read_text("utf-8")
    assert str(folder) in (running.home / "config" / "settings.json").read_text("utf-8")


async def lists_the_broken_file(running: Running, part: FolderScanStatus) -> None:
    """The list of all files that cannot be read is one click away, and can be copied."""
    await until(part.button.isVisible)
    part.button.click()
    (dialog,) = running.window.findChildren(FileNotesDialog)
    reason = "broken.tif is not in a format that can be read"
    await until(lambda: dialog.summary.text() == "1 file cannot be read")
    dialog.table.selectAll()
    (copy,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "&Copy all"]
    copy.click()
    assert QApplication.clipboard().text().startswith(f"broken.tif\tloose\t{reason}")
    assert dialog.table.model().index(0, 2).data().startswith(reason)
    dialog.close()


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
    assert not present(running.window.findChild(FolderScanStatus)).isVisible()
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


async def test_that_a_local_server_ends_when_nobody_is_signed_in_to_it(
    start: Start, folder: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy_of_demo(tmp_path_factory, tmp_path / "data" / "demo")
    other = tmp_path / "Other images"
    save_tiff(other / "one/e.tif", picture(7))
    running = start(opening(folder))

    def served() -> list[EmbeddedServer]:
        return [server for server in running.window.findChildren(EmbeddedServer) if server.running]

    await is_shown(running)
    (first,) = served()
    running.bench.connection.open_folder(str(other))
    await until(lambda: running.message or names(running) == ["one"])
    await until(lambda: not first.running)
    (second,) = served()
    running.bench.connection.open_demo()
    await until(lambda: running.bench.connection.server == "Demo library")
    demo = running.desk.libraries.demo
    await until(lambda: not second.running)
    assert served() == [demo]
    running.bench.connection.sign_out()
    await until(lambda: not demo.running)
    assert running.message == ""
    running.bench.connection.open_demo()
    await until(lambda: running.bench.connection.account is not None)
    assert demo.running


@pytest.mark.parametrize(
    "look",
    [ContentsLook(), ContentsLook(thumbnails=False), ContentsLook(as_table=True), ContentsLook(as_sheet=True)],
    ids=["thumbnails", "icons", "table", "sheet"],
)
async def test_that_a_file_that_cannot_be_read_says_why_wherever_one_looks(
    start: Start, folder: Path, look: ContentsLook
) -> None:
    running = start(opening(folder))
    running.bench.gallery.arrange(look)
    running.window.resize(1600, 900)  # wide enough for the inspector
    await is_shown(running)
    part, bench = present(running.window.findChild(FolderScanStatus)), running.bench
    await until(lambda: "5 files, 1 could not be read" in part.label.text())
    bench.browser.refresh_all()
    await until(lambda: not bench.tree.progress)
    bench.browser.view.setCurrentIndex(row(running, "loose"))
    contents = bench.models.contents
    await until(lambda: contents.rowCount() == 2)
    place = next(n for n, one in enumerate(contents.entities) if one.name == "broken.tif")
    reason = "is not in a format that can be read"
    await until(lambda: reason in contents.index(place, 0).data(Qt.ItemDataRole.ToolTipRole))
    image = contents.entities[place]
    bench.gallery.select([image])
    bench.gallery.selected.emit()
    await until(lambda: any(reason in text for text in running.texts(DetailsPanel)))
    viewer = bench.centre.open_image(image.ref, image.name)
    await until(lambda: viewer.model.problem is not None)
    assert reason in describe(present(viewer.model.problem)).text


async def test_that_a_stopped_server_of_a_folder_is_not_offered_any_more_in_another_folder(
    start: Start, folder: Path, tmp_path: Path
) -> None:
    save_tiff(tmp_path / "other" / "day 1" / "a.tif", picture(1))
    (tmp_path / "other" / "loose").mkdir()
    others = children()
    running = start(opening(folder))
    await is_shown(running)
    (server,) = children() - others
    os.kill(server, signal.SIGKILL)
    await until(lambda: "has stopped" in running.message)
    running.bench.connection.open_folder(str(tmp_path / "other"))
    await until(lambda: running.bench.connection.folder == str(tmp_path / "other"))
    assert not any("has stopped" in posted.message.text for posted in running.bench.messages.posted)
    await running.leave()


async def test_that_the_open_folder_stays_if_another_one_cannot_be_opened(
    start: Start, folder: Path, tmp_path: Path
) -> None:
    running = start(opening(folder))
    await is_shown(running)
    (server,) = [one for one in running.window.findChildren(EmbeddedServer) if one.running]
    connection = running.bench.connection
    failures: list[object] = []
    connection.failed.connect(failures.append)
    connection.open_folder(str(tmp_path / "gone"))
    await until(lambda: failures)
    assert server.running
    assert connection.folder == str(folder)
    running.bench.browser.refresh_all()
    await until(lambda: not running.bench.tree.progress)
    assert {"day 1", "loose"} <= set(names(running))
    assert connection.state is State.ONLINE
    connection.open_folder(f"{folder}/")  # by another name
    await until(lambda: not connection.busy)
    assert [one for one in running.window.findChildren(EmbeddedServer) if one.running] == [server]
