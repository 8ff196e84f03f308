"""A card that is one large button: an icon, a title and a sentence."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Icon, Radius, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import scaled

_WIDTH: Final = 200
_LEAST: Final = 150
_WRAPPED: Final = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
_TITLE: Final = Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter


class CardButton(QAbstractButton):
    """Does one thing at a click, Return or Space; `words` say more about it. A `primary` one is the usual choice."""

    def __init__(self, icon: str, title: str, words: str, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words, self._primary = icon, words, primary
        self.setText(title)
        self.setAccessibleDescription(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return the size that all of its words need."""
        return QSize(_WIDTH, self.heightForWidth(_WIDTH))

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, self.heightForWidth(_LEAST))

    @guarded(0)
    @override
    def heightForWidth(self, width: int) -> int:
        """Return the height of the words at a width, in logical pixels."""
        title, words = self._places(width)
        return words.bottom() + Space.LARGE if self._words else title.bottom() + Space.LARGE

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current()
        ground, line = tokens.raised, tokens.border
        if self._primary:
            ground, line = tokens.selection, tokens.accent
        if self.isDown():
            ground = tokens.pressed
        elif self.underMouse() and self.isEnabled():
            ground = ground if self._primary else tokens.hover
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else line), width))
        painter.setBrush(QColor(ground))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), Radius.CARD, Radius.CARD)
        side = Icon.EMPTY
        icons.icon(self._icon).paint(painter, QRect((self.width() - side) // 2, Space.LARGE, side, side))
        title, words = self._places(self.width())
        painter.setFont(self._bold())
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.disabled))
        painter.drawText(title, _TITLE, self.text())
        painter.setFont(scaled(self.font(), FontScale.SMALL))
        painter.setPen(QColor(tokens.text_quiet if self.isEnabled() else tokens.disabled))
        painter.drawText(words, _WRAPPED, self._words)
        painter.end()

    def _places(self, width: int) -> tuple[QRect, QRect]:
        """Return where the title and the words are."""
        room = QRect(Space.MEDIUM, Space.LARGE + Icon.EMPTY + Space.SMALL, width - 2 * Space.MEDIUM, 1000)
        title = QFontMetrics(self._bold()).boundingRect(room, _TITLE, self.text())
        below = room.translated(0, title.height() + Space.TINY)
        words = QFontMetrics(scaled(self.font(), FontScale.SMALL)).boundingRect(below, _WRAPPED, self._words)
        room.setHeight(title.height())
        below.setHeight(words.height())
        return room, below

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font
