"""A plate in its panel, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from pytestqt.qtbot import QtBot

from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.plates.plate import PlateModel
from omero_desk.readers.annotations import AnnotationReader
from omero_desk.readers.plates import PlateReader
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from omero_desk.views.plates.plate_panel import PlatePanel
from tests.support.left_over import ends_with_the_test
from tests.support.plate_library import PlateLab


class PlateDesk:
    """A panel on a session of ada's."""

    def __init__(self, lab: PlateLab, cache: Path) -> None:
        self.lab = lab
        self.errors: list[BaseException] = []
        self.service = ServiceManager()
        self.disk = Worker("disk")
        self.file = ThumbnailFile(cache / "thumbnails.db")
        reader = ThumbnailReader(self.service, self.file, self.disk)
        self.thumbnails = ends_with_the_test(ThumbnailsModel(reader, self.errors.append))
        self.counts = AnnotationCountsModel(AnnotationReader(self.service).counts, self.errors.append)
        self.plate = PlateModel(PlateReader(self.service), self.errors.append)
        self.panel = PlatePanel(self.plate, self.thumbnails, self.counts)

    async def show(self, name: str) -> None:
        """Show a plate or run, and wait until its wells are there."""
        self.plate.open(self.lab.ref(name))
        await self.plate.finished()

    async def rest(self) -> None:
        """Give up what is under way: between tests Qt's events go on, and no loop of asyncio's runs."""
        self.panel.hide()
        for model in (self.plate, self.thumbnails, self.counts):
            model.cancel_all()
            await model.finished()

    def end(self) -> None:
        """Let go of the server and the file; nothing may have gone wrong."""
        self.service.close(patience=5)
        self.disk.run(self.file.close)
        self.disk.close()
        assert self.errors == []


D = TypeVar("D", bound=PlateDesk)


@asynccontextmanager
async def signed_in(desk: D, qtbot: QtBot) -> AsyncIterator[D]:
    """A desk whose panel is on the screen."""
    qtbot.addWidget(desk.panel)
    desk.panel.resize(900, 700)
    desk.panel.show()
    await desk.service.sign_in(desk.lab.sign_in())
    yield desk
    desk.end()
