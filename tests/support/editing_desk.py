"""A window on a small library of two people, for tests that change what is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from omero_desk.app import make_application
from omero_desk.desk import build
from omero_desk.entities.objects import Kind, Ref, Scope
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.exports.exports import WriteBytes
from omero_desk.models.tree.node import LoadState
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.annotations.edit_dialogs import TextDialog
from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.main_window import MainWindow
from tests.faults.laboratory import Admin
from tests.faults.proxy import FaultProxy
from tests.support.bare_desk import backing, no_file
from tests.support.desk_parts import Bench
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.running_desk import until

LABS = 60


@dataclass
class Lab:
    """What one test changes: a dataset of ada's with an image of ben's that she may only look at.

    Root can have the server fail (`fail`), and changes what others may not.
    """

    proxy: FaultProxy
    dataset: Ref
    images: list[Ref]
    foreign: Ref
    admin: Admin | None = None
    has_failed: bool = False

    def fail(self, orders: str) -> None:
        """Let the next calls of operations fail, as `desk.faults` has it; none for an empty text."""
        self.has_failed = True
        present(self.admin).set("desk.faults", orders)


def furnish(ada: LibraryWriter, ben: LibraryWriter) -> tuple[Ref, list[Ref], Ref]:
    (dataset,) = ada.named("Dataset", "Mitosis")
    images = ada.named("Image", "One.tif", "Two.tif", "Three.tif")
    foreign = ben.named("Image", "Zebra.tif")
    ada.link("DatasetImageLink", [dataset] * 4, [*images, *foreign])
    return Ref(Kind.DATASET, dataset), [Ref(Kind.IMAGE, image) for image in images], Ref(Kind.IMAGE, foreign[0])


class Desk:
    """The main window on a session."""

    def __init__(self, lab: Lab, write: WriteBytes = no_file) -> None:
        self.lab = lab
        self.service = ServiceManager()
        self.window = MainWindow()
        theme = Theme(make_application(), ThemeChoice.LIGHT)
        theme.setParent(self.window)
        self.bench = Bench(build(self.window, Settings(), replace(backing(self.service, theme), write=write)))
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

    async def show_everybody(self) -> None:
        """Show the data of all members of the group, as the box above the tree does."""
        tree = self.bench.tree
        tree.open(Scope(present(tree.scope).group_id))
        await until(lambda: tree.find([self.lab.dataset]).isValid())
        self.view.expand(tree.find([self.lab.dataset]))
        await until(lambda: tree.state(tree.find([self.lab.dataset])) is LoadState.LOADED)

    def index(self, ref: Ref) -> QModelIndex:
        path = [self.lab.dataset] if ref == self.lab.dataset else [self.lab.dataset, ref]
        return self.bench.tree.find(path)

    async def pick(self, number: int) -> None:
        """Select the first images of the dataset in the gallery."""
        gallery = self.bench.gallery
        self.select(self.lab.dataset)
        await until(lambda: self.bench.models.contents.rowCount() == len(self.lab.images))
        if number == len(self.lab.images):
            QTest.keySequence(gallery.grid, "Ctrl+A")
        else:
            gallery.pick(ref.id for ref in self.lab.images[:number])
        await until(lambda: len(gallery.entities) == number)

    def select(self, *refs: Ref) -> None:
        # whatever keys were pressed before
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(self.index(refs[0]), flags.ClearAndSelect | flags.Rows)
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
        return "\n".join(label.text() for label in present(self.window.findChild(DetailsPanel)).findChildren(QLabel))


EDITS = ("Add comment…", "Add tag…", "Rename…")
