"""`./run bench viewer`: the viewer in a real window, beside the bare calls of a script that reads the same pixels."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench import large_window, playing
from bench import viewer_library as library
from bench.proxy import ProxyProcess
from bench.results import print_table, save
from bench.viewing import Result, Viewing, middle, paint, painted, repainted, spread, until
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import PlaneKey
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.models.rasters.raster import MEMORY as PLANE_MEMORY
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.tile_raster import MEMORY as TILE_MEMORY
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.system.event_loop import EventLoop
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.server_process import ServerProcess, running_server

Row = tuple[str, str, str, str]
ROUND_TRIPS: Final = (0.0, 0.05)
_MOVES: Final = 60
_REPEATS: Final = 5
_SCREENS: Final = 50
_STEPS_A_SCREEN: Final = 8
_MB: Final = 2**20


def main() -> None:
    """Measure everything about images in view; some minutes."""
    with tempfile.TemporaryDirectory() as folder:
        print("Making the images…", flush=True)
        ids = library.fill(Path(folder))
        with running_server(Path(folder)) as server:
            found = [_through(server, ids, round_trip) for round_trip in ROUND_TRIPS]
    table = [row for one in found for row in _rows(one)]
    print_table(table)
    save("viewer", {"viewer": found, "table": table})


def _through(server: ServerProcess, ids: dict[str, int], round_trip: float) -> Result:
    print(f"Measuring the viewer at {round_trip * 1000:.0f} ms round trip…", flush=True)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    with ExitStack() as stack:
        proxy = stack.enter_context(ProxyProcess(server.host, server.ssl_port, round_trip))
        loop = stack.enter_context(EventLoop(application))
        found: Result = loop.run_until_complete(_measure(proxy, ids))
    return {"round trip": round_trip, **found}


async def _measure(proxy: ProxyProcess, ids: dict[str, int]) -> Result:
    bench = Bench(proxy, ids)
    await bench.start()
    try:
        return {
            "slide": await bench.slide(),
            "drags": {
                side: await bench.drag(name) for name, side in zip(("stack", "small"), library.SIDES, strict=True)
            },
            "sections": await bench.sections(),
            "playing": await playing.measure(bench),
            "large window": await large_window.measure(bench) if not proxy.round_trip else {},
        }
    finally:
        await bench.stop()


class Bench(Viewing):
    """What is measured at a window of common size."""

    # Contrast

    async def drag(self, name: str) -> Result:
        """Drag an end of the first channel's window, to and fro: from the mouse's move to the painted picture."""
        viewer = self.view(name)
        await painted(viewer)
        raster = viewer.model.raster
        assert isinstance(raster, PlaneRaster)
        await raster.finished()
        await self.images.finished()  # a task that goes on while events are processed by hand ends the loop
        found = {"fit": await self._drag(viewer)}
        viewer.canvas.zoom_to(1.0)
        await painted(viewer)
        found["100 %"] = await self._drag(viewer)
        await self.leave(viewer)
        return found

    async def _drag(self, viewer: ImageViewer) -> Result:
        details = viewer.channels.rows[0].details
        assert details is not None
        view, canvas = details.histogram, viewer.canvas
        self.proxy.traffic()
        start = QPoint(view.width() - 8, view.height() // 2)
        frames = []
        QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        for step in range(_MOVES):
            began = perf_counter()
            QTest.mouseMove(view, start - QPoint(3 + 2 * (step if step < _MOVES / 2 else _MOVES - step), 0))
            paint(viewer)
            frames.append((perf_counter() - began) * 1000)
            await asyncio.sleep(0)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        return {**spread(frames), "round trips": self.proxy.traffic().round_trips, "coarser": canvas.coarser}

    # Sections

    async def sections(self) -> Result:
        """A far section after a bare read of one, then all of them one after the other, then back through the last."""
        viewer = self.view("stack")
        await painted(viewer)
        model = viewer.model
        model.show_channels(lambda number: number == 0)
        raster, info = model.raster, model.info
        assert isinstance(raster, PlaneRaster)
        assert info is not None
        bare, ours = [], []
        for number in range(_REPEATS):
            await raster.finished()
            bare.append(await _seconds(partial(self.service.call, Lane.PIXELS, _bare_plane, info, 10 + 17 * number)))
            await raster.finished()
            began = perf_counter()
            model.set_plane(z=13 + 17 * number)
            await painted(viewer)
            ours.append(perf_counter() - began)
        model.show_channels(lambda _: True)
        await raster.finished()
        through = await self._through_sections(viewer, range(library.SECTIONS))
        await raster.finished()
        back = {"fit": await self._cached_sections(viewer, raster)}
        viewer.canvas.zoom_to(1.0)
        await painted(viewer)
        back["100 %"] = await self._cached_sections(viewer, raster)
        await self.leave(viewer)
        return {"bare": middle(bare), "first": middle(ours), "through": through, "cached": back}

    async def _through_sections(self, viewer: ImageViewer, sections: range) -> Result:
        raster, most = viewer.model.raster, 0
        assert isinstance(raster, PlaneRaster)
        self.meter.start()
        began = perf_counter()
        for z in sections:
            viewer.model.set_plane(z=z)
            await painted(viewer)
            most = max(most, raster.memory_used)
        seconds = perf_counter() - began
        return {"stalls": self.meter.stop(), "seconds": seconds, "memory": most}

    async def _cached_sections(self, viewer: ImageViewer, raster: PlaneRaster) -> Result:
        """Sections that are there: from the key to the painted picture."""
        frames = []
        self.proxy.traffic()
        for z in [library.SECTIONS - 1 - step for step in (1, 2, 1, 0, 1, 2, 1, 0, 1, 2)]:
            await raster.finished()
            await self.images.finished()
            await asyncio.sleep(0.15)  # histograms follow when pixels rest
            began = perf_counter()
            viewer.model.set_plane(z=z)
            paint(viewer)
            frames.append((perf_counter() - began) * 1000)
            assert viewer.model.is_complete
        return spread(frames)

    # The slide

    async def slide(self) -> Result:
        """Open it, once more when the server has read the file's directory, and pan across fifty screens of it."""
        viewer, cold = await self._open_slide()
        await self.leave(viewer)
        self.images.warm_up()
        await self.images.finished()
        viewer, found = await self._open_slide()
        found |= {"cold": cold["first"], **await self._pan(viewer)}
        await self.leave(viewer)
        again = perf_counter()
        small = self.view("small")
        await painted(small)
        found["a small image"] = perf_counter() - again
        await self.leave(small)
        return found

    async def _open_slide(self) -> tuple[ImageViewer, Result]:
        """Until something of all of it is painted, until it is sharp; and the round trips until those pixels came."""
        await asyncio.sleep(0.3)
        self.proxy.traffic()
        trips: list[int] = []
        began = perf_counter()
        viewer = self.view("slide")
        viewer.model.arrived.connect(lambda: trips.append(self.proxy.traffic().round_trips))
        await until(lambda: repainted(viewer) is not None)
        seconds, count = perf_counter() - began, sum(trips)
        await painted(viewer)
        sharp = perf_counter() - began
        return viewer, {"first": seconds, "round trips": count, "sharp": sharp, "sharp round trips": sum(trips)}

    async def _pan(self, viewer: ImageViewer) -> Result:
        canvas, raster = viewer.canvas, viewer.model.raster
        assert isinstance(raster, TileRaster)
        canvas.zoom_to(1.0)
        canvas.show_place(canvas.width(), library.SLIDE / 2)
        await painted(viewer)
        memory, paints = [], []
        self.meter.start()
        for _ in range(_SCREENS * _STEPS_A_SCREEN):
            began = perf_counter()
            canvas.show_viewport(canvas.viewport.moved(canvas.viewport.width / _STEPS_A_SCREEN, 0))
            canvas.repaint()
            paints.append((perf_counter() - began) * 1000)
            memory.append(raster.memory_used)
            await asyncio.sleep(1 / 60)
        stalls = self.meter.stop()
        await painted(viewer)
        return {"stalls": stalls, "paints": spread(paints), "memory": max(memory)}


