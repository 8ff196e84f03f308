"""Labels that show any text as it is and never ask for more room than a window has."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.labels import shortened, unmarked

_LEAST: Final = 240
_WIDEST: Final = 800
"""Pixels: a label can be made as narrow as the one, and asks for no more than the other, however long its text is."""

_LEAST_LINE: Final = 60


class Words(QLabel):
    """Shows a plain text, on several lines with `wordWrap`; a word that is too long for it is cut."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        wordWrap: bool = False,
        alignment: Qt.AlignmentFlag | None = None,
    ) -> None:
        super().__init__(text, parent, textFormat=Qt.TextFormat.PlainText, wordWrap=wordWrap)
        if alignment is not None:
            self.setAlignment(alignment)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        """Return the least room: that of the longest word, unless that is too long."""
        return super().minimumSizeHint().boundedTo(QSize(_LEAST, 1 << 20))

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return the room that the text would like to have."""
        return super().sizeHint().boundedTo(QSize(_WIDEST, 1 << 20))


class OneLine(Words):
    """Shows a text on one line, which ends in dots where there is no room; its tool tip has it all."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another text."""
        self.setText(shortened(text))
        self.setToolTip(unmarked(text))

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return the room of the whole line: it takes no more than there is."""
        return QLabel.sizeHint(self)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_LINE, self.sizeHint().width()), super().minimumSizeHint().height())

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the line as there is room for."""
        painter, area = QPainter(self), self.contentsRect()
        painter.setPen(self.palette().color(self.foregroundRole()))
        short = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        start = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(start | Qt.AlignmentFlag.AlignVCenter), short)
        painter.end()
