"""`./run bench thumbnails`: the grid of thumbnails in a real window over a dataset of 10,000 images.

napari-omero's grid is measured beside it where `NAPARI_OMERO_PYTHON` names a Python that has it. omero-browser-qt has
no grid: of one image at a time it calls `getThumbnail`; so does the script here, for as many as a screen shows.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, Final, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from bench.proxy import ProxyProcess, Traffic
from bench.results import print_table, save
from bench.stalls import StallMeter, in_words
from bench.thumbnail_library import USER, fill
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Entity, Kind, Ref, Scope, SignIn
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.views.gallery.thumbnail_grid import ThumbnailGrid
from omero_desk.views.widgets.grid_geometry import GAP
from tests.support.server_process import ServerProcess, running_server

Result = dict[str, Any]
Row = tuple[str, str, str, str]
ROUND_TRIPS: Final = (0.0, 0.05)
NAPARI: Final = "NAPARI_OMERO_PYTHON"
_COLUMNS, _ROWS = 10, 6
SCREEN: Final = _COLUMNS * _ROWS
PLACES: Final = (1000, 2500, 4000, 5500, 7000)
"""Images at which a screen begins; what is told is the middle of them."""
_FRAME_S: Final = 0.016
_STEP: Final = 400
"""Logical pixels that the grid scrolls by in a frame: 10,000 images in some seven seconds."""


def main() -> None:
    """Measure at each round trip."""
    with tempfile.TemporaryDirectory() as folder:
        print("Making the library…", flush=True)
        made = Path(folder) / "library"
        dataset, found = fill(made), []
        for round_trip in ROUND_TRIPS:
            # A library of its own: what one run has shown, a server has made.
            fresh = shutil.copytree(made, Path(folder) / f"library at {round_trip}")
            with running_server(fresh) as server:
                found.append(_measure(server, dataset, Path(folder), round_trip))
    table = [row for one in found for row in _rows(one)]
    print_table(table)
    save("thumbnails", {"measured": found, "table": table})


def _measure(server: ServerProcess, dataset: int, folder: Path, round_trip: float) -> Result:
    print(f"Measuring thumbnails at {round_trip * 1000:.0f} ms round trip…", flush=True)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with ProxyProcess(server.host, server.ssl_port, round_trip) as proxy:
        with EventLoop(application) as loop:
            desk: Result = loop.run_until_complete(_of_desk(proxy, dataset, folder / f"{round_trip}.db"))
        desk["disk"] = _of_new_processes(proxy, dataset, folder / f"{round_trip}.db")
        peers = {"napari-omero": _of_napari(proxy, dataset), "one by one": _one_by_one(proxy, dataset)}
    found = {"round trip": round_trip, "desk": desk, "peers": peers}
    print(json.dumps(found), flush=True)
    return found


class WatchedGrid(ThumbnailGrid):
    """`painted`: all that is in sight is on the screen."""

    painted = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's."""
        super().paintEvent(event)
        if not self.has_undrawn and not self.missing():
            self.painted.emit()


class Line(Protocol):
    """The way to a server on this computer."""

    @property
    def port(self) -> int:
        """Where it is taken."""

    def traffic(self) -> Traffic:
        """What has gone over it since this was asked last."""


class Stage:
    """The grid in a window, signed in through a proxy."""

    def __init__(self, proxy: Line, dataset: int, path: Path) -> None:
        self.proxy = proxy
        self.dataset = Ref(Kind.DATASET, dataset)
        self.service = ServiceManager()
        self.disk = Worker("disk")
        self.reader = ThumbnailReader(self.service, ThumbnailFile(path), self.disk)
        self.meter = StallMeter()
        self._painted: asyncio.Future[tuple[float, int]] | None = None
        self.show(ThumbnailsModel(self.reader, print))

    def show(self, thumbnails: ThumbnailsModel) -> None:
        """Make a grid over thumbnails of which nothing is known yet."""
        self.thumbnails = thumbnails
        self.contents = ContentsModel(lambda: None, ImageSizesModel(_no_sizes, print))
        self.grid = WatchedGrid(self.contents, thumbnails)
        cells, bar = self.grid.geometry_of_cells, self.grid.verticalScrollBar().sizeHint().width()
        self.grid.resize(_COLUMNS * (cells.cell_width + GAP) + 2 * GAP + bar, _ROWS * cells.row_height)
        self.grid.painted.connect(self._note)

    async def start(self) -> None:
        """Sign in, and read what images there are."""
        take_short_turns()
        self.collector = Collector(lambda: False, self.grid)
        account = await self.service.sign_in(SignIn("127.0.0.1", self.proxy.port, USER, USER))
        scope = Scope(account.group.id)
        self.images = await self._children(self.dataset, scope)

    async def screen(self, first: int) -> Result:
        """Go to an image; seconds and round trips until all thumbnails in sight are painted."""
        await asyncio.sleep(0.2)
        self.proxy.traffic()
        self._painted = asyncio.get_running_loop().create_future()
        started = perf_counter()
        if self.contents.total == 0:
            self.contents.show_entities((self.dataset,), self.images)
            self.grid.show()
        bar = self.grid.verticalScrollBar()
        bar.setValue(bar.value() + self.grid.visualRect(self.contents.index(first, 0)).top() - GAP)
        self.grid.viewport().update()
        painted, trips = await self._painted
        seconds = painted - started
        await self.thumbnails.finished()
        checked = trips + self.proxy.traffic().round_trips
        return {"seconds": seconds, "round trips": trips, "round trips in the end": checked}

    async def scroll(self) -> Result:
        """Scroll from end to end, a step a frame."""
        bar = self.grid.verticalScrollBar()
        bar.setValue(0)
        await self.thumbnails.finished()
        before, shown = _memory(), len(self.thumbnails._known)
        self.meter.start()
        started = perf_counter()
        while bar.value() < bar.maximum():
            bar.setValue(bar.value() + _STEP)
            await asyncio.sleep(_FRAME_S)
        await self.thumbnails.finished()
        stalls, seconds = self.meter.stop(), perf_counter() - started
        grown = {"memory": _memory() - before, "pictures": self.thumbnails.memory_used}
        return {"stalls": stalls, "seconds": seconds, "shown": len(self.thumbnails._known) - shown, **grown}

    async def stop(self) -> None:
        """End the session and the window."""
        self.thumbnails.cancel_all()
        await self.thumbnails.finished()
        self.collector.close()
        self.service.close(patience=5)
        self.disk.close()
        self.grid.close()

    async def _children(self, ref: Ref, scope: Scope) -> list[Entity]:
        found: list[Entity] = []
        page = await self.service.call(Lane.BROWSING, browse.children, ref, scope)
        found += page.entities
        while page.next is not None:
            page = await self.service.call(Lane.BROWSING, browse.children, ref, scope, page.next)
            found += page.entities
        return found

    def _note(self) -> None:
        if self._painted is not None and not self._painted.done():
            self._painted.set_result((perf_counter(), self.proxy.traffic().round_trips))


