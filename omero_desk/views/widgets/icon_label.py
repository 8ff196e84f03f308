"""Icons that stand by themselves, beside no text: to look at, and to press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.views.theme.tokens import Icon
from omero_desk.views.widgets import icons


class IconLabel(QLabel):
    """Shows an icon `side` logical pixels square; unlike a pixmap it follows the theme and the screen's density."""

    def __init__(self, side: int, icon: QIcon | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon if icon is not None else QIcon()
        self.setFixedSize(side, side)

    def show_icon(self, icon: QIcon) -> None:
        """Show another icon."""
        self._icon = icon
        self.update()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, QRect(0, 0, self.width(), self.height()))
        painter.end()


def small_button(icon: str, tip: str, act: Callable[[], object] | None = None) -> QToolButton:
    """Return a button of an icon alone, in a row of such; its tip is its accessible name."""
    button = QToolButton(autoRaise=True)
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(Icon.ROW, Icon.ROW))
    button.setProperty("size", "small")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    if act is not None:
        button.clicked.connect(lambda _checked=False: act())
    return button
