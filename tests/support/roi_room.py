"""A viewer with its regions of interest, over a real image of a real server, and hands to work there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtTest import QTest

from omero_desk.entities.objects import Account, Kind, Ref, SignIn
from omero_desk.entities.rois import Shape, as_number
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.messages import MessagesModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.readers.rois import RoiReader
from omero_desk.server.database.store import Store
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.gallery import Gallery, people
from tests.support.running_desk import until
from tests.support.server_process import ServerProcess, running_server
from tests.support.viewer_host import ViewerHost

WIDTH, HEIGHT = 200, 160
RED = as_number((255, 0, 0, 255))
PLANES = np.arange(3 * HEIGHT * WIDTH, dtype="uint16").reshape(3, HEIGHT, WIDTH)


@dataclass
class Library:
    """A server, and the ids of its images."""

    server: ServerProcess
    images: list[int]


@contextmanager
def library_of(folder: Path, number: int) -> Iterator[Library]:
    """So many images of three sections, without regions, one for each test."""
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    images = [gallery.add(f"image {n}", PLANES, "ZYX") for n in range(number)]
    store.close()
    with running_server(folder) as server:
        yield Library(server, images)


@asynccontextmanager
async def untouched(library: Library) -> AsyncIterator[Room]:
    """A room with an image that nobody has drawn on."""
    room = Room(library)
    await room.enter(library.images.pop())
    yield room
    await room.leave()


async def write_file(path: Path, text: str) -> None:
    path.write_text(text, "utf-8", newline="")


class Room:
    """A viewer with its regions; `user` is signed in."""

    def __init__(self, library: Library, user: str = "ada") -> None:
        self.service, self.messages = ServiceManager(), MessagesModel()
        self.library, self.user = library, user

    async def enter(self, image: int) -> RoiSide:
        server = self.library.server
        await self.service.sign_in(SignIn(server.host, server.ssl_port, self.user, self.user))
        self.images = ImagesModel(ImageReader(self.service), self.account, self.messages.report)
        self.regions = RegionsModel(RoiReader(self.service, write_file), self.account, self.messages)
        return await self.open(image)

    async def open(self, image: int) -> RoiSide:
        self.is_open = True
        self.viewer = ImageViewer(self.images.open(Ref(Kind.IMAGE, image)))
        self.side = side = RoiSide(self.viewer, self.regions)
        self.host = ViewerHost(self.viewer, QSize(700, 700))
        await until(lambda: self.viewer.model.is_complete and side.rois.is_complete)
        side.toggle()
        self.viewer.model.set_plane(0, 0)
        await until(lambda: self.viewer.model.is_complete)
        return side

    def account(self) -> Account | None:
        return self.service.account

    def close_viewer(self) -> None:
        self.is_open = False
        self.viewer.close_image()
        self.side.close()
        self.images.close(self.viewer.model)
        self.host.deleteLater()

    def at(self, x: float, y: float) -> QPoint:
        """Where on the canvas a place of the image is."""
        ratio = self.viewer.canvas.devicePixelRatioF()
        return (QPointF(*self.viewer.canvas.viewport.to_canvas(x, y)) / ratio).toPoint()

    def drag(self, *places: tuple[float, float], keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        canvas, left = self.viewer.canvas, Qt.MouseButton.LeftButton
        QTest.mousePress(canvas, left, keys, self.at(*places[0]))
        for place in places[1:]:
            QTest.mouseMove(canvas, self.at(*place))
        QTest.mouseRelease(canvas, left, keys, self.at(*places[-1]))

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.viewer.canvas, Qt.MouseButton.LeftButton, keys, self.at(x, y))

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.viewer.canvas, key, keys)

    def press(self, keys: str) -> None:
        QTest.keySequence(self.viewer.canvas, keys)

    async def saved(self) -> None:
        self.press("Ctrl+S")
        await until(lambda: not self.side.rois.is_saving)

    async def leave(self) -> None:
        if self.is_open:
            self.close_viewer()
        self.regions.cancel_all()
        self.images.cancel_all()
        await self.regions.finished()
        self.service.close()


def shapes(room: Room) -> list[Shape]:
    found = (room.side.rois.shapes[key] for key in room.side.rois.shapes.keys)
    return [shape for shape in found if shape is not None]


def near(shape: Shape, *numbers: float) -> bool:
    """Whether a shape is where it was drawn, as far as a mouse has pixels."""
    return len(shape.numbers) == len(numbers) and np.allclose(shape.numbers, numbers, atol=1.0)
