"""A banner over the content: what happened, with its details and what can be done; it never stops the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.messages import Action, Message, MessagesModel
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import Banner, closing_button, sentence
from omero_desk.views.widgets.state_card import link_button, technical_text

_DETAIL_HEIGHT: Final = 130


class MessagePanel(Banner):
    """One message: icon, sentence, actions, and the technical text behind a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = sentence()
        self._detail = technical_text(_DETAIL_HEIGHT)
        self._details = _button(
            translate("Window", "&Details"), translate("Window", "Show the technical details"), self._detail.setVisible
        )
        self._details.setCheckable(True)
        self._row = QHBoxLayout()
        self._row.setSpacing(Space.SMALL)
        self._row.addWidget(self.icon)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._details)
        self._actions: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.TINY, Space.SMALL, Space.TINY)
        column.addLayout(self._row)
        column.addWidget(self._detail)

    def add_widget(self, widget: QWidget) -> None:
        """Put a widget of the surrounding bar at the end of the row."""
        self._row.addWidget(widget)

    def show_message(self, message: Message) -> None:
        """Replace what is shown."""
        number = message.times
        repeated = plural("Window", "%n times", "once", number)
        times = f"  ({repeated})" if number > 1 else ""
        self._text.setText(message.text + times)
        self.setAccessibleName(f"{say(message.severity.value)}: {message.text}")
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


class MessageBar(MessagePanel):
    """Shows the current message of a model, and wants to be seen while there is one."""

    def __init__(self, messages: MessagesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._turned = 0
        close = closing_button(translate("Window", "Close this message"))
        close.clicked.connect(messages.dismiss)
        self.add_widget(self.others)
        self.add_widget(close)
        messages.changed.connect(self._show_current)
        self._show_current()

    @override
    @property
    def number(self) -> int:
        return len(self._messages)

    @override
    def turn(self) -> bool:
        self._turned = (self._turned + 1) % max(len(self._messages), 1)
        self._messages.turn()
        return self._turned > 0

    def _show_current(self) -> None:
        message = self._messages.current
        if message is not None:
            self.show_message(message)
        self.want(message is not None)


def _button(label: str, description: str, toggled: Callable[[bool], object]) -> QPushButton:
    button = link_button(label)
    button.setAccessibleDescription(description)
    button.toggled.connect(toggled)
    return button


def _action_button(action: Action) -> QPushButton:
    button = link_button(action.label)
    button.clicked.connect(lambda _checked: action.run())
    return button
