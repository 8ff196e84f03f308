"""`./run bench files [REPEATS]`: folders of 591 and 20,000 files, read in worker processes and in the server itself.

Each folder is made once, and entered into a new library each time. Both ways take turns; the table has the middle of
each, and of the ratios of neighbours, for a computer is not equally busy all the time. Memory is that of the server
and its workers together, what they share counted once (Linux's Pss).
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from bench.results import print_table, save
from tests.support.server_process import ServerProcess, children, running_server

SMALL, LARGE = 591, 20_000
WAYS: Final = {"in the server": "false", "in workers": "true"}
_TURN_S: Final = 0.02
_MEMORY_TURNS: Final = 10

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Run:
    """Seconds from the start of the process until it was ready, had its first rows, and had all; MB at most."""

    ready: float
    first: float
    whole: float
    memory: float
    told: str


def main(repeats: str = "3") -> None:
    """Make the folders, measure, print the table and keep it."""
    rows: list[Row] = []
    kept: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        for count, times in ((SMALL, int(repeats)), (LARGE, 1 + int(repeats) // 3)):
            folder = Path(place, f"{count} files")
            print(f"Making a folder of {count:,} files…", flush=True)
            make_folder(folder, count)
            runs: dict[str, list[Run]] = {way: [] for way in WAYS}
            for _ in range(times):
                for way, setting in WAYS.items():
                    runs[way].append(measure(folder, setting))
                    print(f"{count:,} files {way}: {runs[way][-1]}", flush=True)
            rows += _rows(count, runs)
            kept[str(count)] = {way: [vars(run) for run in found] for way, found in runs.items()}
    print(f"\nLoad of the computer at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print_table(rows)
    save("files", {"runs": kept, "table": rows})


def make_folder(folder: Path, count: int) -> None:
    """Make files of several kinds and sizes in folders of a hundred; most of a large folder are small."""
    kinds = _kinds(512 if count == SMALL else 64)
    for number in range(count):
        ending, data = kinds[number % len(kinds)]
        place = folder / f"day {number // 100:03d}" / f"image {number:05d}{ending}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data(number))


def measure(folder: Path, setting: str) -> Run:
    """Serve a folder with a new library until all of it is entered."""
    with tempfile.TemporaryDirectory() as libraries:
        started = time.perf_counter()
        options = ("--folder", str(folder), "--libraries", libraries, "--set", f"desk.files.workers={setting}")
        with running_server(None, *options) as server:
            ready = time.perf_counter() - started
            first = whole = memory = 0.0
            turn = 0
            while not whole:
                notes = _progress(server)
                now = time.perf_counter() - started
                first = first or (now if notes else 0.0)
                whole = now if notes and notes[-1]["progress"] == 1 else 0.0
                if turn % _MEMORY_TURNS == 0 or whole:
                    memory = max(memory, sum(_megabytes(pid) for pid in (server.pid, *children(server.pid))))
                turn += 1
                time.sleep(_TURN_S)
            return Run(ready, first, whole, memory, notes[-1]["message"])


def _kinds(side: int) -> list[tuple[str, Callable[[int], bytes]]]:
    """Return endings with functions that make a file of a number, no two of which are alike."""

    def pixels(number: int, *shape: int) -> NDArray[np.uint16]:
        return np.random.default_rng(number).integers(0, 4000, (*shape, side, side), dtype=np.uint16)

    def tiff(number: int, *shape: int, **options: Any) -> bytes:
        file = BytesIO()
        tifffile.imwrite(file, pixels(number, *shape), photometric="minisblack", **options)
        return file.getvalue()

    def picture(number: int, kind: str) -> bytes:
        file = BytesIO()
        Image.fromarray((pixels(number) >> 4).astype(np.uint8)).save(file, kind)
        return file.getvalue()

    metadata = {"axes": "CZYX", "PhysicalSizeX": 0.1, "PhysicalSizeXUnit": "µm", "Channel": {"Name": ["DAPI", "GFP"]}}
    return [
        (".tif", tiff),
        (".ome.tif", lambda number: tiff(number, 2, 3, ome=True, metadata=metadata)),
        (".tif", lambda number: tiff(number, compression="zlib", tile=(64, 64))),
        (".tif", lambda number: tiff(number, 4, imagej=True, metadata={"axes": "ZYX"})),
        (".png", lambda number: picture(number, "png")),
        (".jpg", lambda number: picture(number, "jpeg")),
    ]


def _progress(server: ServerProcess) -> list[dict[str, Any]]:
    """Return what the server has told of its folder so far."""
    return [json.loads(note) for note in server.notes if note.startswith("{") and "search" not in note]


def _rows(count: int, runs: dict[str, list[Run]]) -> Iterator[Row]:
    here, there = (
        {
            name: statistics.median(getattr(run, name) for run in runs[way])
            for name in ("ready", "first", "whole", "memory")
        }
        for way in WAYS
    )
    name = f"A folder of {count:,} files"
    for part, what, aim in (("ready", "ready", ""), ("first", "first rows", ""), ("whole", "all rows", "1 x")):
        pairs = zip(*(runs[way] for way in WAYS), strict=True)
        ratio = statistics.median(getattr(after, part) / getattr(before, part) for before, after in pairs)
        yield (f"{name}: {what}", f"{there[part]:.1f} s", aim, f"{ratio:.2f} x {here[part]:.1f} s in the server itself")
    yield (f"{name}: memory", f"{there['memory']:.0f} MB", "", f"{here['memory']:.0f} MB in the server itself")


def _megabytes(pid: int) -> float:
    """Return the memory of a process, its share of what it shares; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
