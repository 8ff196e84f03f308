"""The frame of dialogs: the question as a heading, at most two sentences, the content, and verbs on the buttons."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space, Width
from omero_desk.views.widgets.words import Words

_ROLE = QDialogButtonBox.ButtonRole


class Question(QDialog):
    """A dialog for its window alone; show it with `open()`. Esc is Cancel.

    What the buttons say is what happens. A danger is red and never what Return does: that is Cancel then.
    """

    def __init__(self, heading: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setMinimumWidth(Width.DIALOG[0])
        self.heading = Words(heading, wordWrap=True)
        self.heading.setProperty("role", "heading")
        self.words = Words(words, wordWrap=True)
        self.words.setProperty("role", "quiet")
        self.words.setVisible(bool(words))
        self.box = QDialogButtonBox()
        self.box.rejected.connect(self.reject)
        self._content = QVBoxLayout()
        self._content.setSpacing(Space.MEDIUM)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addLayout(self._content, 1)
        column.addWidget(self.box)

    def add(self, *content: QWidget | QLayout) -> None:
        """Put content below the sentences, the next below the one before."""
        for one in content:
            if isinstance(one, QWidget):
                self._content.addWidget(one)
            else:
                self._content.addLayout(one)

    def add_verb(self, verb: str, *, danger: bool = False) -> QPushButton:
        """Return a new button that does what is asked for: what Return does, unless it is a danger."""
        button = self.box.addButton(verb, _ROLE.AcceptRole)
        button.setAutoDefault(False)
        if danger:
            _redden(button)
        else:
            make_default(button)
        return button

    def add_cancel(self, verb: str = "", *, default: bool = False) -> QPushButton:
        """Return a new button that changes nothing."""
        button = self.box.addButton(verb or translate("Window", "&Cancel"), _ROLE.RejectRole)
        button.setAutoDefault(False)
        if default:
            make_default(button)
        return button

    def add_alternative(self, verb: str, *, danger: bool = False) -> QPushButton:
        """Return a new button for something else, away from the others."""
        button = self.box.addButton(verb, _ROLE.ResetRole)
        button.setAutoDefault(False)
        if danger:
            _redden(button)
        return button

    @override
    def open(self) -> None:
        """Show it, just as high as its words need at its width."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            width = max(self.minimumWidth(), layout.totalMinimumSize().width())
            self.resize(width, layout.totalHeightForWidth(width))
        super().open()


def _redden(button: QPushButton) -> None:
    button.setProperty("role", "danger")
    button.style().unpolish(button)
    button.style().polish(button)


def make_default(button: QPushButton) -> None:
    """Make a button what Return does, with room for the strong letters that it has then."""
    font = button.font()
    font.setWeight(QFont.Weight.DemiBold)
    button.setFont(font)
    button.setDefault(True)
