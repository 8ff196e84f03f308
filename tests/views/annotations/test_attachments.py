"""Files that are attached, looked into, opened, downloaded and put on other objects: real widgets, a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton

from omero_desk.gateway.annotations import attaching
from omero_desk.gateway.annotations.attaching import BLOCK, AttachWrite
from omero_desk.gateway.service.deletion import NotDeletedError
from omero_desk.models.activities import ACTIVITY, ActivitiesModel, Activity, ActivityState
from omero_desk.models.annotations.pending import EditState
from omero_desk.views.activities.part import ActivitiesPart
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.files.choice_dialog import FileChoiceDialog
from omero_desk.views.annotations.files.preview_dialog import PreviewDialog
from omero_desk.views.annotations.part import AnnotationsPart
from tests.faults.proxy import Fault
from tests.support.accessibility import nameless
from tests.support.editing_desk import Desk, Lab
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


class Room:
    """The attachments of what is selected in a window."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.part = desk.bench.workbench.part(AnnotationsPart)
        self.panel: DetailsPanel = self.part.details
        self.activities: ActivitiesModel = desk.bench.workbench.part(ActivitiesPart).model
        self.part.show_section("attachments")

    @property
    def ended(self) -> list[Activity]:
        """The activities that have ended, the newest first."""
        rows = (self.activities.index(row).data(ACTIVITY) for row in range(self.activities.rowCount()))
        return [one for one in rows if not one.is_running]

    @property
    def running(self) -> list[Activity]:
        """The activities that are under way."""
        return list(self.activities.running)

    async def attach(self, path: Path) -> None:
        self.desk.editing.ask_files([str(path)])
        await self.desk.saved()
        await until(lambda: [row for row in self.panel.attachments.rows if row.words.text() == path.name])
        await until(lambda: not self.part.inspected.pending(self.panel.attachments.section))

    def menu(self) -> QMenu:
        self.panel.attachments.rows[0].open_menu()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def entries(self) -> dict[str, bool]:
        menu = self.menu()
        entries = {action.text().replace("&", ""): action.isEnabled() for action in menu.actions() if action.text()}
        menu.close()
        return entries

    def press(self, words: str) -> None:
        menu = self.menu()
        next(action for action in menu.actions() if action.text().replace("&", "") == words).trigger()
        menu.close()


@pytest.fixture
def room(desk: Desk, lab: Lab) -> Room:
    desk.select(lab.images[0])
    return Room(desk)


class System(QObject):
    """Stands for the system's programs."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


async def test_that_a_file_is_attached_looked_into_opened_and_downloaded(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, place = tmp_path / "cells.csv", tmp_path / "here" / "copy.csv"
    place.parent.mkdir()
    path.write_text("cell,area\n1,é\n")
    await room.attach(path)
    assert [one.title for one in room.ended] == ["Attached cells.csv"]
    assert room.entries() == {"Open": True, "Preview": True, "Download…": True, "Remove from what is selected": True}
    room.press("Preview")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PreviewDialog)
    await until(lambda: dialog.text.toPlainText() == path.read_text())
    assert nameless(dialog) == []
    dialog.reject()
    system = System()
    QDesktopServices.setUrlHandler("file", system, "open")  # type: ignore[arg-type]
    try:
        room.press("Open")
        await until(lambda: system.opened)
        opened = system.opened[0]
        assert (opened.name, opened.read_bytes()) == ("cells.csv", path.read_bytes())
        assert opened.parent.parent.stat().st_mode & 0o077 == 0
        QTest.mouseDClick(room.panel.attachments.rows[0], Qt.MouseButton.LeftButton)
        assert system.opened == [opened, opened]
        row = room.panel.attachments.rows[0]
        room.desk.window.activateWindow()
        await until(room.desk.window.isActiveWindow)
        row.setFocus()
        QTest.keyClick(present(QApplication.focusWidget()), Qt.Key.Key_Return)
        assert system.opened == [opened] * 3
        (tmp_path / "other.csv").write_text("1")
        await room.attach(tmp_path / "other.csv")
        assert row not in room.panel.attachments.rows, "it was made anew"
        QTest.keyClick(present(QApplication.focusWidget()), Qt.Key.Key_Enter)
        assert system.opened == [opened] * 4
    finally:
        QDesktopServices.unsetUrlHandler("file")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    room.press("Download…")
    await until(lambda: place.exists() and not room.running)
    assert place.read_bytes() == path.read_bytes()
    assert room.ended[0].title == "Downloaded copy.csv"
    room.part.left()
    assert not opened.exists()


async def test_that_a_script_is_never_opened_and_a_download_can_be_cancelled(
    room: Room, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, place = tmp_path / "run me.sh", tmp_path / "copy.sh"
    path.write_text("exit")
    await room.attach(path)
    assert room.entries()["Open – programs and scripts are only downloaded"] is False  # noqa: RUF001 - a dash
    QTest.mouseDClick(room.panel.attachments.rows[0], Qt.MouseButton.LeftButton)
    assert "does not open it" in present(room.desk.bench.messages.current).text
    assert room.running == []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    lab.proxy.arm(Fault.HOLD)
    room.press("Download…")
    (running,) = room.running
    assert [one.words for one in room.part.unsaved()] == ["1 file is still being downloaded"]
    room.activities.cancel(running.number)
    assert room.running == []
    assert room.ended[0].state is ActivityState.CANCELLED
    assert room.part.unsaved() == ()
    room.press("Download…")
    (running,) = room.running
    await until(lambda: [one for one in tmp_path.iterdir() if one.suffix == ".part"])
    room.activities.cancel(running.number)
    await room.part.downloads.finished()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


class Reader:
    """Reads the file that is uploaded: the second block only once the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        blocks = AttachWrite._blocks

        def slow(write: AttachWrite, file: FileIO) -> Iterator[bytes]:
            for block in blocks(write, file):
                yield block
                self.begun.set()
                self.go_on.wait(20)

        monkeypatch.setattr(AttachWrite, "_blocks", slow)


