"""The picture of an image, to zoom and to move about in."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from omero_desk.imaging.composite import Picture
from omero_desk.models.image import ImageModel, View
from omero_desk.models.messages import describe
from omero_desk.models.viewport import Viewport
from omero_desk.views.layers import Layer, canvas_rect
from omero_desk.views.stand_in import StandIn
from omero_desk.views.words import paint_words

STEP: Final = 1.25
"""One turn of the wheel, or one press of + or -."""
_NOTCH: Final = 120.0
_MOVE: Final = 0.125
"""Of the canvas' size, for one press of an arrow."""
_AROUND: Final = QColor(32, 32, 34)
_SLOW: Final = 0.02
"""A picture that takes more seconds to draw does not follow the mouse well."""
_SMOOTH_BELOW: Final = 2.0
"""From this zoom on pixels are shown as the squares that they are."""


class ImageCanvas(QWidget):
    """Shows what is in view of an `ImageModel`, and layers over it.

    `pointed` tells the place of the image under the mouse, (-1, -1) once it has left; `viewport_changed` that another
    part is in view; `stepped_z` and `stepped_t` by how many planes the wheel or a key wants to go on.
    """

    pointed = Signal(float, float)
    viewport_changed = Signal()
    stepped_z = Signal(int)
    stepped_t = Signal(int)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.layers: list[Layer] = []
        self.viewport = Viewport()
        self.coarser = 0
        self.is_slow = False
        self._fits = True
        self._view: View | None = None
        self._image: QImage | None = None
        self._stand_in = StandIn(model)
        self._dragged_from: QPointF | None = None
        self._taken_by: Layer | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(96, 72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Image")
        for changed in (model.opened, model.failed, model.settings_changed, model.plane_changed, model.arrived):
            changed.connect(self.redraw)
        model.opened.connect(self.fit)

    # What is in view

    def redraw(self) -> None:
        """Draw the picture anew, once, when Qt paints next."""
        self._view = None
        self.update()

    def fit(self) -> None:
        """All of the image, as large as the canvas has room; and so again whenever its size changes."""
        info = self.model.info
        if info is not None:
            self._fits = True
            self._show(self.viewport.fitted(info.size_x, info.size_y))

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """So many screen pixels for one of the image; `at`, in the widget, keeps showing the same place."""
        self._fits = False
        self._show(self.viewport.zoomed(zoom, *(() if at is None else self._device(at))))

    def show_place(self, x: float, y: float) -> None:
        """Bring a place of the image into the middle."""
        self._fits = False
        self._show(replace(self.viewport, x=x, y=y))

    def show_viewport(self, viewport: Viewport) -> None:
        """Show the same part at the same zoom as another canvas does."""
        self._fits = False
        self._show(replace(viewport, width=self.viewport.width, height=self.viewport.height))

    def _show(self, viewport: Viewport) -> None:
        info = self.model.info
        if info is not None:
            viewport = viewport.held(info.size_x, info.size_y)
        if viewport != self.viewport:
            self.viewport = viewport
            self.redraw()
            self.viewport_changed.emit()

    def _device(self, at: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return at.x() * ratio, at.y() * ratio

    def place(self, at: QPointF) -> tuple[float, float]:
        """The place of the image at a place of the widget."""
        return self.viewport.to_image(*self._device(at))

    # Painting

    @property
    def picture(self) -> View | None:
        """The part of the image that was painted last; None if none was since something changed."""
        return self._view

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, then the layers."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), _AROUND)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        self._paint_picture(painter)
        if self.model.info is not None:
            for layer in self.layers:
                painter.save()
                layer.paint(painter, self.viewport)
                painter.restore()
        painter.resetTransform()
        paint_words(painter, self.rect(), self._words())

    def _paint_picture(self, painter: QPainter) -> None:
        if self._view is None or not self._view.complete:
            began = perf_counter()
            view = self.model.view(self.viewport, self.coarser)
            self.is_slow = perf_counter() - began > _SLOW
            if view is not None and (view.complete or self._image is None or not self._covers(view)):
                self._view, self._image = view, as_image(view.picture)
            elif view is None and self.model.problem is not None:
                self._view = self._image = None  # what is there shows another plane
        if self._image is None or self._view is None:
            self._stand_in.paint(painter, self.viewport)
            return
        view = self._view
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.viewport.zoom < _SMOOTH_BELOW)
        painter.drawImage(canvas_rect(self.viewport, view.x, view.y, view.width, view.height), self._image)

    def _covers(self, view: View) -> bool:
        """Whether what is drawn already shows the same part: then it stays until the new picture is complete."""
        old = self._view
        return old is not None and (old.x, old.y, old.width, old.height) == (view.x, view.y, view.width, view.height)

    def _words(self) -> str:
        """What there is to say instead of a picture."""
        if self.model.problem is not None:
            meanwhile = " Its thumbnail is shown meanwhile." if self.model.stand_in else ""
            return f"{describe(self.model.problem).text}{meanwhile}"
        if self._image is None:
            return "Opening…" if self.model.info is None else "Reading pixels…"
        return ""

    # The mouse and the keys

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle in the middle, or all of it in view."""
        super().resizeEvent(event)
        ratio = self.devicePixelRatioF()
        viewport = replace(self.viewport, width=self.width() * ratio, height=self.height() * ratio)
        info = self.model.info
        self._show(viewport.fitted(info.size_x, info.size_y) if self._fits and info is not None else viewport)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the mouse; with Shift through z, with Ctrl through t."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ShiftModifier:
            self.stepped_z.emit(1 if turned < 0 else -1)
        elif keys & Qt.KeyboardModifier.ControlModifier:
            self.stepped_t.emit(1 if turned < 0 else -1)
        else:
            self.zoom_to(self.viewport.zoom * STEP ** (turned / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move the image, unless a layer wants the mouse."""
        if self._offer(event):
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the image along, and tell what is under the mouse."""
        self.pointed.emit(*self.place(event.position()))
        if self._dragged_from is None:
            self._offer(event)
            return
        moved, self._dragged_from = self._dragged_from - event.position(), event.position()
        self._fits = False
        self._show(self.viewport.moved(*self._device(moved)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._dragged_from is None:
            self._offer(event)
        self._dragged_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the image's own pixels there, or back to all of it."""
        if self._offer(event):
            return
        if self._fits:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        super().leaveEvent(event)
        self.pointed.emit(-1.0, -1.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and zoom by keys, unless a layer wants them."""
        if any(layer.key(event) for layer in reversed(self.layers)):
            return
        key = Qt.Key(event.key())
        steps = _STEPS.get(key)
        if steps is not None:
            self._fits = False
            width, height = self.viewport.width * _MOVE, self.viewport.height * _MOVE
            self._show(self.viewport.moved(steps.x() * width, steps.y() * height))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_to(self.viewport.zoom * STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_to(self.viewport.zoom / STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.zoom_to(1.0)
        elif key in _PLANES:
            signal, step = _PLANES[key]
            getattr(self, signal).emit(step)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a screen of another density."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resizeEvent(QResizeEvent(self.size(), self.size()))

    def _offer(self, event: QMouseEvent) -> bool:
        if self.model.info is None:
            return False
        x, y = self.place(event.position())
        return any(layer.mouse(event, x, y, self.viewport) for layer in reversed(self.layers))


_STEPS: Final = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
_PLANES: Final = {
    Qt.Key.Key_PageUp: ("stepped_z", 1),
    Qt.Key.Key_PageDown: ("stepped_z", -1),
    Qt.Key.Key_Comma: ("stepped_t", -1),
    Qt.Key.Key_Less: ("stepped_t", -1),
    Qt.Key.Key_Period: ("stepped_t", 1),
    Qt.Key.Key_Greater: ("stepped_t", 1),
}


def as_image(picture: Picture) -> QImage:
    """A picture for Qt, which keeps the array alive and copies nothing."""
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)
    image.ndarray = picture  # type: ignore[attr-defined]  # Qt does not hold the memory that it draws from
    return image
