"""What the window shows while nothing is selected: how to begin, or where one is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from omero_desk.models.connection import ConnectionModel
from omero_desk.views import icons
from omero_desk.views.folder_part import FolderButton

_LOGO: Final = 96
_SCALE: Final = 1000
_BAR_WIDTH: Final = 320
_BEGIN: Final = (
    "Welcome to OMERO Desk",
    "Connect to an OMERO server, look around in the library that comes along, or open a folder of your own images.",
)
_CHOOSE: Final = "Choose something in the tree to see what it is."


class WelcomePanel(QWidget):
    """Offers to connect, shows how far that is, and greets whoever is signed in."""

    connect_wanted = Signal()

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._logo = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._title = _centred("")
        self._text = _centred("")
        self._text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._bar = QProgressBar(textVisible=True)
        self._bar.setAccessibleName("Progress")
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._connect = QPushButton("&Connect to a server…")
        self._connect.clicked.connect(self.connect_wanted)
        self._demo = QPushButton("Open the &demo library")
        self._demo.clicked.connect(connection.open_demo)
        self._folder = FolderButton(connection)
        self._cancel = QPushButton("C&ancel")
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

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _show_state(self) -> None:
        """Show how to begin, how far that is, or where one is."""
        progress, account = self._connection.progress, self._connection.account
        self._show_parts(begin=progress is None and account is None, busy=progress is not None)
        if progress is not None:
            self._say("One moment…", progress[0])
            self._show_fraction(progress[1])
        elif account is None:
            self._say(*_BEGIN)
        else:
            self._say(self._connection.server, _CHOOSE)

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
        buttons.setSpacing(10)
        buttons.addStretch(1)
        for button in (self._connect, self._demo, self._folder, self._cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._title.setFont(font)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(2)
        for widget in (self._logo, self._title, self._text):
            column.addWidget(widget)
        column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(3)

    def _dress(self) -> None:
        self._logo.setPixmap(icons.pixmap("app", _LOGO, self.devicePixelRatioF()))
        self._connect.setIcon(icons.icon("connect"))
        self._demo.setIcon(icons.icon("library"))
        self._folder.setIcon(icons.icon("folder"))


def _centred(text: str) -> QLabel:
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignHCenter, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
