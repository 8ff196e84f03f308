"""Signing in through the dialog, to real servers and to things that are none."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.backends.fail
import pytest
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import FailedError
from omero_desk.entities.known_server import KnownServer
from omero_desk.entities.objects import SignIn
from omero_desk.gateway.connection import probe
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.connection.address import ServerAddress
from omero_desk.models.connection.connection import ConnectionModel, Entrance, Progress
from omero_desk.models.messages import MessagesModel
from omero_desk.system.passwords import KeyringPasswords
from omero_desk.views.connection.connect_dialog import ConnectDialog
from omero_desk.views.messages.message_bar import MessagePanel
from tests.support import odd_servers
from tests.support.accessibility import nameless
from tests.support.present import present
from tests.support.running_desk import until
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

SECONDS = 30
CHECK = "Check the server's certificate with the system's authorities"


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that works, on any machine."""

    priority = 9

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Library:
    """Stands where the embedded server does: `start` waits until it is told how it ends."""

    def __init__(self) -> None:
        self.end: asyncio.Future[ServerAddress] = asyncio.get_running_loop().create_future()

    async def start(self, progress: Progress) -> Entrance:
        progress("Preparing the demo library…", 0.4)
        return Entrance(await self.end, "demo", "demo")

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        raise NotImplementedError

    def stop_all_but(self, address: ServerAddress | None) -> None: ...


class Desk:
    """A dialog with all that it stands on, and hands for its fields."""

    def __init__(self, qtbot: QtBot, known: tuple[KnownServer, ...] = ()) -> None:
        self.service = ServiceManager()
        self.passwords = KeyringPasswords()
        self.messages = MessagesModel()
        self.library = Library()
        self.connection = ConnectionModel(self.service, self.library, self.passwords, self.messages.report, known)
        self.dialog = ConnectDialog(self.connection)
        qtbot.addWidget(self.dialog)
        self.dialog.open()

    def close(self) -> None:
        self.connection.cancel()
        self.service.close()
        self.passwords.close()
        assert self.messages.current is None

    def editor(self, name: str) -> QLineEdit:
        return next(editor for editor in self.dialog.findChildren(QLineEdit) if editor.accessibleName() == name)

    def button(self, label: str) -> QPushButton:
        buttons = self.dialog.findChildren(QPushButton)
        return next(button for button in buttons if button.text().replace("&", "") == label)

    @property
    def remember(self) -> QCheckBox:
        return present(self.dialog.findChild(QCheckBox))

    def type(self, **texts: str) -> None:
        for name, text in texts.items():
            self.editor(name.capitalize()).setText(text)

    def typed(self) -> list[str]:
        return [self.editor(name).text() for name in ("Server", "User", "Password", "Group")]

    @property
    def focused(self) -> str:
        return self.dialog.focusWidget().accessibleName()

    @property
    def failure(self) -> str:
        panel = present(self.dialog.findChild(MessagePanel))
        return panel.accessibleName() if panel.isVisible() else ""

    async def sign_in(self) -> Any:
        """Press the button, and wait for whatever comes of it."""
        return await self.ended(self.button("Sign in").click)

    async def ended(self, act: Callable[[], object]) -> Any:
        connection = self.connection
        return await emitted(act, connection.signed_in, connection.failed, connection.cancelled)


async def emitted(act: Callable[[], object], *signals: SignalInstance) -> Any:
    """What the first of `signals` after `act` carries."""
    future = asyncio.get_running_loop().create_future()

    def note(*values: Any) -> None:
        if not future.done():
            future.set_result(values[0] if values else None)

    for signal in signals:
        signal.connect(note)
    act()
    try:
        return await asyncio.wait_for(future, SECONDS)
    finally:
        for signal in signals:
            signal.disconnect(note)


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
async def desk(qtbot: QtBot) -> Any:
    desk = Desk(qtbot)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("library")) as server:
        yield server


def address(server: ServerProcess) -> str:
    return f"{server.host}:{server.ssl_port}"


async def test_that_the_right_password_signs_in_and_closes_the_dialog(desk: Desk, server: ServerProcess) -> None:
    desk.type(server=address(server), user="root", password=ROOT_PASSWORD)
    account = await desk.sign_in()
    assert account.user.user == "root"
    assert desk.connection.state is State.ONLINE
    assert not desk.dialog.isVisible()
    assert desk.connection.known == (KnownServer(address(server), "root"),)


async def test_that_a_wrong_password_is_said_and_asked_for_again(desk: Desk, server: ServerProcess) -> None:
    desk.type(server=address(server), user="root", password="wrong")
    await desk.sign_in()
    assert "password is wrong" in desk.failure
    assert desk.focused == "Password"
    assert desk.typed() == [address(server), "root", "wrong", ""]
    desk.type(password=ROOT_PASSWORD)
    account = await desk.sign_in()
    assert account.user.user == "root"


