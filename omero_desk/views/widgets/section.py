"""A section of a panel: a head with a title and a number, which opens and closes what is below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import small_button

_CHEVRON: Final = 12
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROOM: Final = Space.MEDIUM
_INDENT: Final = _ROOM + _CHEVRON + Space.SMALL


class Section(QWidget):
    """Shows `content` while it is open, below its title with `inset`. `toggled`: the user opened or closed it.

    `identity` is what settings call it.
    """

    toggled = Signal(bool)

    def __init__(
        self,
        identity: str,
        title: str,
        content: QWidget,
        parent: QWidget | None = None,
        *,
        inset: bool = True,
        is_open: bool = True,
    ) -> None:
        super().__init__(parent)
        self.identity, self.content = identity, content
        self.head = SectionHead(title)
        self._holder = QWidget()
        inner = QVBoxLayout(self._holder)
        inner.setContentsMargins(*((_INDENT, 0, _ROOM, Space.SMALL) if inset else (0, 0, 0, 0)))
        inner.addWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._holder, line()):
            column.addWidget(part)
        self.head.toggled.connect(self._holder.setVisible)
        self.head.clicked.connect(self.toggled)
        self.open(is_open)

    @property
    def is_open(self) -> bool:
        """Whether what is in it shows."""
        return self.head.isChecked()

    def open(self, is_open: bool = True) -> None:
        """Open or close it."""
        self.head.setChecked(is_open)

    def offer(self, icon: str, name: str, act: Callable[[], object]) -> QToolButton:
        """Return a new button at the end of the head."""
        button = small_button(icon, name, act)
        self.head.add(button)
        return button


class SectionHead(QAbstractButton):
    """A line to press on: a chevron, a title, and a number of what is below it, or a word on how that stands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self._number = ""
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def add(self, button: QWidget) -> None:
        """Put a button at its end."""
        row = self.layout()
        if row is None:
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, _ROOM, 0)
            row.setSpacing(0)
            row.addStretch(1)
        row.addWidget(button)

    def show_number(self, number: str) -> None:
        """Show how much there is below, or how it stands; "" where nobody knows."""
        self._number = number
        self.setAccessibleName(" ".join(filter(None, (self.text(), number))))
        self.update()

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(_INDENT + self.fontMetrics().horizontalAdvance(self.text()) + _ROOM, self._height)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_INDENT, self._height)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and close with Enter, as with Space; open with Right and close with Left, in a mirrored window too."""
        opens = {Qt.Key.Key_Right: not self.isRightToLeft(), Qt.Key.Key_Left: self.isRightToLeft()}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or opens.get(key, self.isChecked()) is not self.isChecked():
            self.click()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tokens = QPainter(self), current()
        if self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.hover))
        closed = "left" if self.isRightToLeft() else "right"
        chevron = icons.pixmap("down" if self.isChecked() else closed, _CHEVRON, self.devicePixelRatioF(), "text_quiet")
        middle = (self.height() - _CHEVRON) // 2
        painter.drawPixmap(self._placed(QRect(_ROOM, middle, _CHEVRON, _CHEVRON)), chevron)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        wide = min(QFontMetrics(bold).horizontalAdvance(self.text()) + 1, self.width() - _INDENT)
        side = QStyle.visualAlignment(
            self.layoutDirection(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.setPen(QColor(tokens.text))
        painter.drawText(self._placed(QRect(_INDENT, 0, wide, self.height())), int(side), self.text())
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.text_faint))
        rest = QRect(_INDENT + wide + Space.SMALL, 0, self.width(), self.height())
        painter.drawText(self._placed(rest & self.rect()), int(side), self._number)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    @property
    def _height(self) -> int:
        return tall(Height.SECTION, self.font())

    def _placed(self, place: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)


def line() -> QFrame:
    """Return a line of one pixel across a page."""
    made = QFrame()
    made.setProperty("ground", "line")
    made.setFixedHeight(1)
    return made
