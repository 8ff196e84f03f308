"""How a thumbnail is drawn, wherever there are some: the picture, or why there is none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea

from omero_desk.models.thumbnails import Thumbnail, ThumbnailsModel
from omero_desk.views import icons
from omero_desk.views.thumbnail_pixmaps import ThumbnailPixmaps

_NO_PICTURE: Final = "What the server sent is no picture."
_ICON: Final = 24
_REASON_SIDE: Final = 90
"""A thumbnail has to be so large for its reason to be readable in it."""
_MARGIN: Final = 4
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class ThumbnailPainter:
    """Draws thumbnails in a view: what a frame has no time for is left out, and the view is painted again there.

    `late` tells whether there is such a thing.
    """

    def __init__(self, view: QAbstractScrollArea, thumbnails: ThumbnailsModel) -> None:
        self._view, self._thumbnails = view, thumbnails
        self._pixmaps = ThumbnailPixmaps()
        self.late = False

    def begin(self) -> None:
        """A frame begins."""
        self._pixmaps.begin()
        self.late = False

    def draw(self, painter: QPainter, area: QRect, image_id: int, size: int) -> None:
        """Draw the thumbnail that was fetched in `size` in the middle of `area`, in the viewport's logical pixels."""
        known = self._thumbnails.get(image_id, size)
        pixmap = self._pixmap(known, area) if known is not None and known.picture else None
        if pixmap is not None and not pixmap.isNull():
            drawn = pixmap.deviceIndependentSize().toSize()
            painter.drawPixmap(area.center() - QPoint(drawn.width() // 2, drawn.height() // 2), pixmap)
            return
        painter.fillRect(area, self._view.palette().color(QPalette.ColorRole.AlternateBase))
        if known is not None and known.picture and pixmap is None:
            self.late = True
            self._view.viewport().update(area)
        elif known is not None:
            self._draw_reason(painter, area, known.reason or _NO_PICTURE)

    def _pixmap(self, known: Thumbnail, area: QRect) -> QPixmap | None:
        side = min(area.width(), area.height())
        return self._pixmaps.get(known.picture, side, self._view.devicePixelRatioF())

    def _draw_reason(self, painter: QPainter, area: QRect, reason: str) -> None:
        if area.width() < _REASON_SIDE:
            draw_sign(painter, area, "warning")
            return
        painter.save()
        painter.setFont(smaller(painter.font()))
        painter.setPen(self._view.palette().color(QPalette.ColorRole.PlaceholderText))
        room = area.adjusted(_MARGIN, _MARGIN + _ICON, -_MARGIN, -_MARGIN)
        words = painter.boundingRect(room, _WRAPPED, reason)
        words.moveTop(max(room.center().y() - words.height() // 2, room.top()))
        draw_sign(painter, QRect(area.left(), words.top() - _ICON, area.width(), _ICON), "warning")
        painter.drawText(words & room, _WRAPPED, reason)
        painter.restore()


def draw_sign(painter: QPainter, area: QRect, name: str) -> None:
    """Draw an icon in the middle of `area`, as large as icons are in there."""
    side = min(_ICON, area.width(), area.height())
    place = QRect(0, 0, side, side)
    place.moveCenter(area.center())
    icons.icon(name).paint(painter, place)


def smaller(font: QFont) -> QFont:
    """A font for what is written into a thumbnail."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.85)
    return small