async def test_that_a_group_of_no_such_name_is_said(desk: Desk, server: ServerProcess) -> None:
    desk.type(server=address(server), user="root", password=ROOT_PASSWORD, group="no such group")
    await desk.sign_in()
    assert desk.failure
    assert desk.typed()[3] == "no such group"


Odd = Callable[[Path], AbstractContextManager[int]]


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (lambda folder: odd_servers.closed_port(), "refuses connections"),
        (lambda folder: odd_servers.silent(), "does not answer"),
        (lambda folder: odd_servers.web_page(), "not an OMERO server"),
        (lambda folder: odd_servers.echo(), "not an OMERO server"),
        (odd_servers.secure_web_page, "not an OMERO server"),
        (odd_servers.choosy, "refused the encrypted connection"),
        (odd_servers.full, "takes no new sessions"),
    ],
    ids=["closed", "silent", "web page", "echo", "secure web page", "TLS refused", "full"],
)
async def test_that_a_server_that_cannot_be_signed_in_to_is_told_from_the_others(
    desk: Desk, tmp_path: Path, odd: Odd, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "TIMEOUT", 0.5)
    with odd(tmp_path) as port:
        typed = [f"{odd_servers.HOST}:{port}", "ada", "secret", "lab"]
        desk.type(server=typed[0], user=typed[1], password=typed[2], group=typed[3])
        failure = await desk.sign_in()
    assert words in desk.failure
    assert failure.detail
    assert "secret" not in failure.detail
    assert desk.typed() == typed
    assert desk.dialog.isVisible()
    assert desk.button("Sign in").isEnabled()
    assert desk.focused == "Server"


async def test_that_a_host_that_nobody_knows_is_said(desk: Desk) -> None:
    desk.type(server="nowhere.invalid", user="ada", password="secret")
    await desk.sign_in()
    assert "no server named nowhere.invalid" in desk.failure
    assert desk.focused == "Server"


async def test_that_the_technical_text_is_one_click_away(desk: Desk) -> None:
    with odd_servers.closed_port() as port:
        desk.type(server=f"{odd_servers.HOST}:{port}", user="ada", password="secret")
        failure = await desk.sign_in()
    detail = present(desk.dialog.findChild(QPlainTextEdit))
    assert not detail.isVisible()
    desk.button("Details").click()
    assert detail.isVisible()
    assert detail.toPlainText() == failure.detail


async def test_that_a_live_session_is_joined_by_its_id(desk: Desk, server: ServerProcess) -> None:
    owner = ServiceManager()
    account = await owner.sign_in(SignIn(server.host, server.ssl_port, "root", ROOT_PASSWORD))
    try:
        desk.type(server=address(server), user=account.session)
        joined = await desk.sign_in()
        assert joined.session == account.session
        assert desk.connection.known == ()
    finally:
        owner.close()


async def test_that_a_session_that_is_gone_is_said(desk: Desk, server: ServerProcess) -> None:
    desk.type(server=address(server), user=str(uuid.uuid4()))
    await desk.sign_in()
    assert "session" in desk.failure
    assert desk.focused == "User"


async def test_that_cancelling_frees_the_dialog_at_once(desk: Desk) -> None:
    with odd_servers.silent() as port:
        desk.type(server=f"{odd_servers.HOST}:{port}", user="ada", password="secret")
        await emitted(desk.button("Sign in").click, desk.connection.progressed)
        assert not desk.editor("Server").isEnabled()
        desk.button("Cancel").click()
        assert desk.editor("Server").isEnabled()
        assert desk.button("Sign in").isEnabled()
        assert desk.typed() == [f"{odd_servers.HOST}:{port}", "ada", "secret", ""]
        assert desk.dialog.isVisible()
        assert not desk.connection.busy


async def test_that_a_new_attempt_after_cancelling_is_not_disturbed_by_the_old(
    desk: Desk, server: ServerProcess
) -> None:
    with odd_servers.silent() as port:
        desk.type(server=f"{odd_servers.HOST}:{port}", user="root", password=ROOT_PASSWORD)
        await emitted(desk.button("Sign in").click, desk.connection.progressed)
        desk.button("Cancel").click()
        desk.type(server=address(server))
        account = await desk.sign_in()
    assert account.user.user == "root"


async def test_that_enter_signs_in_and_escape_cancels_then_closes(desk: Desk, qtbot: QtBot) -> None:
    with odd_servers.silent() as port:
        desk.type(server=f"{odd_servers.HOST}:{port}", user="ada", password="secret")
        password = desk.editor("Password")
        await emitted(lambda: qtbot.keyClick(password, Qt.Key.Key_Return), desk.connection.progressed)
        await desk.ended(lambda: qtbot.keyClick(desk.dialog, Qt.Key.Key_Escape))
        assert desk.dialog.isVisible()
        qtbot.keyClick(desk.dialog, Qt.Key.Key_Escape)
        assert not desk.dialog.isVisible()


