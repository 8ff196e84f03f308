"""Viewers with all that hangs on them, from their images' opening to their closing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from omero_desk.entities.objects import Ref
from omero_desk.models.exports.exports import ExportsModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.untying import end
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.tools.viewer_tools import ViewerTools
from omero_desk.views.viewer.full_screen import FullScreen
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.settings_menu import SettingsMenu


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
        viewer.channels.head.take_commands(menu.undo, menu.redo, menu.save, menu)
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
        end(viewer)

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
