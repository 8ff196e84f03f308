"""Processes of ours: by `python -m` as a rule, by the program itself where it is frozen."""

import subprocess
import sys

import pytest

from omero_desk.system import child_process

SERVER = "omero_desk.server"
FROZEN = (
    "import sys; from omero_desk.__main__ import main; code = main(); print('PySide6' in sys.modules); sys.exit(code)"
)


def run(command: list[str], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *options], env=child_process.environment(), capture_output=True, text=True, check=False
    )


def test_that_a_module_is_started_by_python() -> None:
    assert child_process.command(SERVER) == [sys.executable, "-m", SERVER]
    answer = run(child_process.command(SERVER), "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "An OMERO server for one library." in answer.stdout


def test_that_a_frozen_program_runs_the_module_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program, *options = child_process.command(SERVER)
    assert program == sys.executable
    answer = run([sys.executable, "-c", FROZEN, *options], "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "An OMERO server for one library." in answer.stdout
    wrong = run([sys.executable, "-c", FROZEN, *options], "--no-such-option")
    assert wrong.returncode == 2
    assert "--no-such-option" in wrong.stderr


def test_that_no_module_of_others_is_run() -> None:
    assert not child_process.run_as_asked([child_process.RUN_MODULE, "this"])
    assert not child_process.run_as_asked(["--demo"])
    assert not child_process.run_as_asked([])


def test_that_our_code_comes_first_on_the_search_path() -> None:
    code, *others = child_process.environment({"PYTHONPATH": "/elsewhere"})["PYTHONPATH"].split(":")
    assert (code, others) == (child_process._CODE, ["/elsewhere"])
    assert child_process.environment({"A": "1"}).items() >= {"A": "1", "PYTHONPATH": code}.items()
