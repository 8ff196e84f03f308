"""Starts the application: a window first, for people to see; then all that it needs."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from omero_desk import __version__
from omero_desk.models.translation import say
from omero_desk.system import lazy_imports as late
from omero_desk.system.settings import SettingsFile
from omero_desk.system.user_folders import Folders
from omero_desk.views.theme.resources import FOLDER
from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.main_window import NAME, MainWindow

TRANSLATIONS: Final = FOLDER / "translations"
_PAINT_MS: Final = 1000
"""How long to wait for the first paint: a window that starts minimised has none."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the application until its window is closed; returns the exit code."""
    options = _options(argv)
    gc.disable()  # there will be threads soon, and they must not end what is Qt's: see garbage.Collector
    application = make_application()
    translate_for(QLocale(), application)
    folders = Folders.of_user()
    file = SettingsFile(folders.config)
    settings, problem = file.load()
    theme = Theme(application, ThemeChoice(settings.theme))
    window = MainWindow(settings.geometry)
    window.show()
    _paint(window)
    libraries = late.load("omero_desk.local_servers.libraries").Libraries(folders.data, window)
    libraries.launch(demo=options.demo, folder=options.folder)
    # Ctrl+C closes the window like a click, once; a second one finds nothing more to end.
    interrupts = late.load("omero_desk.system.interrupts").Interrupts(window.leave)
    with late.load("omero_desk.system.event_loop").EventLoop(application) as loop:
        desk = late.load("omero_desk.desk").Desk(window, theme, folders, file, settings, libraries)
        loop.run_until_complete(desk.run(options, say(problem) if problem else ""))
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


def translate_for(locale: QLocale, application: QApplication, folder: Path = TRANSLATIONS) -> bool:
    """Have all texts said in the language of a locale; return False, and leave them English, if there is no file."""
    translator = QTranslator()
    if not translator.load(locale, "omero-desk", "_", str(folder)):
        return False
    translator.setParent(application)
    return application.installTranslator(translator)


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
    options = parser.parse_args(argv)
    options.folder = options.folder and str(Path(options.folder).absolute())
    return options
