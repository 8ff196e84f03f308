"""The centre of the window: what is selected in the tree, and a tab for each image or other thing that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from omero_desk.entities.objects import Ref
from omero_desk.models.exports.exports import ExportsModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.translation import translate
from omero_desk.models.untying import end
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.views.viewer.compare_view import MOST, CompareView
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.page import Page
from omero_desk.views.window.commands import WINDOW
from omero_desk.views.window.tab_bar import Tabs
from omero_desk.views.window.viewer_window import ViewerWindow
from omero_desk.views.window.viewers import Viewers

Opened = tuple[tuple[Ref, str], ...]
"""The images of a tab, with their names."""
_ICON: Final = "tab_icon"
"""The property that has the name of a page's icon."""


class CentreView(Tabs):
    """The first tab holds the contents and stays; the others are viewers or pages, which can be windows instead.

    `neighbours` returns what settings can be applied to beside the image in view; all of one kind. `pages_changed`:
    something else is in front, with other pages beside it. `menu_wanted` carries a tab, and a place on the screen.
    `compare_wanted` (ref, name): one that is shown is wanted beside others. `page_closed` carries what `open_page` was
    given, once nobody sees it any more: it ends after that.
    """

    pages_changed = Signal()
    menu_wanted = Signal(int, QPoint)
    compare_wanted = Signal(object, str)
    page_closed = Signal(QWidget)

    def __init__(
        self,
        images: ImagesModel,
        exports: ExportsModel,
        regions: RegionsModel,
        neighbours: Callable[[], tuple[Ref, ...]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.windows: list[ViewerWindow] = []
        self._closed: list[Opened] = []
        self._viewers = Viewers(images, exports, regions, neighbours, self)
        self.tabBar().customContextMenuRequested.connect(self._ask_for_menu)
        self.tabCloseRequested.connect(self.close_tab)
        self.torn_off.connect(self._tear_off)
        self.currentChanged.connect(self.pages_changed)

    @property
    def front(self) -> ImageViewer | None:
        """The viewer in the tab that is in front; of several side by side that which was used last."""
        return _viewer_in(self.currentWidget())

    def image_in(self, index: int) -> ImageViewer | None:
        """Return the viewer in a tab, None if that holds no image, or several."""
        page = self.widget(index)
        return page if isinstance(page, ImageViewer) else None

    def name_of(self, index: int) -> str:
        """Return the whole name of what is in a tab; the first has none."""
        return str(self.tabBar().tabData(index) or "")

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that belong beside what is in front."""
        page = self.currentWidget()
        return () if page is None else tuple(_pages_of(page))

    def open_image(self, ref: Ref, name: str) -> ImageViewer:
        """Show an image: where it is open already, else in a new tab."""
        for page in self._pages():
            if isinstance(page, ImageViewer) and page.model.ref == ref:
                self._show(page)
                return page
        viewer = self._viewers.open(ref)
        viewer.own_command(WINDOW, lambda: self.swap(viewer))
        viewer.compare_wanted.connect(lambda: self.compare_wanted.emit(ref, name))
        self._add(viewer, name, f"{name} (image {ref.id})", "image")
        return viewer

    def open_page(self, page: QWidget, name: str, tip: str, icon: str) -> None:
        """Show another part's page, such as a table: where it is open already, else in a new tab."""
        if any(one is page for one in self._pages()):
            self._show(page)
        else:
            self._add(page, name, tip, icon)

    def open_side_by_side(self, images: Sequence[tuple[Ref, str]]) -> CompareView:
        """Show up to four images in one tab, by their names."""
        names = [name for _ref, name in images[:MOST]]
        page = CompareView([self._viewers.open(ref) for ref, _name in images[:MOST]], names)
        page.add_command(WINDOW, lambda: self.swap(page))
        page.current_changed.connect(self._follow_current)
        self._add(page, " | ".join(names), "\n".join(names), "side-by-side")
        return page

    def opened_in(self, index: int) -> Opened:
        """Return the images in a tab, with their names."""
        page = self.widget(index)
        return () if page is None else _opened(page, self.name_of(index))

    def show_side_by_side(self, images: Opened) -> None:
        """Go to the tab in which these images stand side by side; open it where there is none."""
        for page in self._pages():
            if isinstance(page, CompareView) and _opened(page, "") == images:
                self._show(page)
                return
        self.open_side_by_side(images)

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
                self._add(page, window.name, window.name, str(page.property(_ICON)))
                window.hide()
                window.deleteLater()
                return
        index = self.indexOf(page)
        if index > 0:
            window = ViewerWindow(page, self.tabBar().tabData(index), self.tabIcon(index), self.window())
            self.windows.append(window)
            window.closed.connect(lambda: self._close_window(window))
            window.show_pages(_pages_of(page))
            window.come_forward()

    def show_contents(self) -> None:
        """Go to what is selected."""
        self.setCurrentIndex(0)

    def show_next(self, step: int) -> None:
        """Go to the next tab, or with a `step` of -1 to the one before."""
        self.setCurrentIndex((self.currentIndex() + step) % self.count())

    def close_tab(self, index: int) -> None:
        """Close what is in a tab; the first stays."""
        page = self.widget(index)
        if index > 0 and page is not None:
            if images := _opened(page, self.tabBar().tabData(index)):
                self._closed.append(images)
            self.removeTab(index)
            self._end(page)

    def close_others(self, index: int) -> None:
        """Close all tabs but one; the first stays too."""
        for other in reversed(range(1, self.count())):
            if other != index:
                self.close_tab(other)

    @property
    def can_reopen(self) -> bool:
        """True if a tab was closed that can be opened again."""
        return bool(self._closed)

    def reopen(self) -> None:
        """Open again what was in the tab that was closed last."""
        if self._closed:
            images = self._closed.pop()
            if len(images) == 1:
                self.open_image(*images[0])
            else:
                self.open_side_by_side(images)

    def close_all(self) -> None:
        """Close every viewer, the windows too, for good: another user may sign in."""
        self.close_others(0)
        for window in list(self.windows):
            window.close()
        self._closed.clear()

    def hide_windows(self) -> None:
        """Take the windows out of sight; they end with the main window."""
        for window in self.windows:
            window.hide()

    def _follow_current(self) -> None:
        """Show the pages of the image that is used now, of those side by side."""
        self.pages_changed.emit()
        for window in self.windows:
            window.show_pages(_pages_of(window.page))

    def _tear_off(self) -> None:
        page = self.currentWidget()
        assert page is not None
        self.swap(page)

    def _add(self, page: QWidget, name: str, tip: str, icon: str) -> None:
        page.setProperty(_ICON, icon)
        index = self.addTab(page, icons.icon(icon), "")
        self.entitle(index, name, tip)
        self.setCurrentIndex(index)
        page.setFocus()

    def _pages(self) -> Iterator[QWidget]:
        """All that is open, in tabs and in windows."""
        yield from (page for index in range(1, self.count()) if (page := self.widget(index)) is not None)
        yield from (window.page for window in self.windows)

    def _rename(self, page: QWidget, name: str) -> None:
        index = self.indexOf(page)
        if index > 0:
            self.entitle(index, name, name)
        for window in self.windows:
            if window.page is page:
                window.rename(name)

    def _show(self, page: QWidget) -> None:
        for window in self.windows:
            if window.page is page:
                window.come_forward()
                return
        self.setCurrentWidget(page)

    def _close_window(self, window: ViewerWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            self._end(window.page)
            window.deleteLater()

    def _end(self, page: QWidget) -> None:
        for viewer in page.viewers if isinstance(page, CompareView) else (page,):
            if isinstance(viewer, ImageViewer):
                self._viewers.close(viewer)
            elif viewer is page:
                self.page_closed.emit(page)
        end(page)

    def _ask_for_menu(self, point: QPoint) -> None:
        index = self.tabBar().tabAt(point)
        if index >= 0:
            self.menu_wanted.emit(index, self.tabBar().mapToGlobal(point))


def _opened(page: QWidget, name: str) -> Opened:
    if isinstance(page, CompareView):
        return tuple((viewer.model.ref, one) for viewer, one in zip(page.viewers, page.names, strict=True))
    return ((page.model.ref, name),) if isinstance(page, ImageViewer) else ()


def _name(viewer: ImageViewer) -> str:
    unknown = translate("Viewer", "Image {id}").format(id=viewer.model.ref.id)
    return viewer.model.info.name if viewer.model.info is not None else unknown


def _viewer_in(page: QWidget | None) -> ImageViewer | None:
    if isinstance(page, CompareView):
        return page.current
    return page if isinstance(page, ImageViewer) else None


def _pages_of(page: QWidget) -> list[Page]:
    viewer = _viewer_in(page)
    return [] if viewer is None else viewer.pages
