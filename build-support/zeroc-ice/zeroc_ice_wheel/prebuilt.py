"""The wheels that Glencoe Software publishes for OMERO's users.

No hash of them is pinned here, since none could be verified when this was written. Without a pin the
wheel is trusted as far as TLS to its publisher goes, and checked as any other wheel is. Set
OMERO_DESK_ZEROC_ICE_SHA256 to the hash that you trust; a value that matches nothing ("none", say)
refuses the download, and the wheel is then built from the pinned source.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import platform
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from zeroc_ice_wheel.release import NAME, VERSION, UnavailableError, say

_BASE = "https://github.com/glencoesoftware"
_PUBLISHED = {
    ("linux", "x86_64"): ("zeroc-ice-py-linux-x86_64", "20240202", "manylinux_2_28_x86_64"),
    ("linux", "aarch64"): ("zeroc-ice-py-linux-aarch64", "20240620", "manylinux_2_28_aarch64"),
    ("win32", "AMD64"): ("zeroc-ice-py-win-x86_64", "20240325", "win_amd64"),
    ("darwin", "x86_64"): ("zeroc-ice-py-macos-universal2", "20240131", "macosx_11_0_universal2"),
    ("darwin", "arm64"): ("zeroc-ice-py-macos-universal2", "20240131", "macosx_11_0_universal2"),
}
PINNED: dict[str, str] = {}  # file name -> sha256, for whoever has verified one

_CONNECT_SECONDS = 4
_WHOLE_SECONDS = 120


def download_prebuilt(directory: Path, fits: Callable[[str], bool]) -> Path:
    """Fetch the published wheel for this Python and system; UnavailableError where there is none."""
    url = published_url()
    name = url.rpartition("/")[2]
    if not fits(name):
        raise UnavailableError(f"{name} does not fit this system")
    trusted = os.environ.get("OMERO_DESK_ZEROC_ICE_SHA256") or PINNED.get(name)
    if trusted is not None and len(trusted) != 64:
        raise UnavailableError("OMERO_DESK_ZEROC_ICE_SHA256 refuses it")
    say(f"Asking for the prebuilt wheel {name}")
    content = fetch(url)
    if trusted and hashlib.sha256(content).hexdigest() != trusted.lower():
        raise UnavailableError(f"{name} has another hash than the pinned one")
    wheel = directory / name
    wheel.write_bytes(content)
    return wheel


def published_url() -> str:
    """The address of the published wheel."""
    here = (sys.platform, platform.machine())
    if here not in _PUBLISHED:
        raise UnavailableError(f"none is published for {' '.join(here)}")
    repository, release, tag = _PUBLISHED[here]
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    wheel = f"{NAME.replace('-', '_')}-{VERSION}-{python}-{python}-{tag}.whl"
    return f"{_BASE}/{repository}/releases/download/{release}/{wheel}"


def fetch(url: str) -> bytes:
    """The content at `url`; UnavailableError within seconds where it cannot be reached."""
    give_up = time.monotonic() + _WHOLE_SECONDS
    content = bytearray()
    try:
        with urllib.request.urlopen(url, timeout=_CONNECT_SECONDS) as answer:
            while block := answer.read(1 << 18):
                content += block
                if time.monotonic() > give_up:
                    raise UnavailableError(f"it was still coming after {_WHOLE_SECONDS} s")
    except (OSError, http.client.HTTPException) as problem:
        raise UnavailableError(f"it cannot be fetched ({problem})") from problem
    return bytes(content)
