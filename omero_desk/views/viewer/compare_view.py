"""Up to four images side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from omero_desk.models.translation import translate
from omero_desk.models.viewer.together import Together
from omero_desk.views.parts.actions import action_of
from omero_desk.views.parts.command import Command
from omero_desk.views.viewer.caption import Caption
from omero_desk.views.viewer.commands import CHANNELS, ZOOM, T, Z
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.viewport_link import ViewportLink
from omero_desk.views.widgets.fitting_bar import FittingBar

MOST: Final = 4
"""The most images side by side: as many as a lane keeps services for."""
_COLUMNS: Final = 2


class CompareView(QWidget):
    """Viewers in a grid whose sections, time points, zoom and channel settings can be linked.

    `current_changed`: another viewer was used last.
    """

    current_changed = Signal()

    def __init__(self, viewers: Sequence[ImageViewer], names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewers: tuple[ImageViewer, ...] = ()
        self.names: tuple[str, ...] = ()
        self._together = Together(self)
        self._link = ViewportLink(self)
        self._current = viewers[0]
        self.toolbar = FittingBar(translate("Viewer", "Side by side"))
        self.z = self._switch(Z, True)
        self.t = self._switch(T, True)
        self.place = self._switch(ZOOM, True)
        self.channels = self._switch(CHANNELS, False)
        self._grid = QGridLayout()
        self._lay_out()
        self._link.joined.connect(self._show_link)
        self._show_link()
        for viewer, name in zip(viewers, names, strict=True):
            self.add(viewer, name)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.setFocusProxy(self._current)

    @property
    def current(self) -> ImageViewer:
        """The viewer that was used last."""
        return self._current

    def add(self, viewer: ImageViewer, name: str) -> None:
        """Show one more image beside the others."""
        viewer.canvas.layers.append(Caption(name, self.font()))
        viewer.canvas.setAccessibleName(translate("Viewer", "Image {name}").format(name=name))
        viewer.toolbar.hide()
        viewer.setMinimumWidth(200)
        self._grid.addWidget(viewer, *divmod(len(self.viewers), _COLUMNS))
        self.viewers += (viewer,)
        self.names += (name,)
        self._together.add(viewer.model)
        self._link.add(viewer.canvas)
        viewer.show()

    def add_command(self, command: Command, act: Callable[[], object]) -> QAction:
        """Put something that can be done with all images into the toolbar, and have its keys do it."""
        action = action_of(command, lambda _checked=False: act(), self)
        self.toolbar.addAction(action)
        self.addAction(action)
        return action

    def _switch(self, command: Command, on: bool) -> QAction:
        action = self.add_command(command, lambda: None)
        action.setChecked(on)
        action.toggled.connect(self._take_switches)
        return action

    def _lay_out(self) -> None:
        self._grid.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(self._grid, 1)

    def _show_link(self) -> None:
        """Tell whether the linked images have the same physical scale, or the same zoom in pixels."""
        if self._link.in_lengths:
            self.place.setText(translate("Viewer", "Link zoom, in µm"))
            tip = translate("Viewer", "Show all images at the same physical scale, with their middles aligned")
        else:
            self.place.setText(translate("Viewer", "Link zoom, in pixels"))
            tip = translate("Viewer", "Show the same pixels of all images; not all images have a pixel size")
        self.place.setToolTip(f"{tip} ({ZOOM.keys})")

    def _take_switches(self) -> None:
        self._together.z, self._together.t = self.z.isChecked(), self.t.isChecked()
        self._together.channels, self._link.on = self.channels.isChecked(), self.place.isChecked()
        self._together.align(self._current.model)
        self._link.align(self._current.canvas)

    def _follow_focus(self, _old: QObject | None, new: QObject | None) -> None:
        for viewer in self.viewers:
            if isinstance(new, QWidget) and viewer.isAncestorOf(new) and viewer is not self._current:
                self._current = viewer
                self.setFocusProxy(viewer)
                self._take_switches()
                self.current_changed.emit()
