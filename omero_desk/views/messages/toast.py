"""The toast: one event, told once, with one button; it goes by itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QEnterEvent, QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget
from typing_extensions import override

from omero_desk.models.messages import Message, MessagesModel
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.words import Words

SHOWN_MS: Final = 6000
"""Milliseconds that a toast stays, unless the mouse is over it."""
READ_OUT_MS: Final = 12_000
"""Milliseconds that it stays where it is read out."""
_ON_TOAST: Final = "tooltip_text"


class Toast(QFrame):
    """Shows what a model has to tell once, one after the other. `timer` ends the one that is shown."""

    def __init__(self, messages: MessagesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "toast")
        self._messages = messages
        self._shown: object = None
        self._message = Message("")
        self._icon = IconLabel(Icon.ROW)
        self.words = Words()
        self.words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.button = _quiet_button()
        self.button.clicked.connect(self._act)
        self.close_button = _quiet_button()
        self.close_button.setToolTip(translate("Window", "Close"))
        self.close_button.setAccessibleName(translate("Window", "Close"))
        self.close_button.clicked.connect(messages.drop_toast)
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(messages.drop_toast)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 0, Space.SMALL, 0)
        row.setSpacing(Space.SMALL)
        for widget in (self._icon, self.words, self.button, self.close_button):
            row.addWidget(widget)
        self.setFixedHeight(tall(Height.TOAST, self.font()))
        self.hide()
        messages.changed.connect(self._show_first)

    @property
    def milliseconds(self) -> int:
        """The time that a toast stays."""
        return READ_OUT_MS if is_read_out() else SHOWN_MS

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the mouse is here."""
        super().enterEvent(event)
        self.timer.stop()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Go after the whole time once more."""
        super().leaveEvent(event)
        if not self.isHidden():
            self.timer.start(self.milliseconds)

    def _show_first(self) -> None:
        toasts = self._messages.toasts
        first = toasts[0] if toasts else None
        if first is self._shown:
            return
        self._shown = first
        if first is None:
            self.timer.stop()
            self.hide()
        else:
            self._tell(first.message)

    def _tell(self, message: Message) -> None:
        self._message = message
        self.words.setText(message.text)
        self.words.setToolTip(message.text)
        self.setAccessibleName(message.text)
        self.button.setVisible(bool(message.actions))
        self.button.setText(message.actions[0].label if message.actions else "")
        self._icon.show_icon(_drawn("ok"))
        self.close_button.setIcon(_drawn("close"))
        self.hide()
        self.show()
        self.timer.start(self.milliseconds)
        announce(self, message.text)

    def _act(self) -> None:
        actions = self._message.actions
        self._messages.drop_toast()
        if actions:
            actions[0].run()


def is_read_out() -> bool:
    """Return whether a screen reader, or another helper of the kind, listens."""
    return QAccessible.isActive()


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say `text` at once, and take `widget` for an alert."""
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def _quiet_button() -> QToolButton:
    """Return a button that takes no focus from what one types into."""
    button = QToolButton(autoRaise=True)
    button.setProperty("size", "small")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(QSize(Icon.ROW, Icon.ROW))
    return button


def _drawn(name: str) -> QIcon:
    return QIcon(icons.pixmap(name, Icon.ROW, 2, _ON_TOAST))
