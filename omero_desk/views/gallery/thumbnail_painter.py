"""Drawing thumbnails, in any view: the picture, or why there is none."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea

from omero_desk.entities.sentences import mark
from omero_desk.models.gallery.thumbnails import Thumbnail, ThumbnailsModel
from omero_desk.models.translation import say
from omero_desk.views.gallery.thumbnail_pixmaps import ThumbnailPixmaps
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Radius
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved, scaled

_NO_PICTURE: Final = mark("Gallery", "The server did not return an image.")
_ICON: Final = 24
_REASON_SIDE: Final = 90
"""The smallest thumbnail, in logical pixels, in which a reason can be read."""
_LEAST_SIGN: Final = 48
"""The smallest thumbnail that says by a sign that it is on its way."""
_MARGIN: Final = 4
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class ThumbnailPainter:
    """Draws thumbnails in a view: those that a frame has no time for are left out, and painted in the next one.

    `has_undrawn` tells whether there are any.
    """

    def __init__(self, view: QAbstractScrollArea, thumbnails: ThumbnailsModel) -> None:
        self._view, self._thumbnails = view, thumbnails
        self._pixmaps = ThumbnailPixmaps()
        self.has_undrawn = False

    def begin(self) -> None:
        """Begin a frame."""
        self._pixmaps.begin()
        self.has_undrawn = False

    def draw(self, painter: QPainter, area: QRect, image_id: int, size: int) -> None:
        """Draw the thumbnail that was fetched in `size` in the middle of `area`, in the viewport's logical pixels."""
        known = self._thumbnails.get(image_id, size)
        pixmap = self._pixmap(known, area) if known is not None and known.picture else None
        if pixmap is not None and not pixmap.isNull():
            drawn = pixmap.deviceIndependentSize().toSize()
            place = QRect(area.topLeft() + _middle(area.size() - drawn), drawn)
            if drawn != area.size():
                _draw_ground(painter, area, current().canvas)
            painter.drawPixmap(place, pixmap)
            return
        _draw_ground(painter, area, current().hover)
        if known is not None and known.picture and pixmap is None:
            self.has_undrawn = True
            self._view.viewport().update(area)
        elif known is not None:
            self._draw_reason(painter, area, known.reason or say(_NO_PICTURE))
        elif area.width() >= _LEAST_SIGN:
            draw_sign(painter, area, "clock", "text_faint")

    def _pixmap(self, known: Thumbnail, area: QRect) -> QPixmap | None:
        side = min(area.width(), area.height())
        return self._pixmaps.get(known.picture, side, self._view.devicePixelRatioF())

    def _draw_reason(self, painter: QPainter, area: QRect, reason: str) -> None:
        if area.width() < _REASON_SIDE:
            draw_sign(painter, area, "error")
            return
        with saved(painter):
            painter.setFont(scaled(self._view.font(), FontScale.CAPTION))
            painter.setPen(QColor(current().text_faint))
            room = area.adjusted(_MARGIN, _MARGIN + _ICON, -_MARGIN, -_MARGIN)
            words = painter.boundingRect(room, _WRAPPED, reason)
            words.moveTop(max(room.center().y() - words.height() // 2, room.top()))
            draw_sign(painter, QRect(area.left(), words.top() - _ICON, area.width(), _ICON), "error")
            painter.drawText(words & room, _WRAPPED, reason)


def draw_sign(painter: QPainter, area: QRect, name: str, role: str = "") -> None:
    """Draw an icon in the middle of `area`, as large as icons are in there; `role` names another colour for it."""
    side = min(_ICON, area.width(), area.height())
    place = QRect(0, 0, side, side)
    place.moveCenter(area.center())
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(place, icons.pixmap(name, side, ratio, role))


def _draw_ground(painter: QPainter, area: QRect, colour: str) -> None:
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(area, Radius.SMALL, Radius.SMALL)


def _middle(room: QSize) -> QPoint:
    return QPoint(room.width() // 2, room.height() // 2)
