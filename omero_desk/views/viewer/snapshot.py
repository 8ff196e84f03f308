"""Pictures of a canvas' view, for files, the clipboard and other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter

from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.image_canvas import ImageCanvas
from omero_desk.views.viewer.layers import CanvasLayer, canvas_rect
from omero_desk.views.widgets.painting import saved


def snapshot(canvas: ImageCanvas, layers: Sequence[CanvasLayer] | None = None) -> QImage:
    """Return a picture of the part of the image in view, in the screen's pixels, without what is around the image.

    `layers` are drawn over it; by default all that the canvas has.
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
    """Return a picture as the content of a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(content.data())


def paint_layers(picture: QImage, viewport: Viewport, layers: Sequence[CanvasLayer], ratio: float) -> None:
    """Draw layers over a picture of a viewport; texts and lines take `ratio` of its pixels per logical pixel."""
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.scale(1 / ratio, 1 / ratio)
    for layer in layers:
        with saved(painter):
            layer.paint(painter, viewport)
    painter.end()
    picture.setDevicePixelRatio(1.0)
