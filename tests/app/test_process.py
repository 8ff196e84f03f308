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

from tests.support.present import present

MAIN = Path(__file__).parents[2] / "main.py"
SECONDS = 30
SOON = 8
"""Seconds, on a computer that is busy; whoever waited for a call or a thread to give up would take longer."""
WITH_GARBAGE = """
import sys, threading, weakref
from PySide6.QtCore import QObject
from omero_desk import app
from omero_desk.system import garbage

class Knot(QObject):
    def __init__(self):
        super().__init__()
        self.knot = self
        self.startTimer(3_600_000)

def tell():
    print("ended on", threading.current_thread().name, flush=True)

def allocate():
    print(len([[] for _ in range(200_000)]), "allocated", flush=True)

def close_while_a_thread_works(self, close=garbage.Collector.close):
    close(self)
    weakref.finalize(Knot(), tell).atexit = False
    worker = threading.Thread(target=allocate, name="worker")
    worker.start()
    worker.join()

garbage.Collector.close = close_while_a_thread_works
sys.exit(app.main([]))
"""
"""The application, with garbage of Qt's that comes up when it has ended already, and a thread that goes on."""


@pytest.fixture
def command() -> list[str]:
    return [str(MAIN)]


@pytest.fixture
def process(tmp_path: Path, command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A running application; its window is there and its event loop turns."""
    environment = {**os.environ, "OMERO_DESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=MAIN.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
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


@pytest.mark.alone
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_that_a_signal_ends_it_in_order_and_soon(process: subprocess.Popen[str], number: int, tmp_path: Path) -> None:
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(SECONDS) == 0
    assert time.monotonic() - began < SOON
    assert (tmp_path / "config" / "settings.json").exists()
    assert "Traceback" not in present(process.stderr).read()


def test_that_more_signals_while_it_ends_do_no_harm(process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0
    assert "Traceback" not in present(process.stderr).read()


@pytest.mark.parametrize("command", [["-c", WITH_GARBAGE]], ids=["garbage"])
def test_that_no_thread_ends_what_is_qts_while_the_process_ends(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    told, trouble = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, trouble
    assert "QObject" not in trouble
    assert told == "200000 allocated\n"


def test_that_help_and_version_need_no_screen() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for option, word in (("--help", "--server"), ("--version", "OMERO Desk")):
        answer = subprocess.run(
            [sys.executable, str(MAIN), option], env=environment, capture_output=True, text=True, check=True
        )
        assert word in answer.stdout