@pytest.mark.parametrize(
    ("texts", "words", "field"),
    [
        ({}, "name of an OMERO server", "Server"),
        ({"server": "https://omero.example.org"}, "web page", "Server"),
        ({"server": "omero.example.org"}, "user name", "User"),
        ({"server": "omero.example.org", "user": "ada"}, "password", "Password"),
    ],
)
async def test_that_a_gap_in_the_form_is_pointed_at(desk: Desk, texts: dict[str, str], words: str, field: str) -> None:
    desk.type(**texts)
    await desk.sign_in()
    assert words in desk.failure
    assert desk.focused == field


async def test_that_the_demo_library_shows_how_far_it_is_and_can_fail(desk: Desk) -> None:
    await emitted(desk.button("Open the demo library").click, desk.connection.progressed)
    assert desk.connection.progress == ("Preparing the demo library…", 0.4)
    await desk.ended(lambda: desk.library.end.set_exception(FailedError("The disk is full.")))
    assert "The disk is full." in desk.failure


async def test_that_the_last_server_is_filled_in_and_others_can_be_chosen(qtbot: QtBot) -> None:
    known = (KnownServer("one.example.org", "ada", "lab"), KnownServer("two.example.org:14064", "rosa"))
    desk = Desk(qtbot, known)
    assert desk.typed() == ["one.example.org", "ada", "", "lab"]
    assert desk.focused == "Password"
    present(desk.dialog.findChild(QComboBox)).activated.emit(1)
    assert desk.typed() == ["two.example.org:14064", "rosa", "", ""]
    desk.close()


async def test_that_what_the_command_line_names_replaces_what_was_remembered(qtbot: QtBot) -> None:
    desk = Desk(qtbot, (KnownServer("one.example.org", "ada", "lab"),))
    desk.dialog.fields.prefill("three.example.org", "")
    assert desk.typed() == ["three.example.org", "", "", ""]
    desk.dialog.fields.prefill("", "rosa")
    assert desk.typed() == ["three.example.org", "rosa", "", ""]
    desk.close()


async def test_that_without_a_keyring_the_box_says_why_it_cannot_be_ticked(desk: Desk) -> None:
    await answered(desk)
    assert not desk.remember.isEnabled()
    assert "no keyring" in desk.remember.toolTip()


async def test_that_a_password_is_kept_in_the_keyring_and_filled_in_again(qtbot: QtBot, server: ServerProcess) -> None:
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    desk = Desk(qtbot)
    await answered(desk)
    desk.type(server=address(server), user="root", password=ROOT_PASSWORD)
    desk.remember.setChecked(True)
    await desk.sign_in()
    await answered(desk)
    assert list(memory.kept.values()) == [ROOT_PASSWORD]
    desk.close()

    again = Desk(qtbot, desk.connection.known)
    await answered(again)
    await until(lambda: again.typed()[2])  # the keyring is asked on a thread of its own
    assert again.typed() == [address(server), "root", ROOT_PASSWORD, ""]
    assert again.remember.isChecked()
    again.remember.setChecked(False)
    await again.sign_in()
    await answered(again)
    assert memory.kept == {}
    again.close()


async def answered(desk: Desk) -> None:
    """Wait until the keyring's thread has done all that it was asked."""
    await desk.passwords.problem()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_that_every_widget_of_the_dialog_has_a_name_for_who_cannot_see_it(desk: Desk) -> None:
    assert nameless(desk.dialog) == []


async def test_that_tab_goes_through_the_dialog_as_it_is_read(desk: Desk, qtbot: QtBot) -> None:
    met = []
    for _ in range(9):
        widget = desk.dialog.focusWidget()
        met.append(widget.accessibleName() or str(widget.property("text")).replace("&", ""))
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert met[:-1] == ["Server", "User", "Password", "Group", CHECK, "Sign in", "Cancel", "Open the demo library"]
    assert met[-1] == "Open a folder…"
    assert desk.focused == "Server"


async def test_that_the_password_can_be_looked_at_and_hidden_again(desk: Desk) -> None:
    password = desk.editor("Password")
    assert password.echoMode() is QLineEdit.EchoMode.Password
    (reveal,) = password.actions()
    reveal.trigger()
    assert password.echoMode() is QLineEdit.EchoMode.Normal
    reveal.trigger()
    assert password.echoMode() is QLineEdit.EchoMode.Password


def test_that_the_name_for_unknown_hosts_is_really_unknown() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 4064)
