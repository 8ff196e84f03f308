"""A user who looks at pictures of all sorts at the same time: each part knows what it has to look like in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.errors import FailedError, GatewayError, RefusedError
from omero_desk.entities.images import Model
from omero_desk.entities.objects import Ref
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.images.thumbnails import picture
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.messages import MessagesModel
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.readers.rois import RoiReader
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from omero_desk.views.gallery.thumbnail_grid import ThumbnailGrid
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.faults.operations import Due, Operation
from tests.faults.pictures.picture_laboratory import SLIDE, STACK, PictureLaboratory
from tests.support.picture_library import Reported

Window = tuple[int, int, int, int]


class Desk:
    """What the parts share: the models over one manager."""

    def __init__(self, laboratory: PictureLaboratory, service: ServiceManager, cache: Path) -> None:
        self.laboratory, self.service = laboratory, service
        self.reported, self.messages = Reported(), MessagesModel()
        self.images = ImagesModel(ImageReader(service), lambda: service.account, self.reported)
        self.regions = RegionsModel(RoiReader(service, _no_file), lambda: service.account, self.messages)
        self.disk = Worker("disk")
        self.file = ThumbnailFile(cache / "thumbnails.db")
        self.thumbnails = ThumbnailsModel(ThumbnailReader(service, self.file, self.disk), self.reported)
        service.on_state(self.thumbnails.follow)

    def view(self, ref: Ref) -> ImageViewer:
        """A small viewer of an image, on its way."""
        viewer = ImageViewer(self.images.open(ref))
        viewer.resize(520, 330)
        viewer.show()
        return viewer

    async def close(self) -> None:
        """Let go of everything."""
        self.thumbnails.cancel_all()
        await self.thumbnails.finished()
        await self.images.finished()
        await self.disk.run(self.file.close)
        self.disk.close()


class Part:
    """One sort of pictures: `begin` is over when the first have come, `finish` when all have, or one cannot be had."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def begin(self) -> None:
        """Look at the first of them."""

    async def finish(self) -> None:
        """Look at the rest, and compare them; raises GatewayError with the reason that stands in their place."""

    async def rest(self) -> None:
        """Wait until nothing of it is under way."""

    def retry(self) -> None:
        """Do what the user does who reads that reason."""

    def close(self) -> None:
        """Let go of it."""


class Viewed(Part):
    """An image in a viewer."""

    def __init__(self, desk: Desk, ref: Ref) -> None:
        super().__init__(desk)
        self.viewer = desk.view(ref)
        self.model: ImageModel = self.viewer.model

    async def settled(self) -> None:
        """Until all of what is in view is there, or one knows why not."""
        await until(self._is_settled)
        if self.model.problem is not None:
            assert self.viewer.overlays.retry.isVisible()
            assert self.viewer.canvas._words()
            raise self.model.problem

    async def rest(self) -> None:
        """See Part."""
        await self.desk.images.finished()
        raster = self.model.raster
        if isinstance(raster, PlaneRaster | TileRaster):
            await raster.finished()

    def _is_settled(self) -> bool:
        self.viewer.canvas.repaint()
        return self.model.problem is not None or self.model.is_complete

    def show_as_it_is(self, channel: int) -> None:
        """Have the picture's grey be the pixels of one channel."""
        settings = replace(self.model.settings, model=Model.GREYSCALE)
        for number in range(len(settings.channels)):
            settings = settings.with_channel(number, active=number == channel, start=0, end=255)
        self.model.set_settings(settings)

    def grey(self) -> tuple[Any, Window]:
        """What is on the canvas, and which rows and columns of the image that is."""
        canvas = self.viewer.canvas
        canvas.repaint()
        view = canvas.picture
        assert view is not None
        assert view.complete
        left, top = int(view.x), int(view.y)
        return view.picture[..., 0], (top, top + int(view.height), left, left + int(view.width))

    def retry(self) -> None:
        """Press the button, if it is there."""
        if self.model.problem is not None:
            self.viewer.overlays.retry.click()
            assert self.model.problem is None

    def close(self) -> None:
        """See Part."""
        self.viewer.close_image()
        self.desk.images.close(self.model)
        self.viewer.close()
        self.viewer.deleteLater()


class Tiles(Viewed):
    """The tiles of a slide, from one of its corners to another."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, desk.laboratory.slide)

    async def begin(self) -> None:
        """See Part."""
        await self.settled()
        raster = self.model.raster
        assert isinstance(raster, TileRaster)
        before = raster.memory_used
        self.show_as_it_is(0)
        self.viewer.canvas.zoom_to(1.0)
        self._show_corner(0.0)
        await until(lambda: raster.memory_used > before)
        assert raster.wanted

    async def finish(self) -> None:
        """See Part."""
        for corner in (1024.0, 0.0):
            self._show_corner(corner)
            await self.settled()
            grey, (top, bottom, left, right) = self.grey()
            np.testing.assert_array_equal(grey, SLIDE[0][0, top:bottom, left:right])

    def _show_corner(self, corner: float) -> None:
        self.viewer.canvas.show_place(corner, corner)
        self.viewer.canvas.repaint()


class Planes(Viewed):
    """Every plane of a stack, from its other end."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, desk.laboratory.stack)

    async def begin(self) -> None:
        """See Part."""
        await self.settled()

    async def finish(self) -> None:
        """See Part."""
        for z in reversed(range(STACK.shape[1])):
            self.model.set_plane(z)
            for channel in range(STACK.shape[0]):
                self.show_as_it_is(channel)
                await self.settled()
                grey, _ = self.grey()
                np.testing.assert_array_equal(grey, STACK[channel, z])


