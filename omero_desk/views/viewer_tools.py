"""What can be done in a viewer beyond looking: its tools, at the end of its toolbar."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton

from omero_desk.models.exports import ExportsModel
from omero_desk.models.images import LARGEST_PLANE, ImagesModel
from omero_desk.models.plane_times import PlaneTimes
from omero_desk.models.projecting import ProjectionModel
from omero_desk.views.export_menu import DragButton, ExportMenu
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.orthogonal_tool import OrthogonalTool
from omero_desk.views.profile_tool import ProfileTool
from omero_desk.views.projection_bar import ProjectionBar
from omero_desk.views.split_tool import SplitTool

_FROM_THREE_SIDES: Final = "The image from three sides (Shift+O)"
_TOO_LARGE: Final = "Cuts need whole sections, and those of this image are too large to be read whole (Shift+O)"


class ViewerTools(QObject):
    """Hangs the tools onto a viewer, whose child it is."""

    def __init__(self, viewer: ImageViewer, images: ImagesModel, exports: ExportsModel) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._model = viewer.model
        reader = images.reader
        self.projection = ProjectionModel(viewer.model, reader.project, images.report, self, reader.project_tiles)
        self.projection_bar = ProjectionBar(self.projection)
        viewer.column.insertWidget(1, self.projection_bar)
        self.orthogonal = OrthogonalTool(viewer, reader.planes, images.report)
        self.split = SplitTool(viewer, images.report)
        self.profile = ProfileTool(viewer, exports)
        viewer.column.insertWidget(1, self.profile.panel)
        self.profile.model.changed.connect(self._show)
        self.export_menu = ExportMenu(viewer, exports, viewer)
        self.times = PlaneTimes(viewer.model, reader.times, images.report, self)
        self.times.changed.connect(lambda: viewer.sliders.t.show_time(self.times.words))
        viewer.toolbar.addSeparator()
        self._projection = self._switch("projection", "Projection", "Shift+P", "Several sections in one")
        self.orthogonal_action = self._switch("orthogonal", "Orthogonal views", "Shift+O", "The image from three sides")
        self._split = self._switch("split", "Split channels", "Shift+S", "Each active channel alone, and the merge")
        self._profile = self._switch("profile", "Line profile", "Shift+L", "The values along a line that is drawn")
        self._add_export(exports)
        self._add_go_to()
        self._projection.triggered.connect(self._toggle_projection)
        self._profile.triggered.connect(self.profile.show)
        self.orthogonal_action.triggered.connect(lambda on: self._show_beside(self.orthogonal, on))
        self._split.triggered.connect(lambda on: self._show_beside(self.split, on))
        self.projection.changed.connect(self._show)
        viewer.model.arrived.connect(self._show)
        viewer.installEventFilter(self)
        self._show()

    def close(self) -> None:
        """Give up what is under way."""
        for tool in (self.split, self.orthogonal):
            if tool.on:
                tool.show(False)
        self.projection.show(None)
        self.times.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self.drag_button.draw_icon()
        return super().eventFilter(watched, event)

    def _switch(self, name: str, text: str, key: str, tip: str) -> QAction:
        """A tool that is on or off; its button has an icon alone."""
        action = self._viewer.add_action(name, text, key, tip, lambda: None)
        action.setCheckable(True)
        button = self._viewer.toolbar.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return action

    def _add_export(self, exports: ExportsModel) -> None:
        toolbar = self._viewer.toolbar
        action = self._viewer.add_action("export", "Export", "Shift+E", "Save or copy", self._open_menu)
        button = toolbar.widgetForAction(action)
        assert isinstance(button, QToolButton)
        self._export_button = button
        self.drag_button = DragButton(self.export_menu, exports)
        toolbar.addWidget(self.drag_button)

    def _add_go_to(self) -> None:
        action = QAction("Go to plane", self._viewer)
        action.setToolTip("Write the number of a time point, or of a section at the second time (Ctrl+G)")
        action.setShortcut(QKeySequence("Ctrl+G"))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self._viewer.sliders.go_to)
        self._viewer.addAction(action)

    def _open_menu(self) -> None:
        self.export_menu.popup(self._export_button.mapToGlobal(self._export_button.rect().bottomLeft()))

    def _toggle_projection(self, on: bool) -> None:
        if on:
            self.projection_bar.enter()
        else:
            self.projection_bar.leave()

    def _show_beside(self, tool: SplitTool | OrthogonalTool, on: bool) -> None:
        """Show other canvases beside the viewer's own: those of one tool at a time."""
        for other in (self.split, self.orthogonal):
            if other.on:
                other.show(False)
        if on:
            tool.show(True)
        self._show()

    @property
    def _is_large(self) -> bool:
        """Whether there are sections, but too large to be read whole."""
        info = self._model.info
        return info is not None and info.size_z > 1 and info.size_x * info.size_y > LARGEST_PLANE

    def _show(self) -> None:
        info = self._model.info
        self._viewer.sliders.z.allow(self.projection.kind is None)
        self._profile.setEnabled(info is not None)
        self._profile.setChecked(self.profile.on)
        self.orthogonal_action.setEnabled(self.projection.is_possible and not self._is_large)
        self.orthogonal_action.setToolTip(_TOO_LARGE if self._is_large else _FROM_THREE_SIDES)
        self.orthogonal_action.setChecked(self.orthogonal.on)
        self._split.setEnabled(info is not None and info.size_c > 1)
        self._split.setChecked(self.split.on)
        self._projection.setEnabled(self.projection.is_possible)
        self._projection.setChecked(self.projection.kind is not None)
