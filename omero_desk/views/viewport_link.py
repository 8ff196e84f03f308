"""Canvases that show the same part of their images at the same zoom."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from omero_desk.views.image_canvas import ImageCanvas


class ViewportLink(QObject):
    """Whichever canvas is zoomed or moved, the others follow, as long as `on`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self._canvases: list[ImageCanvas] = []
        self._following = False

    def add(self, canvas: ImageCanvas) -> None:
        """Have a canvas follow, and be followed, once its image is open and it has fitted that for itself."""
        if canvas.model.info is None:
            canvas.model.opened.connect(partial(self._join, canvas))
        else:
            self._join(canvas)

    def remove(self, canvas: ImageCanvas) -> None:
        """A canvas goes its own way."""
        if canvas in self._canvases:
            self._canvases.remove(canvas)

    def align(self, leader: ImageCanvas | None = None) -> None:
        """Have all show what one does, the first if none is given."""
        if self._canvases:
            self._follow(leader or self._canvases[0])

    def _join(self, canvas: ImageCanvas) -> None:
        self._canvases.append(canvas)
        self.align()
        canvas.viewport_changed.connect(partial(self._follow, canvas))

    def _follow(self, leader: ImageCanvas) -> None:
        if self._following or not self.on or leader not in self._canvases:
            return
        self._following = True
        for canvas in self._canvases:
            if canvas is not leader:
                canvas.show_viewport(leader.viewport)
        self._following = False
