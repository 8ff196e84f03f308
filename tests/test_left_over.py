"""What a module of tests must not leave behind, and how it is told; in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[1]
_CONFTEST = "from tests.support.left_over import pytest_collection_finish, pytest_runtest_protocol, pytest_sessionstart"
_IMPORTS = """
import asyncio, gc
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from omero_desk.system.event_loop import EventLoop
from tests.support.left_over import ends_with_the_test
kept = []
"""


def outcome(folder: Path, body: str) -> tuple[int, str]:
    """Return pytest's exit status for a module with such a test, and what it writes."""
    (folder / "conftest.py").write_text(_CONFTEST)
    lines = "\n    ".join(body.splitlines())
    (folder / "test_it.py").write_text(f"{_IMPORTS}\ndef test_it(qtbot, qapp):\n    {lines}\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_PROJECT), *sys.path])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("kept.append(QObject())", "1 x QObject"),
        ("kept.extend([QTimer(), QTimer()])", "2 x QTimer"),
        ("kept.append(QTimer()); kept[0].start(60_000)", "1 x QTimer (called by a timer)"),
        ("QTimer(qapp).start(60_000)", "1 x QTimer (called by a timer)"),
        ("kept.append(EventLoop(qapp))", "1 x QSocketNotifier, 1 x Signaller, 1 x _Timer"),
        ("kept.append(QWidget()); kept[0].setObjectName('window')", "1 x QWidget 'window'"),
    ],
)
def test_that_a_module_that_leaves_something_of_qts_behind_fails(tmp_path: Path, body: str, words: str) -> None:
    status, told = outcome(tmp_path, body)
    assert status == 1, told
    assert f"test_it.py left behind: {words}\n" in told


def test_that_a_module_that_turns_the_collector_on_fails(tmp_path: Path) -> None:
    status, told = outcome(tmp_path, "gc.enable()")
    assert status == 1, told
    assert "test_it.py let Python collect garbage on any thread" in told


@pytest.mark.parametrize(
    "body",
    [
        "QObject().setObjectName('nobody keeps it')",
        "window = QWidget(); window.window_ = window",
        "window = QWidget(); window.deleteLater(); window.show(); kept.append(window)",
        "loop = EventLoop(qapp); loop.call_later(60, print); loop.close(); kept.append(loop)",
        "ends_with_the_test(QTimer(qapp)).start(60_000)",
        "thing = ends_with_the_test(QObject()); thing.destroyed.connect(lambda: thing); kept.append(thing)",
        "assert not gc.isenabled()",
    ],
)
def test_that_a_module_that_cleans_up_passes(tmp_path: Path, body: str) -> None:
    status, told = outcome(tmp_path, body)
    assert status == 0, told


def test_that_a_module_that_failed_is_not_blamed_for_what_its_traceback_holds(tmp_path: Path) -> None:
    status, told = outcome(tmp_path, "window = QWidget()\nassert False")
    assert status == 1
    assert "left behind" not in told
