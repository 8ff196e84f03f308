"""A server that shows another certificate than before, and what the services' panel gives away of secrets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from omero_desk.entities.connection_states import State
from omero_desk.models.connection.sign_in import SignInFailure, SignInForm
from omero_desk.views.connection.certificate_dialog import CertificateDialog
from omero_desk.views.connection.connect_dialog import ConnectDialog
from omero_desk.views.services.services_panel import ServicesPanel
from tests.support.present import present
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server


def press(qtbot: QtBot, dialog: ConnectDialog | CertificateDialog, label: str) -> None:
    buttons = dialog.findChildren(QPushButton)
    button = next(one for one in buttons if one.text().replace("&", "") == label)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


async def asked(running: Running, server: ServerProcess, qtbot: QtBot) -> tuple[ConnectDialog, CertificateDialog]:
    """Sign in through the dialog, to a server with another certificate."""
    running.bench.open_connect_dialog(f"{server.host}:{server.ssl_port}", "root")
    dialog = await running.dialog_opened()
    editors = {one.accessibleName(): one for one in dialog.findChildren(QLineEdit)}
    editors["Password"].setText(ROOT_PASSWORD)
    press(qtbot, dialog, "Sign in")
    await until(lambda: dialog.findChild(CertificateDialog))
    return dialog, present(dialog.findChild(CertificateDialog))


async def test_that_a_changed_certificate_is_the_users_to_judge(start: Start, tmp_path: Path, qtbot: QtBot) -> None:
    running, data = start(), tmp_path / "library"
    with running_server(data) as server:
        await running.sign_in(server)
    (data / "server.pem").unlink()
    running.bench.connection.sign_out()
    with running_server(data, "--port", str(server.ssl_port)) as renewed:
        dialog, question = await asked(running, renewed, qtbot)
        prints = [one.text() for one in question.findChildren(QLabel) if "fingerprint" in one.accessibleName()]
        assert len(set(prints)) == 2
        assert all(len(shown.split()) == 32 for shown in prints)
        focused = question.focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.text() == "&Cancel"
        qtbot.keyClick(question, Qt.Key.Key_Return)
        await until(lambda: dialog.findChild(CertificateDialog) is None)
        assert running.bench.connection.state is State.OFFLINE
        assert dialog.isVisible()

        dialog, question = await asked(running, renewed, qtbot)
        press(qtbot, question, "Trust the new certificate")
        await until(lambda: running.bench.connection.state is State.ONLINE)
        running.bench.connection.sign_out()
        await running.sign_in(renewed)  # and is not asked again
        await running.leave()
    assert (running.home / "config" / "certificates.json").stat().st_mode & 0o777 == 0o600


async def test_that_a_damaged_list_of_certificates_is_kept_and_asked_about(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    running = start()
    file = running.home / "config" / "certificates.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"a server:4064": "AB')
    with running_server(tmp_path / "library") as server:
        _, question = await asked(running, server, qtbot)
        said = " ".join(label.text() for label in question.findChildren(QLabel))
        assert "lost which certificate the server showed" in said
        assert str(file.with_name("certificates.json.damaged")) in said
        assert "not known" in said
        press(qtbot, question, "Trust the new certificate")
        await until(lambda: running.bench.connection.state is State.ONLINE)
        await running.leave()
    assert file.with_name("certificates.json.damaged").read_text() == '{"a server:4064": "AB'
    assert f"{server.host}:{server.ssl_port}" in file.read_text()


async def test_that_a_server_that_signed_for_itself_is_refused_where_the_systems_authorities_are_asked(
    start: Start, tmp_path: Path
) -> None:
    running = start()
    failures: list[SignInFailure] = []
    running.bench.connection.failed.connect(failures.append)
    with running_server(tmp_path / "library") as server:
        address = f"{server.host}:{server.ssl_port}"
        running.bench.connection.sign_in(SignInForm(address, "root", ROOT_PASSWORD, verify=True))
        await until(lambda: failures)
        assert failures[0].message.startswith("This computer does not trust the certificate")
        assert running.bench.connection.state is State.OFFLINE
        await running.sign_in(server)


async def test_that_no_password_and_no_session_key_is_in_the_panel_its_copies_or_its_files(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    running = start()
    with running_server(tmp_path / "library") as server:
        await running.sign_in(server)
        account = running.bench.connection.account
        assert account is not None
        running.bench.command("services").trigger()
        panel = present(running.window.findChild(ServicesPanel))
        await until(lambda: panel.isVisible() and panel.calls.table.model().rowCount() > 0)
        await until(lambda: not running.bench.tree.progress)
        server.kill()
        running.bench.browser.refresh_all()
        await until(lambda: running.bench.connection.state is State.RECONNECTING)
        table, path = panel.calls.table, tmp_path / "calls.jsonl"
        table.selectAll()
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        copied = QGuiApplication.clipboard().text()
        told: list[str] = []
        panel.told.connect(told.append)
        panel.calls._services.save(path)
        await until(lambda: told)
        assert "browse.children" in copied
        for text in (copied, path.read_text("utf-8")):
            assert ROOT_PASSWORD not in text.replace("omero_desk", "")
            assert account.session not in text
        await running.leave()
