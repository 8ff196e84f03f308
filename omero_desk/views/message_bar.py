"""A banner above the content: what happened, with its details and what can be done; it never stops the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.models.messages import Action, Message, MessagesModel
from omero_desk.views import icons
from omero_desk.views.banner import Banner, sentence

_DETAIL_HEIGHT: Final = 130


class MessagePanel(Banner):
    """One message: icon, sentence, actions, and the technical text behind a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = sentence()
        self._detail = _technical_text()
        self._details = _button("&Details", "Show the technical details", self._detail.setVisible)
        self._details.setCheckable(True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._details)
        self._actions: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 8, 7)
        column.addLayout(self._row)
        column.addWidget(self._detail)

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget of the surrounding bar at the end of the row."""
        self._row.addWidget(widget)

    def show_message(self, message: Message) -> None:
        """Replace what is shown."""
        times = f"  ({message.times} times)" if message.times > 1 else ""
        self._text.setText(message.text + times)
        self.setAccessibleName(f"{message.severity.value}: {message.text}")
        self._detail.setPlainText(message.detail)
        self._details.setChecked(False)
        self._details.setVisible(bool(message.detail))
        self._detail.hide()
        self._set_actions(message.actions)
        self.set_severity(message.severity)

    def _set_actions(self, actions: tuple[Action, ...]) -> None:
        for button in self._actions:
            self._row.removeWidget(button)
            button.deleteLater()
        self._actions = [_action_button(action) for action in actions]
        for button in reversed(self._actions):
            self._row.insertWidget(self._row.indexOf(self._details), button)


class MessageBar(QWidget):
    """Shows the current message of a model, and hides when there is none."""

    def __init__(self, messages: MessagesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._panel = MessagePanel()
        self._more = QLabel()
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip("Put this message away")
        self._close.setAccessibleName("Close message")
        self._close.clicked.connect(messages.dismiss)
        self._panel.add_widget(self._more)
        self._panel.add_widget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._panel)
        messages.changed.connect(self._show_current)
        self._show_current()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._close.setIcon(icons.icon("close"))

    def _show_current(self) -> None:
        message = self._messages.current
        self.setVisible(message is not None)
        if message is None:
            return
        self._close.setIcon(icons.icon("close"))
        others = len(self._messages) - 1
        self._more.setText(f"{others} more" if others else "")
        self._more.setVisible(bool(others))
        self._panel.show_message(message)


def _technical_text() -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName("Technical details")
    text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    text.setFixedHeight(_DETAIL_HEIGHT)
    text.hide()
    return text


def _button(label: str, description: str, toggled: Callable[[bool], object]) -> QPushButton:
    button = QPushButton(label)
    button.setAutoDefault(False)
    button.setAccessibleDescription(description)
    button.toggled.connect(toggled)
    return button


def _action_button(action: Action) -> QPushButton:
    button = QPushButton(action.label)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked: action.run())
    return button
