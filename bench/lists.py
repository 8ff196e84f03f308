"""`./run bench lists [ROWS] [FOLDER]`: one container of very many images in tree and gallery, in the real window.

The library is made once if FOLDER is given. Each time stands twice: as it passed, and as the processor spent it on the
window's own thread, which other programs on the computer do not change.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from bench.library import PASSWORD, USER
from bench.memory import resident
from bench.proxy import ProxyProcess
from bench.results import print_table, save
from omero_desk.app import make_application
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.gallery.contents_column import ContentsColumn
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.row_data import Role
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.settings import Settings
from tests.support.library_writer import LibraryWriter
from tests.support.running_desk import NOTHING, Running, until
from tests.support.server_process import running_server

Result = dict[str, Any]
Row = tuple[str, str, str, str]
ROWS: Final = 100_000
REPEATS: Final = 5
FRAMES: Final = (16, 50)
_PART: Final = 10_000
_DONE: Final = "complete"
_SIZE: Final = 1400, 900
_LINKED: Final = 100
"""Every so many images one is annotated."""
_MB: Final = 2**20


def main(rows: str = str(ROWS), folder: str = "", round_trip: str = "0") -> None:
    """Open a dataset of so many images, select all of it, ask for its menu, filter and sort it."""
    count = int(rows)
    application = make_application()
    with tempfile.TemporaryDirectory() as temporary:
        kept = library(Path(folder or temporary) / f"library-{count}", count)
        with (
            running_server(kept) as server,
            ProxyProcess(server.host, server.ssl_port, float(round_trip)) as proxy,
            EventLoop(application) as loop,
        ):
            found = loop.run_until_complete(_measure(Path(temporary), proxy, count))
    print_table(found["table"])
    save(f"lists-{count}", found)


def library(folder: Path, count: int) -> Path:
    """Return the folder with a library of a dataset of so many images, made anew if it was never finished."""
    if not (folder / _DONE).exists():
        print(f"Making a library of {count:,} images…", flush=True)
        store = Store(folder)
        try:
            with store.write() as connection:
                group = create_group(store.schema, connection, "bench", "rwra--")
                names = {"first_name": "Bench", "last_name": "Mark"}
                user = create_user(store.schema, connection, USER, groups=[group], password=PASSWORD, **names)
                (dataset,) = LibraryWriter(store, connection, user, group).named("Dataset", "Many")
                (tag,) = LibraryWriter(store, connection, user, group).add("TagAnnotation", {"textValue": "a tag"})
            for first in range(0, count, _PART):
                with store.write() as connection:
                    writer = LibraryWriter(store, connection, user, group)
                    images = writer.add("Image", *_images(first, min(first + _PART, count)))
                    writer.link("DatasetImageLink", [dataset] * len(images), images)
                    tagged = images[::_LINKED]
                    writer.link("ImageAnnotationLink", tagged, [tag] * len(tagged))
        finally:
            store.close()
        (folder / _DONE).touch()
    return folder


def _images(first: int, last: int) -> Iterator[dict[str, object]]:
    for n in range(first, last):
        # The order of the names is not that of the ids.
        yield {"name": f"2026-11-{n % 28 + 1:02}_plate{n * 7919 % 10_007}_Image{n}.ome.tiff", "series": 0}


class Gaps(QObject):
    """The times between two turns of the event loop, as they passed and as the thread's own processor time."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: list[float] = []
        self._spent: list[float] = []
        self._timer = QTimer(self, interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @contextmanager
    def watch(self) -> Iterator[Result]:
        """Fill what is yielded once the work is done: seconds, the processor's time, and the gaps in milliseconds."""
        found: Result = {}
        self._passed, self._spent = [], []
        self._last = perf_counter(), thread_time()
        began, spent = self._last
        self._timer.start()
        yield found
        self._tick()
        self._timer.stop()
        found |= {"seconds": perf_counter() - began, "processor": thread_time() - spent}
        for name, gaps in (("passed", self._passed), ("spent", self._spent)):
            p50, p99 = np.percentile(gaps, [50, 99])
            shares = {f"over {frame}": sum(gap for gap in gaps if gap > frame) / sum(self._passed) for frame in FRAMES}
            found[name] = {"p50": float(p50), "p99": float(p99), "worst": max(gaps), **shares}

    def _tick(self) -> None:
        now = perf_counter(), thread_time()
        self._passed.append((now[0] - self._last[0]) * 1000)
        self._spent.append((now[1] - self._last[1]) * 1000)
        self._last = now


class _Desk:
    """The window, signed in."""

    def __init__(self, running: Running, proxy: ProxyProcess, count: int) -> None:
        self._bench, self._proxy, self._count = running.bench, proxy, count
        self._tree, self._view = running.bench.tree, running.bench.browser.view
        self._contents, self._gallery = running.bench.models.contents, running.bench.gallery
        self._counts = running.bench.models.counts
        self._gaps = Gaps()
        self.table: list[Row] = []
        self.found: Result = {}

    @property
    def _dataset(self) -> QModelIndex:
        rows = (self._tree.index(row, 0) for row in range(self._tree.rowCount()))
        return next(index for index in rows if index.data(Role.NAME) == "Many")

    async def measure(self) -> None:
        """Everything, in the order in which a user would do it."""
        await self._rest()
        self.found["memory before"] = resident()
        await self._open()
        await self._rest()
        memory = resident()
        self._tell("Memory of the window", f"{memory / _MB:.0f} MB", "500 MB at 1,000,000", "")
        await self._select("the tree", self._view.selectAll, self._unselect)
        self._view.selectAll()
        await self._menu("the tree", self._view)
        self._unselect()
        await self._rest()
        grid = self._gallery.grid
        await self._select("the gallery", grid.selectAll, grid.clearSelection)
        grid.selectAll()
        await self._menu("the gallery", grid)
        grid.clearSelection()
        filtered, browsed = self._gallery.bar.filter_edit, self._bench.browser.filter_edit
        await self._slices("The gallery filtered", lambda: filtered.setText("99"), self._contents_done)
        await self._slices("The gallery without a filter again", filtered.clear, self._contents_done)
        by_date = lambda: self._contents.sort_by(ContentsColumn.DATE, True)  # noqa: E731
        await self._slices("The gallery sorted by date", by_date, self._contents_done)
        by_name = lambda: self._contents.sort_by(ContentsColumn.NAME)  # noqa: E731
        await self._slices("The gallery sorted by name again", by_name, self._contents_done)
        await self._slices("The tree filtered", lambda: browsed.setText("99"), self._tree.finished)
        await self._slices("The tree without a filter again", browsed.clear, self._tree.finished)
        self._tell("Memory of the window at the end", f"{resident() / _MB:.0f} MB", "", "")

    async def _open(self) -> None:
        """Select and expand the dataset: tree and gallery fill together."""
        index, first = self._dataset, list[float]()
        watching = self._tree.rowsInserted.connect(lambda parent, top, _last: self._note_first(first, parent, top))
        self._proxy.traffic()
        with self._gaps.watch() as found:
            began = perf_counter()
            self._unselect()
            self._view.expand(index)
            await until(lambda: self._tree.state(index) is LoadState.LOADED)
            read = perf_counter() - began
            await self._settle()
        QObject.disconnect(watching)
        assert self._tree.rowCount(index) == self._contents.rowCount() == self._count
        trips = self._proxy.traffic().round_trips
        self.found["open"] = {**found, "first": first[0] - began, "read": read, "round trips": trips}
        detail = f"first row after {(first[0] - began) * 1000:.0f} ms; {trips} round trips"
        self._tell("All rows in tree and gallery", f"{read:.2f} s", "", detail)
        self._tell_gaps("meanwhile", found)

    async def _select(self, where: str, select: Callable[[], object], unselect: Callable[[], object]) -> None:
        passed, spent = [], []
        for _ in range(REPEATS):
            await self._rest()
            began = perf_counter(), thread_time()
            select()
            QApplication.sendPostedEvents()
            passed.append((perf_counter() - began[0]) * 1000)
            spent.append((thread_time() - began[1]) * 1000)
            assert len(self._bench.workbench._shared.selection.entities) >= self._count
            with self._gaps.watch() as found:
                await self._settle()
            self.found.setdefault(f"after select all in {where}", []).append(found)
            unselect()
        worst = max(one["spent"]["worst"] for one in self.found[f"after select all in {where}"])
        self._tell(
            f"All of {where} selected",
            f"{median(spent):.0f} ms of the processor",
            "30 ms",
            f"{median(passed):.0f} ms passed; after it no turn over {worst:.0f} ms",
        )

    async def _menu(self, where: str, view: Any) -> None:
        await self._rest()
        opened = spent = 0.0
        with self._gaps.watch() as found:
            began = perf_counter(), thread_time()
            point = view.viewport().rect().center()
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, view.viewport().mapToGlobal(point))
            QApplication.sendEvent(view.viewport(), event)
            menu = QApplication.activePopupWidget()
            assert menu is not None
            opened, spent = (perf_counter() - began[0]) * 1000, (thread_time() - began[1]) * 1000
            await self._counts.finished()
            await self._settle()
        self.found[f"menu of {where}"] = {**found, "opened": opened}
        self._tell(
            f"The menu of all that is selected in {where}",
            f"{spent:.0f} ms of the processor",
            "30 ms",
            f"{opened:.0f} ms passed; “{menu.actions()[0].text()}” after {found['seconds']:.2f} s",
        )
        self._tell_gaps("meanwhile", found)
        menu.close()

    async def _slices(self, what: str, begin: Callable[[], object], done: Callable[[], Awaitable[object]]) -> None:
        await self._rest()
        with self._gaps.watch() as found:
            begin()
            await done()
            await self._settle()
        self.found[what] = found
        self._tell(what, f"{found['seconds']:.2f} s", "", f"{found['processor']:.2f} s of the processor")
        self._tell_gaps("meanwhile", found)

    async def _contents_done(self) -> None:
        await self._contents.finished()

    def _unselect(self) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self._view.selectionModel().setCurrentIndex(self._dataset, flags.ClearAndSelect | flags.Rows)

    def _note_first(self, first: list[float], parent: QModelIndex, top: int) -> None:
        if not first and self._tree.index(top, 0, parent).data(Role.REF) is not None:
            first.append(perf_counter())

    async def _settle(self) -> None:
        """Let everything be laid out and painted."""
        for _ in range(5):
            await asyncio.sleep(0.01)

    async def _rest(self) -> None:
        """Let pictures come and garbage go."""
        await self._settle()
        await self._contents_done()
        await self._bench.models.thumbnails.finished()
        gc.collect()
        await self._settle()

    def _tell_gaps(self, what: str, found: Result) -> None:
        passed, spent = found["passed"], found["spent"]
        self._tell(
            f"— stalls {what}",
            f"worst {spent['worst']:.0f} ms of the processor, {spent['over 16']:.1%} of the time over 16 ms",
            "16 ms, 1 %",
            f"worst {passed['worst']:.0f} ms passed, p99 {passed['p99']:.0f} ms, {passed['over 16']:.1%} over 16 ms",
        )

    def _tell(self, *row: str) -> None:
        what, measured, aim, detail = row
        self.table.append((what, measured, aim, detail))
        print(" | ".join(row), flush=True)


async def _measure(folder: Path, proxy: ProxyProcess, count: int) -> Result:
    running = Running(folder / "home", NOTHING, Settings())
    running.window.resize(*_SIZE)
    running.bench.connection.sign_in(SignInForm(f"127.0.0.1:{proxy.port}", USER, PASSWORD))
    await until(running.bench.tree.rowCount)
    await running.bench.tree.finished()
    if (dialog := running.dialog) is not None:
        dialog.close()
    desk = _Desk(running, proxy, count)
    try:
        await desk.measure()
    finally:
        await running.leave()
    return {**desk.found, "rows": count, "table": desk.table}
