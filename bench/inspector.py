"""`./run bench inspector [--quick]`: the inspector and the spreadsheet in the real window, over a slow line.

The dataset has 10,000 images, each with tags and a value for each of 24 keys; `--quick` has 3,000 and measures all
once. Requests are counted where a lane begins with them, round trips by the proxy.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from bench.inspector_library import KEYS, USER, fill
from bench.inspector_table import Scale, rows
from bench.lists import Gaps
from bench.proxy import ProxyProcess
from bench.results import print_table, save
from bench.stalls import StallMeter
from omero_desk.app import make_application
from omero_desk.entities.annotations import Section
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.annotations.inspector import REST_MS
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.sheet.columns import Column, Field
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.row_data import Role
from omero_desk.system.event_loop import EventLoop
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.sheet.part import SheetPart
from tests.support.running_desk import NOTHING, Running, until
from tests.support.server_process import ServerProcess, running_server

Result = dict[str, Any]
QUICK: Final = "--quick"
ROUND_TRIPS: Final = (0.0, 0.05)
_FIRST: Final = 20
_PAUSE_S: Final = 0.3
_SIZE: Final = 1440, 900
_REST_S: Final = REST_MS / 1000
_STEPS: Final = {"held down": 0.033, "pressed slowly": 0.12}
"""Seconds between two arrow keys: as a keyboard repeats them, and so that each image rests for a moment."""
_READ: Final = (
    *(Section.TAGS, Section.KEY_VALUES, Section.ATTACHMENTS, Section.COMMENTS, Section.TABLES, Section.OTHERS),
)
_OPEN: Final = ("description", "details", "tags", "key_values")
"""The sections that are open in a new window."""


def main(option: str = "") -> None:
    """Measure at each round trip."""
    scale = Scale(images=3000, walked=30, repeats=1, edited=10) if option == QUICK else Scale()
    with tempfile.TemporaryDirectory() as folder:
        print("Making the library…", flush=True)
        dataset = fill(Path(folder) / "library", scale.images)
        with running_server(Path(folder) / "library") as server:
            found = [measured(server, dataset, Path(folder) / f"home {line}", line, scale) for line in ROUND_TRIPS]
    table = [row for one in found for row in rows(one, found[0], scale)]
    print_table(table)
    save("inspector", {"load": os.getloadavg(), "measured": found, "table": table})


def measured(server: ServerProcess, dataset: int, home: Path, round_trip: float, scale: Scale) -> Result:
    """Measure everything over one line."""
    print(f"Measuring the inspector at {round_trip * 1000:.0f} ms round trip…", flush=True)
    application = make_application()
    with ProxyProcess(server.host, server.ssl_port, round_trip) as proxy, EventLoop(application) as loop:
        found: Result = loop.run_until_complete(_measured(home, proxy, dataset, scale))
    found |= {"round trip": round_trip, "load": os.getloadavg()}
    print(json.dumps(found), flush=True)
    return found


class CountedCalls:
    """The calls of an account, counted by the names of the gateway's functions.

    `asked` are those that were made, `sent` those with which a lane has begun.
    """

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls
        self.asked: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()

    @property
    def account(self) -> Any:
        """Whose calls they are."""
        return self._calls.account

    async def call(self, lane: Lane, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Make a call."""
        self.asked[function.__name__] += 1

        @wraps(function)
        def counted(*given: Any, **more: Any) -> Any:
            self.sent[function.__name__] += 1
            return function(*given, **more)

        return await self._calls.call(lane, counted, *args, **options)

    async def write(self, lane: Lane, change: Any, *, sent: bool = False) -> Any:
        """Make a change."""
        self.asked["write"] += 1
        self.sent["write"] += 1
        return await self._calls.write(lane, change, sent=sent)

    def clear(self) -> None:
        """Count from nought."""
        self.asked.clear()
        self.sent.clear()


