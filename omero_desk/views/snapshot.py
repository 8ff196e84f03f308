"""What a canvas shows as a picture of its own, for files, the clipboard and other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter

from omero_desk.models.viewport import Viewport
from omero_desk.views.image_canvas import ImageCanvas
from omero_desk.views.layers import Layer, canvas_rect


def snapshot(canvas: ImageCanvas, layers: Sequence[Layer] | None = None) -> QImage:
    """The part of the image that is in view, in the screen's pixels, without what is around it.

    `layers` are those that are drawn over it; all that the canvas has if they are not given.
    """
    shown = canvas.layers
    canvas.layers = []
    try:
        picture = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    finally:
        canvas.layers = shown
    ratio = picture.devicePixelRatio()
    picture.setDevicePixelRatio(1.0)
    info = canvas.model.info
    if info is None:
        return picture
    place = canvas_rect(canvas.viewport, 0, 0, info.size_x, info.size_y).toRect().intersected(picture.rect())
    picture = picture.copy(place)
    # As on a canvas that is no larger than the picture, so that the scale bar is within it.
    x, y = canvas.viewport.to_image(place.x() + place.width() / 2, place.y() + place.height() / 2)
    viewport = replace(canvas.viewport, width=float(place.width()), height=float(place.height()), x=x, y=y)
    paint_layers(picture, viewport, shown if layers is None else layers, ratio)
    return picture


def as_png(picture: QImage) -> bytes:
    """A picture as the content of a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(content.data())


def paint_layers(picture: QImage, viewport: Viewport, layers: Sequence[Layer], ratio: float) -> None:
    """Draw layers over a picture of what is in view, their words and lines `ratio` of its pixels for one of theirs."""
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.scale(1 / ratio, 1 / ratio)
    for layer in layers:
        painter.save()
        layer.paint(painter, viewport)
        painter.restore()
    painter.end()
    picture.setDevicePixelRatio(1.0)
