"""A large look at one image, over the list that it is in: the arrow keys go on to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Entity, Kind
from omero_desk.models import labels
from omero_desk.models.gallery.thumbnails import SIZES, ThumbnailsModel
from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.views.gallery.thumbnail_painter import draw_sign
from omero_desk.views.gallery.thumbnail_pixmaps import decoded
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Space

EntityOf = Callable[[QModelIndex], Entity | None]

_LARGEST: Final = SIZES[-1]
_SCALED: Final = 2
"""How many times as large as it was fetched a picture is shown at most."""
_CLOSE: Final = (Qt.Key.Key_Space, Qt.Key.Key_Escape)
_OPEN: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)
_WRAPPED: Final = _CENTRE | int(Qt.TextFlag.TextWordWrap)


class Preview(QWidget):
    """Covers its parent while somebody looks. `shown` tells whether it does: others fetch no pictures meanwhile.

    It begins with Space on the current image of a view that it watches, and ends with Space, Esc or a click.
    """

    shown = Signal(bool)

    def __init__(self, thumbnails: ThumbnailsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails, self._ground = thumbnails, parent
        self._views: dict[QObject, tuple[QAbstractItemView, EntityOf, Callable[[], bool]]] = {}
        self._view: QAbstractItemView | None = None
        self.entity: Entity | None = None
        self._bytes, self._pixmap = b"", QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        parent.installEventFilter(self)
        thumbnails.arrived.connect(self._take)

    def watch(
        self, view: QAbstractItemView, entity_of: EntityOf, is_typing: Callable[[], bool] = lambda: False
    ) -> None:
        """Look at the current image of a view on Space, unless that is a letter of a name that is being typed."""
        self._views[view] = view, entity_of, is_typing
        view.installEventFilter(self)

    @guarded(False)
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._ground:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self.setGeometry(self._ground.rect())
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in self._views:
            view, entity_of, is_typing = self._views[watched]
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_Space and plain and not is_typing():
                return self._look(view, entity_of(view.currentIndex()))
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close; or leave the key to the view, and look at what is current there then."""
        view = self._view
        if event.key() in _CLOSE or view is None:
            self._close()
        elif event.key() in _OPEN:
            self._close()
            QApplication.sendEvent(view, event)
        else:
            QApplication.sendEvent(view, event)
            self._show(self._views[view][1](view.currentIndex()))
            event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close, and let nothing below be pressed."""
        self._close()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(current().canvas))
        if self.entity is not None:
            line = self.fontMetrics().height() + 2 * Space.SMALL
            room = self.rect().adjusted(Space.HUGE, Space.HUGE, -Space.HUGE, -line)
            self._paint_picture(painter, room)
            painter.setPen(Qt.GlobalColor.white)
            words = QRect(Space.HUGE, self.height() - line, max(self.width() - 2 * Space.HUGE, 0), line)
            name = labels.name(self.entity)[: 2 * self.width()]
            short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, words.width())
            painter.drawText(words, _CENTRE | int(Qt.TextFlag.TextSingleLine), short)
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRect) -> None:
        if not self._pixmap.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            most = QSize(_LARGEST, _LARGEST) * _SCALED
            size = self._pixmap.size().scaled(room.size().boundedTo(most), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.drawPixmap(place, self._pixmap)
            return
        reason = self._reason
        if reason:
            painter.setPen(Qt.GlobalColor.white)
            painter.drawText(room, _WRAPPED, reason)
        else:
            draw_sign(painter, room, "clock", "text_faint")

    @property
    def _reason(self) -> str:
        known = self._thumbnails.get(self.entity.ref.id, _LARGEST) if self.entity is not None else None
        return known.reason if known is not None else ""

    def _look(self, view: QAbstractItemView, entity: Entity | None) -> bool:
        """Begin to look; False where there is no image to look at."""
        if entity is None or entity.ref.kind != Kind.IMAGE or not self._ground.isVisible():
            return False
        self._view = view
        self.setGeometry(self._ground.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.shown.emit(True)
        self._show(entity)
        return True

    def _show(self, entity: Entity | None) -> None:
        if entity is None or entity.ref.kind != Kind.IMAGE:
            self._close()
            return
        self.entity = entity
        self._thumbnails.want([entity.ref.id], _LARGEST)
        name = translate("Gallery", "Preview of {name}. Space or Esc closes it, the arrow keys go on.")
        self.setAccessibleName(name.format(name=labels.shortened(labels.name(entity))))
        self._draw()

    def _take(self, image_ids: set[int]) -> None:
        if self.isVisible() and self.entity is not None and self.entity.ref.id in image_ids:
            self._draw()

    def _draw(self) -> None:
        picture = self._thumbnails.picture(self.entity.ref.id) if self.entity is not None else b""
        if picture != self._bytes:
            self._bytes = picture
            self._pixmap = QPixmap.fromImage(decoded(picture, _LARGEST)) if picture else QPixmap()
        self.update()

    def _close(self) -> None:
        view, self._view = self._view, None
        self.hide()
        self.entity, self._bytes, self._pixmap = None, b"", QPixmap()
        if view is not None:
            view.setFocus(Qt.FocusReason.PopupFocusReason)
