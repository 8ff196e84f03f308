"""Tools that show other canvases around the viewer's own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from omero_desk.views.image_viewer import ImageViewer


class StageTool(QObject):
    """Is on or off; what it puts on the viewer's stage is said by `_enter`, what has to end with it by `_leave`."""

    def __init__(self, viewer: ImageViewer) -> None:
        super().__init__(viewer)
        self.on = False
        self._viewer = viewer

    def show(self, on: bool) -> None:
        """Show the other canvases, anew if they are there, or the viewer's own alone."""
        if self.on:
            self._leave()
        self.on = on and self._viewer.model.info is not None
        if self.on:
            self._enter()
        else:
            self._viewer.stage.arrange(())

    def _enter(self) -> None:
        raise NotImplementedError

    def _leave(self) -> None:
        raise NotImplementedError
