"""Canvases that show the same part of their images at the same zoom."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.viewer.same_lengths import have_lengths, same_lengths
from omero_desk.views.viewer.image_canvas import ImageCanvas


class ViewportLink(QObject):
    """Makes canvases follow each other's zoom and place while `on` is True.

    If the pixel size of every image is known, they show the same physical scale with the images' middles aligned; else
    the same pixels. `joined` is emitted when one more image is open.
    """

    joined = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self._canvases: list[ImageCanvas] = []
        self._following = False

    @property
    def in_lengths(self) -> bool:
        """True if the canvases show the same physical scale, False if the same pixels."""
        return have_lengths(canvas.model.info for canvas in self._canvases)

    def add(self, canvas: ImageCanvas) -> None:
        """Link a canvas with the others once its image is open and fitted."""
        if canvas.model.info is None:
            canvas.model.opened.connect(partial(self._join, canvas))
        else:
            self._join(canvas)

    def align(self, leader: ImageCanvas | None = None) -> None:
        """Show in all canvases what one shows, by default the first."""
        if self._canvases:
            self._follow(leader or self._canvases[0])

    def _join(self, canvas: ImageCanvas) -> None:
        self._canvases.append(canvas)
        self.align()
        canvas.viewport_changed.connect(partial(self._follow, canvas))
        self.joined.emit()

    def _follow(self, leader: ImageCanvas) -> None:
        if self._following or not self.on or leader not in self._canvases:
            return
        self._following = True
        for canvas in self._canvases:
            if canvas is not leader:
                canvas.show_viewport(self._same(leader, canvas))
        self._following = False

    def _same(self, leader: ImageCanvas, canvas: ImageCanvas) -> Viewport:
        seen, other = leader.model.info, canvas.model.info
        if seen is None or other is None or not self.in_lengths:
            return leader.viewport
        return same_lengths(leader.viewport, seen, other)
