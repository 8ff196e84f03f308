"""napari-omero's own thumbnail grid, run by a Python that has it: `PYTHON -m bench.napari_grid HOST PORT DATASET N`.

Prints JSON: seconds until N thumbnails show after the dataset was chosen, and the longest time without an answer.
Imports nothing of OMERO Desk; napari_omero's classes are used as they are.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from time import perf_counter
from typing import Any

from napari_omero.widgets.gateway import QGateWay
from napari_omero.widgets.thumb_grid import ThumbGrid
from omero.gateway import BlitzGateway
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

_INTERVAL_MS = 1
_LIMIT_S = 60


class Dataset:
    """What the grid asks of a row of napari-omero's tree."""

    def __init__(self, wrapper: Any) -> None:
        self.wrapper = wrapper

    @staticmethod
    def isDataset() -> bool:
        """It is one."""
        return True

    @staticmethod
    def isImage() -> bool:
        """It is none."""
        return False


def main(host: str, port: str, dataset: str, number: str) -> None:
    """Measure once."""
    application = QApplication.instance() or QApplication([])
    conn = BlitzGateway("bench", "bench", host=host, port=int(port), secure=True)
    assert conn.connect()
    conn.SERVICE_OPTS.setOmeroGroup(-1)
    gateway = QGateWay()
    gateway.conn = conn
    grid = ThumbGrid(gateway)
    grid.resize(1340, 980)
    grid.show()
    item = Dataset(conn.getObject("Dataset", int(dataset)))
    times: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: times.append(perf_counter()))
    timer.start(_INTERVAL_MS)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    started = perf_counter()
    grid.set_item(item)
    while grid.count() < int(number) and perf_counter() - started < _LIMIT_S:
        application.processEvents()
    seconds = perf_counter() - started
    gaps = [after - before for before, after in pairwise(times)]
    sys.stdout.write(
        json.dumps({"seconds": seconds, "count": grid.count(), "stall": max(gaps, default=0) * 1000}) + "\n"
    )
    sys.stdout.flush()
    os._exit(0)  # its worker goes on through the whole dataset


if __name__ == "__main__":
    main(*sys.argv[1:])
