"""The check for what Qt needs, made before Qt is imported, which would end the process with a core dump."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping

# Debian's package for each library that PySide6 leaves to the system.
_EVERY_PLATFORM = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
_PLATFORM = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
}

Loader = Callable[[str], object]


def problem(environment: Mapping[str, str], load: Loader = ctypes.CDLL) -> str | None:
    """Return one line on why Qt cannot start here, and the remedy; None where it can.

    `load` opens a shared library by name and raises OSError where it is missing.
    """
    if not sys.platform.startswith("linux"):
        return None
    platforms = qt_platforms(environment)
    if not platforms:
        return "OMERO Desk needs a screen, and neither DISPLAY nor WAYLAND_DISPLAY names one."
    missing = [missing_packages(platform, load) for platform in platforms]
    if all(missing):  # where one platform does not start, Qt goes on to the next
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"Qt needs libraries of the system: {sudo}apt-get install -y {' '.join(missing[-1])}"
    if platforms == ["xcb"] and not x_server_answers():
        return (
            f"OMERO Desk needs a screen, and the X server at DISPLAY={environment.get('DISPLAY')} does not let it in."
        )
    return None


def qt_platforms(environment: Mapping[str, str]) -> list[str]:
    """Return Qt's platform plugins in the order in which it tries them."""
    if chosen := environment.get("QT_QPA_PLATFORM"):
        return [platform.partition(":")[0] for platform in chosen.split(";")]
    screens = {"wayland": environment.get("WAYLAND_DISPLAY"), "xcb": environment.get("DISPLAY")}
    return [platform for platform, screen in screens.items() if screen]


def missing_packages(platform: str, load: Loader) -> list[str]:
    """Return Debian's names for the libraries that a platform plugin lacks."""
    needed = {**_EVERY_PLATFORM, **_PLATFORM.get(platform.partition("-")[0], {})}
    return [package for library, package in needed.items() if not _loads(library, load)]


def x_server_answers() -> bool:
    """Return whether the X server that DISPLAY names accepts a connection."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused: int = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused


def _loads(library: str, load: Loader) -> bool:
    try:
        load(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(problem(os.environ))
