"""The application as a whole: how it starts, what it shows, and that it leaves nothing behind."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import omero.clients
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton

from omero_desk.entities.connection_states import State
from omero_desk.entities.known_server import KnownServer
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.system.settings import Settings, SettingsFile
from omero_desk.views.connection.connection_bar import ConnectionBar
from omero_desk.views.messages.message_bar import MessageBar
from omero_desk.views.theme.theme import is_dark
from omero_desk.views.theme.tokens import Width
from omero_desk.views.widgets.page import PageTabs
from omero_desk.views.window.frame import Frame, Region
from omero_desk.views.window.state_bar import StateBar
from tests.support.accessibility import nameless
from tests.support.present import present
from tests.support.running_desk import DEMO, NOTHING, Running, Start, until
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("library")) as server:
        yield server


async def test_that_it_starts_with_the_dialog_over_an_empty_window(start: Start) -> None:
    options = argparse.Namespace(demo=False, folder="", server="omero.example.org:14064", user="ada", verify=False)
    running = start(options)
    dialog = await running.dialog_opened()
    texts = [editor.text() for editor in dialog.findChildren(QLineEdit) if editor.accessibleName() != "Group"]
    assert texts == ["omero.example.org:14064", "ada", ""]
    assert running.texts(StateBar) == ["Offline"]
    assert "OMERO Desk" in running.window.windowTitle()


async def test_that_a_sign_in_shows_whose_data_where(start: Start, server: ServerProcess) -> None:
    running = start()
    await running.dialog_opened()
    await running.sign_in(server)
    address = f"{server.host}:{server.ssl_port}"
    await until(lambda: running.dialog is None)
    assert running.texts(StateBar)[:3] == ["Online", address, "root"]
    assert address in running.window.windowTitle()
    owner = next(combo for combo in running.window.findChildren(QComboBox) if combo.accessibleName() == "Owner")
    assert owner.currentText().endswith("(me)")


async def test_that_disconnecting_empties_the_window_and_another_sign_in_fills_it_again(
    start: Start, server: ServerProcess
) -> None:
    running = start()
    await running.sign_in(server)
    running.bench.command("disconnect").trigger()
    await until(lambda: running.bench.connection.state is State.OFFLINE)
    assert running.bench.connection.account is None
    assert running.bench.tree.rowCount() == 0
    assert running.texts(StateBar) == ["Offline"]
    await running.sign_in(server)
    assert running.bench.connection.state is State.ONLINE


async def test_that_nothing_is_left_when_the_window_is_closed(start: Start, server: ServerProcess) -> None:
    threads, widgets = set(threading.enumerate()), set(QApplication.topLevelWidgets())
    running = start()
    await running.sign_in(server)
    running.bench.command("about").trigger()
    running.bench.command("shortcuts").trigger()
    began = asyncio.get_running_loop().time()
    await running.leave()
    assert asyncio.get_running_loop().time() - began < 1
    await until(lambda: set(threading.enumerate()) <= threads)
    await until(lambda: set(QApplication.topLevelWidgets()) <= widgets)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_that_what_the_user_chose_is_there_the_next_time(
    start: Start, server: ServerProcess, tmp_path: Path
) -> None:
    running = start()
    await running.sign_in(server)
    running.bench.command("theme-dark").trigger()
    running.bench.command("annotations").trigger()
    running.window.resize(720, 500)
    await running.leave()

    settings, problem = SettingsFile(tmp_path / "config").load()
    assert problem is None
    assert settings.theme == "dark"
    assert settings.servers == (KnownServer(f"{server.host}:{server.ssl_port}", "root"),)

    again = start(settings=settings)
    assert again.window.size().toTuple() == (720, 500)
    assert again.bench.annotation_column
    await until(lambda: is_dark(again.window.palette()))


async def test_that_no_page_makes_the_window_wider_than_the_least_screen(start: Start) -> None:
    """Of 1600 by 1000 pixels at a scale of two."""
    running = start(NOTHING)
    frame, width = present(running.window.findChild(Frame)), Width.LEAST_WINDOW[0]
    for tabs in frame.findChildren(PageTabs):
        for page in tabs.pages:
            page.open()
            running.window.grab()
            least = running.window.minimumSizeHint()
            assert least.width() <= width and least.height() <= Width.LEAST_WINDOW[1] - 40, page.identity
    running.window.resize(width, Width.LEAST_WINDOW[1])
    await until(lambda: running.window.width() == width)
    assert frame.is_shown(Region.BOTTOM)
    await running.leave()


class HeldFile(SettingsFile):
    """The first save waits until it is let go; it has begun by then."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.begun, self.let_go = threading.Event(), threading.Event()

    def save(self, settings: Settings) -> None:
        if not self.begun.is_set():
            self.begun.set()
            self.let_go.wait()
        super().save(settings)


