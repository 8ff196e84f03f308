"""The tabs of the centre: one row, with a list at its end of all tabs where some have no room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTabBar, QTabWidget, QToolButton, QWidget
from typing_extensions import override

from omero_desk.models.labels import on_button, unmarked
from omero_desk.models.translation import translate
from omero_desk.views.parts.actions import passing_menu
from omero_desk.views.theme.tokens import Icon
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.names import add_named

_WIDEST: Final = 170
"""Pixels for the name on a tab."""
_OUT: Final = 40
"""Pixels that a tab has to be dragged away from the others to become a window."""


class Tabs(QTabWidget):
    """Pages of which the first stays. `torn_off`: the user dragged the tab in front away from the others."""

    torn_off = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        bar = self.tabBar()
        bar.setProperty("role", "centre")
        bar.setUsesScrollButtons(True)
        bar.setExpanding(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.installEventFilter(self)
        self.more = _more_button(self)
        self.more.clicked.connect(self._list_tabs)
        self.setCornerWidget(self.more)
        self.more.hide()

    def hold(self, contents: QWidget) -> None:
        """Show `contents` in the first tab, which cannot be closed."""
        self.insertTab(0, contents, icons.icon("gallery"), translate("Viewer", "Contents"))
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self.tabBar().setTabButton(0, side, None)

    def entitle(self, index: int, name: str, tip: str) -> None:
        """Write a name on a tab, as much of it as there is room for; the tab remembers it for a window."""
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST)
        self.setTabText(index, on_button(short))
        self.tabBar().setTabData(index, name)
        self.setTabToolTip(index, unmarked(tip))
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tab that is dragged far enough becomes a window."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            bar = self.tabBar()
            if not bar.rect().adjusted(-_OUT, -_OUT, _OUT, _OUT).contains(event.position().toPoint()):
                self.torn_off.emit()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self._fit()

    @override
    def tabRemoved(self, index: int) -> None:
        super().tabRemoved(index)
        self._fit()

    def _fit(self) -> None:
        """Show the list of tabs where they do not all have room."""
        wanted = sum(self.tabBar().tabRect(tab).width() for tab in range(self.count()))
        self.more.setVisible(wanted > self.width())

    def _list_tabs(self) -> None:
        menu = passing_menu(self)
        for tab in range(self.count()):
            name = self.tabBar().tabData(tab) or translate("Viewer", "Contents")
            action = add_named(menu, name, self.tabIcon(tab))
            action.setCheckable(True)
            action.setChecked(tab == self.currentIndex())
            action.triggered.connect(lambda _checked, tab=tab: self.setCurrentIndex(tab))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _more_button(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    words = translate("Viewer", "All tabs")
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.setIcon(icons.icon("down"))
    button.setIconSize(QSize(Icon.ROW, Icon.ROW))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
