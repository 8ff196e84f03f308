"""What painters have in common: their state, kept while something is drawn, and the ground of what is scrolled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QStyle, QStyleOption


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


def fill_itself(view: QAbstractScrollArea) -> None:
    """Have a view fill all that it paints, by `paint_ground`: Qt then moves what stays in sight when it is scrolled.

    It paints the whole anew where anything below may show through, as it takes the ground of a style sheet for.
    """
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


def paint_ground(view: QAbstractScrollArea, event: QPaintEvent) -> None:
    """Fill what is to be painted of a view with the ground that the style sheet gives it."""
    option = QStyleOption()
    option.initFrom(view)
    option.rect = view.viewport().rect()
    painter = QPainter(view.viewport())
    painter.setClipRegion(event.region())
    view.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, view)
    painter.end()
