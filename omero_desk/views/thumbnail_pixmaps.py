"""Thumbnails as pixmaps: decoded and brought to size once, and a little at a time."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap, QPixmapCache

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
        """A frame begins."""
        self._spent = 0.0

    def get(self, picture: bytes, side: int, ratio: float) -> QPixmap | None:
        """A JPEG picture, its longest side `side` logical pixels at `ratio`; None for what is put off.

        What is no picture comes as a pixmap that is null.
        """
        key = f"thumbnail {len(picture)} {hash(picture)} {side} {ratio}"
        pixmap = QPixmap()
        if key in self._bad or QPixmapCache.find(key, pixmap):
            return pixmap
        if self._spent > _BUDGET_S:
            return None
        started = perf_counter()
        pixmap = QPixmap.fromImage(_decoded(picture, round(side * ratio)))
        self._spent += perf_counter() - started
        pixmap.setDevicePixelRatio(ratio)
        if pixmap.isNull():
            self._bad.add(key)
        else:
            QPixmapCache.insert(key, pixmap)
        return pixmap


def _decoded(picture: bytes, side: int) -> QImage:
    """Qt's reader leaves out of a JPEG what is not needed for a smaller picture; larger ones are made afterwards."""
    buffer = QBuffer()
    buffer.setData(QByteArray(picture))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    size = reader.size().scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize(size)
    return reader.read()
