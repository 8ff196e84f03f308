"""The regions of an image in its viewer: a layer over the image, and a panel beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QSplitter, QTabWidget

from omero_desk.models.regions import RegionsModel
from omero_desk.models.viewport import Viewport
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.roi_keys import CANVAS, RoiKeys
from omero_desk.views.roi_layer import RoiLayer
from omero_desk.views.roi_panel import RoiPanel

_NEAREST: Final = 16.0
"""Screen pixels for one of the image: more of them show no more of a shape."""


class RoiSide(QObject):
    """Makes room beside a viewer's channels for its regions. They are read when the image is, if they are few."""

    def __init__(self, viewer: ImageViewer, regions: RegionsModel) -> None:
        super().__init__(viewer)
        self._viewer, self._regions = viewer, regions
        self.rois = regions.open(viewer.model.ref)
        canvas = viewer.canvas
        canvas.setObjectName(CANVAS)
        self.layer = RoiLayer(viewer.model, self.rois, viewer.font(), self)
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
        self.tabs = self._make_tabs()
        action = viewer.add_action("rois", "ROIs", "O", "Regions of interest: show, draw and measure", self.toggle)
        action.setCheckable(True)
        self._action = action
        self.tabs.currentChanged.connect(self._follow)
        self.rois.counted.connect(self._show_count)
        if self.rois.counts is not None:
            self._show_count()

    def toggle(self) -> None:
        """Go from the channels to the regions, or back."""
        self.tabs.setCurrentIndex(0 if self._is_active() else 1)
        self._viewer.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close(self) -> None:
        """Give up what is under way."""
        self.panel.jobs.cancel_all()
        self._regions.close(self.rois)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.setMinimumWidth(self._viewer.side.minimumWidth())
        splitter = self._viewer.side.parentWidget()
        assert isinstance(splitter, QSplitter)
        sizes = splitter.sizes()
        splitter.replaceWidget(splitter.indexOf(self._viewer.side), tabs)
        tabs.addTab(self._viewer.side, "Channels")
        tabs.addTab(self.panel, "ROIs")
        self._viewer.side.show()
        splitter.setSizes(sizes)
        return tabs

    def _is_active(self) -> bool:
        return self.tabs.currentIndex() == 1

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
        self.tabs.setTabText(1, f"ROIs ({total:,})" if total else "ROIs")
