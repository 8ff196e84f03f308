"""The section of the description: read, with what it names to press on, and edited in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omero_desk.entities.edits import NAMED, Describe
from omero_desk.entities.objects import Account, Ref
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.translation import translate
from omero_desk.views.annotations.linked_words import LinkedWords
from omero_desk.views.annotations.section_body import ProblemLine
from omero_desk.views.annotations.text_editing import Drafts, TextEditor
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.words import Words


class DescriptionSection(QWidget):
    """Shows the description of one object. `can_edit_changed`: it may be edited now, or not."""

    can_edit_changed = Signal()

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._edits = model, edits
        self.words = LinkedWords()
        self.words.setAccessibleName(translate("Annotations", "Description"))
        self._nothing = Words(translate("Annotations", "No description"))
        self._nothing.setProperty("role", "faint")
        self._state = Words(wordWrap=True)
        self._state.setProperty("role", "faint")
        self._problem = ProblemLine()
        self._problem.again.clicked.connect(lambda _checked: self._retry())
        name, save = translate("Annotations", "Description"), translate("Annotations", "Save")
        self.editor = TextEditor(name, save, Drafts(account), may_be_empty=True)
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self._leave)
        self.editor.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        for part in (self.words, self._nothing, self._state, self._problem, self.editor):
            column.addWidget(part)
        self._ref: Ref | None = None
        model.changed.connect(self.show_now)
        self.show_now()

    @property
    def can_edit(self) -> bool:
        """Whether the user may change it, and all of it is here."""
        about = self._model.about
        editing = self.editor.isVisibleTo(self)
        is_all = about is not None and about.ref.kind in NAMED and not about.is_cut
        return about is not None and is_all and about.permissions.can_edit and not editing

    def edit(self) -> None:
        """Let the user edit it in place."""
        about = self._model.about
        if about is not None and self.can_edit:
            self.words.hide()
            self._nothing.hide()
            self.editor.begin(about.ref, about.description)
            self.can_edit_changed.emit()

    def show_now(self) -> None:
        """Show what the model knows now."""
        about, pending = self._model.about, self._pending
        ref = about.ref if about is not None else None
        if ref != self._ref:
            self._ref = ref
            self.editor.put_away()
        text = pending.text if pending is not None else about.description if about is not None else ""
        editing = self.editor.isVisibleTo(self)
        self.words.show_text(text)
        self.words.setVisible(bool(text) and not editing)
        self._nothing.setVisible(not text and about is not None and not editing)
        waiting = pending is not None and pending.state in (EditState.WAITING, EditState.SENDING)
        self._state.setText(translate("Annotations", "being saved") if waiting else "")
        self._state.setVisible(waiting)
        back = pending is not None and pending.state is EditState.GIVEN_BACK
        self._problem.tell(pending.reason if pending is not None and back else "")
        self.can_edit_changed.emit()

    @property
    def _pending(self) -> PendingEdit | None:
        mine = [edit for edit in self._model.pending(None) if isinstance(edit.edit, Describe)]
        return mine[-1] if mine else None

    def _save(self, text: str) -> None:
        about = self._model.about
        self.editor.hide()
        if about is not None and text != about.description and self._model.entities:
            self._edits.describe(self._model.entities[0], text, about.description)
        self.show_now()

    def _leave(self) -> None:
        self.editor.hide()
        self.show_now()

    def _retry(self) -> None:
        if self._pending is not None:
            self._edits.retry(self._pending.id)
