"""`./run bench rois`: 100,000 regions of interest of one image, from the first request to panning over all of them.

A thousand more are drawn, changed and deleted. The window is the application's own viewer, and the server the embedded
one; frames are timed around the painting of the canvas, the picture under the shapes included.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, Final

import numpy as np
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from bench.proxy import ProxyProcess
from bench.results import save
from bench.stalls import StallMeter
from omero_desk.app import make_application
from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.messages import MessagesModel
from omero_desk.models.rois.open_rois import RegionsModel
from omero_desk.models.viewer.images import ImagesModel
from omero_desk.readers.images import ImageReader
from omero_desk.readers.rois import RoiReader
from omero_desk.server.database.store import Store
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.views.rois.controller import RoiSide
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.gallery import Gallery, people, ramp
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import running_server

SHAPES: Final = 100_000
SIDE: Final = 2048
ROUND_TRIPS: Final = (0.0, 0.05)
NEW: Final = 1000
FRAMES: Final = 60
AIM_USABLE_S, AIM_FRAME_MS = 2.0, 33.0

Row = tuple[str, str, str, str]


def fill(folder: Path) -> int:
    """A library with one image and its regions; the image's id."""
    store = Store(folder)
    ids = people(store)
    image = Gallery(store, ids["ada"], ids["shared"]).add("many", ramp((SIDE, SIDE)), "YX")
    with store.write() as connection:
        writer = LibraryWriter(store, connection, ids["ada"], ids["shared"])
        rois = writer.add("Roi", *({"image_id": image} for _ in range(SHAPES)))
        for kind, rows in _shapes(rois).items():
            writer.add(kind, *rows)
    store.close()
    return image


def _shapes(rois: list[int]) -> dict[str, list[dict[str, Any]]]:
    """Small shapes all over the image: as many rectangles, ellipses, points and polygons of 12 vertices."""
    rng = np.random.default_rng(5)
    kinds: dict[str, list[dict[str, Any]]] = {"Rectangle": [], "Ellipse": [], "Point": [], "Polygon": []}
    angles = np.arange(12) * np.pi / 6
    for n, (roi, x, y) in enumerate(zip(rois, *rng.uniform(0, SIDE, (2, len(rois))).tolist(), strict=True)):
        kind, size = list(kinds)[n % 4], 2 + n % 9
        place: dict[str, Any] = {"x": x, "y": y}
        if kind == "Polygon":
            vertices = zip(x + size * np.cos(angles), y + size * np.sin(angles), strict=True)
            place = {"points": " ".join(f"{left:.2f},{top:.2f}" for left, top in vertices)}
        more = {"Rectangle": {"width": size, "height": size}, "Ellipse": {"radiusX": size, "radiusY": size}}
        row = {"roi_id": roi, "roi_index": 0, "textValue": f"cell {n}", "strokeColor": -16711681}
        kinds[kind].append({**row, **place, **more.get(kind, {})})
    return kinds


