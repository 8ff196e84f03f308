"""Viewers with all that hangs on them, from their images' opening to their closing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from omero_desk.gateway.entities import Ref
from omero_desk.models.exports import ExportsModel
from omero_desk.models.images import ImagesModel
from omero_desk.models.regions import RegionsModel
from omero_desk.views.full_screen import FullScreen
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.roi_side import RoiSide
from omero_desk.views.settings_menu import SettingsMenu
from omero_desk.views.viewer_tools import ViewerTools


class Viewers(QObject):
    """Makes viewers and ends them. `neighbours` are what settings can be applied to beside an image."""

    def __init__(
        self,
        images: ImagesModel,
        exports: ExportsModel,
        regions: RegionsModel,
        neighbours: Callable[[], tuple[Ref, ...]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._images, self._exports, self._regions = images, exports, regions
        self._neighbours = neighbours
        self._rois: dict[ImageViewer, RoiSide] = {}
        self._full_screens: dict[ImageViewer, FullScreen] = {}

    def open(self, ref: Ref) -> ImageViewer:
        """A viewer for an image, which is on its way."""
        viewer = ImageViewer(self._images.open(ref))
        ViewerTools(viewer, self._images, self._exports)
        menu = SettingsMenu(viewer.model, self._images, viewer, self._neighbours)
        viewer.toolbar.addWidget(menu.button())
        self._rois[viewer] = RoiSide(viewer, self._regions)
        viewer.full_screen_wanted.connect(lambda: self._toggle_full_screen(viewer))
        return viewer

    def close(self, viewer: ImageViewer) -> None:
        """End a viewer, and close its image."""
        self._leave_full_screen(viewer)
        for tools in viewer.findChildren(ViewerTools):
            tools.close()
        viewer.close_image()
        self._rois.pop(viewer).close()
        self._images.close(viewer.model)
        viewer.hide()
        viewer.deleteLater()

    def _toggle_full_screen(self, viewer: ImageViewer) -> None:
        if viewer in self._full_screens:
            self._leave_full_screen(viewer)
        else:
            screen = self._full_screens[viewer] = FullScreen(viewer)
            screen.left.connect(lambda: self._leave_full_screen(viewer))

    def _leave_full_screen(self, viewer: ImageViewer) -> None:
        screen = self._full_screens.pop(viewer, None)
        if screen is not None:
            screen.give_back()
