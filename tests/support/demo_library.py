"""The demo library, made once for all tests that only want to have it, also where several processes run them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.server_process import running_server

_MADE = "made"


def demo_library(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demo library, which is only to be copied."""
    # With pytest-xdist the folder of temporary files of each process lies in one that belongs to all.
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "the-demo-library"
    with _locked(folder.with_suffix(".lock")):
        if not (folder / _MADE).exists():
            shutil.rmtree(folder, ignore_errors=True)
            with running_server(folder / "library", "--demo"):
                pass
            (folder / _MADE).touch()
    return folder / "library"


def copy_of_demo(factory: pytest.TempPathFactory, place: Path) -> Path:
    """Copy the demo library to a place, and return that."""
    shutil.copytree(demo_library(factory), place)
    return place


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
