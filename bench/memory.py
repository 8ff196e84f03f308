"""`./run bench memory [IMAGES]`: the memory of window and server while hundreds of images are opened and closed.

Containers are walked, plates looked at and planes exported in between, without a pause in which garbage could be
collected. Growth counts: the end is compared with what there was after the first images.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex
from sqlalchemy import select

from bench.results import print_table, save
from bench.stalls import StallMeter, in_words
from omero_desk.app import make_application
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.exports.exports import ExportPlan, FileFormat
from omero_desk.models.tree.row_data import Role
from omero_desk.server.database.store import Store
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.settings import Settings
from omero_desk.views.exports.part import ExportsPart
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.gallery import Gallery
from tests.support.library_writer import LibraryWriter
from tests.support.plate_library import PlateLab, make
from tests.support.running_desk import NOTHING, Running, until
from tests.support.server_process import ServerProcess, children, running_server

Result = dict[str, Any]
IMAGES: Final = 500
FIRST: Final = 20
TABS: Final = 3
CONTAINERS: Final = 100
PLATES: Final = 50
EXPORTS: Final = 20
_FILES: Final = 24
_SIDES: Final = (512, 3000)
_MB: Final = 2**20


def main(images: str = str(IMAGES)) -> None:
    """Open and close so many images; a few minutes."""
    count = int(images)
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        print("Making the images…", flush=True)
        ids, lab = _fill(Path(folder) / "library")
        with running_server(Path(folder) / "library") as server, EventLoop(application) as loop:
            found = loop.run_until_complete(_measure(Path(folder), server, ids, lab, count))
    print_table(found["table"])
    save("memory", found)


def resident(pid: int | str = "self") -> int:
    """The bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _fill(folder: Path) -> tuple[list[int], PlateLab]:
    """Plates, datasets, and images of two channels and up to three sections."""
    lab = PlateLab()
    make(lab, folder)
    rng = np.random.default_rng(7)
    store = Store(folder)
    try:
        with store.write() as connection:
            plate = store.schema.table("Plate")
            user = connection.execute(select(plate.c.owner_id)).scalars().first()
            assert user is not None
        gallery, ids = Gallery(store, user, lab.ids["group"]), []
        noise = rng.integers(100, 4000, 2**20 + 7, np.uint16)
        for number in range(_FILES):
            width, height = (int(side) for side in rng.integers(*_SIDES, 2))
            shape = (int(rng.integers(1, 4)), 2, height, width)
            ids.append(gallery.add(f"image {number}", np.resize(noise, shape), "ZCYX"))
        with store.write() as connection:
            writer = LibraryWriter(store, connection, user, lab.ids["group"])
            for dataset in writer.named("Dataset", *(f"Dataset {n}" for n in range(CONTAINERS))):
                writer.link("DatasetImageLink", [dataset] * 10, rng.choice(ids, 10, replace=False).tolist())
    finally:
        store.close()
    return ids, lab


async def _measure(folder: Path, server: ServerProcess, ids: Sequence[int], lab: PlateLab, count: int) -> Result:
    print(f"Opening and closing {count} images…", flush=True)
    running = Running(folder / "home", NOTHING, Settings())
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(running.bench.tree.rowCount)
    if (dialog := running.dialog) is not None:
        dialog.close()
    try:
        return await _Walk(folder, running, server, ids, lab, count).run()
    finally:
        await running.leave()


