"""When `run` sets up and when it does not, with a stand-in for Python that notes what it was asked to do."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("requirements.lock", "pyproject.toml", "setup.py", "omero_desk/imaging/_blending.c")
TOOLS = ("sh", "cat", "cksum", "dirname", "id")
STAND_IN = """#!/bin/sh
echo "$*" >>"{notes}"
case "$*" in
    *pip\\ install*) [ ! -e "{broken}" ] ;;
    *zeroc_ice_wheel) echo /some/zeroc_ice.whl ;;
esac
"""


@dataclass(frozen=True)
class Checkout:
    """A copy of what `run` reads, with an environment whose Python is the stand-in."""

    path: Path
    tools: Path

    @property
    def broken(self) -> Path:
        return self.tools / "broken"

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.path / "run", *arguments],
            env={"PATH": str(self.tools)},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def noted(self) -> list[str]:
        """What Python was asked to do since the last look, without the questions about itself."""
        notes = self.tools / "notes"
        lines = notes.read_text().splitlines()
        notes.write_text("")
        return [line for line in lines if not line.startswith("-c ")]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    copy = Checkout(tmp_path / "a checkout", tmp_path / "tools")
    package = "build-support/zeroc-ice/zeroc_ice_wheel"
    shutil.copytree(CHECKOUT / package, copy.path / package)
    for name in ("run", *SOURCES, "build-support/zeroc-ice/pyproject.toml"):
        (copy.path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, copy.path / name)
    copy.tools.mkdir()
    for tool in TOOLS:
        (copy.tools / tool).symlink_to(shutil.which(tool) or f"/usr/bin/{tool}")
    python = copy.path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN.format(notes=copy.tools / "notes", broken=copy.broken))
    python.chmod(0o755)
    yield copy


def test_that_the_first_start_sets_up_and_the_second_only_starts(checkout: Checkout) -> None:
    first = checkout.start("demo", "--user", "an other")
    assert first.returncode == 0, first.stderr
    libraries, wheel, ice, project, application = checkout.noted()
    assert "--require-hashes" in libraries
    assert wheel == "-m zeroc_ice_wheel"
    assert "/some/zeroc_ice.whl" in ice
    assert "--editable" in project
    assert application == f"{checkout.path}/main.py --demo --user an other"
    second = checkout.start("app")
    assert (second.returncode, second.stderr) == (0, "")
    assert checkout.noted() == [f"{checkout.path}/main.py"]


@pytest.mark.parametrize("changed", [*SOURCES, "build-support/zeroc-ice/zeroc_ice_wheel/patches/eval.h"])
def test_that_a_change_of_what_the_environment_stands_on_renews_it(checkout: Checkout, changed: str) -> None:
    checkout.start("app")
    checkout.noted()
    with (checkout.path / changed).open("a") as file:
        file.write("\n")
    checkout.start("app")
    assert len(checkout.noted()) == 5


def test_that_a_moved_checkout_is_linked_anew(checkout: Checkout) -> None:
    checkout.start("app")
    checkout.noted()
    moved = Checkout(checkout.path.rename(checkout.path.with_name("moved")), checkout.tools)
    moved.start("app")
    assert f"--editable {moved.path}" in moved.noted()[3]


def test_that_a_failed_set_up_stops_and_the_next_start_tries_again(checkout: Checkout) -> None:
    checkout.broken.touch()
    failed = checkout.start("app")
    assert failed.returncode != 0
    assert len(checkout.noted()) == 1
    checkout.broken.unlink()
    assert checkout.start("app").returncode == 0
    assert len(checkout.noted()) == 5
