"""The canvas: the picture of an image, which can be zoomed and moved."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.imaging.composite import Picture
from omero_desk.models.guard import guarded
from omero_desk.models.messages import describe
from omero_desk.models.rasters.viewport import Turn, Viewport
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel, View
from omero_desk.views.theme.theme import current
from omero_desk.views.viewer.canvas_words import paint_words
from omero_desk.views.viewer.layers import CanvasLayer, canvas_rect, draw_turned
from omero_desk.views.viewer.stand_in import StandIn
from omero_desk.views.widgets.loading import Loading, Stage
from omero_desk.views.widgets.painting import saved

STEP: Final = 1.25
"""The factor of zoom for one notch of the wheel, or one press of + or -."""
_NOTCH: Final = 120.0
"""Qt's angle for one notch of the wheel, in eighths of a degree."""
_MOVE: Final = 0.125
"""The share of the canvas' size by which an arrow key moves the image."""
_SLOW: Final = 0.02
"""Seconds that a picture may take to draw; slower ones do not follow the mouse well."""
_SMOOTH_BELOW: Final = 2.0
"""The zoom from which on pixels are drawn as squares, without smoothing."""


class ImageCanvas(QWidget):
    """Shows what is in view of an `ImageModel`, and layers over it.

    `pointed` is emitted with the place of the image under the mouse, (-1, -1) once it has left; `viewport_changed` when
    another part is in view; `stepped_z` and `stepped_t` with the number of planes that the wheel or a key goes on.
    """

    pointed = Signal(float, float)
    viewport_changed = Signal()
    stepped_z = Signal(int)
    stepped_t = Signal(int)

    def __init__(self, model: ImageModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.layers: list[CanvasLayer] = []
        self.viewport = Viewport()
        self.coarser = 0
        self.is_slow = False
        self._fits = True
        self._view: View | None = None
        self._image: QImage | None = None
        self._shown: Picture | None = None
        self._spare: Picture | None = None
        self._stand_in = StandIn(model)
        self._dragged_from: QPointF | None = None
        self._taken_by: CanvasLayer | None = None
        self.has_card = False
        """True if something beside the canvas tells a problem."""
        self._loading = Loading(self)
        self._loading.changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(96, 72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(translate("Viewer", "Image"))
        for changed in (model.opened, model.failed, model.settings_changed, model.plane_changed, model.arrived):
            changed.connect(self.redraw)
        model.opened.connect(self.fit)
        model.closed.connect(self._drop)

    # What is in view

    def redraw(self) -> None:
        """Draw the picture anew, once, when Qt paints next."""
        self._view = None
        self.update()

    def _drop(self) -> None:
        """Drop the picture, whose image is closed."""
        self._view = self._image = self._shown = self._spare = None

    def fit(self) -> None:
        """Fit the whole image into the canvas, and again whenever the canvas' size changes."""
        info = self.model.info
        if info is not None:
            self._fits = True
            self._show(self.viewport.fitted(info.size_x, info.size_y))

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to so many screen pixels per pixel of the image; the image stays put at `at`, a place of the widget."""
        self._fits = False
        self._show(self.viewport.zoomed(zoom, *(() if at is None else self._device(at))))

    def show_place(self, x: float, y: float) -> None:
        """Bring a place of the image into the middle."""
        self._fits = False
        self._show(replace(self.viewport, x=x, y=y))

    def show_viewport(self, viewport: Viewport) -> None:
        """Show the same part at the same zoom as another canvas does; it stays turned as it is."""
        self._fits = False
        own = self.viewport
        self._show(replace(viewport, width=own.width, height=own.height, turn=own.turn))

    def turn_to(self, turn: Turn) -> None:
        """Turn or mirror the view; the middle stays in the middle, or all of the image in view."""
        self._show(replace(self.viewport, turn=turn))
        if self._fits:
            self.fit()

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
        """Return the place of the image at a place of the widget."""
        return self.viewport.to_image(*self._device(at))

    # Painting

    @property
    def picture(self) -> View | None:
        """The part of the image that was painted last; None if none was since something changed."""
        return self._view

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, then the layers."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current().canvas))
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        self._paint_picture(painter)
        if self.model.info is not None:
            for layer in self.layers:
                with saved(painter):
                    layer.paint(painter, self.viewport)
        painter.resetTransform()
        self._follow_loading()
        if not self.has_card if self.model.problem is not None else self._loading.stage is Stage.WORDS:
            paint_words(painter, self.rect(), self._words())

    def _follow_loading(self) -> None:
        """Follow the time for which there is nothing to paint: for a moment nothing is said of it."""
        if self._image is None and self.model.problem is None:
            self._loading.begin()
        else:
            self._loading.end()

    def _paint_picture(self, painter: QPainter) -> None:
        if self._view is None or not self._view.complete:
            began = perf_counter()
            view = self.model.view(self.viewport, self.coarser, self._spare)
            self.is_slow = perf_counter() - began > _SLOW
            if view is not None and (view.complete or self._image is None or not self._covers(view)):
                self._view, self._image = view, as_image(view.picture)
                self._spare, self._shown = self._shown, view.picture
            elif view is None and self.model.problem is not None:
                self._drop()  # the old picture shows another plane
        if self._image is None or self._view is None:
            self._stand_in.paint(painter, self.viewport)
            return
        view = self._view
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.viewport.zoom < _SMOOTH_BELOW)
        place = canvas_rect(self.viewport, view.x, view.y, view.width, view.height)
        draw_turned(painter, self.viewport.turn, place, self._image)

    def _covers(self, view: View) -> bool:
        """True if the old picture shows the same part, so that it can stay until the new one is complete."""
        old = self._view
        return old is not None and (old.x, old.y, old.width, old.height) == (view.x, view.y, view.width, view.height)

    def _words(self) -> str:
        """Return the text over the picture: a problem, or what is being read; "" for none."""
        if self.model.problem is not None:
            problem = describe(self.model.problem).text
            meanwhile = translate("Viewer", "Its thumbnail is shown until then.")
            return f"{problem} {meanwhile}" if self.model.stand_in else problem
        if self._image is None:
            opening, reading = translate("Viewer", "Opening the image…"), translate("Viewer", "Reading pixels…")
            return opening if self.model.info is None else reading
        return ""

    # The mouse and the keys

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle in the middle, or all of it in view."""
        super().resizeEvent(event)
        ratio = self.devicePixelRatioF()
        viewport = replace(self.viewport, width=self.width() * ratio, height=self.height() * ratio)
        info = self.model.info
        self._show(viewport.fitted(info.size_x, info.size_y) if self._fits and info is not None else viewport)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Give the memory for the next picture back."""
        super().hideEvent(event)
        self._spare = None

    @override
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

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move the image, unless a layer wants the mouse."""
        if self._offer(event):
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the image along, and tell what is under the mouse."""
        self.pointed.emit(*self.place(event.position()))
        if self._dragged_from is None:
            self._offer(event)
            return
        moved, self._dragged_from = self._dragged_from - event.position(), event.position()
        self._fits = False
        self._show(self.viewport.moved(*self._device(moved)))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._dragged_from is None:
            self._offer(event)
        self._dragged_from = None
        self.unsetCursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom to actual size at the mouse, or back to the whole image."""
        if self._offer(event):
            return
        if self._fits:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Tell that no pixel is under the mouse any more."""
        super().leaveEvent(event)
        self.pointed.emit(-1.0, -1.0)

    @override
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

    @override
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
    """Return a picture as a QImage, which shares the array's memory and keeps it alive."""
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)
    image.ndarray = picture  # type: ignore[attr-defined]  # Qt does not hold the memory that it draws from
    return image
