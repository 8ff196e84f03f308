"""A text whose addresses and objects can be pressed. It is never taken for markup: it is written, not parsed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Ref
from omero_desk.models.annotations.linked_text import pieces
from omero_desk.models.guard import guarded
from omero_desk.views.theme.theme import current

_HIGHEST: Final = 220
"""Pixels: a longer text scrolls."""
_OBJECT: Final = "object"


class LinkedWords(QTextBrowser):
    """Shows a text as high as it is, up to a limit. `object_wanted` carries a `Ref`, `page_wanted` an address."""

    object_wanted = Signal(object)
    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("flat", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(self._open)

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text == self._text:
            return
        self._text = text
        self.clear()
        cursor, plain = QTextCursor(self.document()), QTextCharFormat()
        for piece in pieces(text):
            shape = plain
            if piece.target is not None:
                shape = QTextCharFormat()
                shape.setAnchor(True)
                shape.setAnchorHref(_address(piece.target))
                shape.setForeground(QColor(current().link))
                shape.setFontUnderline(True)
            cursor.insertText(piece.text, shape)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.updateGeometry()

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        width = self.viewport().width()
        self.document().setTextWidth(width)
        return QSize(width, min(_HIGHEST, int(self.document().size().height()) + 2))

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _open(self, url: QUrl) -> None:
        if url.scheme() == _OBJECT:
            kind, _, identity = url.path().partition(":")
            self.object_wanted.emit(Ref(kind, int(identity)))
        elif url.scheme() in ("http", "https"):
            self.page_wanted.emit(url.toString())


def _address(target: str | Ref) -> str:
    return f"{_OBJECT}:{target.kind}:{target.id}" if isinstance(target, Ref) else target
