"""The regions of an image in its viewer: a layer over the image, and a panel beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt

from omero_desk.models.quantities import count
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.translation import translate
from omero_desk.views.rois.commands import ROI_COMMANDS, SHOW
from omero_desk.views.rois.keys import CANVAS, RoiKeys
from omero_desk.views.rois.layer import RoiLayer
from omero_desk.views.rois.panel import RoiPanel
from omero_desk.views.rois.select_tool import SelectTool
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets.page import Page

_NEAREST: Final = 16.0
"""The highest zoom at which a shape is shown from near, in screen pixels for one of the image."""


class RoiSide(QObject):
    """Adds the regions to a viewer: a page after that of its channels, and a layer over its canvas."""

    def __init__(self, viewer: ImageViewer, regions: RegionsModel) -> None:
        super().__init__(viewer)
        self._viewer, self._regions = viewer, regions
        self.rois = regions.open(viewer.model.ref)
        canvas = viewer.canvas
        canvas.setObjectName(CANVAS)
        self.layer = RoiLayer(viewer.model, self.rois, viewer.font(), self)
        self.layer.use(SelectTool(self.layer))
        self.layer.repaint_wanted.connect(canvas.update)
        canvas.layers.append(self.layer)
        self.keys = RoiKeys(self._is_active, self)
        self.panel = RoiPanel(viewer.model, self.layer, regions, self.keys)
        self.keys.step_by(self.panel.step_on)
        self.panel.shape_chosen.connect(self._bring_into_view)
        self.panel.shape_wanted.connect(self._look_closely)
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(self._open_menu)
        for widget in (canvas, self.panel.table):
            self.keys.watch(widget)
        self.page = Page("rois", self.panel, translate("ROIs", "ROIs"), "rois")
        viewer.pages.append(self.page)
        self._action = viewer.add_command(SHOW, self.toggle)
        for command in ROI_COMMANDS:
            if command.id in self.panel.actions_by_id:
                viewer.register(command, self.panel.actions_by_id[command.id], self._why_not_now)
        self.page.shown.connect(self._follow)
        self.rois.counted.connect(self._show_count)
        if self.rois.counts is not None:
            self._show_count()

    def toggle(self) -> None:
        """Switch from the channels to the regions, or back."""
        (self._viewer.channels_page if self._is_active() else self.page).wanted.emit(False)
        self._viewer.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close(self) -> None:
        """Cancel what is under way, and close the regions."""
        self.panel.jobs.cancel_all()
        self._regions.close(self.rois)

    def _is_active(self) -> bool:
        return self.page.is_shown

    def _why_not_now(self) -> str:
        return "" if self._is_active() else translate("ROIs", "Show the ROIs of the image first (O)")

    def _open_menu(self, place: QPoint) -> None:
        if self._is_active() or self.rois.selection:
            self.panel.open_menu(self._viewer.canvas.mapToGlobal(place))

    def _bring_into_view(self, key: int) -> None:
        canvas, index = self._viewer.canvas, self.rois.shapes.index
        if not index.is_in_view(key, canvas.viewport):
            self._move_canvas(index.around([key], canvas.viewport, canvas.viewport.zoom))

    def _look_closely(self, key: int) -> None:
        canvas = self._viewer.canvas
        self._move_canvas(self.rois.shapes.index.around([key], canvas.viewport, _NEAREST))

    def _move_canvas(self, viewport: Viewport | None) -> None:
        if viewport is not None:
            self._viewer.canvas.show_viewport(viewport)

    def _follow(self) -> None:
        self._action.setChecked(self._is_active())
        if self._is_active():
            self.rois.load()
        else:
            self.panel.bar.choose("roi-select")

    def _show_count(self) -> None:
        total = self.rois.counts.total if self.rois.counts is not None else 0
        counted = translate("ROIs", "ROIs {number}") if total else translate("ROIs", "ROIs")
        self.page.entitle(counted.format(number=count(total)))
