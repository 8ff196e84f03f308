"""The section of comments: who said what and when, and a field to add one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import Annotation, Section, Type
from omero_desk.entities.edits import AddComment, EditAnnotation, TakeOff
from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.annotations.who import byline, tip_of
from omero_desk.models.labels import unmarked
from omero_desk.models.quantities import when
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.linked_words import LinkedWords
from omero_desk.views.annotations.section_body import ProblemLine, SectionBody
from omero_desk.views.annotations.text_editing import Drafts, TextEditor
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Space
from omero_desk.views.widgets.flow_layout import empty
from omero_desk.views.widgets.icon_label import small_button
from omero_desk.views.widgets.state_card import flush_button
from omero_desk.views.widgets.words import OneLine

_MOST: Final = 50
"""Comments that are shown before "more" is pressed: the newest."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A comment that is not among those that were read: on all its objects, or on the one where it was refused."""

    text: str
    is_waiting: bool
    refused: PendingEdit | None = None


class CommentsSection(SectionBody):
    """Shows the comments on what is selected, the newest last; the signals are those of `LinkedWords`."""

    object_wanted = Signal(object)
    page_wanted = Signal(str)
    empty = mark("Annotations", "No comments")

    def __init__(
        self,
        model: InspectorModel,
        edits: EditsModel,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Section.COMMENTS, model, parent)
        self._edits, self._account = edits, account
        self._all, self._editing = False, 0
        self._drafts = Drafts(account)
        self._row_editor: TextEditor | None = None
        self._refs: tuple[Ref, ...] = ()
        self._shown: object = None
        self._more = flush_button()
        self._more.clicked.connect(self._show_all)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.SMALL)
        self.add_button = flush_button(translate("Annotations", "Add comment"))
        self.add_button.clicked.connect(lambda _checked: self.add())
        verb = translate("Annotations", "Add comment")
        self.editor = TextEditor(translate("Annotations", "Comment"), verb, self._drafts)
        self.editor.saved.connect(self._add)
        self.editor.left.connect(self._leave)
        self.editor.hide()
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeading)
        self.column.addLayout(self._rows)
        self.column.addWidget(self.editor)
        self.column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeading)
        model.changed.connect(self._follow)
        self._follow()

    def add(self) -> None:
        """Let the user write a comment; what was begun on the same objects is there again."""
        self.add_button.hide()
        self.editor.begin(self.model.refs)

    @override
    def fill(self, annotations: Sequence[Annotation], edits: Sequence[PendingEdit]) -> bool:
        if self._editing and any(one.id == self._editing for one in annotations):
            return True  # somebody is typing
        if self._row_editor is not None:
            self._row_editor.put_away()
            self._editing, self._row_editor, self._shown = 0, None, None
        changed = {edit.edit.annotation_id: edit for edit in edits if isinstance(edit.edit, EditAnnotation | TakeOff)}
        said = sorted(annotations, key=lambda one: (one.created or 0, one.id))
        shown = said if self._all else said[-_MOST:]
        coming = _coming(edits)
        rows = self._account(), shown, [changed.get(one.id) for one in shown], coming
        if rows != self._shown:
            self._shown = rows
            empty(self._rows)
            for one in shown:
                self._rows.addWidget(self._row(one, changed.get(one.id)))
            for each in coming:
                self._rows.addWidget(self._coming(each))
        rest = len(said) - len(shown)
        self._more.setText(plural("Annotations", "%n older comments", "%n older comment", rest))
        self._more.setVisible(rest > 0)
        return bool(said or coming)

    def _row(self, one: Annotation, edit: PendingEdit | None) -> QWidget:
        account = self._account()
        time = when(one.created) if one.created is not None else ""
        state = translate("Annotations", "being saved") if edit is not None and not _is_back(edit) else ""
        text = edit.text if edit is not None and isinstance(edit.edit, EditAnnotation) else str(one.value or "")
        row = CommentRow(" · ".join(filter(None, (byline(one, account), time, state))), text, tip_of(one, account))
        row.words.object_wanted.connect(self.object_wanted)
        row.words.page_wanted.connect(self.page_wanted)
        if edit is not None and _is_back(edit):
            row.tell(edit, self._edits)
        own = account is not None and one.owner_id == account.user.id
        if own and one.permissions.can_edit and not one.is_cut and edit is None:
            row.offer("rename", translate("Annotations", "Edit this comment"), lambda: self._edit(one, row))
        if any(link.can_delete for link in one.links) and edit is None:
            row.offer("clear", translate("Annotations", "Remove this comment"), lambda: self._remove(one))
        return row

    def _coming(self, coming: Coming) -> QWidget:
        state = translate("Annotations", "being saved") if coming.is_waiting else ""
        row = CommentRow(" · ".join(filter(None, (translate("Annotations", "Me"), state))), coming.text, "")
        if coming.refused is not None:
            row.tell(coming.refused, self._edits)
        return row

    def _add(self, text: str) -> None:
        self._close()
        self._edits.comment(self.model.able, text)

    def _leave(self) -> None:
        self.editor.put_away()
        self._close()

    def _close(self) -> None:
        self.editor.hide()
        self.add_button.setVisible(self._may_add)
        self.add_button.setFocus()

    def _edit(self, one: Annotation, row: CommentRow) -> None:
        self._editing = one.id
        editor = TextEditor(translate("Annotations", "Comment"), translate("Annotations", "Save"), self._drafts)
        row.put_in_place(editor)
        editor.begin(one.id, str(one.value or ""))
        editor.saved.connect(lambda text: self._save(one, text))
        editor.left.connect(self._end_editing)
        self._row_editor = editor

    def _save(self, one: Annotation, text: str) -> None:
        was = str(one.value or "")
        if text != was and one.links:
            edit = EditAnnotation(one.links[0].ref, Type.COMMENT, one.id, text, was, one.description, one.description)
            self._edits.submit([(edit, "")])
        self._end_editing()

    def _end_editing(self) -> None:
        self._editing, self._row_editor, self._shown = 0, None, None
        self.show_now()

    def _remove(self, one: Annotation) -> None:
        self._edits.take_off(self.objects, Type.COMMENT, one.id, str(one.value or ""))

    def _follow(self) -> None:
        """Begin anew for other objects: what was being written on the others is kept."""
        self.add_button.setVisible(self._may_add and self.editor.isHidden())
        if self.model.refs == self._refs:
            return
        self.editor.put_away()
        if self._row_editor is not None:
            self._row_editor.put_away()
        self._refs, self._all, self._editing, self._row_editor = self.model.refs, False, 0, None
        self.add_button.setVisible(self._may_add)

    @property
    def _may_add(self) -> bool:
        """Whether a comment can be written here: on very many objects only by the command, which asks for it."""
        return bool(self.model.able) and not self.model.is_too_many

    def _show_all(self) -> None:
        self._all = True
        self.show_now()


