"""Words and buttons that lie on a picture: white on dark glass, in every theme, as the picture is nobody's colour."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.tokens import Icon, Radius, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words

GLASS: Final = QColor(0, 0, 0, 165)
"""So dark that white on it has a ratio of at least 4.5 to a white picture behind."""
_UNDER_MOUSE: Final = QColor(255, 255, 255, 50)
_WHITE: Final = QColor(Qt.GlobalColor.white)
_OFF: Final = 0.4
_BUTTON: Final = 26


class Glass(QFrame):
    """A dark pane with rounded corners for a row of such words and buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(Space.TINY, 2, Space.TINY, 2)
        self.row.setSpacing(2)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pane."""
        painter = QPainter(self)
        paint_glass(painter, QRectF(self.rect()))


class GlassWords(Words):
    """Shows white words, cut at the end where there is no room; with `pane` on a pane of its own."""

    def __init__(self, pane: bool, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._pane = pane
        self.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, Space.TINY)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pane, and as many of the words as there is room for."""
        painter = QPainter(self)
        if self._pane:
            paint_glass(painter, QRectF(self.rect()))
        area = self.contentsRect()
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers and units, not sentences
        painter.setPen(_WHITE)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        centred = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if self._pane else self.alignment())
        painter.drawText(area, centred, shown)


class GlassButton(QToolButton):
    """Shows the icon of its action in white."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return the size of a small control."""
        return QSize(_BUTTON, _BUTTON)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        """Return the same: an icon has no shorter form."""
        return self.sizeHint()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon, its ground under the mouse, and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() and self.isEnabled():
            painter.setBrush(_UNDER_MOUSE)
            painter.drawRoundedRect(area, Radius.SMALL, Radius.SMALL)
        if self.hasFocus():
            painter.setPen(QPen(_WHITE, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, Radius.SMALL, Radius.SMALL)
        painter.setOpacity(1.0 if self.isEnabled() else _OFF)
        drawn = _in_white(self.icon().name(), self.devicePixelRatioF())
        painter.drawPixmap(area.center() - QPointF(Icon.ROW / 2, Icon.ROW / 2), drawn)


def paint_glass(painter: QPainter, area: QRectF) -> None:
    """Draw a dark pane with rounded corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(GLASS)
    painter.drawRoundedRect(area, Radius.SMALL, Radius.SMALL)


def _in_white(name: str, ratio: float) -> QPixmap:
    drawn = icons.pixmap(name, Icon.ROW, ratio)
    painter = QPainter(drawn)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(QRectF(0, 0, Icon.ROW, Icon.ROW), _WHITE)
    painter.end()
    return drawn
