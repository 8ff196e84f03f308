"""The dialogs that take what the user writes, and the question before unsaved edits are left behind."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.edits import LONGEST
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.views.messages.question import Question
from omero_desk.views.widgets.words import Words

_MOST_LISTED: Final = 5


class TextDialog(Question):
    """Asks for a text; `written` brings it, without the white space around it, when the user is done.

    `title` names the action, `about` what it is done to. The button works as soon as a server would keep the text.
    """

    written = Signal(str)

    def __init__(self, title: str, about: str, action: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(title, about, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.editor = editor
        self._problem = Words(wordWrap=True)
        self._problem.setProperty("role", "danger")
        self._problem.hide()
        self.words.setBuddy(editor)
        self.add(editor, self._problem)
        self._cancel = self.add_cancel()
        self.button = self.add_verb(action)
        self.editor.setFocus()
        self._order_keys()
        self.box.accepted.connect(self._finish)

    @property
    def text(self) -> str:
        """The text, without the white space around it."""
        raise NotImplementedError

    def _order_keys(self) -> None:
        """Let Tab go from the text to the button that sends it, wherever the style puts that one."""
        self.setTabOrder(self.editor, self.button)
        self.setTabOrder(self.button, self._cancel)

    def _check(self) -> None:
        text = self.text
        problem = problem_of(text)
        self.button.setEnabled(not problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(text and problem))

    def _finish(self) -> None:
        if not problem_of(self.text):
            self.written.emit(self.text)
            self.accept()


class CommentDialog(TextDialog):
    """Asks for a comment of any length; Ctrl+Return adds it.

    It begins with a `draft`, and emits `left` with the text if it is closed without adding it.
    """

    left = Signal(str)

    def __init__(self, about: str, parent: QWidget | None = None, draft: str = "") -> None:
        self._edit = QPlainTextEdit(draft)
        self._edit.setAccessibleName(translate("Annotations", "Comment"))
        self._edit.setTabChangesFocus(True)
        title, action = translate("Annotations", "Add a comment"), translate("Annotations", "&Add comment")
        super().__init__(title, about, action, self._edit, parent)
        self._keeps = Words(wordWrap=True)
        self._keeps.setText(
            translate("Annotations", "This is your draft: it was not added yet.")
            if draft
            else translate("Annotations", "If you close this, the text is kept as a draft until you quit.")
        )
        self._keeps.setProperty("role", "small")
        self.add(self._keeps)
        self._edit.moveCursor(QTextCursor.MoveOperation.End)
        self.rejected.connect(lambda: self.left.emit(self._edit.toPlainText()))
        self._edit.textChanged.connect(self._check)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._finish)
        self.button.setToolTip("Ctrl+Return")
        self._check()

    @override
    @property
    def text(self) -> str:
        return self._edit.toPlainText().strip()


class LineDialog(TextDialog):
    """Asks for a text of one line, such as a tag or a name."""

    def __init__(
        self, title: str, about: str, action: str, name: str, text: str = "", parent: QWidget | None = None
    ) -> None:
        self._edit = QLineEdit(text)
        self._edit.setAccessibleName(name)
        super().__init__(title, about, action, self._edit, parent)
        self._edit.textChanged.connect(self._check)
        self._check()

    @override
    @property
    def text(self) -> str:
        return self._edit.text().strip()


def tag_dialog(about: str, parent: QWidget) -> LineDialog:
    """Return a dialog that asks for the name of a tag."""
    title, action = translate("Annotations", "Add a tag"), translate("Annotations", "&Add tag")
    return LineDialog(title, about, action, translate("Annotations", "Name of the tag"), parent=parent)


def set_dialog(tag: str, parent: QWidget) -> LineDialog:
    """Return a dialog that asks for the name of a new set for a tag."""
    title, action = translate("Annotations", "New set of tags"), translate("Annotations", "&Make set")
    about = translate("Annotations", "The tag “{name}” is put into it.").format(name=shortened(tag))
    return LineDialog(title, about, action, translate("Annotations", "Name of the set"), parent=parent)


def rename_dialog(about: str, name: str, parent: QWidget) -> LineDialog:
    """Return a dialog that asks for another name; the old one is selected but for its extension."""
    title, action = translate("Annotations", "Rename"), translate("Annotations", "&Rename")
    dialog = LineDialog(title, about, action, translate("Annotations", "Name"), name, parent)
    edit = dialog.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    edit.setMaxLength(LONGEST)
    stem, dot, extension = name.rpartition(".")
    edit.setSelection(0, len(stem if stem and dot and len(extension) <= 4 else name))
    return dialog