async def test_that_an_older_save_never_replaces_the_last_one(start: Start, tmp_path: Path) -> None:
    running = start(settings=Settings("light"))
    await running.dialog_opened()
    file = running.desk._file = HeldFile(tmp_path / "config")
    running.bench.connection.remembered.emit()
    await until(file.begun.is_set)
    running.bench.command("theme-dark").trigger()
    running.window.closed.connect(lambda: threading.Timer(0.1, file.let_go.set).start())
    await running.leave()
    assert SettingsFile(tmp_path / "config").load()[0].theme == "dark"


async def test_that_a_disk_that_hangs_keeps_the_program_from_ending_for_a_second(start: Start, tmp_path: Path) -> None:
    running = start()
    await running.dialog_opened()
    file = running.desk._file = HeldFile(tmp_path / "config")
    began = asyncio.get_running_loop().time()
    await running.leave()
    assert 0.9 < asyncio.get_running_loop().time() - began < 2
    file.let_go.set()


async def test_that_no_file_of_ours_holds_the_password_or_the_session(
    start: Start, server: ServerProcess, tmp_path: Path
) -> None:
    running = start()
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "root", "hunter2"))
    await until(lambda: not running.bench.connection.busy)
    await running.sign_in(server)
    account = running.bench.connection.account
    assert account is not None
    await running.leave()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".json", ".log"}
    for path in files:
        assert "hunter2" not in path.read_text()
        assert account.session not in path.read_text()


async def test_that_settings_that_were_set_aside_are_mentioned(start: Start) -> None:
    running = start(problem="Your settings could not be read.")
    await until(lambda: running.texts(MessageBar))
    assert running.message == "Your settings could not be read."


