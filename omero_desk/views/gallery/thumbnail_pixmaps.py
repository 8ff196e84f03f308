"""Thumbnails as pixmaps: decoded and brought to size once, and a little at a time."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QImageReader, QPainter, QPixmap, QPixmapCache

from omero_desk.views.theme.tokens import Radius

_CACHE_KB: Final = 96 * 1024
_BUDGET_S: Final = 0.004
"""Seconds of a frame that may go into decoding."""


class ThumbnailPixmaps:
    """Pixmaps by picture and size. Between one `begin` and the next no more is decoded than a frame has time for."""

    def __init__(self) -> None:
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        self._spent = 0.0
        self._bad: set[str] = set()

    def begin(self) -> None:
        """Begin a frame."""
        self._spent = 0.0

    def get(self, picture: bytes, side: int, ratio: float) -> QPixmap | None:
        """Return a JPEG picture, its longest side `side` logical pixels at `ratio`; None if the frame has no time.

        The pixmap is null if the bytes are no picture.
        """
        key = f"thumbnail {len(picture)} {hash(picture)} {side} {ratio}"
        pixmap = QPixmap()
        if key in self._bad or QPixmapCache.find(key, pixmap):
            return pixmap
        if self._spent > _BUDGET_S:
            return None
        started = perf_counter()
        pixmap = QPixmap.fromImage(_rounded(decoded(picture, round(side * ratio)), Radius.SMALL * ratio))
        self._spent += perf_counter() - started
        pixmap.setDevicePixelRatio(ratio)
        if pixmap.isNull():
            self._bad.add(key)
        else:
            QPixmapCache.insert(key, pixmap)
        return pixmap


def decoded(picture: bytes, side: int) -> QImage:
    """Decode at the wanted size: Qt's reader skips the parts of a JPEG that a smaller picture does not need."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    size = reader.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize(size)
    return reader.read()


def _rounded(picture: QImage, radius: float) -> QImage:
    """Round the corners of a picture, once for all frames that it will be drawn in."""
    if picture.isNull():
        return picture
    cut = QImage(picture.size(), QImage.Format.Format_ARGB32_Premultiplied)
    cut.fill(Qt.GlobalColor.transparent)
    painter = QPainter(cut)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(picture))
    painter.drawRoundedRect(cut.rect(), radius, radius)
    painter.end()
    return cut
