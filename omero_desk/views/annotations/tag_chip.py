"""A tag as a chip: its name, whose it is or on how many objects, how it stands, and a cross that takes it off."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QToolTip, QWidget
from typing_extensions import override

from omero_desk.models.annotations.pending import EditState
from omero_desk.models.annotations.tags import ShownTag
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, shortened, unmarked
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import scaled

_WIDEST: Final = 220
_CROSS: Final = 12
_ROOM: Final = 7
_ON_WAY: Final = (EditState.WAITING, EditState.SENDING)


class TagChip(QAbstractButton):
    """Shows a tag. `removed`: the user wants it off; `menu_wanted` carries where the user asked for its menu.

    `second` stands in fainter letters behind the name, such as "2 of 6" or the name of another owner.
    """

    removed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, tag: ShownTag, second: str = "", tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tag, self._second, self._tip = tag, shortened(second), tip
        self.words = shortened(plain(tag.text))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        state = tag.reason or (translate("Annotations", "being saved") if tag.state in _ON_WAY else "")
        self.setAccessibleName(", ".join(filter(None, (self.words, self._second, state))))
        self.setAccessibleDescription(unmarked(tip))

    @property
    def can_remove(self) -> bool:
        """Whether there is a cross."""
        return self.tag.can_remove and self.tag.state not in _ON_WAY

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.words)
        second = self._small_metrics.horizontalAdvance(self._second) + Space.TINY if self._second else 0
        cross = _CROSS + Space.TINY if self.can_remove else 0
        width = 2 * _ROOM + Icon.ROW + Space.TINY + text + second + cross + 2
        return QSize(min(width, _WIDEST), tall(Height.CHIP, self.font()))

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(80, self.sizeHint().width()), self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        """Show the tip when it is asked for, since it may be long."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), unmarked(self.tag.reason or self._tip), self)
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.can_remove:
            self.removed.emit()
        elif event.key() == Qt.Key.Key_Menu:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())
        else:
            super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_cross = self.can_remove and self._cross.adjusted(-4, -6, 6, 6).contains(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if on_cross and event.button() is Qt.MouseButton.LeftButton:
            self.removed.emit()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refused = self.tag.state is EditState.GIVEN_BACK
        ground = tokens.danger_ground if refused else tokens.hover if self.underMouse() else tokens.base
        edge = tokens.focus if self.hasFocus() else tokens.danger if refused else tokens.border
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(ground))
        area = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        icons.icon(self._icon).paint(painter, self._placed(QRect(_ROOM, self._middle(Icon.ROW), Icon.ROW, Icon.ROW)))
        self._write(painter)
        if self.can_remove:
            painter.drawPixmap(self._cross, icons.pixmap("close", _CROSS, self.devicePixelRatioF(), "text_quiet"))
        painter.end()

    def _write(self, painter: QPainter) -> None:
        tokens, start = current(), _ROOM + Icon.ROW + Space.TINY
        end = self.width() - _ROOM - (_CROSS + Space.TINY if self.can_remove else 0)
        second = self._small_metrics.horizontalAdvance(self._second) + Space.TINY if self._second else 0
        room = max(0, min(self.fontMetrics().horizontalAdvance(self.words) + 1, end - start - second))
        side = int(
            QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        )
        text = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(tokens.text))
        painter.drawText(self._placed(QRect(start, 0, room, self.height())), side, text)
        painter.setFont(self._small)
        painter.setPen(QColor(tokens.text_faint))
        painter.drawText(self._placed(QRect(start + room + Space.TINY, 0, second, self.height())), side, self._second)

    @property
    def _icon(self) -> str:
        if self.tag.state is EditState.GIVEN_BACK:
            return "error"
        if self.tag.state in _ON_WAY:
            return "clock"
        return "tag-set" if self.tag.is_set else "tag"

    @property
    def _small(self) -> QFont:
        return scaled(self.font(), FontScale.SMALL)

    @property
    def _small_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._small)

    @property
    def _cross(self) -> QRect:
        return self._placed(QRect(self.width() - _ROOM - _CROSS, self._middle(_CROSS), _CROSS, _CROSS))

    def _middle(self, side: int) -> int:
        return (self.height() - side) // 2

    def _placed(self, place: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)