class Rois(Part):
    """The regions over the stack, page by page."""

    def __init__(self, desk: Desk, planes: Planes) -> None:
        super().__init__(desk)
        self.side = RoiSide(planes.viewer, desk.regions)

    async def begin(self) -> None:
        """See Part."""
        await until(lambda: len(self.side.rois.shapes))

    async def finish(self) -> None:
        """See Part."""
        rois = self.side.rois
        await rois.finished()
        self.side.toggle()
        if rois.problem is not None:
            assert self.side.panel._load.text() == "&Retry"
            raise rois.problem
        stored = [rois.shapes.stored(key) for key in rois.shapes.keys]
        assert [one.id for one in stored if one is not None] == self.desk.laboratory.rois

    async def rest(self) -> None:
        """See Part."""
        await self.side.rois.finished()

    def retry(self) -> None:
        """See Part."""
        if self.side.rois.problem is not None:
            self.side.panel._load.click()

    def close(self) -> None:
        """See Part."""
        self.side.close()


class Thumbnails(Part):
    """A grid, from its top to its end."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        contents = ContentsModel(lambda: None, ImageSizesModel(_no_sizes, desk.reported), desk.thumbnails.remark)
        contents.show_entities((desk.laboratory.library.dataset,), desk.laboratory.portraits)
        self.grid = ThumbnailGrid(contents, desk.thumbnails)
        self.grid.resize(300, 200)
        self.contents = contents
        self.grid.show()

    async def begin(self) -> None:
        """See Part."""
        await until(self._known)

    async def finish(self) -> None:
        """See Part."""
        bar = self.grid.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.grid.repaint()
        await self.desk.thumbnails.finished()
        found = self._known()
        assert len(found) >= 4
        reasons = [one.reason for one in found.values() if not one.picture]
        if reasons:
            needed = self.desk.service.state is State.SIGN_IN_NEEDED
            raise RefusedError(reasons[0]) if needed else FailedError(reasons[0])
        made = await self.desk.service.call(Lane.JOBS, _pictures, list(found), self.desk.thumbnails._size)
        assert {image: one.picture for image, one in found.items()} == made
        assert len(set(made.values())) == len(made)

    async def rest(self) -> None:
        """See Part."""
        await self.desk.thumbnails.finished()

    def _known(self) -> dict[int, Any]:
        """What is known of the images that can be seen."""
        thumbnails, found = self.desk.thumbnails, {}
        for row, entity in enumerate(self.contents.entities):
            rect = self.grid.visualRect(self.contents.index(row, 0))
            known = thumbnails.get(entity.ref.id, thumbnails._size)
            if known is not None and rect.intersects(self.grid.viewport().rect()):
                found[entity.ref.id] = known
        return found

    def retry(self) -> None:
        """See Part."""
        self.desk.thumbnails.forget()
        self.grid.repaint()

    def close(self) -> None:
        """See Part."""
        self.grid.close()
        self.grid.deleteLater()


class Looking(Operation):
    """All parts at the same time; the fault strikes when each of them has had its first pictures."""

    name = "looking at pictures"

    def __init__(self, laboratory: PictureLaboratory, service: ServiceManager, cache: Path) -> None:
        super().__init__(laboratory, service)
        self.desk = Desk(laboratory, service, cache)
        self.parts: list[Part] = []

    async def run(self, due: Due) -> None:
        """Look on, after a Retry wherever there is a reason to read; raises the gravest reason that there is then."""
        for part in self.parts:
            part.retry()
        if not self.parts:
            await self._begin()
        await due()
        ends = await asyncio.gather(*(part.finish() for part in self.parts), return_exceptions=True)
        failed = [error for error in ends if error is not None]
        for error in sorted(failed, key=lambda error: (isinstance(error, GatewayError), not _is_refused(error))):
            raise error

    async def _begin(self) -> None:
        planes = Planes(self.desk)
        self.parts = [planes, Rois(self.desk, planes), Thumbnails(self.desk), Tiles(self.desk)]
        for part in self.parts:
            await part.begin()

    async def rest(self) -> None:
        """Wait until nothing more comes, and every lane is free."""
        for part in self.parts:
            await part.rest()
        await until(lambda: all(lane.running is None and not lane.queued for lane in self.service.lanes))

    def check(self) -> None:
        """Nothing has gone wrong unseen."""
        assert self.desk.reported.errors == []
        assert self.desk.messages.current is None

    async def close(self) -> None:
        """Let go of everything."""
        for part in reversed(self.parts):
            part.close()
        await self.desk.close()


def _pictures(session: LaneSession, image_ids: list[int], size: int) -> dict[int, bytes]:
    query = "select p.image.id, p.id from Pixels p where p.image.id in (:ids)"
    rows = session.projection(query, {"ids": image_ids})
    return {image: picture(session, pixels, size) for image, pixels in rows}


def _is_refused(error: BaseException) -> bool:
    return isinstance(error, RefusedError)


async def _no_file(path: Path, text: str) -> None:
    raise AssertionError(path)


async def _no_sizes(image_ids: object) -> dict[int, Any]:
    return {}


async def until(condition: Callable[[], object]) -> None:
    """Let everything run until `condition` holds."""
    while not condition():
        await asyncio.sleep(0.005)
