"""Playing a time course: how many of its frames are painted in a second, and what that takes of the processor."""

from __future__ import annotations

import asyncio
import os
from itertools import pairwise
from time import perf_counter, process_time
from typing import Final

from PySide6.QtGui import QPainter
from typing_extensions import override

from bench import viewer_library as library
from bench.viewing import Result, Viewing, middle, painted
from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.viewer.layers import CanvasLayer

RATES: Final = (30, 60)
_SECONDS: Final = 2.5
_RUNS: Final = 5
Row = tuple[str, str, str, str]


class _Frames(CanvasLayer):
    """Notes the time points that are painted, each once all of it is there."""

    def __init__(self, viewer: ImageViewer) -> None:
        self._model = viewer.model
        self.seen: list[int] = []
        self.most_in_flight = 0

    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        raster = self._model.raster
        if isinstance(raster, PlaneRaster):
            self.most_in_flight = max(self.most_in_flight, raster.in_flight)
        if self._model.is_complete and (not self.seen or self.seen[-1] != self._model.t):
            self.seen.append(self._model.t)


async def measure(bench: Viewing) -> Result:
    """Play a time course that has not been read, and a short one from memory, five times each."""
    read = {rate: [await _read_while_playing(bench, rate) for _ in range(_RUNS)] for rate in RATES}
    return {"read": {str(rate): runs for rate, runs in read.items()}, "memory": await _from_memory(bench)}


async def _read_while_playing(bench: Viewing, rate: int) -> Result:
    viewer = bench.view("movie")
    await painted(viewer)
    found = await _play(bench, viewer, rate)
    await bench.leave(viewer)
    return found


async def _from_memory(bench: Viewing) -> list[Result]:
    viewer = bench.view("clip")
    await painted(viewer)
    for t in range(library.CLIP):
        viewer.model.set_plane(t=t)
        await painted(viewer)
    found = [await _play(bench, viewer, RATES[-1]) for _ in range(_RUNS)]
    await bench.leave(viewer)
    return found


async def _play(bench: Viewing, viewer: ImageViewer, rate: int) -> Result:
    """Return the frames a second, the share of one core that this process takes, and the gaps of the window."""
    slider, frames = viewer.sliders.t, _Frames(viewer)
    viewer.canvas.layers.append(frames)
    slider.rate.setValue(rate)
    bench.meter.start()
    began, used = perf_counter(), process_time()
    slider.play_button.setChecked(True)
    await asyncio.sleep(_SECONDS)
    slider.play_button.setChecked(False)
    seconds, processor = perf_counter() - began, process_time() - used
    viewer.canvas.layers.remove(frames)
    steps = [(later - earlier) % viewer.sliders.t.count for earlier, later in pairwise(frames.seen)]
    return {
        "rate": len(frames.seen) / seconds,
        "in order": sum(step == 1 for step in steps) / max(len(steps), 1),
        "core": processor / seconds,
        "in flight": frames.most_in_flight,
        "stalls": bench.meter.stop(),
        "load": os.getloadavg()[0],
    }


def rows(line: str, found: Result) -> list[Row]:
    """Return the rows of the table."""
    table = [
        (
            f"{line}: playing {library.CHANNELS} channels of 1024² for the first time at {rate} /s",
            f"{middle([run['rate'] for run in runs]):.0f} /s",
            f"{rate} /s",
            _details(runs) + f", at most {max(run['in flight'] for run in runs) / 2**20:.0f} MB in flight",
        )
        for rate, runs in found["read"].items()
    ]
    runs = found["memory"]
    share = middle([run["core"] for run in runs])
    table.append(
        (
            f"{line}: playing {library.CHANNELS} channels of 1024² from memory at {RATES[-1]} /s",
            f"{middle([run['rate'] for run in runs]):.0f} /s with {share:.0%} of a core",
            f"{RATES[-1]} /s, 60 %",
            _details(runs),
        )
    )
    return table


def _details(runs: list[Result]) -> str:
    gaps = [run["stalls"] for run in runs]
    over = ", ".join(f"{middle([gap[f'over {limit}'] for gap in gaps]):.1%} over {limit} ms" for limit in (16, 50))
    loads = [run["load"] for run in runs]
    return f"gaps: {over}; {middle([run['in order'] for run in runs]):.0%} in order; a load of {middle(loads):.1f}"
