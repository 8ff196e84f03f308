"""Keys as they are painted beside what they do: small letters in a frame."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Radius
from omero_desk.views.widgets.painting import saved, scaled

_ROOM: Final = 6
_HEIGHT: Final = 20


def keys_width(keys: str, font: QFont) -> int:
    """Return the pixels that keys take with their frame, none for no keys."""
    return QFontMetrics(scaled(font, FontScale.CAPTION)).horizontalAdvance(keys) + 2 * _ROOM if keys else 0


def paint_keys(painter: QPainter, area: QRect, keys: str) -> None:
    """Paint keys in the middle of an area as high as a row, which is as wide as they take."""
    if not keys:
        return
    tokens = current()
    with saved(painter):
        painter.setFont(scaled(painter.font(), FontScale.CAPTION))
        frame = QRectF(area.left() + 0.5, area.center().y() - _HEIGHT / 2 + 0.5, area.width() - 1, _HEIGHT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.setBrush(QColor(tokens.base))
        painter.drawRoundedRect(frame, Radius.SMALL, Radius.SMALL)
        painter.setPen(QColor(tokens.text_faint))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, keys)
