"""Up to four images side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QGridLayout, QVBoxLayout, QWidget

from omero_desk.models.together import Together
from omero_desk.views import icons
from omero_desk.views.caption import Caption
from omero_desk.views.fitting_bar import FittingBar
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.viewport_link import ViewportLink

MOST: Final = 4
"""As many images as a lane keeps services for."""
_COLUMNS: Final = 2


class CompareView(QWidget):
    """Viewers in a grid, which go through z and t, zoom, move and change their looks together, if that is wanted."""

    def __init__(self, viewers: Sequence[ImageViewer], names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewers: tuple[ImageViewer, ...] = ()
        self.names: tuple[str, ...] = ()
        self._together = Together(self)
        self._link = ViewportLink(self)
        self._current = viewers[0]
        self._icons: dict[QAction, str] = {}
        self.toolbar = FittingBar("Side by side")
        self.z = self._switch("Z together", "Alt+Z", "Go through the sections together", True)
        self.t = self._switch("T together", "Alt+T", "Go through time together", True)
        self.place = self._switch("Zoom together", "Alt+M", "", True)
        self.channels = self._switch("Channels together", "Alt+C", "Render all as the one in use", False)
        self.toolbar.addSeparator()
        self.controls = self._switch("Controls", "Alt+K", "Channels and regions of the image in use", False)
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
        viewer.canvas.setAccessibleName(f"Image {name}")
        viewer.show_controls(False, False)
        viewer.setMinimumWidth(200)
        self._grid.addWidget(viewer, *divmod(len(self.viewers), _COLUMNS))
        self.viewers += (viewer,)
        self.names += (name,)
        self._together.add(viewer.model)
        self._link.add(viewer.canvas)
        viewer.show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for action, name in self._icons.items():
                action.setIcon(icons.icon(name))

    def add_action(self, name: str, text: str, key: str, tip: str, act: Callable[[], object]) -> QAction:
        """Put something that can be done with all images into the toolbar; `name` is its icon's."""
        action = QAction(icons.icon(name), text, self)
        self._icons[action] = name
        action.setToolTip(f"{tip} ({key})")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: act())
        self.toolbar.addAction(action)
        self.addAction(action)
        return action

    def _switch(self, text: str, key: str, tip: str, on: bool) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setChecked(on)
        action.setToolTip(f"{tip} ({key})")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.toggled.connect(self._take_switches)
        self.toolbar.addAction(action)
        self.addAction(action)
        return action

    def _lay_out(self) -> None:
        self._grid.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(self._grid, 1)

    def _show_link(self) -> None:
        """Say what is the same in all images."""
        lengths = self._link.in_lengths
        self.place.setText("Zoom together, in µm" if lengths else "Zoom together, in pixels")
        how = "the same lengths, middle on middle" if lengths else "the same pixels: not all images have lengths"
        self.place.setToolTip(f"Zoom and move together: {how} (Alt+M)")

    def _take_switches(self) -> None:
        self._together.z, self._together.t = self.z.isChecked(), self.t.isChecked()
        self._together.channels, self._link.on = self.channels.isChecked(), self.place.isChecked()
        self._together.align(self._current.model)
        self._link.align(self._current.canvas)
        for viewer in self.viewers:
            viewer.show_controls(False, self.controls.isChecked() and viewer is self._current)

    def _follow_focus(self, _old: QObject | None, new: QObject | None) -> None:
        for viewer in self.viewers:
            if isinstance(new, QWidget) and viewer.isAncestorOf(new) and viewer is not self._current:
                self._current = viewer
                self.setFocusProxy(viewer)
                self._take_switches()
