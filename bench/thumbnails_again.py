"""A screen of thumbnails that are on the disk, in a process that has shown none yet.

`python -m bench.thumbnails_again PORT DATASET FILE FIRST` signs in, says so, waits for a line, and prints JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from bench.proxy import Traffic
from bench.thumbnails import Result, Stage
from omero_desk.system.event_loop import EventLoop


class _Unwatched:
    """A line whose traffic the process that started this one counts."""

    def __init__(self, port: int) -> None:
        self.port = port

    def traffic(self) -> Traffic:
        """Nothing."""
        return Traffic(0, 0)


async def _measure(port: int, dataset: int, path: Path, first: int) -> Result:
    stage = Stage(_Unwatched(port), dataset, path)
    await stage.start()
    try:
        print("ready", flush=True)
        sys.stdin.readline()
        return await stage.screen(first)
    finally:
        await stage.stop()


def main(port: str, dataset: str, path: str, first: str) -> None:
    """Measure one screen."""
    with EventLoop(QApplication([])) as loop:
        print(json.dumps(loop.run_until_complete(_measure(int(port), int(dataset), Path(path), int(first)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
