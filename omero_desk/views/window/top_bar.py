"""The bar above the regions: few things, always the same, wherever one is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from omero_desk.models.labels import on_button
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.page import Page

ACTIVITIES: Final = "activities"
"""What the page of jobs at the bottom is called."""
_LINE: Final = 18


class TopBar(QWidget):
    """Holds buttons at both ends, and what is searched with in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(Height.TOP_BAR)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
        self._row.setSpacing(Space.TINY)

    def fill(self, start: Iterable[QAction], middle: Iterable[QWidget], end: Iterable[QAction | QWidget]) -> None:
        """Put in what stands at the start, in the middle and at the end."""
        for place, action in enumerate(start):
            self._row.addWidget(_button(action))
            if place == 0:
                self._row.addWidget(_line())
        self._row.addStretch(1)
        for widget in middle:
            self._row.addWidget(widget, 2)
        self._row.addStretch(1)
        for one in end:
            self._row.addWidget(_button(one) if isinstance(one, QAction) else one)


class ActivitiesButton(QToolButton):
    """Opens the page of what is running, and has its title, which may tell a number."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.setIcon(icons.icon("activity"))
        self.setIconSize(QSize(Icon.ROW, Icon.ROW))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(translate("Window", "Show what is running, and what was done"))
        self.clicked.connect(page.open)
        page.retitled.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setText(on_button(self._page.title))
        self.setAccessibleName(self._page.title)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(Icon.ROW, Icon.ROW))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", ""))
    return button


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("ground", "line")
    line.setFixedSize(1, _LINE)
    return line
