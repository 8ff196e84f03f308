"""Split channels: each active channel of an image alone, beside the merged image."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtGui import QColor

from omero_desk.entities.images import Model
from omero_desk.models.labels import channel
from omero_desk.models.tools.derived_images import SplitModel
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel
from omero_desk.views.tools.stage_tool import StageTool
from omero_desk.views.viewer.caption import Caption
from omero_desk.views.viewer.image_canvas import ImageCanvas
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.viewport_link import ViewportLink


class SplitTool(StageTool):
    """Puts a canvas for each active channel around the viewer's own, which shows the merged image; all are linked."""

    def __init__(self, viewer: ImageViewer, report: Callable[[BaseException], object]) -> None:
        super().__init__(viewer)
        self._report = report
        self._split: SplitModel | None = None
        self._link: ViewportLink | None = None
        self._caption = Caption(translate("Viewer", "Merge"), viewer.font())
        self._captions: dict[int, Caption] = {}
        viewer.model.settings_changed.connect(self._follow)

    def _enter(self) -> None:
        viewer = self._viewer
        self._split = SplitModel(viewer.model, self._report, self)
        canvases = [self._canvas(number, part) for number, part in self._split.parts.items()]
        columns = math.ceil(math.sqrt(len(canvases) + 1))
        places = [divmod(place, columns) for place in range(len(canvases) + 1)]
        guests = [(canvas, *place) for canvas, place in zip(canvases, places, strict=False)]
        viewer.stage.arrange(guests, *places[-1])
        viewer.stage.stretch([1] * (places[-1][0] + 1), [1] * columns)
        viewer.canvas.layers.append(self._caption)
        self._link = ViewportLink(self)
        for canvas in (viewer.canvas, *canvases):
            self._link.add(canvas)
        self._color_captions()

    def _leave(self) -> None:
        if self._split is not None and self._link is not None:
            self._viewer.canvas.layers.remove(self._caption)
            self._link.on = False
            self._link.deleteLater()
            self._split.close()
            self._split.deleteLater()
            self._split = self._link = None

    def _canvas(self, number: int, part: ImageModel) -> ImageCanvas:
        viewer = self._viewer
        info = viewer.model.info
        assert info is not None
        name = channel(info, number)
        canvas = ImageCanvas(part)
        canvas.setAccessibleName(translate("Viewer", "Channel {name}").format(name=name))
        self._captions[number] = Caption(name, viewer.font())
        canvas.layers.append(self._captions[number])
        canvas.pointed.connect(viewer.canvas.pointed)
        canvas.stepped_z.connect(viewer.canvas.stepped_z)
        canvas.stepped_t.connect(viewer.canvas.stepped_t)
        return canvas

    def _follow(self) -> None:
        """Follow the colours, and start anew if other channels are active."""
        if self._split is None:
            return
        if self._split.fits:
            self._color_captions()
        else:
            self.show(True)

    def _color_captions(self) -> None:
        settings = self._viewer.model.settings
        for number, caption in self._captions.items():
            grey = settings.model is Model.GREYSCALE
            color = QColor("white") if grey else QColor(*settings.channels[number].color[:3])
            caption.color = color.lighter(150) if color.lightness() < 140 else color
