"""Tools that show other canvases around the viewer's own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from omero_desk.views.viewer.image_viewer import ImageViewer


class StageTool(QObject):
    """A tool that is on or off; `_enter` puts canvases on the viewer's stage, `_leave` closes what `_enter` opened."""

    def __init__(self, viewer: ImageViewer) -> None:
        super().__init__(viewer)
        self.on = False
        self._viewer = viewer

    def show(self, on: bool) -> None:
        """Show the tool's canvases, anew if they are shown already, or the viewer's own alone."""
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
