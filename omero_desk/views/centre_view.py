"""The centre of the window: what is selected in the tree, and a tab for each image that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QMenu, QTabBar, QTabWidget, QWidget

from omero_desk.gateway.entities import Ref
from omero_desk.models.exports import ExportsModel
from omero_desk.models.images import ImagesModel
from omero_desk.models.regions import RegionsModel
from omero_desk.views import icons
from omero_desk.views.compare_view import MOST, CompareView
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.viewer_window import ViewerWindow
from omero_desk.views.viewers import Viewers

_WIDEST: Final = 170
"""Pixels for the name on a tab; where there is no room for all tabs, one scrolls through them."""
_OUT: Final = 40
"""Pixels that a tab has to be dragged away from the others to become a window."""


class CentreView(QTabWidget):
    """The first tab holds `contents` and stays; the others are viewers, which can be windows instead.

    `emptied`: the last tab with a viewer is gone. `neighbours` are what settings can be applied to beside the image
    in view; all of one kind.
    """

    emptied = Signal()

    def __init__(
        self,
        contents: QWidget,
        images: ImagesModel,
        exports: ExportsModel,
        regions: RegionsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.neighbours: Callable[[], tuple[Ref, ...]] = tuple
        self.windows: list[ViewerWindow] = []
        self._viewers = Viewers(images, exports, regions, self._neighbours, self)
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.addTab(contents, "Contents")
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self.tabBar().setTabButton(0, side, None)
        self.setTabBarAutoHide(True)
        self.tabBar().installEventFilter(self)
        self.tabBar().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabBar().customContextMenuRequested.connect(self._open_menu)
        self.tabCloseRequested.connect(self._close)
        self._bind("Ctrl+W", lambda: self._close(self.currentIndex()))
        self._bind("Ctrl+Tab", lambda: self.setCurrentIndex((self.currentIndex() + 1) % self.count()))

    def open_image(self, ref: Ref, name: str) -> ImageViewer:
        """Show an image: where it is open already, else in a new tab."""
        for page in self._pages():
            if isinstance(page, ImageViewer) and page.model.ref == ref:
                self._show(page)
                return page
        viewer = self._viewers.open(ref)
        viewer.add_action("window", "Window", "Shift+W", _WINDOW_TIP, lambda: self.swap(viewer))
        self._add(viewer, name, f"{name} (image {ref.id})", "image")
        return viewer

    def open_side_by_side(self, images: Sequence[tuple[Ref, str]]) -> CompareView:
        """Show up to four images in one tab, by their names."""
        names = [name for _ref, name in images[:MOST]]
        page = CompareView([self._viewers.open(ref) for ref, _name in images[:MOST]], names)
        page.add_action("window", "Window", "Shift+W", _WINDOW_TIP, lambda: self.swap(page))
        self._add(page, " | ".join(names), "\n".join(names), "side-by-side")
        return page

    def show_beside(self, ref: Ref, name: str) -> CompareView | None:
        """Show an image beside those that are, or the one that is open in the tab used last; None if there is no room.

        Where nothing is open it is the first.
        """
        for page in self._pages():
            if isinstance(page, CompareView) and len(page.viewers) < MOST:
                page.add(self._viewers.open(ref), name)
                self._rename(page, " | ".join(page.names))
                self._show(page)
                return page
        if any(isinstance(page, CompareView) for page in self._pages()):
            return None
        alone = [(page.model.ref, _name(page)) for page in self._pages() if isinstance(page, ImageViewer)]
        return self.open_side_by_side([*alone[-1:], (ref, name)])

    def swap(self, page: QWidget) -> None:
        """Put what is in a tab into a window, and what is in a window into a tab."""
        for window in self.windows:
            if window.page is page:
                self.windows.remove(window)
                self._add(page, window.name, window.name, "side-by-side" if isinstance(page, CompareView) else "image")
                window.hide()
                window.deleteLater()
                return
        index = self.indexOf(page)
        if index > 0:
            window = ViewerWindow(page, self.tabBar().tabData(index), self.tabIcon(index), self.window())
            self._told_if_empty()
            self.windows.append(window)
            window.closed.connect(lambda: self._close_window(window))
            window.come_forward()

    def show_contents(self) -> None:
        """Go to what is selected."""
        self.setCurrentIndex(0)

    def close_all(self) -> None:
        """Close every viewer, the windows too."""
        for index in reversed(range(1, self.count())):
            self._close(index)
        for window in list(self.windows):
            window.close()

    def hide_windows(self) -> None:
        """Take the windows out of sight; they end with the main window."""
        for window in self.windows:
            window.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tab that is dragged far enough becomes a window."""
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            bar = self.tabBar()
            if not bar.rect().adjusted(-_OUT, -_OUT, _OUT, _OUT).contains(event.position().toPoint()):
                current = self.currentWidget()
                assert current is not None
                self.swap(current)
        return super().eventFilter(watched, event)

    def _neighbours(self) -> tuple[Ref, ...]:
        return self.neighbours()

    def _add(self, page: QWidget, name: str, tip: str, icon: str) -> None:
        index = self.addTab(page, icons.icon(icon), "")
        self._entitle(index, name, tip)
        self.setCurrentIndex(index)
        page.setFocus()

    def _entitle(self, index: int, name: str, tip: str) -> None:
        """Write a name on a tab, as much of it as there is room for; the tab remembers it for a window."""
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST)
        self.setTabText(index, short.replace("&", "&&"))
        self.tabBar().setTabData(index, name)
        self.setTabToolTip(index, tip)

    def _pages(self) -> Iterator[QWidget]:
        """All that is open, in tabs and in windows."""
        yield from (page for index in range(1, self.count()) if (page := self.widget(index)) is not None)
        yield from (window.page for window in self.windows)

    def _rename(self, page: QWidget, name: str) -> None:
        index = self.indexOf(page)
        if index > 0:
            self._entitle(index, name, name)
        for window in self.windows:
            if window.page is page:
                window.rename(name)

    def _show(self, page: QWidget) -> None:
        for window in self.windows:
            if window.page is page:
                window.come_forward()
                return
        self.setCurrentWidget(page)

    def _close(self, index: int) -> None:
        page = self.widget(index)
        if index > 0 and page is not None:
            self.removeTab(index)
            self._end(page)
            self._told_if_empty()

    def _close_window(self, window: ViewerWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            self._end(window.page)
            window.deleteLater()

    def _end(self, page: QWidget) -> None:
        for viewer in page.viewers if isinstance(page, CompareView) else (page,):
            if isinstance(viewer, ImageViewer):
                self._viewers.close(viewer)
        page.deleteLater()

    def _told_if_empty(self) -> None:
        if self.count() == 1:
            self.emptied.emit()

    def _open_menu(self, point: QPoint) -> None:
        index = self.tabBar().tabAt(point)
        page = self.widget(index)
        if index > 0 and page is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(icons.icon("window"), "Open in a &window\tShift+W", lambda: self.swap(page))
            menu.addAction("&Close\tCtrl+W", lambda: self._close(self.indexOf(page)))
            menu.addAction("Close &all", self.close_all)
            menu.popup(self.tabBar().mapToGlobal(point))

    def _bind(self, key: str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(act)


def _name(viewer: ImageViewer) -> str:
    return viewer.model.info.name if viewer.model.info is not None else f"Image {viewer.model.ref.id}"


_WINDOW_TIP: Final = "From the tab into a window, or back"
