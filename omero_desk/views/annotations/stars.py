"""Five stars to rate with, by mouse and by keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import MOST_STARS
from omero_desk.models.guard import guarded
from omero_desk.models.translation import plural, translate
from omero_desk.views.theme.theme import current
from omero_desk.views.widgets import icons

_SIDE: Final = 14
_STEP: Final = 16
_EDGE: Final = 2


class Stars(QWidget):
    """Shows 0 to 5 stars. `chosen` carries another number; the same star again gives 0. Left and Right change it."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stars, self._over = 0, 0
        self._is_editable = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_stars(0)

    @property
    def stars(self) -> int:
        """The number of stars."""
        return self._stars

    def show_stars(self, stars: int) -> None:
        """Show so many."""
        self._stars = max(0, min(MOST_STARS, stars))
        words = plural("Annotations", "%n stars", "%n star", self._stars)
        self.setAccessibleName(words if self._stars else translate("Annotations", "Not rated"))
        self.update()

    def set_editable(self, editable: bool) -> None:
        """Let the user rate, or not."""
        self._is_editable = editable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(MOST_STARS * _STEP + 2 * _EDGE, _SIDE + 2 * _EDGE + 2)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._over = self._at(int(event.position().x())) if self._is_editable else 0
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._over = 0
        self.update()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._is_editable:
            self._choose(self._at(int(event.position().x())))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, forward = event.key(), -1 if self.isRightToLeft() else 1
        steps = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward, Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if self._is_editable and key in steps:
            stars = max(0, min(MOST_STARS, self._stars + steps[Qt.Key(key)]))
            if stars != self._stars:
                self.chosen.emit(stars)
        elif self._is_editable and event.text() in "012345" and event.text():
            self._choose(int(event.text()))
        else:
            super().keyPressEvent(event)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown, ratio = self._over or self._stars, self.devicePixelRatioF()
        for star in range(MOST_STARS):
            name, colour = ("star-filled", "star") if star < shown else ("rating", "text_faint")
            place = QRect(_EDGE + star * _STEP + 1, (self.height() - _SIDE) // 2, _SIDE, _SIDE)
            painter.drawPixmap(self._placed(place), icons.pixmap(name, _SIDE, ratio, colour))
        if self.hasFocus():
            painter.setPen(QPen(QColor(current().focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _choose(self, stars: int) -> None:
        self.chosen.emit(0 if stars == self._stars else stars)

    def _at(self, x: int) -> int:
        along = self.width() - x if self.isRightToLeft() else x
        return max(1, min(MOST_STARS, (along - _EDGE) // _STEP + 1))

    def _placed(self, place: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)
