"""The states of a place that has nothing to show, or not all of it: empty, nothing found, an error, only a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from omero_desk.models.messages import Action
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.words import Words

_DETAIL_HEIGHT: Final = 110


@dataclass(frozen=True, slots=True)
class PlaceState:
    """A sentence on a place with an icon, why that is so, one button and one link; the technical text of an error."""

    icon: str
    sentence: str
    why: str = ""
    button: Action | None = None
    link: Action | None = None
    detail: str = ""


def failure_state(what: str, why: str = "", again: Callable[[], object] | None = None, detail: str = "") -> PlaceState:
    """Return the state of a place whose content could not be read, with a button to try again."""
    button = None if again is None else Action(translate("Window", "Try again"), again)
    return PlaceState("error", what, why, button, detail=detail)


class StateCard(QWidget):
    """Shows a `PlaceState` in the middle of a place. The texts may be a server's: they are plain, and wrapped."""

    def __init__(self, state: PlaceState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon = IconLabel(Icon.EMPTY)
        self.sentence = _centred("title")
        self.why = _centred("quiet")
        self.button = QPushButton(autoDefault=False)
        self.link = link_button()
        self._details = link_button(translate("Window", "Details"))
        self._details.setCheckable(True)
        self._detail = technical_text(_DETAIL_HEIGHT)
        self._state = PlaceState("", "")
        self.button.clicked.connect(lambda _checked: _run(self._state.button))
        self.link.clicked.connect(lambda _checked: _run(self._state.link))
        self._details.toggled.connect(self._detail.setVisible)
        self._lay_out()
        if state is not None:
            self.show_state(state)

    @property
    def state(self) -> PlaceState:
        """What it shows."""
        return self._state

    def show_state(self, state: PlaceState) -> None:
        """Show another state."""
        if state == self._state:
            return
        self._state = state
        self.icon.setVisible(bool(state.icon))
        if state.icon:
            self.icon.show_icon(icons.icon(state.icon))
        for label, text in ((self.sentence, state.sentence), (self.why, state.why)):
            label.setText(text)
            label.setVisible(bool(text))
        for button, action in ((self.button, state.button), (self.link, state.link)):
            button.setText(action.label if action is not None else "")
            button.setVisible(action is not None)
        self._details.setChecked(False)
        self._details.setVisible(bool(state.detail))
        self._detail.setPlainText(state.detail)
        self._detail.hide()
        self.setAccessibleName(f"{state.sentence} {state.why}".strip())

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addStretch(1)
        for button in (self.button, self.link, self._details):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.SMALL)
        column.addStretch(2)
        column.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addWidget(self.why)
        column.addLayout(row)
        column.addWidget(self._detail)
        column.addStretch(3)


class PartialStrip(QFrame):
    """Says above what is there that some of it is missing: "2 of 24 could not be read." with a link."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "warning")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.words, self.link = Words(wordWrap=True), link_button()
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._action: Action | None = None
        self.link.clicked.connect(lambda _checked: _run(self._action))
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 2, Space.TINY, 2)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconLabel(Icon.ROW, icons.icon("warning")))
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        self.hide()

    def tell(self, sentence: str, link: Action | None = None) -> None:
        """Show a sentence, or nothing if it is empty."""
        self._action = link
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.link.setText(link.label if link is not None else "")
        self.link.setVisible(link is not None)
        self.setVisible(bool(sentence))


def link_button(text: str = "") -> QPushButton:
    """Return a button that looks like a link, and that Return in a dialog does not press."""
    button = QPushButton(text, autoDefault=False)
    button.setProperty("role", "link")
    return button


def flush_button(text: str = "") -> QPushButton:
    """Return a link that begins where the words above it do."""
    button = link_button(text)
    button.setProperty("flush", True)
    return button


def technical_text(height: int) -> QPlainTextEdit:
    """Return a field with a technical text to read and to copy, hidden at first."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName(translate("Window", "Technical details"))
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setFixedHeight(height)
    text.hide()
    return text


def _centred(role: str) -> Words:
    label = Words(alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
    label.setProperty("role", role)
    return label


def _run(action: Action | None) -> None:
    if action is not None:
        action.run()
