"""What a canvas shows as a picture of its own, for files, the clipboard and other programs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

from omero_desk.views.image_canvas import ImageCanvas
from omero_desk.views.layers import Layer, canvas_rect


def snapshot(canvas: ImageCanvas, layers: Sequence[Layer] | None = None) -> QImage:
    """The part of the image that is in view, in the screen's pixels, without what is around it.

    `layers` are those that are drawn over it; all that the canvas has if they are not given.
    """
    shown = canvas.layers
    if layers is not None:
        canvas.layers = list(layers)
    try:
        picture = canvas.grab().toImage()
    finally:
        canvas.layers = shown
    picture.setDevicePixelRatio(1.0)
    info = canvas.model.info
    if info is not None:
        place = canvas_rect(canvas.viewport, 0, 0, info.size_x, info.size_y).toAlignedRect()
        picture = picture.copy(place.intersected(picture.rect()))
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def as_png(picture: QImage) -> bytes:
    """A picture as the content of a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, b"PNG")
    return bytes(content.data())
