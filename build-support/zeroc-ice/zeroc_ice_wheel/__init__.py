"""A PEP 517 build backend that finds or builds the wheel of zeroc-ice 3.6.5 with our patches."""

from __future__ import annotations

import shutil
from pathlib import Path

from zeroc_ice_wheel.finding import find_wheel
from zeroc_ice_wheel.release import NAME, VERSION


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: str | None = None) -> str:
    """Put the wheel into `wheel_directory` and return its file name."""
    wheel = find_wheel()
    shutil.copy(wheel, wheel_directory)
    return wheel.name


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: object = None) -> str:
    """Write the metadata, which needs no wheel, and return its folder's name."""
    folder = Path(metadata_directory) / f"{NAME.replace('-', '_')}-{VERSION}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n", encoding="utf-8")
    return folder.name
