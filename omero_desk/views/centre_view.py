"""The centre of the window: what is selected in the tree, and a tab for each image that is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from omero_desk.gateway.entities import Ref
from omero_desk.models.exports import ExportsModel
from omero_desk.models.images import ImagesModel
from omero_desk.models.regions import RegionsModel
from omero_desk.views import icons
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.roi_side import RoiSide
from omero_desk.views.settings_menu import SettingsMenu
from omero_desk.views.viewer_tools import ViewerTools


class CentreView(QTabWidget):
    """The first tab holds `contents` and stays; the others are viewers. `emptied`: the last viewer was closed."""

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
        self._images, self._exports, self._regions = images, exports, regions
        self._rois: dict[ImageViewer, RoiSide] = {}
        self.neighbours: Callable[[], tuple[Ref, ...]] = tuple
        """What settings can be applied to beside the image in view; all of one kind."""
        self.setDocumentMode(True)
        self.setTabsClosable(True)
        self.setMovable(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.addTab(contents, "Contents")
        for side in (QTabBar.ButtonPosition.LeftSide, QTabBar.ButtonPosition.RightSide):
            self.tabBar().setTabButton(0, side, None)
        self.setTabBarAutoHide(True)
        self.tabCloseRequested.connect(self._close)
        self._bind("Ctrl+W", lambda: self._close(self.currentIndex()))
        self._bind("Ctrl+Tab", lambda: self.setCurrentIndex((self.currentIndex() + 1) % self.count()))

    def open_image(self, ref: Ref, name: str) -> ImageViewer:
        """Show an image: in the tab that it has already, else in a new one."""
        for index in range(1, self.count()):
            viewer = self.widget(index)
            if isinstance(viewer, ImageViewer) and viewer.model.ref == ref:
                self.setCurrentIndex(index)
                return viewer
        viewer = ImageViewer(self._images.open(ref))
        ViewerTools(viewer, self._images, self._exports)
        menu = SettingsMenu(viewer.model, self._images, viewer, self._neighbours)
        viewer.toolbar.addWidget(menu.button())
        self._rois[viewer] = RoiSide(viewer, self._regions)
        index = self.addTab(viewer, icons.kind_icon(ref.kind), name.replace("&", "&&"))
        self.setTabToolTip(index, f"{name} (image {ref.id})")
        self.setCurrentIndex(index)
        viewer.setFocus()
        return viewer

    def _neighbours(self) -> tuple[Ref, ...]:
        return self.neighbours()

    def show_contents(self) -> None:
        """Go to what is selected."""
        self.setCurrentIndex(0)

    def close_all(self) -> None:
        """Close every viewer."""
        for index in reversed(range(1, self.count())):
            self._close(index)

    def _close(self, index: int) -> None:
        viewer = self.widget(index)
        if isinstance(viewer, ImageViewer):
            self.removeTab(index)
            viewer.close_image()
            self._rois.pop(viewer).close()
            self._images.close(viewer.model)
            viewer.deleteLater()
            if self.count() == 1:
                self.emptied.emit()

    def _bind(self, key: str, act: Callable[[], object]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(act)