class Stage:
    """The window, signed in, with the dataset open in the tree."""

    def __init__(self, running: Running, proxy: ProxyProcess, scale: Scale) -> None:
        self._proxy, self._scale, self._bench = proxy, scale, running.bench
        self._annotations = running.bench.workbench.part(AnnotationsPart)
        self._sheet = running.bench.workbench.part(SheetPart)
        self._model, self._panel = self._annotations.inspected, self._annotations.details
        self._tree, self._view = running.bench.tree, running.bench.browser.view
        self._meter, self._gaps, self._began = StallMeter(), Gaps(), 0.0
        reader: Any = self._model._reader
        self._calls = reader._calls = CountedCalls(reader._calls)
        of_sheet: Any = self._sheet._reader
        self._sheet_calls = of_sheet._calls = CountedCalls(of_sheet._calls)

    async def open(self, dataset: int) -> None:
        """Expand the dataset."""
        self._dataset = [Ref(Kind.DATASET, dataset)]
        index = self._tree.find(self._dataset)
        self._view.expand(index)
        await until(lambda: self._tree.state(self._tree.find(self._dataset)) is LoadState.LOADED)

    async def measure(self) -> Result:
        """Everything, in the order in which a user would do it; scripts for the same have their turns in between."""
        found: Result = {
            "header": await self._header(),
            "sections": await self._sections(),
            "walks": {name: await self._walk(step) for name, step in _STEPS.items()},
            "some": await self._some(),
            "tag": [],
            "bare tag": [],
            "sheet": [],
            "bare rows": [],
            "bare ours": [],
        }
        for number in range(self._scale.repeats):
            found["tag"].append(await self._tag(number))
            found["bare tag"].append(await self._bare("tag"))
        for _ in range(self._scale.repeats):
            found["sheet"].append(await self._read_sheet())
            found["bare rows"].append(await self._bare("rows"))
            found["bare ours"].append(await self._bare("ours"))
        return {**found, "cells": self._edit_cells()}

    # One image

    async def _header(self) -> Result:
        """Select images with all sections closed: until the head and the details are painted."""
        self._show(())
        found = []
        for row in range(0, 10, 2):
            await self._rest()
            seconds, trips = await self._look_at(row)
            found.append({"seconds": seconds - _REST_S, "round trips": trips, "sent": dict(self._calls.sent)})
        return _middle(found)

    async def _sections(self) -> Result:
        """Open each section of an image: until its contents are painted."""
        return {section.value: _middle([await self._section(section, row) for row in (1, 5, 9)]) for section in _READ}

    async def _section(self, section: Section, row: int) -> Result:
        self._show(())
        await self._rest()
        await self._look_at(row)
        await self._rest()
        self._begin()
        self._panel.show_section(section.value)
        seconds, trips = await self._when(self._model.section_changed, lambda: self._is_read(section))
        return {"seconds": seconds, "round trips": trips, "sent": dict(self._calls.sent)}

    async def _walk(self, step: float) -> Result:
        """Press the arrow key through images, the inspector open with its first sections."""
        self._show(_OPEN)
        await self._look_at(_FIRST)
        await self._rest()
        self._begin()
        before, keys = self._began, []
        with self._gaps.watch() as gaps:
            for number in range(self._scale.walked):
                await asyncio.sleep(step if number else 0)
                self._began = perf_counter()
                QTest.keyClick(self._view, Qt.Key.Key_Down)
                keys.append((perf_counter() - self._began) * 1000)
            last: Ref = self._view.currentIndex().data(Role.REF)
            shown, _ = await self._when(self._model.changed, lambda: self._shows(last))
            await self._model.finished()
            whole = perf_counter()
        return {
            "seconds": whole - before,
            "stalls": gaps["passed"],
            "processor": gaps["spent"],
            "key": _percentiles(keys),
            "asked": dict(self._calls.asked),
            "sent": dict(self._calls.sent),
            "last": shown - _REST_S,
            "last with its sections": whole - self._began - _REST_S,
        }

    # Many images

    async def _some(self) -> Result:
        """Select 1,000 images, and ask for their counts as their menu does."""
        self._show(_OPEN)
        await self._rest()
        self._begin()
        self._meter.start()
        self._select(self._scale.some)
        await until(lambda: len(self._model.refs) == self._scale.some)
        await self._model.finished()
        seconds, sections = perf_counter() - self._began - _REST_S, sum(self._calls.sent.values())
        counts = self._bench.models.counts
        counts.count(self._model.entities)
        await counts.finished()
        stalls, trips = self._meter.stop(), self._proxy.traffic().round_trips
        assert len(self._model.contents(Section.TAGS).annotations or ()) > 1
        return {
            "seconds": seconds,
            "sections": sections,
            "sent": dict(self._calls.sent),
            "round trips": trips,
            "stalls": stalls,
        }

    async def _tag(self, number: int) -> Result:
        """Put a new tag on all images."""
        self._select(self._scale.images)
        await until(lambda: len(self._model.entities) == self._scale.images)
        await self._rest()
        self._begin()
        self._meter.start()
        edits = self._bench.models.edits
        edits.tag(self._model.able, f"ours {number} {self._proxy.round_trip}")
        seconds, trips = await self._when(edits.changed, lambda: not edits.pending)
        stalls, sent = self._meter.stop(), dict(self._calls.sent)
        await until(lambda: self._calls.sent["counts"])
        await self._bench.models.counts.finished()
        after = {name: count - sent.get(name, 0) for name, count in self._calls.sent.items()}
        return {"seconds": seconds, "round trips": trips, "sent": sent, "sent after": after, "stalls": stalls}

    # The spreadsheet

    async def _read_sheet(self) -> Result:
        """Show all images as a spreadsheet of which nothing is known yet."""
        bar, rows, contents = self._bench.gallery.bar, self._sheet.rows, self._bench.models.contents
        bar.as_gallery.setChecked(True)
        self._view.setCurrentIndex(self._tree.find(self._dataset))
        await until(lambda: contents.rowCount() == self._scale.images)
        await until(lambda: self._bench.models.sizes.get(contents.entities[-1].ref.id) is not None or not rows.known)
        self._sheet.sheet.forget()
        await self._rest()
        self._begin()
        self._meter.start()
        bar.as_sheet.setChecked(True)
        first, trips = await self._when(rows.arrived, lambda: bool(rows.known))
        all_, more = await self._when(rows.changed, lambda: len(rows.known) == self._scale.images)
        stalls = self._meter.stop()
        return {
            "first": first,
            "first round trips": trips,
            "all": all_,
            "round trips": trips + more,
            "sent": dict(self._sheet_calls.sent),
            "columns": len(self._sheet.sheet.columns),
            "stalls": stalls,
        }

    def _edit_cells(self) -> Result:
        """Open cells with Return, type into them and take what was typed with Return, each until it is painted."""
        sheet, view = self._sheet.sheet, self._sheet.panel.view
        column = sheet.columns.index(Column(Field.KEY, KEYS[0]))
        found: dict[str, list[float]] = {"open": [], "letter": [], "take": []}

        def press(what: str, widget: QWidget, key: Qt.Key) -> None:
            began = perf_counter()
            QTest.keyClick(widget, key)
            QApplication.sendPostedEvents()  # with what is to be painted
            view.viewport().repaint(view.visualRect(index))
            found[what].append((perf_counter() - began) * 1000)

        for row in range(self._scale.edited):
            index = sheet.index(row, column)
            view.setCurrentIndex(index)
            press("open", view, Qt.Key.Key_Return)
            (editor,) = view.viewport().findChildren(QLineEdit)
            for letter in (Qt.Key.Key_7, Qt.Key.Key_3, Qt.Key.Key_1):
                press("letter", editor, letter)
            press("take", editor, Qt.Key.Key_Return)
            assert sheet.text(sheet.cell(row, column)) == "731"
        sheet.changes.discard()
        return {what: _percentiles(times) for what, times in found.items()}

    # Steps

    def _show(self, identities: Sequence[str]) -> None:
        """Have these sections open, and no others."""
        for section in self._panel.sections:
            self._panel.restore(section.identity, section.identity in identities)

    def _select(self, count: int) -> None:
        """Select so many images from the first on."""
        parent = self._tree.find(self._dataset)
        first, last = self._tree.index(0, 0, parent), self._tree.index(count - 1, 0, parent)
        flags = QItemSelectionModel.SelectionFlag
        self._view.selectionModel().select(QItemSelection(first, last), flags.ClearAndSelect | flags.Rows)

    async def _look_at(self, row: int) -> tuple[float, int]:
        """Select one image; return the seconds and round trips until it is shown."""
        index = self._tree.index(row, 0, self._tree.find(self._dataset))
        ref: Ref = index.data(Role.REF)
        self._begin()
        self._view.setCurrentIndex(index)
        return await self._when(self._model.changed, lambda: self._shows(ref))

    def _shows(self, ref: Ref) -> bool:
        return self._model.about is not None and self._model.about.ref == ref

    def _is_read(self, section: Section) -> bool:
        return self._model.contents(section).annotations is not None

    def _begin(self) -> None:
        self._calls.clear()
        self._sheet_calls.clear()
        self._proxy.traffic()
        self._began = perf_counter()

    async def _when(self, signal: Any, holds: Callable[[], bool]) -> tuple[float, int]:
        """Wait until a signal finds that something holds; return the seconds until it is painted, and round trips."""
        done: asyncio.Future[tuple[float, int]] = asyncio.get_running_loop().create_future()

        def look(*_: object) -> None:
            if not done.done() and holds():
                trips = self._proxy.traffic().round_trips
                for area in (self._panel, self._sheet.panel.view):
                    if area.isVisible():
                        area.viewport().repaint()
                done.set_result((perf_counter() - self._began, trips))

        connection = signal.connect(look)
        look()
        try:
            return await done
        finally:
            QObject.disconnect(connection)

    async def _rest(self) -> None:
        """Wait until nothing is under way, and garbage is gone."""
        await asyncio.sleep(_PAUSE_S)
        for model in self._bench.models.working:
            await model.finished()
        gc.collect()
        await asyncio.sleep(_PAUSE_S)

    async def _bare(self, what: str) -> Result:
        """Let a script do the same."""
        await self._rest()
        self._proxy.traffic()
        where = ["127.0.0.1", str(self._proxy.port), str(self._dataset[0].id), str(self._scale.images)]
        command = [sys.executable, "-m", "bench.inspector_bare", what, *where]
        process = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
        found: Result = json.loads(process.stdout)
        return found


async def _measured(home: Path, proxy: ProxyProcess, dataset: int, scale: Scale) -> Result:
    running = Running(home, NOTHING, Settings())
    running.window.resize(*_SIZE)
    running.bench.connection.sign_in(SignInForm(f"127.0.0.1:{proxy.port}", USER, USER))
    await until(running.bench.tree.rowCount)
    await running.bench.tree.finished()
    if (dialog := running.dialog) is not None:
        dialog.close()
    stage = Stage(running, proxy, scale)
    try:
        await stage.open(dataset)
        return await stage.measure()
    finally:
        await running.leave()


def _middle(found: Sequence[Result]) -> Result:
    ordered = sorted(found, key=lambda one: float(one["seconds"]))
    return ordered[len(ordered) // 2]


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    p50, p99 = np.percentile(times, [50, 99])
    return {"p50": float(p50), "p99": float(p99), "worst": max(times)}