class _Walk:
    """Somebody who works without a pause; the same walk each time."""

    def __init__(
        self, folder: Path, running: Running, server: ServerProcess, ids: Sequence[int], lab: PlateLab, count: int
    ) -> None:
        self._folder, self._running, self._server = folder, running, server
        self._ids, self._lab, self._count = ids, lab, count
        self._rng = random.Random(11)
        self._open: list[ImageViewer] = []
        self._window: list[int] = []
        self._servers: list[int] = []

    async def run(self) -> Result:
        """Open one image after the other, and do the rest in between."""
        began, meter = perf_counter(), StallMeter()
        meter.start()
        for number in range(self._count):
            viewer = await self._look_at(Ref(Kind.IMAGE, self._rng.choice(self._ids)))
            share = number / self._count
            if number % max(self._count // CONTAINERS, 1) == 0:
                await self._select(self._dataset(int(share * CONTAINERS)))
            if number % max(self._count // PLATES, 1) == 0:
                await self._look_at_plate(("large", "mid")[number % 2])
            if number % max(self._count // EXPORTS, 1) == 0:
                await self._export(viewer, number)
            self._note()
            if number % FIRST == FIRST - 1:
                print(f"{number + 1} images: {self._window[-1] / _MB:.0f} MB", flush=True)
        return self._told(perf_counter() - began, meter.stop())

    def _note(self) -> None:
        self._window.append(resident())
        pids = [self._server.pid, *children(self._server.pid)]
        self._servers.append(sum(map(resident, pids)))

    async def _look_at(self, ref: Ref) -> ImageViewer:
        """Open an image in a tab, close the oldest tab if there are too many, and look through the sections."""
        centre = self._running.bench.centre
        viewer = centre.open_image(ref, f"image {ref.id}")
        if viewer not in self._open:
            self._open.append(viewer)
        if len(self._open) > TABS:
            centre.tabCloseRequested.emit(centre.indexOf(self._open.pop(0)))
        await until(lambda: viewer.model.is_complete and viewer.canvas.picture is not None)
        info = viewer.model.info
        assert info is not None
        for z in range(info.size_z):
            viewer.model.set_plane(z=z)
            await until(lambda: viewer.model.is_complete and viewer.canvas.picture is not None)
        viewer.model.set_channel(0, end=self._rng.randrange(1000, 4000))
        await until(lambda: viewer.canvas.picture is not None)
        viewer.model.reset()  # changed settings would be kept, and asked about at the end
        return viewer

    def _dataset(self, number: int) -> QModelIndex:
        tree = self._running.bench.tree
        rows = (tree.index(row, 0) for row in range(tree.rowCount()))
        return next(index for index in rows if index.data(Role.NAME) == f"Dataset {number}")

    async def _select(self, index: QModelIndex) -> None:
        bench = self._running.bench
        bench.centre.show_contents()
        flags = QItemSelectionModel.SelectionFlag
        bench.browser.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        for model in (bench.tree, bench.models.thumbnails, bench.models.counts):
            await model.finished()
        if self._open:
            bench.centre.setCurrentWidget(self._open[-1])

    async def _look_at_plate(self, name: str) -> None:
        bench = self._running.bench
        bench.centre.show_contents()
        bench.models.plate.open(self._lab.ref(name))
        await bench.models.plate.finished()
        await bench.models.thumbnails.finished()
        bench.centre.setCurrentWidget(self._open[-1])

    async def _export(self, viewer: ImageViewer, number: int) -> None:
        model, exports = viewer.model, self._running.desk.workbench.part(ExportsPart).model
        assert model.info is not None
        path = self._folder / f"{number}.ome.tif"
        z, t = range(model.info.size_z), range(model.info.size_t)
        exports.start(ExportPlan(model.info, model.settings, path, FileFormat.OME_TIFF, z, t))
        await until(lambda: not exports.under_way)
        path.unlink()

    def _told(self, seconds: float, stalls: dict[str, float]) -> Result:
        first, end, most = self._window[min(FIRST, self._count) - 1], self._window[-1], max(self._window)
        server = self._servers[min(FIRST, self._count) - 1]
        detail = f"{end / _MB:.0f} MB after {first / _MB:.0f} MB; {self._count} images in {seconds:.0f} s"
        ours = f"{self._servers[-1] / _MB:.0f} MB after {server / _MB:.0f} MB"
        table = [
            ("Memory of the window at the end", f"{end / first:.2f} x that after the first {FIRST}", "1.3 x", detail),
            ("Memory of the window at most", f"{most / _MB:.0f} MB", "the bound and 150 MB", ""),
            ("Memory of the server at the end", f"{self._servers[-1] / server:.2f} x", "1.3 x", ours),
            ("Memory of the server at most", f"{max(self._servers) / _MB:.0f} MB", "", "with its workers"),
            ("Stalls meanwhile", in_words(stalls), "", ""),
        ]
        return {"window": self._window, "server": self._servers, "seconds": seconds, "table": table}
