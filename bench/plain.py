"""`./run bench plain`: large images that the server has at one size alone, from opening to the last strip."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from bench.memory import resident
from bench.results import print_table, save
from bench.stalls import StallMeter
from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.server.database.store import Store
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.gallery import Gallery, people
from tests.support.server_process import ServerProcess, running_server

IMAGES: Final = (("float", 6000, 1), ("float", 12000, 1), ("uint16", 12000, 1), ("float", 20000, 1))
"""Types, sides and sections: of integers the embedded server makes levels, of floating-point numbers it does not."""
_MB: Final = 2**20
_SIZE: Final = (1400, 900)
_MOVES: Final = 40
Result = dict[str, Any]


def main() -> None:
    """Measure each image; a few minutes, and 3 GB of disk."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        print("Making the images…", flush=True)
        ids = _fill(Path(folder))
        with running_server(Path(folder)) as server, EventLoop(application) as loop:
            found = loop.run_until_complete(_measure(server, ids))
    table = [row for one in found for row in _rows(one)]
    print_table(table)
    save("plain", {"plain": found, "table": table})


def _fill(folder: Path) -> dict[str, int]:
    store = Store(folder)
    try:
        ids = people(store)
        gallery = Gallery(store, ids["ada"], ids["private"])
        return {f"{kind} {side}² x {count}": _add(gallery, kind, side, count) for kind, side, count in IMAGES}
    finally:
        store.close()


def _add(gallery: Gallery, kind: str, side: int, sections: int) -> int:
    name = f"{kind}-{side}"
    dtype = np.dtype("float32" if kind == "float" else kind)
    band = (np.random.default_rng(3).random((64, side)) * 4000).astype(dtype)

    def strips() -> Iterator[NDArray[Any]]:
        for _ in range(sections):
            for top in range(0, side, 64):
                yield band[: side - top] + dtype.type(top % 1000)

    path = gallery.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(path, ome=True, bigtiff=True) as tiff:
        whole = np.concatenate(list(strips())).reshape(sections, side, side)
        tiff.write(whole, photometric="minisblack", rowsperstrip=64, metadata={"axes": "ZYX"})
    return gallery.enter(name)


async def _measure(server: ServerProcess, ids: dict[str, int]) -> list[Result]:
    take_short_turns()
    service = ServiceManager()
    account = await service.sign_in(SignIn(server.host, server.ssl_port, "ada", "ada"))
    images = ImagesModel(ImageReader(service), lambda: account, _fail)
    collector = Collector(lambda: False, images)
    images.warm_up()
    await images.finished()
    try:
        return [await _one(images, name, identity) for name, identity in ids.items()]
    finally:
        service.close(patience=5)
        collector.close()


async def _one(images: ImagesModel, name: str, identity: int) -> Result:
    print(f"{name}…", flush=True)
    before, most, meter = resident(), 0, StallMeter()
    meter.start()
    began = perf_counter()
    viewer = ImageViewer(images.open(Ref(Kind.IMAGE, identity)))
    viewer.resize(*_SIZE)
    viewer.show()
    first = 0.0
    while not (viewer.model.is_complete and viewer.canvas.picture is not None):
        await asyncio.sleep(0.002)
        if viewer.model.problem is not None:
            raise viewer.model.problem
        first = first or (perf_counter() - began if viewer.canvas.picture is not None else 0.0)
        most = max(most, resident())
    whole = perf_counter() - began
    stalls = meter.stop()
    frames = []
    for move in range(_MOVES):
        at = perf_counter()
        viewer.model.set_channel(0, end=2000.0 + move)
        viewer.canvas.repaint()
        frames.append((perf_counter() - at) * 1000)
        await asyncio.sleep(0)
    raster = viewer.model.raster
    assert raster is not None
    viewer.close_image()
    images.close(viewer.model)
    viewer.close()
    viewer.deleteLater()
    await images.finished()
    return {
        "name": name,
        "first": first or whole,
        "whole": whole,
        "stalls": stalls,
        "grown": most - before,
        "left": resident() - before,
        "contrast": max(frames),
    }


def _fail(error: BaseException) -> None:
    raise error


def _rows(found: Result) -> list[tuple[str, str, str, str]]:
    name, stalls = found["name"], found["stalls"]
    memory = f"the process grew by {found['grown'] / _MB:.0f} MB; closed, {found['left'] / _MB:.0f} MB are left of it"
    return [
        (f"{name}: the first strips", f"{found['first'] * 1000:.0f} ms", "500 ms", f"all after {found['whole']:.2f} s"),
        (f"{name}: stalls", f"worst {stalls['worst']:.0f} ms", "50 ms", f"p99 {stalls['p99']:.0f} ms"),
        (f"{name}: a contrast slider", f"worst {found['contrast']:.1f} ms", "16 ms", memory),
    ]
