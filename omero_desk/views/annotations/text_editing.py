"""A text that is read, and edited in place: a description, a comment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Account
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.words import Words

_HEIGHT: Final = 96


class Drafts:
    """Texts that were begun and not saved, each of the account that typed it and of the place that it is for."""

    def __init__(self, account: Callable[[], Account | None]) -> None:
        self._account = account
        self._kept: dict[Hashable, str] = {}

    def key(self, place: Hashable) -> Hashable:
        """Return the key of a place's draft for who is signed in now: nobody else gets to see it."""
        account = self._account()
        return None if account is None else account.identity, place

    def take(self, key: Hashable) -> str | None:
        """Return a draft, which is kept no longer; None without one."""
        return self._kept.pop(key, None)

    def keep(self, key: Hashable, text: str) -> None:
        """Keep a draft until it is taken; none for an empty text."""
        if text.strip():
            self._kept[key] = text


class TextEditor(QWidget):
    """A field for a text of several lines with its buttons: Ctrl+Return saves, Esc leaves it as it was.

    `saved` carries the text; `left`: it is not to be saved. What no server would keep cannot be saved.
    """

    saved = Signal(str)
    left = Signal()

    def __init__(
        self, name: str, verb: str, drafts: Drafts, may_be_empty: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._may_be_empty, self._drafts = may_be_empty, drafts
        self._begun, self._key = "", drafts.key(None)
        self.field = Field(self)
        self.field.setAccessibleName(name)
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_HEIGHT)
        self._problem = Words(wordWrap=True)
        self._problem.setProperty("role", "danger")
        self._problem.hide()
        self.save = QPushButton(verb)
        self.save.setToolTip("Ctrl+Return")
        self.cancel = QPushButton(translate("Annotations", "Cancel"))
        self.save.clicked.connect(self.finish)
        self.cancel.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        column.addWidget(self.field)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        self.field.textChanged.connect(self._check)

    def begin(self, place: Hashable, text: str = "") -> None:
        """Edit the text of a place from its end, or what was put away of it."""
        self._begun, self._key = text, self._drafts.key(place)
        draft = self._drafts.take(self._key)
        self.field.setPlainText(text if draft is None else draft)
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self._check()
        self.show()
        self.field.setFocus()

    def finish(self) -> None:
        """Save, if a server would keep it."""
        if self.save.isEnabled():
            self.saved.emit(self._text)

    def leave(self) -> None:
        """Leave it as it was."""
        self.left.emit()

    def put_away(self) -> None:
        """Hide it, and keep what was typed until its place is edited again."""
        if not self.isHidden() and self.field.toPlainText() != self._begun:
            self._drafts.keep(self._key, self.field.toPlainText())
        self.hide()

    @property
    def _text(self) -> str:
        return self.field.toPlainText().strip()

    def _check(self) -> None:
        text = self._text
        problem = problem_of(text) if text or not self._may_be_empty else ""
        self.save.setEnabled(not problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(text and problem))


class Field(QPlainTextEdit):
    """Hands the keys that end editing to its editor."""

    def __init__(self, editor: TextEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._editor.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._editor.leave()
        else:
            super().keyPressEvent(event)
