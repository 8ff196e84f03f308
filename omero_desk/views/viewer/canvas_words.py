"""Text in the middle of a canvas that can be read over any picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

_GROUND: Final = QColor(0, 0, 0, 160)
_LETTERS: Final = QColor(230, 230, 230)
_MARGIN: Final = 24


def paint_words(painter: QPainter, area: QRect, words: str) -> None:
    """Draw words, if there are any, on a dark ground as large as they need."""
    if not words:
        return
    area = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
    painter.fillRect(painter.boundingRect(area, flags, words).adjusted(-10, -6, 10, 6), _GROUND)
    painter.setPen(_LETTERS)
    painter.drawText(area, flags, words)
