"""The application as a process of its own, as people and systems start and end it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

MAIN = Path(__file__).parents[2] / "main.py"
SECONDS = 30


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A running application; its window is there and its event loop turns."""
    environment = {**os.environ, "OMERO_DESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, str(MAIN)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    log = tmp_path / "log" / "omero-desk.log"
    deadline = time.monotonic() + SECONDS
    while not (log.exists() and "OMERO Desk" in log.read_text()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_that_a_signal_ends_it_in_order_and_soon(process: subprocess.Popen[str], number: int, tmp_path: Path) -> None:
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(SECONDS) == 0
    assert time.monotonic() - began < 2
    assert (tmp_path / "config" / "settings.json").exists()
    assert "Traceback" not in process.stderr.read()


def test_that_more_signals_while_it_ends_do_no_harm(process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert "Traceback" not in process.stderr.read()


def test_that_help_and_version_need_no_screen() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for option, word in (("--help", "--server"), ("--version", "OMERO Desk")):
        answer = subprocess.run(
            [sys.executable, str(MAIN), option], env=environment, capture_output=True, text=True, check=True
        )
        assert word in answer.stdout
