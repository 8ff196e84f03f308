"""What the user sees of a line that drops and comes back, in the whole application over a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import omero.clients
import omero.model
import pytest
from omero.rtypes import rstring
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.row_data import Role
from omero_desk.system.network_watch import Network
from omero_desk.views.connection.connection_bar import ConnectionBar
from omero_desk.views.window.state_bar import StateBar
from tests.support.present import present
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

NAMES = ["Actin", "Mitosis", "Tubulin"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a library, which outlives its server."""
    return tmp_path / "library"


@pytest.fixture
def server(data: Path) -> Iterator[ServerProcess]:
    """A server with three projects, one of them with a dataset."""
    with running_server(data) as server:
        client = owner_of(server)
        for name in NAMES:
            project = omero.model.ProjectI()
            project.name = rstring(name)
            if name == NAMES[1]:
                dataset = omero.model.DatasetI()
                dataset.name = rstring("Day 1")
                project.linkDataset(dataset)
            client.getSession().getUpdateService().saveObject(project)
        client.closeSession()
        yield server


def owner_of(server: ServerProcess) -> omero.clients.BaseClient:
    client = omero.client(server.host, server.ssl_port)
    client.createSession("root", ROOT_PASSWORD)
    return client


async def signed_in(start: Start, server: ServerProcess) -> Running:
    running = start()
    await running.sign_in(server)
    await until(lambda: names(running) == NAMES and not running.bench.tree.progress)
    return running


def names(running: Running, below: QModelIndex | None = None) -> list[str]:
    tree, top = running.bench.tree, below or QModelIndex()
    rows = (tree.index(row, 0, top) for row in range(tree.rowCount(top)))
    return [index.data(Role.NAME) for index in rows if index.data(Role.KIND) in (Kind.PROJECT, Kind.DATASET)]


def at(running: Running, name: str) -> QModelIndex:
    tree = running.bench.tree
    rows = (tree.index(row, 0) for row in range(tree.rowCount()))
    return next(index for index in rows if index.data(Role.NAME) == name)


def select(running: Running, name: str) -> Ref:
    view, index = running.bench.browser.view, at(running, name)
    view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    ref: Ref = index.data(Role.REF)
    return ref


def button(running: Running, label: str) -> QPushButton:
    bar = present(running.window.findChild(ConnectionBar))
    return next(one for one in bar.findChildren(QPushButton) if one.text().replace("&", "") == label)


def count_down(running: Running) -> int | None:
    """The seconds that the banner tells."""
    found = re.search(r"Next try in (\d+) s\.", " ".join(running.texts(ConnectionBar)))
    return int(found[1]) if found else None


async def test_that_the_banner_counts_down_and_trying_now_brings_the_line_back(
    start: Start, server: ServerProcess, data: Path, qtbot: QtBot
) -> None:
    running = await signed_in(start, server)
    chosen = select(running, "Mitosis")
    server.kill()
    running.desk.service.retry_now()  # have the line looked at, as when the network has changed
    await until(lambda: (count_down(running) or 0) > 2)
    first = count_down(running)
    assert first is not None
    await until(lambda: count_down(running) == first - 1)
    assert running.bench.connection.state is State.RECONNECTING
    assert running.texts(StateBar)[0] == "Reconnecting"
    assert names(running) == NAMES
    assert [entity.ref for entity in running.bench.browser.entities] == [chosen]

    assert any("What you see is as of " in text for text in running.texts(ConnectionBar))
    edits = running.bench.models.edits
    edits.comment(running.bench.browser.entities, "later")
    assert any(text.endswith("1 edit waits.") for text in running.texts(ConnectionBar))
    edits.discard_all()

    await until(lambda: (count_down(running) or 0) > 2)
    status = running.bench.connection.status
    qtbot.mouseClick(button(running, "Try now"), Qt.MouseButton.LeftButton)
    await until(lambda: running.bench.connection.status.tries > status.tries)
    assert status.next_try is not None
    assert monotonic() < status.next_try - 1  # long before its turn

    with running_server(data, "--port", str(server.ssl_port)):
        await until(lambda: running.bench.connection.state is State.ONLINE)
        assert running.texts(ConnectionBar) == []
        assert names(running) == NAMES
        assert [entity.ref for entity in running.bench.browser.entities] == [chosen]
        running.bench.browser.view.expand(at(running, "Mitosis"))
        await until(lambda: names(running, at(running, "Mitosis")) == ["Day 1"])
        await running.leave()


