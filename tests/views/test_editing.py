"""Comments, tags and names from the first click to the row that shows them: real widgets, a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QTreeWidget

from omero_desk.app import make_application
from omero_desk.desk import build
from omero_desk.gateway.entities import Kind, Ref
from omero_desk.gateway.service import ServiceManager, State
from omero_desk.gateway.thumbnails import ThumbnailSource
from omero_desk.models.edits import EditState
from omero_desk.models.node import LoadState
from omero_desk.models.node_model import Column
from omero_desk.models.sign_in import SignInForm
from omero_desk.models.thumbnails import Kept
from omero_desk.server.database.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from omero_desk.settings import Settings
from omero_desk.views.details_panel import DetailsPanel
from omero_desk.views.edit_dialogs import LeaveDialog, TextDialog
from omero_desk.views.main_window import MainWindow
from omero_desk.views.theme import Theme, ThemeChoice
from tests.accessibility import nameless
from tests.faults.proxy import Fault, FaultProxy
from tests.library_writer import LibraryWriter
from tests.running_desk import until
from tests.server_process import running_server

pytestmark = pytest.mark.asyncio


LABS = 12


@dataclass
class Lab:
    """What one test changes: a dataset of ada's with an image of ben's that she may only look at."""

    proxy: FaultProxy
    dataset: Ref
    images: list[Ref]
    foreign: Ref


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Lab]]:
    """Several on one server, behind a proxy that can cut the line."""
    folder = tmp_path_factory.mktemp("editing")
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwr---")
        users = [
            create_user(store.schema, connection, name, first_name=name, last_name="L", groups=[group], password=name)
            for name in ("ada", "ben")
        ]
        ada, ben = (LibraryWriter(store, connection, user, group) for user in users)
        parts = [_furnish(ada, ben) for _ in range(LABS)]
    store.close()
    with running_server(folder) as server, FaultProxy(server.host, server.ssl_port) as proxy:
        yield (Lab(proxy, *each) for each in parts)


def _furnish(ada: LibraryWriter, ben: LibraryWriter) -> tuple[Ref, list[Ref], Ref]:
    (dataset,) = ada.named("Dataset", "Mitosis")
    images = ada.named("Image", "One.tif", "Two.tif", "Three.tif")
    foreign = ben.named("Image", "Zebra.tif")
    ada.link("DatasetImageLink", [dataset] * 4, [*images, *foreign])
    return Ref(Kind.DATASET, dataset), [Ref(Kind.IMAGE, image) for image in images], Ref(Kind.IMAGE, foreign[0])


@pytest.fixture
def lab(labs: Iterator[Lab]) -> Iterator[Lab]:
    lab = next(labs)
    yield lab
    lab.proxy.heal()


class NoLibrary:
    async def start(self, progress: object) -> None:
        raise NotImplementedError


class NoPasswords:
    async def problem(self) -> str:
        return "not here"

    async def find(self, server: str, user: str) -> str:
        return ""

    async def keep(self, server: str, user: str, password: str) -> None: ...

    async def forget(self, server: str, user: str) -> None: ...


class NoThumbnails:
    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        return {}

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        raise NotImplementedError

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        raise NotImplementedError

    async def find(self, image_ids: Sequence[int], size: int) -> dict[int, Kept]:
        return {}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        raise NotImplementedError


async def no_file(path: Path, text: str) -> None:
    raise NotImplementedError


async def no_planes(*_: object) -> None:
    raise NotImplementedError


class Desk:
    """The main window on a session."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.service = ServiceManager()
        self.window = MainWindow()
        theme = Theme(make_application(), ThemeChoice.LIGHT)
        parts = self.service, NoLibrary(), NoPasswords(), no_file, NoThumbnails(), no_planes, theme, Path("log")
        self.bench = build(self.window, Settings(), *parts)
        self.editing, self.edits, self.view = self.bench.editing, self.bench.editing.edits, self.bench.browser.view

    async def sign_in(self, user: str) -> None:
        address = f"{self.lab.proxy.host}:{self.lab.proxy.port}"
        self.bench.connection.sign_in(SignInForm(address, user, user))
        await until(lambda: self.bench.connection.account and self.bench.connection.account.user.user == user)
        tree = self.bench.tree
        await until(lambda: tree.state() is LoadState.LOADED)
        dataset = tree.find([self.lab.dataset])
        self.view.expand(dataset)
        await until(lambda: tree.state(tree.find([self.lab.dataset])) is LoadState.LOADED)

    def index(self, ref: Ref) -> QModelIndex:
        return self.bench.tree.find([self.lab.dataset, ref])

    def select(self, *refs: Ref) -> None:
        self.view.setCurrentIndex(self.index(refs[0]))
        for ref in refs[1:]:
            flag = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            self.view.selectionModel().select(self.index(ref), flag)

    def menu(self) -> dict[str, bool]:
        """What the context menu offers to change, and whether it can be chosen."""
        key = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), self.view.mapToGlobal(QPoint()))
        QApplication.sendEvent(self.view.viewport(), key)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entries = {action.text().replace("&", ""): action.isEnabled() for action in menu.actions()}
        menu.close()
        return {text: enabled for text, enabled in entries.items() if text in EDITS}

    async def dialog(self, command: str) -> TextDialog:
        self.bench.command(command).trigger()
        await until(lambda: isinstance(QApplication.activeModalWidget(), TextDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TextDialog)
        await until(dialog.isActiveWindow)  # keys go nowhere before
        return dialog

    async def saved(self) -> None:
        await until(lambda: not self.edits.pending)
        await self.bench.tree.finished()

    def details(self) -> str:
        return "\n".join(label.text() for label in self.window.findChild(DetailsPanel).findChildren(QLabel))


EDITS = ("Add comment…", "Add tag…", "Rename…")


@pytest_asyncio.fixture
async def desk(lab: Lab, qapp: QApplication) -> AsyncIterator[Desk]:
    desk = Desk(lab)
    desk.window.show()
    desk.bench.browser.show_annotation_column(True)
    await desk.sign_in("ada")
    yield desk
    for model in desk.bench.models.working:
        model.cancel_all()
    desk.service.close()
    desk.window.leave()
    desk.window.deleteLater()


async def test_that_a_comment_and_a_tag_are_counted_in_the_tree_once_they_are_saved(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    assert desk.menu() == dict.fromkeys(EDITS, True)
    dialog = await desk.dialog("comment")
    assert nameless(dialog) == []
    assert not dialog.button.isEnabled()
    QTest.keyClicks(dialog.findChild(QPlainTextEdit), "Look here")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    dialog = await desk.dialog("tag")
    QTest.keyClicks(dialog.findChild(QLineEdit), "mitosis")
    QTest.keyClick(dialog.findChild(QLineEdit), Qt.Key.Key_Return)
    await desk.saved()
    await until(lambda: desk.index(lab.images[0]).siblingAtColumn(Column.ANNOTATIONS).data() == "2")
    assert desk.editing.button.isHidden()


async def test_that_several_objects_get_one_edit_each(desk: Desk, lab: Lab) -> None:
    desk.select(*lab.images)
    assert desk.menu() == {"Add comment…": True, "Add tag…": True, "Rename…": False}
    dialog = await desk.dialog("tag")
    QTest.keyClicks(dialog.findChild(QLineEdit), "control")
    dialog.button.click()
    assert len(desk.edits.pending) == 3
    await desk.saved()
    numbers = lambda: [desk.index(ref).siblingAtColumn(Column.ANNOTATIONS).data() for ref in lab.images]  # noqa: E731
    await until(lambda: numbers() == ["1"] * 3)


async def test_that_f2_renames_and_the_row_moves_to_its_place(desk: Desk, lab: Lab) -> None:
    desk.select(lab.images[0])
    QTest.keyClick(desk.view, Qt.Key.Key_F2)
    await until(lambda: isinstance(QApplication.activeModalWidget(), TextDialog))
    edit = QApplication.activeModalWidget().findChild(QLineEdit)
    assert edit.selectedText() == "One"
    QTest.keyClicks(edit, "Z last")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    await desk.saved()
    assert desk.index(lab.images[0]).data() == "Z last.tif"
    assert desk.index(lab.images[0]).row() > desk.index(lab.images[1]).row()
    assert "Z last.tif" in desk.details()


async def test_that_what_the_user_may_not_change_is_not_offered(desk: Desk, lab: Lab) -> None:
    desk.select(lab.foreign)
    assert desk.menu() == dict.fromkeys(EDITS, False)
    desk.select(lab.images[0], lab.foreign)
    assert desk.menu() == dict.fromkeys(EDITS, False)


async def test_that_an_edit_typed_while_the_server_is_away_is_shown_and_sent_when_it_is_back(
    desk: Desk, lab: Lab
) -> None:
    lab.proxy.arm(Fault.REFUSE)
    desk.select(lab.images[1])
    dialog = await desk.dialog("comment")
    QTest.keyClicks(dialog.findChild(QPlainTextEdit), "typed in the train")
    dialog.button.click()
    await until(lambda: not desk.edits.online)
    assert desk.editing.button.text() == "1 edit to be saved"
    assert "Comment “typed in the train” – Waiting for the connection" in desk.details()  # noqa: RUF001 - a dash
    desk.editing.button.click()
    assert desk.editing.dock.isVisible()
    row = desk.editing.dock.findChild(QTreeWidget).topLevelItem(0)
    assert [row.text(column) for column in range(3)] == [
        "Comment on Two.tif",
        "typed in the train",
        "Waiting for the connection",
    ]
    assert nameless(desk.editing.dock) == []
    lab.proxy.heal()
    await desk.saved()
    await until(lambda: desk.index(lab.images[1]).siblingAtColumn(Column.ANNOTATIONS).data() == "1")
    assert desk.editing.dock.findChild(QTreeWidget).topLevelItemCount() == 0
    assert "typed in the train" not in desk.details()


async def test_that_what_is_given_back_can_be_copied_tried_again_and_discarded(desk: Desk, lab: Lab) -> None:
    entity = desk.bench.tree.entity(desk.index(lab.foreign))
    assert entity is not None
    desk.edits.comment([entity], "may not")
    await until(lambda: desk.edits.pending[0].state is EditState.GIVEN_BACK)
    assert "not allowed" in desk.bench.messages.current.text
    assert desk.bench.messages.current.text.startswith("Comment on Zebra.tif was not saved.")
    desk.bench.messages.current.actions[0].run()
    buttons = {one.text().replace("&", ""): one for one in desk.editing.dock.findChildren(QPushButton)}
    buttons["Copy text"].click()
    assert QGuiApplication.clipboard().text() == "may not"
    buttons["Try again"].click()
    assert desk.edits.pending[0].state is not EditState.GIVEN_BACK
    await until(lambda: desk.edits.pending[0].state is EditState.GIVEN_BACK)
    buttons["Discard"].click()
    assert desk.edits.pending == ()
    assert not any(button.isEnabled() for button in buttons.values())


async def test_that_the_list_shows_the_order_in_which_edits_will_be_sent(desk: Desk, lab: Lab) -> None:
    entity = desk.bench.tree.entity(desk.index(lab.foreign))
    assert entity is not None
    for text in ("one", "two", "three"):
        desk.edits.comment([entity], text)
    await until(lambda: all(edit.state is EditState.GIVEN_BACK for edit in desk.edits.pending))
    desk.editing.show_dock()
    shown = desk.editing.dock.findChild(QTreeWidget)
    texts = lambda: [shown.topLevelItem(row).text(1) for row in range(shown.topLevelItemCount())]  # noqa: E731
    assert texts() == ["one", "two", "three"]
    desk.edits.follow(State.OFFLINE)
    desk.edits.retry(desk.edits.pending[0].id)
    assert texts() == ["two", "three", "one"]
    assert shown.topLevelItem(2).text(2) == "Waiting for the connection"
    desk.edits.discard(desk.edits.pending[1].id)
    assert texts() == ["two", "one"]


async def test_that_the_window_asks_before_it_goes_with_edits_that_were_not_sent(desk: Desk, lab: Lab) -> None:
    closed: list[bool] = []
    desk.window.closed.connect(lambda: closed.append(True))
    entities = [desk.bench.tree.entity(desk.index(ref)) for ref in lab.images[:2]]
    lab.proxy.arm(Fault.REFUSE)
    desk.edits.comment([entity for entity in entities if entity], "unsent")
    desk.window.close()
    question = desk.window.findChild(LeaveDialog)
    assert question.text() == "2 edits were not sent."
    question.stay.click()
    assert (desk.window.isVisible(), len(desk.edits.pending), closed) == (True, 2, [])
    await until(lambda: desk.window.findChild(LeaveDialog) is None)
    desk.window.close()
    desk.window.findChild(LeaveDialog).discard.click()
    assert (desk.window.isVisible(), desk.edits.pending, closed) == (False, (), [True])


async def test_that_the_window_goes_by_itself_when_what_it_asks_about_is_sent(desk: Desk, lab: Lab) -> None:
    desk.edits.comment([desk.bench.tree.entity(desk.index(lab.images[0]))], "just in time")
    desk.window.close()
    assert desk.window.isVisible()
    await until(lambda: not desk.window.isVisible())
    assert desk.edits.pending == ()


async def test_that_a_program_told_to_end_asks_nobody(desk: Desk, lab: Lab) -> None:
    desk.edits.comment([desk.bench.tree.entity(desk.index(lab.images[0]))], "lost")
    desk.window.leave()
    assert not desk.window.isVisible()


async def test_that_nobody_sends_anothers_edits(desk: Desk, lab: Lab) -> None:
    desk.edits.follow(State.SIGN_IN_NEEDED)
    desk.edits.comment([desk.bench.tree.entity(desk.index(lab.images[0]))], "Ada's words")
    await desk.sign_in("ben")
    await until(lambda: desk.edits.pending[0].state is EditState.GIVEN_BACK)
    assert "written by ada" in desk.bench.messages.current.text
    assert desk.edits.pending[0].text == "Ada's words"
