"""Words that may be of any length, as those that somebody else has chosen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.widgets.words import OneLine, Words


class CutWords(OneLine):
    """Takes at least `least` pixels, and asks for no more than other words do.

    `clicked` is emitted when the mouse is pressed on it.
    """

    clicked = Signal()

    def __init__(self, text: str = "", role: str = "strong", least: int = 48) -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setMinimumWidth(least)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return Words.sizeHint(self)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return Words.minimumSizeHint(self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of it."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()