class CommentRow(QWidget):
    """A comment: a line on who and when, what was said, and buttons for what may be done about it."""

    def __init__(self, head: str, text: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = OneLine(head)
        line.setProperty("role", "small")
        line.setToolTip(unmarked(tip))
        self.words = LinkedWords()
        self.words.setAccessibleName(head)
        self.words.show_text(text)
        self._problem = ProblemLine()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(0)
        head_row = QHBoxLayout()
        head_row.setSpacing(Space.TINY)
        head_row.addWidget(line)
        head_row.addStretch(1)
        head_row.addLayout(self._buttons)
        head_row.addStrut(tall(Height.SMALL_CONTROL, self.font()))  # as high without buttons as with them
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(head_row)
        self._column.addWidget(self.words)
        self._column.addWidget(self._problem)

    def offer(self, icon: str, name: str, act: Callable[[], object]) -> None:
        """Show a button."""
        button = small_button(icon, name, act)
        button.setProperty("dense", True)
        button.setMaximumHeight(tall(Height.SMALL_CONTROL, self.font()))
        self._buttons.addWidget(button)

    def tell(self, edit: PendingEdit, edits: EditsModel) -> None:
        """Say why it was not saved."""
        self._problem.tell(edit.reason)
        self._problem.again.clicked.connect(lambda _checked=False: edits.retry(edit.id))

    def put_in_place(self, editor: TextEditor) -> None:
        """Show a field in the place of what was said."""
        self.words.hide()
        self._column.addWidget(editor)


def _coming(edits: Sequence[PendingEdit]) -> list[Coming]:
    """Return the comments that are on their way, each once on however many objects, and those that were refused."""
    comments = [edit for edit in edits if isinstance(edit.edit, AddComment)]
    waiting = {edit.action for edit in comments if edit.state in (EditState.WAITING, EditState.SENDING)}
    together: dict[tuple[int, int], Coming] = {}
    for edit in comments:
        if _is_back(edit):
            together[edit.action, edit.id] = Coming(edit.text, is_waiting=False, refused=edit)
        else:
            together[edit.action, 0] = Coming(edit.text, edit.action in waiting)
    return list(together.values())


def _is_back(edit: PendingEdit) -> bool:
    return edit.state is EditState.GIVEN_BACK
