"""Starts the application: a window first, for people to see; then all that it needs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication

from omero_desk import __version__, late
from omero_desk.folders import Folders
from omero_desk.settings import SettingsFile
from omero_desk.views.main_window import NAME, MainWindow
from omero_desk.views.theme import Theme, ThemeChoice

_PAINT_MS: Final = 1000
"""How long to wait for the first paint: a window that starts minimised has none."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the application until its window is closed; returns the exit code."""
    options = _options(argv)
    application = make_application()
    folders = Folders.of_user()
    file = SettingsFile(folders.config)
    settings, problem = file.load()
    theme = Theme(application, ThemeChoice(settings.theme))
    window = MainWindow(settings.geometry)
    window.show()
    _paint(window)
    # Ctrl+C closes the window like a click, once; a second one finds nothing more to end.
    interrupts = late.load("omero_desk.interrupts").Interrupts(window.leave)
    with late.load("qasync").QEventLoop(application) as loop:
        desk = late.load("omero_desk.desk").Desk(window, theme, folders, file, settings)
        loop.run_until_complete(desk.run(options, problem))
    interrupts.silence()
    return 0


def make_application() -> QApplication:
    """The one QApplication, with our name; the end of the work ends it, not its last window."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("omero-desk")
    application.setApplicationDisplayName(NAME)
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("omero-desk")
    application.setQuitOnLastWindowClosed(False)
    return application


def _paint(window: MainWindow) -> None:
    deadline = QDeadlineTimer(_PAINT_MS)
    while not window.painted and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, deadline)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("omero-desk", description="A desktop browser for OMERO.")
    parser.add_argument("--demo", action="store_true", help="open the demo library, on a server that comes along")
    parser.add_argument("--folder", metavar="PATH", default="", help="open the images in a folder of yours, in place")
    parser.add_argument("--server", metavar="HOST[:PORT]", default="", help="server to sign in to")
    parser.add_argument("--user", metavar="NAME", default="", help="user to sign in as")
    parser.add_argument(
        "--verify", action="store_true", help="take only certificates that the system's authorities signed"
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    return parser.parse_args(argv)
