"""An image from three sides at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from omero_desk.models.image import ImageModel
from omero_desk.models.orthogonal import OrthogonalModel
from omero_desk.models.raster import ReadPlanes
from omero_desk.models.viewport import Viewport
from omero_desk.views.caption import Caption
from omero_desk.views.crosshair import Crosshair
from omero_desk.views.image_canvas import ImageCanvas
from omero_desk.views.image_viewer import ImageViewer
from omero_desk.views.stage_tool import StageTool

_LEAST, _MOST = 1, 3
_PARTS: Final = 4
"""The room is shared out in so many parts; the cuts get one to three of them."""


class OrthogonalTool(StageTool):
    """Puts the cuts xz below and yz beside the viewer's own canvas; zoom, place and crosshair are one."""

    def __init__(self, viewer: ImageViewer, read: ReadPlanes, report: Callable[[BaseException], object]) -> None:
        super().__init__(viewer)
        self._read, self._report = read, report
        self.model: OrthogonalModel | None = None
        self._canvases: tuple[ImageCanvas, ...] = ()
        self._crosshair: Crosshair | None = None
        self._following = False
        viewer.canvas.viewport_changed.connect(lambda: self._follow(self._viewer.canvas))

    def _enter(self) -> None:
        viewer = self._viewer
        model = self.model = OrthogonalModel(viewer.model, self._read, self._report, self)
        xz, yz = self._canvas(model.xz, "xz"), self._canvas(model.yz, "yz")
        xz.stepped_z.connect(lambda step: model.step(y=step))
        yz.stepped_z.connect(lambda step: model.step(x=step))
        self._cross(xz, lambda: (model.place[0], model.place[2]), lambda x, z: model.move(x=x, depth=z))
        self._cross(yz, lambda: (model.place[2], model.place[1]), lambda z, y: model.move(y=y, depth=z))
        self._crosshair = self._cross(viewer.canvas, lambda: model.place[:2], model.move)
        self._canvases = viewer.canvas, xz, yz
        viewer.stage.arrange([(yz, 0, 1), (xz, 1, 0), (Progress(model, viewer), 1, 1)])
        info = viewer.model.info
        assert info is not None
        viewer.stage.stretch(*(_shares(size, model.depth) for size in (info.size_y, info.size_x)))
        model.moved.connect(self._redraw)

    def _leave(self) -> None:
        if self.model is not None and self._crosshair is not None:
            self._viewer.canvas.layers.remove(self._crosshair)
            self._canvases = ()
            self.model.close()
            self.model.deleteLater()
            self.model = None

    def _canvas(self, part: ImageModel, name: str) -> ImageCanvas:
        canvas = ImageCanvas(part)
        canvas.setAccessibleName(f"Cut along {name}")
        canvas.layers.append(Caption(name, self._viewer.font()))
        canvas.stepped_t.connect(self._viewer.canvas.stepped_t)
        part.opened.connect(lambda: self._join(canvas))
        return canvas

    def _join(self, canvas: ImageCanvas) -> None:
        """It follows, and is followed, once it has fitted its image for itself."""
        self._follow(self._viewer.canvas)
        canvas.viewport_changed.connect(lambda: self._follow(canvas))

    def _cross(
        self, canvas: ImageCanvas, place: Callable[[], tuple[float, float]], move: Callable[[float, float], object]
    ) -> Crosshair:
        crosshair = Crosshair(place, move)
        canvas.layers.append(crosshair)
        return crosshair

    def _redraw(self) -> None:
        for canvas in self._canvases:
            canvas.update()

    def _follow(self, leader: ImageCanvas) -> None:
        """Have the zoom in common, and of the place what two of them have in common."""
        if self._following or len(self._canvases) != 3 or not leader.isVisible():
            return
        xy, xz, yz = self._canvases
        self._following = True
        x = xz.viewport.x if leader is xz else xy.viewport.x
        y = yz.viewport.y if leader is yz else xy.viewport.y
        depth = yz.viewport.x if leader is yz else xz.viewport.y
        seen = Viewport(zoom=leader.viewport.zoom)
        for canvas, place in ((xy, (x, y)), (xz, (x, depth)), (yz, (depth, y))):
            if canvas is not leader and canvas.model.info is not None:
                canvas.show_viewport(replace(seen, x=place[0], y=place[1]))
        self._following = False


class Progress(QWidget):
    """How far the volume has been read, and in what detail it is there."""

    def __init__(self, model: OrthogonalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words = QLabel(wordWrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._bar = QProgressBar()
        self._bar.setAccessibleName("Planes read for the cuts")
        column = QVBoxLayout(self)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addStretch(1)
        model.moved.connect(self._show)
        model.progressed.connect(self._show)
        self._show()

    def _show(self) -> None:
        volume = self._model.volume
        x, y, _depth = self._model.place
        coarser = f"\nReduced {2**volume.level} times to fit into memory" if volume.level else ""
        self._words.setText(f"x {int(x)}, y {int(y)}{coarser}\nClick, or Shift and arrows")
        self._bar.setVisible(volume.total > 0)
        self._bar.setRange(0, max(volume.total, 1))
        self._bar.setValue(volume.done)


def _shares(size: int, depth: int) -> list[int]:
    """How much room the plane gets, and how much a cut."""
    share = min(max(round(_PARTS * depth / (size + depth)), _LEAST), _MOST)
    return [_PARTS - share, share]
