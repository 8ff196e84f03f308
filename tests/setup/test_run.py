import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SCRIPTS = [CHECKOUT / "run", CHECKOUT / ".ci" / "run"]


def run(*arguments: str, script: Path = CHECKOUT / "run") -> subprocess.CompletedProcess[str]:
    return subprocess.run([script, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(CHECKOUT)))
def test_that_each_script_is_plain_shell_and_may_be_executed(script: Path) -> None:
    check = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert (check.returncode, check.stderr) == (0, "")
    assert script.read_text().startswith("#!/bin/sh\n")
    assert script.stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("arguments", [(), ("demmo",), ("--help",)])
def test_that_an_unknown_command_prints_the_known_ones(arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    for command in ("demo", "app", "server", "test", "lint", "bench", "chaos", "lock"):
        assert f"\n  {command} " in answer.stderr


def test_that_no_python_in_range_is_told_in_one_line_with_the_command(tmp_path: Path) -> None:
    copy = tmp_path / "a checkout" / "run"
    copy.parent.mkdir()
    copy.write_text((CHECKOUT / "run").read_text())
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "cat", "cksum", "dirname", "id"):
        (tools / tool).symlink_to(Path("/usr/bin") / tool)
    answer = subprocess.run(
        ["/bin/sh", copy, "app"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    (line,) = (line for line in answer.stderr.splitlines() if "apt-get" in line)
    assert "Python 3.11 or 3.12" in line
    assert "apt-get install -y python3 python3-venv" in line


@pytest.mark.xvfb
def test_that_a_window_opens_on_the_virtual_screen() -> None:
    """That the run of the tests for a real window has a screen."""
    assert os.environ["QT_QPA_PLATFORM"] == "xcb"
    script = "from PySide6.QtWidgets import QApplication; print(QApplication([]).platformName())"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert answer.stdout == "xcb\n", answer.stderr
