"""A banner while the line is in trouble: what happened, what is done about it, and what the user can do."""

from __future__ import annotations

from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from omero_desk.gateway.service import State
from omero_desk.models import line
from omero_desk.models.connection import ConnectionModel
from omero_desk.models.messages import Severity
from omero_desk.views import icons
from omero_desk.views.banner import Banner, sentence

GRACE_MS: Final = 300
"""A line that is back so soon is not worth a banner that pushes everything down and up again."""
_LATE_MS: Final = 5
"""So much after the second has changed the count-down is read: a timer may come a little early."""


class LineBar(Banner):
    """Follows a `ConnectionModel`, and hides while there is nothing to tell. It never stops the work."""

    sign_in_wanted = Signal()

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._happened = sentence()
        self._going_on = sentence()
        self._going_on.setForegroundRole(QPalette.ColorRole.WindowText)
        self._retry = QPushButton("Retr&y now", autoDefault=False)
        self._retry.setToolTip("Try to reach the server at once")
        self._retry.clicked.connect(connection.retry_now)
        self._sign_in = QPushButton("&Sign in…", autoDefault=False)
        self._sign_in.setToolTip("Sign in again; what is in the window stays")
        self._sign_in.clicked.connect(self.sign_in_wanted)
        self._second = QTimer(self, singleShot=True)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._count_down)
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._grace.timeout.connect(self.show)
        self._lay_out()
        self._draw_icons()
        connection.changed.connect(self._show)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _draw_icons(self) -> None:
        self._retry.setIcon(icons.icon("refresh"))
        self._sign_in.setIcon(icons.icon("connect"))

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        font = self._happened.font()
        font.setBold(True)
        self._happened.setFont(font)
        texts.addWidget(self._happened)
        texts.addWidget(self._going_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 8, 7)
        row.setSpacing(8)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._retry)
        row.addWidget(self._sign_in)

    def _show(self) -> None:
        status = self._connection.status
        if not line.is_troubled(status):
            self._second.stop()
            self._grace.stop()
            self.hide()
            return
        reconnecting = status.state is State.RECONNECTING
        happened = line.happened(status, self._connection.server)
        self._happened.setText(happened)
        self.setAccessibleName(happened)
        self._retry.setVisible(reconnecting)
        self.set_severity(Severity.WARNING if reconnecting else Severity.ERROR)
        self._count_down()
        if not reconnecting:
            self.show()
        elif self.isHidden() and not self._grace.isActive():
            self._grace.start()

    def _count_down(self) -> None:
        """Tell how long it is to the next try, and again when that is a second less."""
        status, now = self._connection.status, monotonic()
        self._going_on.setText(line.going_on(status, now))
        left = line.seconds_left(status, now)
        if left:
            self._second.start(int(left % 1 * 1000) + _LATE_MS)
        else:
            self._second.stop()
