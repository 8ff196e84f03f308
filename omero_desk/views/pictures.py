"""Thumbnails as they are drawn: decoded once, and scaled once for each size."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPalette, QPixmap, QPixmapCache

from omero_desk.models.thumbnails import Thumbnail
from omero_desk.views import icons

_ICON = 24


def draw_thumbnail(painter: QPainter, area: QRect, thumbnail: Thumbnail | None, palette: QPalette) -> None:
    """Draw a thumbnail in the middle of `area`; a plain surface while it is not known, with a sign if there is none."""
    ratio = painter.device().devicePixelRatio()
    drawn = scaled(thumbnail.picture, area.size() * ratio) if thumbnail is not None else None
    if drawn is not None:
        drawn.setDevicePixelRatio(ratio)
        target = QRect(area.topLeft(), drawn.deviceIndependentSize().toSize())
        target.moveCenter(area.center())
        painter.drawPixmap(target.topLeft(), drawn)
        return
    painter.fillRect(area, palette.color(QPalette.ColorRole.AlternateBase))
    if thumbnail is not None:
        side = min(_ICON, area.width(), area.height())
        sign = QRect(0, 0, side, side)
        sign.moveCenter(area.center())
        icons.icon("warning").paint(painter, sign)


def scaled(picture: bytes, size: QSize) -> QPixmap | None:
    """A picture that fits into `size`, in pixels of the screen; None if it is none. Kept in Qt's cache."""
    if not picture:
        return None
    key = f"picture {hash(picture)} {len(picture)} {size.width()}x{size.height()}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        image = QImage.fromData(picture)
        if image.isNull():
            return None
        mode = Qt.TransformationMode.SmoothTransformation
        pixmap = QPixmap.fromImage(image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode))
        QPixmapCache.insert(key, pixmap)
    return pixmap
