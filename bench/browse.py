"""The tree in a real window: what it costs to open a container, beside a bare script that asks for the same rows."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtWidgets import QApplication

from bench.library import ANNOTATED, IMAGES, MORE_IMAGES, PASSWORD, PROJECT, USER, dataset_name
from bench.proxy import ProxyProcess
from bench.stalls import StallMeter
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import AnnotationCounts, Cursor, Page, Ref, Scope, SignIn
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.tree.row_data import Role
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.widgets import icons

Result = dict[str, Any]
REPEATS = 5


class Bench:
    """A tree in a window, signed in through a proxy."""

    def __init__(self, proxy: ProxyProcess) -> None:
        self.proxy = proxy
        self.service = ServiceManager()
        self.tree = OmeroTreeModel(self._fetch, self._fail, icon=icons.kind_icon)
        self.counts = AnnotationCountsModel(self._count, self._fail)
        self.view = BrowserView(self.tree, self.counts)
        self.view.resize(400, 800)
        self.meter = StallMeter()

    async def _fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        return await self.service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit, following=browse.PAGE)

    async def _count(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        return await self.service.call(Lane.METADATA, annotation_counts.counts, refs)

    async def start(self) -> None:
        """Sign in and show what there is, with Python tuned as the application does it."""
        take_short_turns()
        self.collector = Collector(lambda: bool(self.tree.progress), self.view)
        account = await self.service.sign_in(SignIn("127.0.0.1", self.proxy.port, USER, PASSWORD))
        self.view.show()
        self.scope = Scope(account.group.id)
        self.tree.open(self.scope)
        await self.tree.finished()

    def stop(self) -> None:
        """End the session and the window."""
        self.tree.cancel_all()
        self.service.close(patience=5)
        self.collector.close()
        self.view.close()

    async def expand(self, name: str) -> Result:
        """Open a row; round trips, seconds to the first row and to all, and the stalls meanwhile."""
        index = self.row(name)
        first: list[float] = []
        watching = self.tree.rowsInserted.connect(lambda *rows: self._note_first(first, *rows))
        await asyncio.sleep(0.3)
        self.proxy.traffic()
        self.meter.start()
        started = perf_counter()
        self.view.view.expand(index)
        await self.tree.finished()
        finished = perf_counter()
        QApplication.processEvents()
        stalls = self.meter.stop()
        QObject.disconnect(watching)
        rows = self.tree.rowCount(index)
        traffic = self.proxy.traffic()
        return {
            "rows": rows,
            "round trips": traffic.round_trips,
            "bytes a row": traffic.bytes_down / rows,
            "first": first[0] - started,
            "all": finished - started,
            "stalls": stalls,
        }

    async def expand_afresh(self, name: str) -> Result:
        """The middle of several, each after everything was closed and read anew."""
        measured = []
        for _ in range(REPEATS):
            self.tree.open(self.scope)
            await self.tree.finished()
            measured.append(await self.expand(name))
        middle = sorted(measured, key=lambda one: one["all"])[REPEATS // 2]
        worst = max(one["stalls"]["worst"] for one in measured)
        return {**middle, "worst stall of all": worst}

    async def count(self, name: str) -> Result:
        """The annotation counts of a thousand selected images, as the context menu asks for them."""
        index = self.row(name)
        entities = self.tree.entities(index, 0, ANNOTATED - 1)
        self.counts.count(entities)  # the lane makes its services
        await self.counts.finished()
        self.proxy.traffic()
        started = perf_counter()
        self.counts.count(entities)
        await self.counts.finished()
        assert isinstance(self.counts.total, AnnotationCounts)
        return {
            "objects": len(entities),
            "calls": self.proxy.traffic().round_trips,
            "seconds": perf_counter() - started,
        }

    async def memory(self, name: str) -> Result:
        """Bytes that stay allocated for each row, Python's own count."""
        self.tree.open(self.scope)
        await self.tree.finished()
        gc.collect()
        tracemalloc.start()
        index = self.row(name)
        self.tree.fetchMore(index)
        await self.tree.finished()
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        rows = self.tree.rowCount(index)
        return {"rows": rows, "bytes a row": size / rows}

    def row(self, name: str) -> QModelIndex:
        """The row below the root with this name."""
        rows = (self.tree.index(row, 0) for row in range(self.tree.rowCount()))
        return next(index for index in rows if index.data(Role.NAME) == name)

    def ref(self, name: str) -> Ref:
        """The object with this name."""
        found: Ref = self.row(name).data(Role.REF)
        return found

    def _note_first(self, first: list[float], parent: QModelIndex, top: int, _bottom: int) -> None:
        """Note when the first row came that stands for an object."""
        if not first and self.tree.index(top, 0, parent).data(Role.REF) is not None:
            first.append(perf_counter())

    @staticmethod
    def _fail(error: BaseException) -> None:
        raise error


async def measure(proxy: ProxyProcess) -> Result:
    """Everything, through one proxy."""
    bench = Bench(proxy)
    await bench.start()
    try:
        return {
            "ids": {name: bench.ref(name).id for name in (PROJECT, dataset_name(IMAGES), dataset_name(MORE_IMAGES))},
            "project": await bench.expand_afresh(PROJECT),
            "dataset": await bench.expand_afresh(dataset_name(IMAGES)),
            "counts": await bench.count(dataset_name(IMAGES)),
            "memory": [await bench.memory(dataset_name(count)) for count in (IMAGES, MORE_IMAGES)],
        }
    finally:
        bench.stop()


def run(proxy: ProxyProcess) -> Result:
    """Measure on a Qt event loop of its own."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with EventLoop(application) as loop:
        result: Result = loop.run_until_complete(measure(proxy))
        return result
