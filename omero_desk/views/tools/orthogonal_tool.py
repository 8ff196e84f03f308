"""Orthogonal views: the XZ and YZ cuts of an image beside its XY plane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from omero_desk.models.rasters.raster import ReadPlanes
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.rasters.volume import Cut
from omero_desk.models.tools.orthogonal import OrthogonalModel
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.tools.crosshair import Crosshair
from omero_desk.views.tools.stage_tool import StageTool
from omero_desk.views.viewer.caption import Caption
from omero_desk.views.viewer.image_canvas import ImageCanvas
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets.words import Words

_LEAST, _MOST = 1, 3
_PARTS: Final = 4
"""Parts in which the room is shared out; the cuts get one to three of them."""


class OrthogonalTool(StageTool):
    """Puts XZ below and YZ beside the viewer's own canvas, with a common zoom, place and crosshair."""

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
        xz, yz = self._canvas(model.xz, Cut.XZ), self._canvas(model.yz, Cut.YZ)
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

    def _canvas(self, part: ImageModel, cut: Cut) -> ImageCanvas:
        canvas = ImageCanvas(part)
        canvas.setAccessibleName(translate("Viewer", "{plane} view").format(plane=cut.value))
        canvas.layers.append(Caption(cut.value, self._viewer.font()))
        canvas.stepped_t.connect(self._viewer.canvas.stepped_t)
        part.opened.connect(lambda: self._join(canvas))
        return canvas

    def _join(self, canvas: ImageCanvas) -> None:
        """Link a cut's canvas with the others, once its image is open and fitted."""
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
        """Give all canvases the zoom of one, and the coordinates of its place that they share."""
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
    """The place of the crosshair, the progress of reading the volume, and its level of detail."""

    def __init__(self, model: OrthogonalModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words = Words(wordWrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(translate("Viewer", "Planes read for the orthogonal views"))
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
        lines = [translate("Viewer", "x {x}, y {y}").format(x=int(x), y=int(y))]
        if volume.level:
            reduced = translate("Viewer", "Reduced {factor}-fold to fit into memory")
            lines.append(reduced.format(factor=2**volume.level))
        lines.append(translate("Viewer", "To move the crosshair, click, or press Shift with an arrow key"))
        self._words.setText("\n".join(lines))
        self._bar.setVisible(volume.total > 0)
        self._bar.setRange(0, max(volume.total, 1))
        self._bar.setValue(volume.done)


def _shares(size: int, depth: int) -> list[int]:
    """Return the shares of the room for the XY plane and for a cut."""
    share = min(max(round(_PARTS * depth / (size + depth)), _LEAST), _MOST)
    return [_PARTS - share, share]