async def test_that_what_is_opened_while_the_line_is_down_comes_when_it_is_back(
    start: Start, server: ServerProcess, data: Path
) -> None:
    running = await signed_in(start, server)
    tree = running.bench.tree
    server.kill()
    running.bench.browser.view.expand(at(running, "Mitosis"))
    await until(lambda: running.texts(ConnectionBar))
    assert tree.state(at(running, "Mitosis")) is LoadState.LOADING
    with running_server(data, "--port", str(server.ssl_port)):
        await until(lambda: names(running, at(running, "Mitosis")) == ["Day 1"])
        await running.leave()


async def test_that_signing_in_again_as_the_same_user_goes_on_where_it_was(
    start: Start, server: ServerProcess, qtbot: QtBot
) -> None:
    owner = owner_of(server)
    running = start()
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", owner.getSessionId()))
    await until(lambda: names(running) == NAMES and not running.bench.tree.progress)
    tree, chosen = running.bench.tree, select(running, "Tubulin")
    with suppress(Exception):
        owner.killSession()
    running.bench.browser.view.expand(at(running, "Mitosis"))
    await until(lambda: running.bench.connection.state is State.SIGN_IN_NEEDED)
    await until(lambda: tree.state(at(running, "Mitosis")) is LoadState.FAILED)
    assert names(running) == NAMES
    assert button(running, "Try now").isHidden()
    qtbot.mouseClick(button(running, "Sign in…"), Qt.MouseButton.LeftButton)
    await running.dialog_opened()

    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "root", ROOT_PASSWORD))
    await until(lambda: names(running, at(running, "Mitosis")) == ["Day 1"])
    assert running.dialog is None
    assert running.texts(ConnectionBar) == []
    assert names(running) == NAMES
    assert [entity.ref for entity in running.bench.browser.entities] == [chosen]


async def test_that_another_user_never_sees_what_the_first_one_had(start: Start, server: ServerProcess) -> None:
    client = owner_of(server)
    admin = client.getSession().getAdminService()
    group = omero.model.ExperimenterGroupI()
    group.name = rstring("lab")
    number = admin.createGroup(group)
    ada = omero.model.ExperimenterI()
    ada.omeName = ada.firstName = ada.lastName = rstring("ada")
    ada.ldap = omero.rtypes.rbool(False)
    lab = admin.getGroup(number)
    admin.createExperimenterWithPassword(ada, rstring("ada"), lab, [lab, admin.lookupGroup("user")])
    client.closeSession()
    running = await signed_in(start, server)
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(lambda: running.bench.connection.account and running.bench.connection.account.user.user == "ada")
    await until(lambda: not running.bench.tree.progress)
    assert not set(NAMES) & set(names(running))


async def test_that_the_round_trip_stands_in_the_status_bar(start: Start, server: ServerProcess) -> None:
    running = await signed_in(start, server)
    running.desk.service.retry_now()
    await until(lambda: any(text.endswith(" ms") for text in running.texts(StateBar)))


async def test_that_news_of_the_network_are_a_reason_to_try_at_once(start: Start) -> None:
    tried: list[str] = []
    network = Network(lambda: tried.append("now"))
    network.tell(QNetworkInformation.Reachability.Disconnected)
    network.tell(QNetworkInformation.Reachability.Unknown)
    assert tried == []
    network.tell(QNetworkInformation.Reachability.Online)
    assert tried == ["now"]
