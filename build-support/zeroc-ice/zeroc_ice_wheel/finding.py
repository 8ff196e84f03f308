"""Finds a wheel on this machine, or has one built."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from zeroc_ice_wheel.checking import check_wheel
from zeroc_ice_wheel.release import NAME, VERSION, UnavailableError, say
from zeroc_ice_wheel.source import build_from_source

CHECKOUT = Path(__file__).resolve().parents[3]


def find_wheel() -> Path:
    """Return a checked wheel for this Python: a local one, or one built now.

    Raises UnavailableError where both fail, with what the user can do about it.
    """
    for wheel in local_wheels():
        try:
            check_wheel(wheel)
        except UnavailableError as problem:
            say(f"Passing over {wheel}: {problem}")
        else:
            return wheel
    return keep_new_wheel()


def local_wheels() -> Iterator[Path]:
    """Yield the wheels on this machine that fit this Python, those of the nearest place first."""
    places = [CHECKOUT / "wheelhouse", cache_directory()]
    if named := os.environ.get("OMERO_DESK_WHEELHOUSE"):
        places.insert(0, Path(named))
    for place in places:
        yield from (wheel for wheel in sorted(place.glob("*.whl")) if fits(wheel.name))


def fits(filename: str) -> bool:
    """Return whether a wheel of that name is our release, built for this Python and system."""
    try:
        name, version, _, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return False
    return name == NAME and str(version) == VERSION and not tags.isdisjoint(sys_tags())


def keep_new_wheel() -> Path:
    """Build a wheel and keep it for the next checkout; a full or read-only cache is an error."""
    kept = cache_directory()
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept, prefix="new-") as directory:
            wheel = build_from_source(Path(directory))
            check_wheel(wheel)
            return Path(shutil.move(wheel, kept / wheel.name))
    except OSError as problem:
        raise UnavailableError(f"Cannot make a wheel in {kept}: {problem}") from problem


def cache_directory() -> Path:
    """Return the user's folder of wheels, which the next checkout finds."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "omero-desk" / "wheels"