class Window:
    """A viewer with its regions, signed in through a proxy."""

    def __init__(self, proxy: ProxyProcess) -> None:
        self.proxy, self.service = proxy, ServiceManager()

    async def open(self, image: int) -> None:
        """Sign in and open the image, whose pixels are there then."""
        take_short_turns()
        await self.service.sign_in(SignIn("127.0.0.1", self.proxy.port, "ada", "ada"))
        account = self.service.account
        images = ImagesModel(ImageReader(self.service), lambda: account, _fail)
        regions = RegionsModel(RoiReader(self.service, _no_file), lambda: account, MessagesModel())
        self.viewer = ImageViewer(images.open(Ref(Kind.IMAGE, image)))
        self.side = RoiSide(self.viewer, regions)
        self.viewer.resize(1400, 900)
        self.viewer.show()
        self.collector = Collector(lambda: self.side.rois.is_loading, self.viewer)
        while not (self.viewer.model.is_complete and self.side.rois.counts):
            await asyncio.sleep(0.01)

    async def load(self) -> dict[str, Any]:
        """Have all shapes read, and look at the table and the overlay as soon as the last has arrived."""
        rois, meter = self.side.rois, StallMeter()
        arrivals: list[float] = []
        rois.added.connect(lambda *_: arrivals.append(perf_counter()))
        self.proxy.traffic()
        meter.start()
        began = perf_counter()
        self.side.toggle()
        while not rois.is_complete:
            await asyncio.sleep(0.005)
        self.side.panel.table.scrollToBottom()
        self.side.panel.table.grab()
        self.viewer.canvas.grab()
        usable = perf_counter()
        return {
            "first page": arrivals[0] - began,
            "all": arrivals[-1] - began,
            "usable after the last": usable - arrivals[-1],
            "round trips": self.proxy.traffic().round_trips,
            "stalls": meter.stop(),
            "rows": self.side.panel.rows.rowCount(),
        }

    async def pan(self, zoom: float) -> dict[str, float]:
        """Milliseconds of frames while the image is moved at a zoom."""
        canvas = self.viewer.canvas
        canvas.zoom_to(zoom)
        target = QImage(canvas.size() * canvas.devicePixelRatioF(), QImage.Format.Format_RGB32)
        canvas.render(target)
        frames, busy = [], []
        for _ in range(FRAMES):
            canvas._show(canvas.viewport.moved(7, 5))
            began, used = perf_counter(), thread_time()
            canvas.render(target)
            frames.append((perf_counter() - began) * 1000)
            busy.append((thread_time() - used) * 1000)
            await asyncio.sleep(0)
        own = {"p50": float(np.median(frames)), "worst": max(frames), "processor": float(np.median(busy))}
        return {**own, "shapes alone": self._paint_alone()}

    def _paint_alone(self) -> float:
        """Milliseconds of the processor for the shapes of a frame, without the picture under them."""
        canvas = self.viewer.canvas
        target = QImage(canvas.size() * canvas.devicePixelRatioF(), QImage.Format.Format_RGB32)
        times = []
        for _ in range(FRAMES // 3):
            painter = QPainter(target)
            began = thread_time()
            self.side.layer.paint(painter, canvas.viewport)
            times.append((thread_time() - began) * 1000)
            painter.end()
        return float(np.median(times))

    def select(self) -> float:
        """Milliseconds from a click on a shape to its row in the table being in view."""
        began = perf_counter()
        self.side.rois.select([SHAPES // 2])
        self.side.panel.table.grab()
        return (perf_counter() - began) * 1000

    async def save(self) -> dict[str, dict[str, float]]:
        """Seconds and round trips for drawing, changing and deleting NEW shapes, each saved at once."""
        rois = self.side.rois
        keys = rois.draw(*(Shape(ShapeKind.RECTANGLE, (n % 100, n // 100, 5.0, 5.0)) for n in range(NEW)))
        found = {"new": await self._save_once()}
        rois.comment(keys, "changed")
        found["changed"] = await self._save_once()
        rois.delete(keys)
        found["deleted"] = await self._save_once()
        return found

    async def _save_once(self) -> dict[str, float]:
        rois = self.side.rois
        await asyncio.sleep(0.3)
        self.proxy.traffic()
        began = perf_counter()
        rois.save()
        while rois.is_saving:
            await asyncio.sleep(0.005)
        if rois.unsaved:
            raise RuntimeError(f"{len(rois.unsaved)} shapes were not saved: {list(rois.errors.values())[:1]}")
        return {"seconds": perf_counter() - began, "round trips": self.proxy.traffic().round_trips}

    def close(self) -> None:
        """End everything."""
        self.side.close()
        self.viewer.close_image()
        self.service.close(patience=5)
        self.collector.close()


def _fail(error: BaseException) -> None:
    raise error


async def _no_file(path: Path, text: str) -> None:
    raise NotImplementedError


async def measure(proxy: ProxyProcess, image: int) -> dict[str, Any]:
    """Everything, over one line."""
    window = Window(proxy)
    await window.open(image)
    found: dict[str, Any] = {"loading": await window.load()}
    found["pan"] = {zoom: await window.pan(zoom) for zoom in (0.35, 1.0, 4.0)}
    found["select"] = window.select()
    found["save"] = await window.save()
    window.close()
    return found


def main() -> None:
    """Measure and print a table."""
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        print("Making the library…", flush=True)
        image = fill(Path(folder))
        found = {}
        with running_server(Path(folder)) as server:
            for round_trip in ROUND_TRIPS:
                print(f"Measuring at {round_trip * 1000:.0f} ms round trip…", flush=True)
                with ProxyProcess(server.host, server.ssl_port, round_trip) as proxy:
                    found[round_trip] = _run(application, proxy, image)
    table = [row for round_trip, each in found.items() for row in _rows(round_trip, each)]
    for row in table:
        print("  ".join(f"{cell:<44}" if n == 0 else f"{cell:<26}" for n, cell in enumerate(row)))
    save("rois", {"rois": [{"round trip": line, **each} for line, each in found.items()], "table": table})


def _run(application: QApplication, proxy: ProxyProcess, image: int) -> dict[str, Any]:
    with EventLoop(application) as loop:
        return loop.run_until_complete(measure(proxy, image))


def _rows(round_trip: float, found: dict[str, Any]) -> list[Row]:
    line, loading = f"{round_trip * 1000:.0f} ms", found["loading"]
    rows: list[Row] = [
        (f"{SHAPES:,} ROIs: table and overlay usable", f"{loading['usable after the last']:.2f} s", "2 s", line),
        ("  first page", f"{loading['first page']:.2f} s", "", line),
        ("  the last", f"{loading['all']:.1f} s, {loading['round trips']} round trips", "", line),
        ("  longest stall while they arrive", f"{loading['stalls']['worst']:.0f} ms", "", line),
        ("  from a shape to its row", f"{found['select']:.0f} ms", "", line),
    ]
    for sort, saved in found["save"].items():
        value = f"{saved['seconds']:.2f} s, {saved['round trips']} round trips"
        rows.append((f"  {NEW:,} {sort} shapes saved", value, "", line))
    for zoom, frames in found["pan"].items():
        value = f"{frames['p50']:.1f}, worst {frames['worst']:.1f} ms"
        value += f"; {frames['processor']:.1f} of the processor"
        rows.append((f"  a frame while panning at {zoom:.0%}", value, "33 ms", line))
        rows.append(("    the shapes of it", f"{frames['shapes alone']:.1f} ms", "", line))
    return rows


if __name__ == "__main__":
    main()
