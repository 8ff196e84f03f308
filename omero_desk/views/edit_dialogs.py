"""The dialogs that take what the user writes, and the question before unsaved edits are left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.models.edits import EditsModel, problem_of

_WIDTH: Final = 440


class TextDialog(QDialog):
    """Asks for a text; `written` brings it, without the white space around it, when the user is done.

    `title` names the action, `about` what it is done to. The button works as soon as a server would keep the text.
    """

    written = Signal(str)

    def __init__(self, title: str, about: str, action: str, editor: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.editor = editor
        self._about = QLabel(about, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._about.setBuddy(editor)
        self._problem = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.button = self._buttons.addButton(action, QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self._buttons.accepted.connect(self._finish)
        self._buttons.rejected.connect(self.reject)

    @property
    def text(self) -> str:
        """What is written, without the white space around it."""
        raise NotImplementedError

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        for widget in (self._about, self.editor, self._problem, self._buttons):
            column.addWidget(widget)
        self._problem.hide()
        self.setMinimumWidth(_WIDTH)
        self.editor.setFocus()

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
    """Asks for a comment of any length; Ctrl+Return adds it."""

    def __init__(self, about: str, parent: QWidget | None = None) -> None:
        self._edit = QPlainTextEdit()
        self._edit.setAccessibleName("Comment")
        self._edit.setTabChangesFocus(True)
        super().__init__("Add a comment", about, "&Add comment", self._edit, parent)
        self._edit.textChanged.connect(self._check)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._finish)
        self.button.setToolTip("Ctrl+Return")
        self._check()

    @property
    def text(self) -> str:
        """What is written."""
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

    @property
    def text(self) -> str:
        """What is written."""
        return self._edit.text().strip()


def tag_dialog(about: str, parent: QWidget) -> LineDialog:
    """Asks for the name of a tag."""
    return LineDialog("Add a tag", about, "&Add tag", "Name of the tag", parent=parent)


def rename_dialog(about: str, name: str, longest: int, parent: QWidget) -> LineDialog:
    """Asks for another name: the old one stands there with its extension left out of the selection."""
    dialog = LineDialog("Rename", about, "&Rename", "Name", name, parent)
    edit = dialog.findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    edit.setMaxLength(longest)
    stem, dot, extension = name.rpartition(".")
    edit.setSelection(0, len(stem if stem and dot and len(extension) <= 4 else name))
    return dialog


class LeaveDialog(QMessageBox):
    """Asks before the application goes with edits that no server has; goes by itself when they are all saved."""

    def __init__(self, edits: EditsModel, leave: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._edits = edits
        self._leave = leave
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edits not saved")
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.stay = self._button("&Stay", QMessageBox.ButtonRole.RejectRole)
        self.discard = self._button("&Discard and quit", QMessageBox.ButtonRole.DestructiveRole)
        self.setDefaultButton(self.stay)
        self.setEscapeButton(self.stay)
        self.discard.clicked.connect(self._discard)
        edits.changed.connect(self._show)
        self._show()

    def _button(self, text: str, role: QMessageBox.ButtonRole) -> QPushButton:
        return self.addButton(text, role)

    def _show(self) -> None:
        edits = self._edits.pending
        if not edits:
            self._go()
            return
        were = "1 edit was not sent." if len(edits) == 1 else f"{len(edits):,} edits were not sent."
        self.setText(were)
        shown = "\n".join(f"• {edit.title}" for edit in edits[:5])
        more = f"\n… and {len(edits) - 5:,} more" if len(edits) > 5 else ""
        self.setInformativeText(f"{shown}{more}\n\nIf you quit now, what you wrote is lost.")

    def _discard(self) -> None:
        self._edits.changed.disconnect(self._show)
        self._edits.discard_all()
        self._leave()

    def _go(self) -> None:
        self._edits.changed.disconnect(self._show)
        self.accept()
        self._leave()
