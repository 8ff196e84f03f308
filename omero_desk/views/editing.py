"""What the user can change about the selection: the dialogs for it, and what becomes of the edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QStatusBar

from omero_desk.gateway.entities import Entity
from omero_desk.models import description
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.models.edits import MOST_LETTERS, EditsModel, PendingEdit, can_annotate, can_rename, status_of
from omero_desk.models.labels import plain
from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.views.details_panel import DetailsPanel
from omero_desk.views.edit_dialogs import CommentDialog, LeaveDialog, TextDialog, rename_dialog, tag_dialog
from omero_desk.views.edits_dock import EditsButton, EditsDock

COMMANDS: Final = ("comment", "tag", "rename")
"""Names of the commands that change the selection."""
_MOST_LINES: Final = 8
_LONGEST_LINE: Final = 120


class Editing(QObject):
    """Stands between the selection and the `EditsModel`: asks, hands over, and shows what is pending."""

    renamed = Signal()

    def __init__(
        self,
        edits: EditsModel,
        messages: MessagesModel,
        tree: OmeroTreeModel,
        counts: AnnotationCountsModel,
        details: DetailsPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.edits = edits
        self._messages = messages
        self._tree = tree
        self._counts = counts
        self._details = details
        self._entities: tuple[Entity, ...] = ()
        self._actions: Mapping[str, QAction] = {}
        self._leaving: LeaveDialog | None = None

    def furnish(self, window: QMainWindow, status: QStatusBar, actions: Mapping[str, QAction]) -> None:
        """Put the list and its number into `window`, and follow the model; `actions` are the window's commands."""
        self._window = window
        self._actions = actions
        self.dock = EditsDock(self.edits, window)
        self.dock.hide()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
        self.button = EditsButton(self.edits)
        self.button.clicked.connect(self.show_dock)
        status.addPermanentWidget(self.button)
        self._details.offer([actions[name] for name in COMMANDS])
        self.edits.changed.connect(self._show_pending)
        self.edits.done.connect(self._show_change)
        self.edits.given_back.connect(self._tell)
        self.select(())

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do, by their names."""
        return {
            "comment": lambda _checked: self.ask_comment(),
            "tag": lambda _checked: self.ask_tag(),
            "rename": lambda _checked: self.ask_name(),
            "pending": lambda _checked: self.show_dock(),
        }

    def select(self, entities: Sequence[Entity]) -> None:
        """Offer what the user may do with these objects."""
        self._entities = tuple(entities)
        annotate, rename = can_annotate(entities), can_rename(entities)
        for name, allowed in zip(COMMANDS, (annotate, annotate, rename), strict=True):
            self._actions[name].setEnabled(allowed)
        self._show_pending()

    def ask_comment(self) -> CommentDialog:
        """Ask for a comment on what is selected."""
        entities = self._entities
        dialog = CommentDialog(_about(entities), self._window)
        self._open(dialog, lambda text: self.edits.comment(entities, text))
        return dialog

    def ask_tag(self) -> TextDialog:
        """Ask for a tag for what is selected."""
        entities = self._entities
        dialog = tag_dialog(_about(entities), self._window)
        self._open(dialog, lambda text: self.edits.tag(entities, text))
        return dialog

    def ask_name(self) -> TextDialog:
        """Ask for another name of what is selected."""
        (entity,) = self._entities
        dialog = rename_dialog(_about([entity]), entity.name, MOST_LETTERS, self._window)
        self._open(dialog, lambda text: self.edits.rename(entity, text) if text != entity.name else None)
        return dialog

    def show_dock(self) -> None:
        """Show the list of pending edits."""
        self.dock.show()
        self.dock.raise_()
        self.dock.setFocus()

    def may_close(self) -> bool:
        """Whether nothing would be lost with the window; if something would, the user is asked."""
        if not self.edits.pending:
            return True
        if self._leaving is None:
            self._leaving = LeaveDialog(self.edits, self._window.close, self._window)
            self._leaving.finished.connect(self._forget_question)
            self._leaving.open()
        return False

    def _open(self, dialog: TextDialog, take: Callable[[str], object]) -> None:
        dialog.written.connect(take)
        dialog.open()

    def _forget_question(self) -> None:
        self._leaving = None

    def _show_pending(self) -> None:
        edits = self.edits.of(*(entity.ref for entity in self._entities))
        self._details.show_pending([_line(edit, self.edits.online) for edit in edits[:_MOST_LINES]])

    def _show_change(self, edit: PendingEdit) -> None:
        """Show in the tree what is now on the server."""
        if edit.new_name is None:
            self._counts.recount([edit.edit.ref])
        else:
            self._tree.rename(edit.edit.ref, edit.new_name)
            self.renamed.emit()

    def _tell(self, edit: PendingEdit) -> None:
        text = f"{plain(edit.title)} was not saved. {edit.reason}"
        show = Action("&Show", self.show_dock)
        self._messages.post(Message(text, edit.detail, Severity.WARNING, (show,)))


def _about(entities: Sequence[Entity]) -> str:
    return f"{description.subtitle(entities)}: {description.title(entities)}"


def _line(edit: PendingEdit, online: bool) -> str:
    text = plain(edit.text)
    short = text if len(text) <= _LONGEST_LINE else f"{text[:_LONGEST_LINE]}…"
    return f"{edit.edit.verb} “{short}” – {status_of(edit, online)}"  # noqa: RUF001 - a dash
