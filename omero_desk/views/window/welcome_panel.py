"""The panel that stands in the window while nothing is selected: it says how to begin, or where one is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.guard import guarded
from omero_desk.models.translation import say, translate
from omero_desk.views.connection.card_button import CardButton
from omero_desk.views.connection.folder_widgets import FolderCard
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words

_LOGO: Final = 72
_SCALE: Final = 1000
_BAR_WIDTH: Final = 320
_ROOM: Final = 90
"""Pixels above the cards for the title and the text below it."""
_CARD: Final = 220
"""Pixels of the width of a card, where there is room."""
_WELCOME: Final = mark("Window", "Welcome to OMERO Desk")
_BEGIN: Final = mark(
    "Window",
    "Sign in to an OMERO server, look around in the library that comes along, or open a folder of your own images.",
)
_CHOOSE: Final = mark("Window", "Choose something in the tree to see what it is.")


class WelcomePanel(QWidget):
    """Offers to connect, shows how far that is, and greets whoever is signed in."""

    connect_wanted = Signal()

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._logo = Words(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._title = _centred("")
        self._text = _centred("")
        self._title.setProperty("role", "heading")
        self._text.setProperty("role", "quiet")
        self._bar = QProgressBar(textVisible=True)
        self._bar.setAccessibleName(translate("Window", "Progress"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._connect = CardButton(
            "connect", translate("Window", "&Sign in…"), translate("Window", "To your institution's OMERO server"), True
        )
        self._connect.clicked.connect(self.connect_wanted)
        self._demo = CardButton(
            "library", translate("Window", "Open the &demo library"), translate("Window", "Real microscope images")
        )
        self._demo.clicked.connect(connection.open_demo)
        self._folder = FolderCard(connection)
        self._cancel = QPushButton(translate("Window", "C&ancel"))
        self._cancel.clicked.connect(connection.cancel)
        self._lay_out()
        self._dress()
        for signal in (
            connection.progressed,
            connection.failed,
            connection.cancelled,
            connection.signed_in,
            connection.changed,
        ):
            signal.connect(self._show_state)
        self._show_state()

    def _show_state(self) -> None:
        """Show how to begin, how far that is, or where one is."""
        progress, account = self._connection.progress, self._connection.account
        self._show_parts(begin=progress is None and account is None, busy=progress is not None)
        if progress is not None:
            self._say(translate("Window", "One moment…"), progress[0])
            self._show_fraction(progress[1])
        elif account is None:
            self._say(say(_WELCOME), say(_BEGIN))
        else:
            self._say(self._connection.server, say(_CHOOSE))

    def _say(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)

    def _show_fraction(self, fraction: float) -> None:
        self._bar.setRange(0, 0 if fraction < 0 else _SCALE)
        if fraction >= 0:
            self._bar.setValue(round(fraction * _SCALE))

    def _show_parts(self, begin: bool, busy: bool) -> None:
        self._connect.setVisible(begin)
        self._demo.setVisible(begin)
        self._folder.setVisible(begin)
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.MEDIUM)
        buttons.addStretch(1)
        for button in (self._connect, self._demo, self._folder):
            button.setMaximumWidth(_CARD)
            buttons.addWidget(button, 2)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setSpacing(Space.MEDIUM)
        column.addStretch(2)
        for widget in (self._logo, self._title, self._text):
            column.addWidget(widget)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(3)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        """Return the room of the cards alone: what is above them leaves where there is no more."""
        return QSize(super().minimumSizeHint().width(), self._folder.sizeHint().height() + 2 * Space.LARGE)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much above the cards as there is room for."""
        super().resizeEvent(event)
        room = self.height() - self.minimumSizeHint().height()
        self._logo.setVisible(room > _ROOM + _LOGO)
        self._text.setVisible(room > _ROOM)
        self._title.setVisible(room > _ROOM // 2)

    def _dress(self) -> None:
        self._logo.setPixmap(icons.pixmap("app", _LOGO, self.devicePixelRatioF()))


def _centred(text: str) -> QLabel:
    label = Words(text, alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
