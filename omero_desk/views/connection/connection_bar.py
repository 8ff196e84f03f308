"""The banner of a connection in trouble: what happened, what is being done, and what the user can do."""

from __future__ import annotations

from time import monotonic
from typing import Final

from PySide6.QtCore import QDateTime, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.connection_states import State
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.connection import connection_words as words
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.messages import Severity
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import Banner, sentence
from omero_desk.views.widgets.state_card import link_button

GRACE_MS: Final = 300
"""Milliseconds until the banner shows, so that a connection that is back sooner moves nothing in the window."""
_LATE_MS: Final = 5
"""Milliseconds after a change of the second at which the count-down is read, as a timer may come a little early."""


class ConnectionBar(Banner):
    """Follows a `ConnectionModel`, and hides while there is nothing to tell. It never stops the work.

    It says of what time that is which is shown, and how many of the `edits` wait.
    """

    sign_in_wanted = Signal()

    def __init__(self, connection: ConnectionModel, edits: EditsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection, self._edits = connection, edits
        self._since: int | None = None
        self._happened = sentence()
        self._going_on = sentence()
        self._going_on.setForegroundRole(QPalette.ColorRole.WindowText)
        self._retry = link_button(translate("Connection", "Tr&y now"))
        self._retry.setToolTip(translate("Connection", "Try to reach the server at once"))
        self._retry.clicked.connect(connection.retry_now)
        self._sign_in = link_button(translate("Connection", "&Sign in…"))
        self._sign_in.setToolTip(translate("Connection", "Sign in again; what is in the window stays"))
        self._sign_in.clicked.connect(self.sign_in_wanted)
        self._second = QTimer(self, singleShot=True)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._count_down)
        self._grace = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._grace.timeout.connect(lambda: self.want(True))
        self._lay_out()
        connection.changed.connect(self._show)
        edits.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        self._happened.setProperty("role", "strong")
        texts.addWidget(self._happened)
        texts.addWidget(self._going_on)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.TINY, Space.SMALL, Space.TINY)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.icon)
        row.addLayout(texts, 1)
        row.addWidget(self._retry)
        row.addWidget(self._sign_in)
        row.addWidget(self.others)

    def _show(self) -> None:
        status = self._connection.status
        if not words.is_troubled(status):
            self._second.stop()
            self._grace.stop()
            self._since = None
            self.want(False)
            return
        if self._since is None:
            self._since = QDateTime.currentMSecsSinceEpoch()
        reconnecting = status.state is State.RECONNECTING
        happened = words.happened(status, self._connection.server)
        self._happened.setText(happened)
        self.setAccessibleName(happened)
        self._retry.setVisible(reconnecting)
        self.set_severity(Severity.WARNING if reconnecting else Severity.ERROR)
        self._count_down()
        if not reconnecting:
            self.want(True)
        elif not self.wants and not self._grace.isActive():
            self._grace.start()

    def _count_down(self) -> None:
        """Show the seconds until the next try, and come again when that is a second less."""
        status, now = self._connection.status, monotonic()
        known = words.meanwhile(self._since, len(self._edits.pending)) if self._since is not None else ""
        self._going_on.setText(f"{words.going_on(status, now)} {known}".strip())
        left = words.seconds_left(status, now)
        if left:
            self._second.start(int(left % 1 * 1000) + _LATE_MS)
        else:
            self._second.stop()