def _bare_plane(session: LaneSession, info: ImageInfo, z: int) -> int:
    """One plane by a store of this lane's, as a script would read it; nothing is made of the bytes."""
    with session.kept("createRawPixelsStore").use(info.pixels_id, lambda store: None) as store:
        return len(store.getPlane(*(getattr(PlaneKey(z, 0, 0), name) for name in "zct")))


async def _seconds(work: Callable[[], Any]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


def _rows(found: Result) -> list[Row]:
    line = f"{found['round trip'] * 1000:.0f} ms"
    large = large_window.rows(found["large window"]) if found["large window"] else []
    return [
        *_drag_rows(line, found["drags"]),
        *_section_rows(line, found["sections"]),
        *_slide_rows(line, found),
        *playing.rows(line, found["playing"]),
        *large,
    ]


def _drag_rows(line: str, drags: dict[int, Result]) -> list[Row]:
    return [
        (
            f"{line}: a contrast slider on 3 channels of {side}², {zoom}",
            f"worst {one['worst']:.1f} ms, {one['round trips']} round trips",
            f"every frame under {33 if side > 1024 else 16} ms, no round trip",
            f"half under {one['p50']:.1f} ms, p99 {one['p99']:.1f} ms"
            + (", a level coarser" if one["coarser"] else ""),
        )
        for side, zooms in drags.items()
        for zoom, one in zooms.items()
    ]


def _section_rows(line: str, sections: Result) -> list[Row]:
    through, cached = sections["through"], sections["cached"]
    bare, first = sections["bare"] * 1000, sections["first"] * 1000
    return [
        (
            f"{line}: a section that is not there",
            f"{first / bare:.2f} x getPlane",
            "1.2 x",
            f"{first:.0f}, {bare:.0f} ms",
        ),
        (
            f"{line}: a section that is there, fit",
            f"worst {cached['fit']['worst']:.1f} ms",
            "16 ms",
            f"3 channels of 2048²; half under {cached['fit']['p50']:.1f} ms",
        ),
        (
            f"{line}: a section that is there, 100 %",
            f"worst {cached['100 %']['worst']:.1f} ms",
            "16 ms",
            f"half under {cached['100 %']['p50']:.1f} ms",
        ),
        (
            f"{line}: stalls through {library.SECTIONS} sections",
            f"worst {through['stalls']['worst']:.0f} ms",
            "50 ms",
            f"p99 {through['stalls']['p99']:.0f} ms; {through['seconds']:.1f} s for all",
        ),
        (
            f"{line}: memory meanwhile",
            f"{through['memory'] / _MB:.0f} MB",
            f"{PLANE_MEMORY / _MB:.0f} MB",
            "planes and their smaller versions",
        ),
    ]


def _slide_rows(line: str, found: Result) -> list[Row]:
    slide = found["slide"]
    # With no delay what is sent together is answered apart, and would count as several.
    counted = found["round trip"] > 0
    sharp = f"{slide['sharp round trips']}, " if counted else ""
    return [
        (
            f"{line}: the first full view of {library.SLIDE:,} x {library.SLIDE:,}",
            f"{slide['round trips']} round trips" if counted else f"{slide['first'] * 1000:.0f} ms",
            "3" if counted else "",
            f"{slide['first'] * 1000:.0f} ms, the very first {slide['cold'] * 1000:.0f};"
            f" sharp after {sharp}{slide['sharp'] * 1000:.0f} ms;"
            f" an image of 1024² after {slide['a small image'] * 1000:.0f} ms",
        ),
        (
            f"{line}: stalls while panning {_SCREENS} screens",
            f"worst {slide['stalls']['worst']:.0f} ms",
            "50 ms",
            f"p99 {slide['stalls']['p99']:.0f} ms; half of the frames painted within {slide['paints']['p50']:.1f} ms",
        ),
        (f"{line}: memory meanwhile", f"{slide['memory'] / _MB:.0f} MB", f"{TILE_MEMORY / _MB:.0f} MB", "tiles"),
    ]