@pytest.mark.parametrize("from_panel", [False, True])
async def test_that_an_upload_that_is_given_up_leaves_nothing_behind(
    room: Room, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_panel: bool
) -> None:
    path = tmp_path / f"large {from_panel}.dat"
    with path.open("wb") as file:
        file.truncate(3 * BLOCK)
    reader, desk = Reader(monkeypatch), room.desk
    desk.editing.ask_files([str(path)])
    await until(reader.begun.is_set)
    await until(lambda: room.running and "of" in room.running[0].small)
    if from_panel:
        desk.editing.page.open()
        discard = next(one for one in desk.editing.panel.findChildren(QPushButton) if one.text() == "&Discard")
        assert discard.isEnabled()
        discard.click()
    else:
        room.activities.cancel(room.running[0].number)
    assert [edit.state for edit in desk.edits.pending] == [EditState.STOPPING]
    reader.go_on.set()
    await until(lambda: not desk.edits.pending)
    await until(lambda: not room.running)
    assert room.ended[0].state is ActivityState.CANCELLED
    admin = present(lab.admin)
    assert admin.rows(f"select f.id from OriginalFile f where f.name = '{path.name}'") == []
    assert admin.rows(f"select a.id from FileAnnotation a where a.file.name = '{path.name}'") == []
    assert desk.bench.messages.current is None
    await room.attach(path)


async def begun(room: Room, path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Have a file of three blocks be uploaded, and return its reader once the first block is on the server."""
    with path.open("wb") as file:
        file.truncate(3 * BLOCK)
    reader = Reader(monkeypatch)
    room.desk.editing.ask_files([str(path)])
    await until(reader.begun.is_set)
    await until(lambda: room.running and "of" in room.running[0].small)
    return reader


def left_on_server(lab: Lab, path: Path) -> list[list[Any]]:
    return present(lab.admin).rows(f"select f.id from OriginalFile f where f.name = '{path.name}'")


async def test_that_an_upload_that_is_cancelled_without_a_line_is_deleted_once_there_is_one(
    room: Room, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, desk = tmp_path / "offline.dat", room.desk
    reader = await begun(room, path, monkeypatch)
    lab.proxy.arm(Fault.REFUSE)
    reader.go_on.set()
    await until(lambda: not desk.edits.online)
    await until(lambda: room.running[0].small == "Waiting for the connection")
    room.activities.cancel(room.running[0].number)
    assert [edit.state for edit in desk.edits.pending] == [EditState.STOPPING]
    assert len(left_on_server(lab, path)) == 1
    lab.proxy.heal()
    desk.service.retry_now()
    await until(lambda: not desk.edits.pending and not room.running)
    assert left_on_server(lab, path) == []
    assert (room.ended[0].state, room.ended[0].small) == (ActivityState.CANCELLED, "You cancelled this.")


async def test_that_who_leaves_is_asked_about_an_upload_and_leaves_nothing_of_it(
    room: Room, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, edits = tmp_path / "leaving.dat", room.desk.edits
    reader = await begun(room, path, monkeypatch)
    (unsaved,) = room.part.unsaved()
    assert unsaved.words == "1 edit is not saved"
    assert path.name in unsaved.items[0]
    unsaved.discard()
    edits.cancel_all()
    assert edits.pending == ()
    assert len(left_on_server(lab, path)) == 1
    reader.go_on.set()
    await edits.finished()
    assert left_on_server(lab, path) == []
    await until(lambda: not room.running)
    assert room.ended[0].state is ActivityState.CANCELLED


async def test_that_the_server_refusing_to_delete_the_rest_is_said(
    room: Room, lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, desk = tmp_path / "kept.dat", room.desk
    reader = await begun(room, path, monkeypatch)
    ((identity,),) = present(lab.admin).rows(f"select f.id from OriginalFile f where f.name = '{path.name}'")
    monkeypatch.setattr(attaching, "delete", refuse)
    room.activities.cancel(room.running[0].number)
    reader.go_on.set()
    await until(lambda: not desk.edits.pending and not room.running)
    assert room.ended[0].state is ActivityState.CANCELLED
    assert f"did not delete what had arrived of “kept.dat” (file {identity})" in room.ended[0].small
    monkeypatch.undo()
    await room.attach(path)


def refuse(*_arguments: object) -> None:
    raise NotDeletedError("The server did not delete it.")


async def test_that_a_file_that_is_there_is_put_on_another_object(room: Room, lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / f"protocol {lab.dataset.id}.txt"
    path.write_text("do")
    await room.attach(path)
    room.desk.select(lab.images[1])
    await until(lambda: set(room.part.inspected.refs) == {lab.images[1]})
    await until(lambda: room.part.inspected.contents(room.panel.attachments.section).annotations == ())
    room.panel.attachments.choose_button.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, FileChoiceDialog)
    await until(lambda: room.part.lookups.files.is_known)
    assert nameless(dialog) == []
    dialog.files.filter.setText(f"protocol {lab.dataset.id}")
    assert dialog.files.table.rowCount() == 1
    assert not dialog.attach.isEnabled()
    dialog.files.view.selectRow(0)
    dialog.attach.click()
    await room.desk.saved()
    await until(lambda: [row.words.text() for row in room.panel.attachments.rows] == [path.name])
