"""The tools of a viewer: Z projection, orthogonal views, split channels, line profile and export."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from omero_desk.models.exports.exports import ExportsModel
from omero_desk.models.tools.projecting import ProjectionModel
from omero_desk.models.translation import say, translate
from omero_desk.models.viewer.images import LARGEST_PLANE, ImagesModel
from omero_desk.models.viewer.plane_times import PlaneTimes
from omero_desk.views.exports.export_menu import DragButton, ExportMenu
from omero_desk.views.parts.actions import action_of, explain
from omero_desk.views.theme.tokens import Space
from omero_desk.views.tools.commands import EXPORT, GO_TO, ORTHOGONAL, PROFILE, PROJECTION, SINGLE, SPLIT
from omero_desk.views.tools.orthogonal_tool import OrthogonalTool
from omero_desk.views.tools.profile_tool import ProfileTool
from omero_desk.views.tools.projection_bar import ProjectionBar
from omero_desk.views.tools.split_tool import SplitTool
from omero_desk.views.viewer.commands import COMPARE
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.viewer_bar import DRAG, MODE
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.section import Section


class ViewerTools(QObject):
    """Adds the tools to a viewer, whose child it is."""

    def __init__(self, viewer: ImageViewer, images: ImagesModel, exports: ExportsModel) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._model = viewer.model
        reader = images.reader_of(viewer.model)
        self.projection = ProjectionModel(viewer.model, reader.project, images.report, self, reader.project_tiles)
        self.projection_bar = ProjectionBar(self.projection)
        self._add_projection()
        self.orthogonal = OrthogonalTool(viewer, reader.planes, images.report)
        self.split = SplitTool(viewer, images.report)
        self.profile = ProfileTool(viewer, exports)
        viewer.column.addWidget(self.profile.panel)
        self.profile.model.changed.connect(self._show)
        self.export_menu = ExportMenu(viewer, exports, viewer)
        self.times = PlaneTimes(viewer.model, reader.times, images.report, self)
        self.times.changed.connect(lambda: viewer.sliders.t.show_time(self.times.words))
        self.single_action = viewer.own_command(SINGLE, self.close_views)
        self._projection = viewer.own_command(PROJECTION, lambda: None)
        self.orthogonal_action = viewer.own_command(ORTHOGONAL, lambda: None)
        self._split = viewer.own_command(SPLIT, lambda: None)
        self._profile = viewer.add_command(PROFILE, lambda: None)
        self._projection_button.setDefaultAction(self._projection)
        self._add_modes()
        self._add_export(exports)
        self._add_go_to()
        self._projection.triggered.connect(self._toggle_projection)
        self._profile.triggered.connect(self.profile.show)
        self.orthogonal_action.triggered.connect(lambda on: self._show_beside(self.orthogonal, on))
        self._split.triggered.connect(lambda on: self._show_beside(self.split, on))
        self.projection.changed.connect(self._show)
        viewer.model.arrived.connect(self._show)
        self._show()

    def close(self) -> None:
        """Leave all tools, and cancel what they are reading."""
        self.close_views()
        self.times.close()

    def close_views(self) -> None:
        """Return to single planes."""
        for tool in (self.split, self.orthogonal):
            if tool.on:
                tool.show(False)
        self.projection.show(None)
        self._show()

    def _add_projection(self) -> None:
        """Add the projection to the page of the channels."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(Space.SMALL, 0, Space.SMALL, Space.SMALL)
        self._projection_button = QToolButton()
        self._projection_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        column.addWidget(self._projection_button)
        column.addWidget(self.projection_bar)
        title = translate("Viewer", "Projection")
        self.projection_section = Section("projection", title, content, inset=False, is_open=False)
        self._viewer.channels.add_section(self.projection_section)

    def _add_modes(self) -> None:
        """Add a button that says how the image is seen, and opens a menu of the ways."""
        self.modes = QMenu(translate("Viewer", "View"), self._viewer)
        self.modes.setToolTipsVisible(True)
        self.modes.addActions([self.single_action, self._projection, self.orthogonal_action, self._split])
        self.modes.addSeparator()
        self.modes.addAction(self._viewer.commands[COMPARE.id][0])
        self._mode = QAction(self._viewer)
        self._mode.setObjectName(MODE)
        self._viewer.toolbar.put_menu(self._mode, self.modes)

    def _add_export(self, exports: ExportsModel) -> None:
        toolbar = self._viewer.toolbar
        self._viewer.own_command(EXPORT, self._open_menu)
        shown = QAction(icons.icon(EXPORT.icon), say(EXPORT.text), self._viewer)
        shown.setObjectName(EXPORT.id)
        shown.setToolTip(EXPORT.tooltip)
        self._export_button = toolbar.put_menu(shown, self.export_menu)
        self.drag_button = DragButton(self.export_menu, exports)
        toolbar.put_widget(self.drag_button, DRAG)

    def _add_go_to(self) -> None:
        action = action_of(GO_TO, self._viewer.sliders.go_to, self._viewer)
        self._viewer.register(GO_TO, action)
        self._viewer.addAction(action)

    def _open_menu(self) -> None:
        self.export_menu.popup(self._export_button.mapToGlobal(self._export_button.rect().bottomLeft()))

    def _toggle_projection(self, on: bool) -> None:
        if on:
            self.projection_section.open()
            self._viewer.channels_page.wanted.emit(False)
            self.projection_bar.enter()
        else:
            self.projection_bar.leave()

    def _show_beside(self, tool: SplitTool | OrthogonalTool, on: bool) -> None:
        """Show the canvases of one tool beside the viewer's own; the other tool ends."""
        for other in (self.split, self.orthogonal):
            if other.on:
                other.show(False)
        if on:
            tool.show(True)
        self._show()

    @property
    def _too_large(self) -> str:
        """Why there are sections but no cuts, "" if there are."""
        info = self._model.info
        if info is not None and info.size_z > 1 and info.size_x * info.size_y > LARGEST_PLANE:
            return translate("Viewer", "Orthogonal views need whole sections; those of this image are too large")
        return ""

    def _show(self) -> None:
        info = self._model.info
        self._viewer.sliders.z.allow(self.projection.kind is None)
        no_image = "" if info is not None else translate("Viewer", "The image is not there yet")
        one_section = "" if self.projection.is_possible else translate("Viewer", "There is only one section to see")
        one_channel = "" if info is not None and info.size_c > 1 else translate("Viewer", "The image has one channel")
        explain(self._profile, PROFILE, no_image)
        self._profile.setChecked(self.profile.on)
        explain(self.orthogonal_action, ORTHOGONAL, no_image or self._too_large or one_section)
        self.orthogonal_action.setChecked(self.orthogonal.on)
        explain(self._split, SPLIT, no_image or one_channel)
        self._split.setChecked(self.split.on)
        explain(self._projection, PROJECTION, no_image or one_section)
        self._projection.setChecked(self.projection.kind is not None)
        self._show_mode()

    def _show_mode(self) -> None:
        ways = {
            PROJECTION: self.projection.kind is not None,
            ORTHOGONAL: self.orthogonal.on,
            SPLIT: self.split.on,
        }
        chosen = [command for command, on in ways.items() if on] or [SINGLE]
        self.single_action.setChecked(chosen == [SINGLE])
        self._mode.setText(" + ".join(command.name for command in chosen))
        self._mode.setIcon(icons.icon(chosen[0].icon))
        self._mode.setToolTip(translate("Viewer", "Single planes, projections, and other ways to see the image"))
        self.projection_section.head.show_number("" if ways[PROJECTION] else translate("Viewer", "off"))
