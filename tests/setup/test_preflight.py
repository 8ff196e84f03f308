import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from omero_desk.system.preflight import problem, qt_platforms

CHECKOUT = Path(__file__).parents[2]
SCREENLESS = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its libraries elsewhere")


def without(*hidden: str) -> Callable[[str], object]:
    def load(library: str) -> object:
        if library in hidden:
            raise OSError(f"{library}: cannot open shared object file: No such file or directory")
        return ctypes.CDLL(library)

    return load


def test_that_a_missing_library_is_told_in_one_line_with_the_package_to_install() -> None:
    line = problem({"QT_QPA_PLATFORM": "xcb"}, without("libxcb-cursor.so.0", "libEGL.so.1"))
    assert line is not None
    assert line.endswith("apt-get install -y libegl1 libxcb-cursor0")
    assert "\n" not in line


def test_that_offscreen_needs_nothing_of_x11s_plugin() -> None:
    assert problem({"QT_QPA_PLATFORM": "offscreen"}, without("libxcb-cursor.so.0")) is None
    assert problem({"QT_QPA_PLATFORM": "offscreen"}, without("libGL.so.1")) is not None


def test_that_a_second_platform_makes_up_for_the_first() -> None:
    both = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    assert problem(both, without("libwayland-cursor.so.0")) is None
    line = problem({"WAYLAND_DISPLAY": "wayland-0"}, without("libwayland-cursor.so.0"))
    assert line is not None
    assert "libwayland-cursor0" in line


@pytest.mark.parametrize(
    ("environment", "platforms"),
    [
        ({}, []),
        ({"DISPLAY": ""}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, ["wayland", "xcb"]),
    ],
)
def test_that_the_platforms_are_those_that_qt_would_try(environment: dict[str, str], platforms: list[str]) -> None:
    assert qt_platforms(environment) == platforms


@pytest.mark.parametrize(
    ("extra", "words"),
    [({}, "neither DISPLAY nor WAYLAND_DISPLAY"), ({"DISPLAY": ":97531"}, "DISPLAY=:97531 does not let it in")],
)
def test_that_the_application_without_a_screen_says_so_and_stops(extra: dict[str, str], words: str) -> None:
    environment = {key: value for key, value in SCREENLESS.items() if key != "QT_QPA_PLATFORM"} | extra
    answer = subprocess.run(
        [sys.executable, CHECKOUT / "main.py"], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    assert words in line
