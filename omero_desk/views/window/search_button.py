"""The button in the middle of the top bar that looks like a field: it opens the search."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.views.parts.command import Command
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.key_painting import keys_width, paint_keys
from omero_desk.views.widgets.painting import saved

_LEAST: Final = 140
_USUAL: Final = 460
_MOST: Final = 520
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SearchButton(QPushButton):
    """Says what can be searched, as much as there is room for, and by which keys."""

    def __init__(self, command: Command, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = command.keys
        self._words = translate("Finding", "Search loaded objects and commands")
        self.setProperty("role", "search")
        self.setAccessibleName(self._words)
        self.setToolTip(command.tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(_MOST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(_USUAL, super().sizeHint().height())

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        with saved(painter):
            self._paint(painter)
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        inner = self.rect().adjusted(Space.SMALL, 0, -Space.SMALL, 0)
        square = QRect(inner.left(), 0, Icon.ROW, Icon.ROW)
        square.moveTop((self.height() - Icon.ROW) // 2)
        sign = icons.pixmap("search", Icon.ROW, self.devicePixelRatioF(), "text_faint")
        painter.drawPixmap(self._placed(square), sign)
        keys = keys_width(self._keys, self.font())
        paint_keys(painter, self._placed(QRect(inner.right() - keys, 0, keys, self.height())), self._keys)
        words = QRect(square.right() + Space.SMALL, 0, inner.width() - Icon.ROW - keys - 2 * Space.SMALL, self.height())
        painter.setPen(QColor(current().text_faint))
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, words.width())
        where = QStyle.visualAlignment(self.layoutDirection(), _START)
        painter.drawText(self._placed(words), where, shown)

    def _placed(self, area: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), area)
