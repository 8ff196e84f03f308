"""A window on a screen of 3840 x 2160: contrast, sections that are there, and panning."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Final

from bench import viewer_library as library
from bench.viewing import Result, Viewing, middle, paint, painted, spread
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.views.viewer.image_viewer import ImageViewer

SIZE: Final = (3840, 2100)
_RUNS: Final = 5
_FRAMES: Final = 24
Row = tuple[str, str, str, str]


async def measure(bench: Viewing) -> Result:
    """Change what a viewer of three channels of 2048² shows, in five runs each."""
    viewer = bench.view("stack", SIZE)
    await painted(viewer)
    raster = viewer.model.raster
    assert isinstance(raster, PlaneRaster)
    await raster.finished()
    await bench.images.finished()
    found = {"contrast": await _runs(viewer, lambda n: _contrast(viewer, n)), "section": await _sections(viewer)}
    viewer.canvas.zoom_to(3.0)
    await painted(viewer)
    found["pan"] = await _runs(viewer, lambda n: _pan(viewer, n))
    await bench.leave(viewer)
    return found


async def _sections(viewer: ImageViewer) -> list[Result]:
    for z in range(3):
        viewer.model.set_plane(z=z)
        await painted(viewer)
    return await _runs(viewer, lambda number: viewer.model.set_plane(z=number % 3))


def _contrast(viewer: ImageViewer, number: int) -> None:
    viewer.model.set_channel(0, end=2000.0 + 40 * number)


def _pan(viewer: ImageViewer, number: int) -> None:
    canvas = viewer.canvas
    canvas.show_viewport(canvas.viewport.moved((1 if number % 24 < 12 else -1) * canvas.viewport.width / 24, 0))


async def _runs(viewer: ImageViewer, change: Callable[[int], None]) -> list[Result]:
    """Return, for each run, the times from changes to painted pictures, and the processor's of all threads."""
    raster = viewer.model.raster
    assert isinstance(raster, PlaneRaster)
    runs = []
    for _ in range(_RUNS):
        frames, used = [], []
        for number in range(1, _FRAMES + 1):
            await raster.finished()
            await asyncio.sleep(0.02)
            began, before = perf_counter(), process_time()
            change(number)
            paint(viewer)
            frames.append((perf_counter() - began) * 1000)
            used.append((process_time() - before) * 1000)
        runs.append({**spread(frames), "processor": middle(used), "load": os.getloadavg()[0]})
    return runs


def rows(found: Result) -> list[Row]:
    """Return the rows of the table."""
    names = {
        "contrast": ("a contrast slider, fit", "16 ms"),
        "section": ("a section that is there, fit", "16 ms"),
        "pan": ("panning, 300 %", "33 ms"),
    }
    return [
        (
            f"{SIZE[0]} x {SIZE[1]}, {library.CHANNELS} channels of {library.SIDES[0]}²: {name}",
            f"worst {middle([run['worst'] for run in found[what]]):.0f} ms",
            aim,
            f"half under {middle([run['p50'] for run in found[what]]):.0f} ms, the processor's"
            f" {middle([run['processor'] for run in found[what]]):.0f} ms; medians of five runs,"
            f" a load of {middle([run['load'] for run in found[what]]):.1f}",
        )
        for what, (name, aim) in names.items()
    ]
