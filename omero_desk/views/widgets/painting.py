"""A painter's state, kept while something is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QFont, QPainter


@contextmanager
def saved(painter: QPainter) -> Iterator[None]:
    """Restore a painter's pen, brush, clip and transform at the end of a `with`, by whatever way it ends."""
    painter.save()
    try:
        yield
    finally:
        painter.restore()


def scaled(font: QFont, scale: float) -> QFont:
    """Return a font whose letters are so many times as large."""
    other = QFont(font)
    if font.pixelSize() > 0:
        other.setPixelSize(max(1, round(font.pixelSize() * scale)))
    else:
        other.setPointSizeF(font.pointSizeF() * scale)
    return other
