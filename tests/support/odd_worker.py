"""`python -m tests.support.odd_worker`: a worker whose readers come to grief over files of certain names.

No file is known that the real readers hang on, crash over, or need too much memory for: this is how one would end.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from omero_desk.server.images import formats, library
from omero_desk.server.workers import __main__ as worker

_TASKS = "omero_desk.server.workers.tasks"


def _come_to_grief(path: Path) -> None:
    match path.name.partition("_")[0]:
        case "endless":
            while True:
                pass
        case "asleep":
            time.sleep(3600)
        case "huge":
            _ = b"\1" * 2**32
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "waits":  # until somebody writes into it
            while not path.read_bytes().endswith(b"go on"):
                time.sleep(0.01)
        case "talks":
            sys.stdout.write("no message")
            sys.stdout.flush()
            os.write(1, b"no message")


def read_image_file(path: Path, **options: Any) -> Any:
    _come_to_grief(path)
    return library.read_image_file(path, **options)


def open_source(path: Path, series: int) -> Any:
    _come_to_grief(path)
    return formats.open_source(path, series)


if __name__ == "__main__":
    patch = pytest.MonkeyPatch()
    patch.setattr(f"{_TASKS}.read_image_file", read_image_file)
    patch.setattr(f"{_TASKS}.open_source", open_source)
    worker.main()
