"""Viewers in a real window, signed in through a proxy, and what their measurements share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtWidgets import QApplication

from bench import viewer_library as library
from bench.proxy import ProxyProcess
from bench.stalls import StallMeter
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.system.memory import give_back_large_blocks
from omero_desk.views.viewer.image_viewer import ImageViewer

Result = dict[str, Any]
SIZE: Final = (1400, 900)


class Viewing:
    """Viewers in a window, signed in through a proxy."""

    def __init__(self, proxy: ProxyProcess, ids: dict[str, int]) -> None:
        self.proxy, self.ids = proxy, ids
        self.service = ServiceManager()
        self.meter = StallMeter()

    async def start(self) -> None:
        """Sign in, as the application does it: a store of pixels is opened before anybody asks."""
        take_short_turns()
        give_back_large_blocks()
        account = await self.service.sign_in(SignIn("127.0.0.1", self.proxy.port, library.USER, library.PASSWORD))
        pixels = {self.ids[name]: await self._pixels_id(name) for name in self.ids}
        self.images = ImagesModel(ImageReader(self.service), lambda: account, _fail, pixels_of=pixels.get)
        self.collector = Collector(lambda: False, self.images)
        self.images.warm_up()
        await self.images.finished()
        self.images.luts = {"": np.zeros((256, 3), np.uint8)}  # read in the background otherwise, by another lane

    async def stop(self) -> None:
        """End the session."""
        await self.images.finished()
        self.service.close(patience=5)
        self.collector.close()

    async def _pixels_id(self, name: str) -> int:
        """What the thumbnail of an image tells before it is opened."""
        query = "select p.id from Pixels p where p.image.id = :id"
        rows = await self.service.call(Lane.METADATA, LaneSession.projection, query, {"id": self.ids[name]})
        found: int = rows[0][0]
        return found

    def view(self, name: str, size: tuple[int, int] = SIZE) -> ImageViewer:
        """A viewer in a window, its image on its way."""
        viewer = ImageViewer(self.images.open(Ref(Kind.IMAGE, self.ids[name])))
        viewer.resize(*size)
        viewer.show()
        return viewer

    async def leave(self, viewer: ImageViewer) -> None:
        """Close a viewer, and what the server keeps open for it."""
        raster = viewer.model.raster
        assert isinstance(raster, PlaneRaster | TileRaster)
        await raster.finished()
        viewer.close_image()
        self.images.close(viewer.model)
        viewer.close()
        viewer.deleteLater()
        await self.images.finished()


def paint(viewer: ImageViewer) -> None:
    """Have what has changed painted; the canvas too, if it has not been its turn."""
    QApplication.processEvents()
    if viewer.canvas.picture is None:
        viewer.canvas.repaint()


async def painted(viewer: ImageViewer) -> None:
    """Until all of what is in view is painted."""
    await until(lambda: repainted(viewer) is not None and viewer.model.is_complete)
    if viewer.model.problem is not None:
        raise viewer.model.problem


def repainted(viewer: ImageViewer) -> object:
    """What has been painted, once what is asked for has been."""
    if viewer.model.problem is not None:
        raise viewer.model.problem
    return viewer.canvas.picture


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    while not condition():
        await asyncio.sleep(0.001)


def spread(milliseconds: list[float]) -> Result:
    """The middle, the 99th percentile and the longest."""
    p50, p99 = np.percentile(milliseconds, [50, 99])
    return {"p50": float(p50), "p99": float(p99), "worst": max(milliseconds)}


def middle(seconds: list[float]) -> float:
    """The median."""
    return sorted(seconds)[len(seconds) // 2]


def _fail(error: BaseException) -> None:
    raise error