async def test_that_a_demo_library_that_cannot_start_is_said_with_its_last_words(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    running = start(DEMO)
    await until(lambda: running.message)
    assert running.message.startswith("The demo library could not be started. ")
    assert str(tmp_path / "data") in running.message
    current = running.bench.messages.current
    assert current is not None
    assert current.detail
    assert not running.desk.libraries.demo.running
    (connect,) = (button for button in running.window.findChildren(QPushButton) if button.text() == "&Connect…")
    connect.click()
    await running.dialog_opened()


async def test_that_preparing_the_demo_library_can_be_cancelled(start: Start) -> None:
    running = start(DEMO)
    await until(lambda: running.desk.libraries.demo.running)
    running.bench.connection.cancel()
    await until(lambda: not running.desk.libraries.demo.running)
    assert running.message == ""
    assert running.bench.connection.account is None


@pytest.mark.parametrize("where", ["slot", "coroutine", "thread"])
async def test_that_an_error_that_nobody_caught_reaches_the_user(start: Start, where: str) -> None:
    def fail() -> None:
        raise ZeroDivisionError(where)

    async def fail_later() -> None:
        fail()

    running = start()
    await running.dialog_opened()
    if where == "slot":
        QTimer.singleShot(0, fail)
    elif where == "coroutine":
        asyncio.get_running_loop().call_soon(fail)
    else:
        threading.Thread(target=fail).start()
    await until(lambda: "ZeroDivisionError" in running.message)
    assert any("ZeroDivisionError" in text for text in running.texts(MessageBar))
    assert "ZeroDivisionError" in (running.home / "log" / "omero-desk.log").read_text()


async def test_that_every_widget_has_a_name_for_who_cannot_see_it(start: Start, server: ServerProcess) -> None:
    running = start()
    assert nameless(await running.dialog_opened()) == []
    await running.sign_in(server)
    running.bench.messages.inform("something to close")
    assert nameless(running.window) == []


async def test_that_the_theme_changes_all_at_once(start: Start) -> None:
    running = start(settings=Settings("light"))
    connect = running.bench.command("connect")
    before = connect.icon().pixmap(16).toImage()
    running.bench.command("theme-dark").trigger()
    await until(lambda: is_dark(running.window.palette()))
    await until(lambda: connect.icon().pixmap(16).toImage() != before)
    running.bench.command("theme-light").trigger()
    await until(lambda: not is_dark(running.window.palette()))
    await until(lambda: connect.icon().pixmap(16).toImage() == before)


async def test_that_a_line_that_drops_and_comes_back_is_told_and_then_forgotten(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("library")
    running = start()
    with running_server(data) as server:
        port = server.ssl_port
        await running.sign_in(server)
        await until(lambda: running.bench.tree.rowCount() > 0)
        server.kill()
        running.bench.browser.refresh_all()
        await until(lambda: running.texts(ConnectionBar))
        assert running.bench.connection.state is State.RECONNECTING
        assert running.texts(StateBar)[0] == "Reconnecting"
    with running_server(data, "--port", str(port)):
        await until(lambda: running.bench.connection.state is State.ONLINE)
        assert running.texts(ConnectionBar) == []
        assert running.message == ""
        await running.leave()


async def test_that_a_session_that_was_closed_asks_to_sign_in_and_keeps_the_window(
    start: Start, server: ServerProcess
) -> None:
    owner = omero.client(server.host, server.ssl_port)
    owner.createSession("root", ROOT_PASSWORD)
    running = start()
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", owner.getSessionId()))
    await until(lambda: running.bench.tree.rowCount() > 0)
    owner.killSession()
    rows = running.bench.tree.rowCount()
    await until(lambda: asked_again(running))
    assert running.bench.tree.rowCount() >= rows
    (sign_in,) = (button for button in running.window.findChildren(QPushButton) if button.text() == "&Sign in…")
    sign_in.click()
    await running.dialog_opened()


def asked_again(running: Running) -> bool:
    """Refresh, and tell whether that has led to the question."""
    if running.bench.connection.state is State.ONLINE:
        running.bench.browser.refresh_all()
    return running.bench.connection.state is State.SIGN_IN_NEEDED


async def test_that_what_is_painted_first_waits_for_nothing_else() -> None:
    script = "import sys, omero_desk.app; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    assert "omero_desk.views.window.main_window" in loaded
    assert not loaded & {"asyncio", "qasync", "omero", "Ice", "numpy", "keyring", "omero_desk.desk"}


async def test_that_the_parts_of_the_window_do_not_wait_for_omero() -> None:
    script = "import sys, omero_desk.desk; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    assert "omero_desk.readers.rois" in loaded
    assert not loaded & {"omero", "Ice", "tifffile", "keyring"}


async def test_that_the_demo_library_is_one_applications_at_a_time_and_says_so(start: Start, tmp_path: Path) -> None:
    with running_server(tmp_path / "data" / "demo"):
        running = start(DEMO)
        await until(lambda: running.message)
        assert "Another server is running" in running.message


async def test_that_a_home_in_which_nothing_can_be_written_is_told_in_one_sentence(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    running = start(home=tmp_path / "file")
    await running.dialog_opened()
    (posted,) = running.bench.messages.posted
    assert "settings, the log, thumbnails" in posted.message.text
    assert str(tmp_path / "file" / "cache") in posted.message.detail
    await running.leave()
    assert (tmp_path / "file").read_text() == "in the way"
