"""A page of a region of the window: a widget with a title, and the tabs that show such pages."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget
from typing_extensions import override

from omero_desk.models.labels import on_button
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.banner import closing_button


class Page(QObject):
    """A widget for a region. `wanted`: the user wants to see it, and with True to type there; `shown` tells if it is.

    `identity` is what settings and other windows call it; `tools` stand beside the tabs while it is in front.
    """

    wanted = Signal(bool)
    shown = Signal(bool)
    retitled = Signal()

    def __init__(self, identity: str, widget: QWidget, title: str, icon: str, tools: QWidget | None = None) -> None:
        super().__init__(widget)
        self.tools = tools
        self.identity, self.widget, self.icon = identity, widget, icon
        self.title = title
        self.is_shown = False

    def entitle(self, title: str) -> None:
        """Give it another title."""
        if title != self.title:
            self.title = title
            self.retitled.emit()

    @property
    def is_near(self) -> bool:
        """True if the region that holds it is in sight, with this page or another one in front."""
        parent = self.widget.parentWidget()
        while parent is not None and not isinstance(parent, QTabWidget):
            parent = parent.parentWidget()
        return parent is not None and parent.isVisible()

    def open(self) -> None:
        """Bring it into sight, and give it the keyboard."""
        self.wanted.emit(True)

    def note_shown(self, is_shown: bool) -> None:
        """Take note of whether it is in sight; told by the tabs that hold it."""
        if is_shown != self.is_shown:
            self.is_shown = is_shown
            self.shown.emit(is_shown)


class PageTabs(QTabWidget):
    """Shows pages, one at a time. `opened`: a page is wanted, so the region has to be in sight.

    `close_wanted`: the user wants the whole region away; only with a button for it (`closable`).
    """

    opened = Signal()
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self._corner: QHBoxLayout | None = None
        self._pages: list[Page] = []
        self._chosen = ""
        self.setDocumentMode(True)
        self.tabBar().setProperty("role", "panel")
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(True)
        self.currentChanged.connect(self._note)
        self.tabBarClicked.connect(self._remember)
        if closable:
            self._add_corner()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages, from the left to the right."""
        return tuple(self._pages)

    def show_pages(self, pages: Iterable[Page]) -> None:
        """Show these pages and no others.

        What the user chose the last time is in front if it is among them, else the first that is new.
        """
        wanted = list(pages)
        if wanted == self._pages:
            return
        with QSignalBlocker(self):
            for page in [page for page in self._pages if page not in wanted]:
                self._remove(page)
            for place, page in enumerate(wanted):
                if page not in self._pages:
                    self._insert(place, page)
        new = [page for page in wanted if page not in self._pages]
        self._pages = wanted
        chosen = [page for page in wanted if page.identity == self._chosen]
        for page in (*chosen, *new)[:1]:
            self.setCurrentWidget(page.widget)
        self._note()

    def choose(self, identity: str) -> None:
        """Bring a page to the front, now or when it comes."""
        self._chosen = identity
        for page in self._pages:
            if page.identity == identity:
                self.setCurrentWidget(page.widget)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._note()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._note()

    def _insert(self, place: int, page: Page) -> None:
        self.insertTab(place, page.widget, icons.icon(page.icon), on_button(page.title))
        page.wanted.connect(self._open)
        if page.tools is not None and self._corner is not None:
            self._corner.insertWidget(0, page.tools)
        page.retitled.connect(self._entitle)

    def _remove(self, page: Page) -> None:
        page.wanted.disconnect(self._open)
        page.retitled.disconnect(self._entitle)
        self.removeTab(self.indexOf(page.widget))
        page.note_shown(False)

    def _add_corner(self) -> None:
        corner, close = QWidget(), closing_button(translate("Window", "Close this region"))
        close.clicked.connect(self.close_wanted)
        self._corner = QHBoxLayout(corner)
        self._corner.setContentsMargins(0, 0, Space.SMALL, 0)
        self._corner.setSpacing(Space.SMALL)
        self._corner.addWidget(close)
        self.setCornerWidget(corner)

    def _open(self, to_type: bool) -> None:
        page = self.sender()
        assert isinstance(page, Page)
        self.choose(page.identity)
        self.opened.emit()
        if to_type:
            page.widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _entitle(self) -> None:
        for page in self._pages:
            self.setTabText(self.indexOf(page.widget), on_button(page.title))

    def _remember(self, index: int) -> None:
        if 0 <= index < len(self._pages):
            self._chosen = self._pages[index].identity

    def _note(self) -> None:
        front = self.currentWidget() if self.isVisible() else None
        for page in self._pages:
            page.note_shown(page.widget is front)
            if page.tools is not None:
                page.tools.setVisible(page.widget is self.currentWidget())