async def _of_desk(proxy: ProxyProcess, dataset: int, path: Path) -> Result:
    stage = Stage(proxy, dataset, path)
    await stage.start()
    try:
        first = await stage.screen(0)
        empty = [await stage.screen(n) for n in PLACES]
        memory = [await stage.screen(n) for n in PLACES]
        scrolls = [await stage.scroll() for _ in range(1)]
        return {
            "images": len(stage.images),
            "in sight": len(stage.grid._ids(stage.grid.sight)),
            "first": first,
            "empty": _middle(empty),
            "memory": _middle(memory),
            "scrolls": scrolls,
        }
    finally:
        await stage.stop()


def _of_new_processes(proxy: ProxyProcess, dataset: int, path: Path) -> Result:
    """Screens that are on the disk, each in a new process that has just signed in."""
    found = []
    for place in PLACES:
        command = [sys.executable, "-m", "bench.thumbnails_again", str(proxy.port), str(dataset), str(path), str(place)]
        process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()  # it is signed in, and knows the images
        proxy.traffic()
        output, _ = process.communicate("go\n")
        one: Result = json.loads(output)
        found.append({**one, "round trips in the end": proxy.traffic().round_trips})
    return _middle(found)


def _middle(found: list[Result]) -> Result:
    return sorted(found, key=lambda one: float(one["seconds"]))[len(found) // 2]


def _of_napari(proxy: ProxyProcess, dataset: int) -> Result:
    """The time to the first screen of napari-omero's grid; why not, where it cannot be run."""
    python = os.environ.get(NAPARI, "")
    if not python:
        return {"why not": f"napari-omero is not here: {NAPARI} names no Python that has it"}
    command = [python, "-m", "bench.napari_grid", "127.0.0.1", str(proxy.port), str(dataset), str(SCREEN)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        process = subprocess.Popen(command, text=True, env=environment, **pipes)
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            return {"why not": process.communicate()[1].strip().splitlines()[-1]}
        proxy.traffic()
        output, error = process.communicate("go\n")
    found = output.strip().splitlines()
    if not found:
        why = next((line for line in error.splitlines() if "rror" in line), "")
        return {"why not": f"it ended with {process.returncode}: {why}"}
    return {**json.loads(found[-1]), "round trips": proxy.traffic().round_trips}


def _one_by_one(proxy: ProxyProcess, dataset: int) -> Result:
    """What omero-browser-qt's worker does for one image, for a screen of them."""
    proxy.traffic()
    command = [sys.executable, "-m", "bench.thumbnails_bare", "127.0.0.1", str(proxy.port), str(dataset), str(SCREEN)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: Result = json.loads(output)
    return {**found, "round trips": proxy.traffic().round_trips}


async def _no_sizes(_ids: object) -> dict[int, ImageSize]:
    return {}


def _memory() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _rows(found: Result) -> list[Row]:
    desk, line = found["desk"], f"{found['round trip'] * 1000:.0f} ms"
    screen = f"{line}: a screen of {desk['in sight']}"
    aims = {"first": "", "empty": "2 round trips", "memory": "0, 50 ms", "disk": "50 ms"}
    words = {
        "first": "the very first, which opens the services",
        "empty": "from empty",
        "memory": "seen before",
        "disk": "in a new process, from disk",
    }
    rows = [
        (
            f"{screen}, {words[key]}",
            ("" if key == "disk" else f"{desk[key]['round trips']} round trips, ")
            + f"{desk[key]['seconds'] * 1000:.0f} ms",
            aim,
            f"{desk[key]['round trips in the end']} with the row below and the check of the settings",
        )
        for key, aim in aims.items()
    ]
    for number, one in enumerate(desk["scrolls"], 1):
        stalls = one["stalls"]
        rows.append(
            (
                f"{line}: scrolling {desk['images']:,} end to end, time {number}",
                in_words(stalls),
                "16 ms, 50 ms",
                f"{one['seconds']:.1f} s, {one['pictures'] / 2**20:.0f} MB of pictures, the process grew by"
                f" {one['memory'] / 2**20:.0f} MB",
            )
        )
    for name, peer in found["peers"].items():
        label = f"{line}: {SCREEN} thumbnails, {name}"
        if "why not" in peer:
            rows.append((label, "not run", "", peer["why not"]))
        else:
            stall = f", worst stall {peer['stall']:.0f} ms" if "stall" in peer else ""
            rows.append((label, f"{peer['round trips']} round trips, {peer['seconds']:.1f} s{stall}", "", ""))
    return rows
