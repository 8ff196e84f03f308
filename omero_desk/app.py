"""The composition root: makes the parts, knows them all, and ends them in order."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from omero_desk import __version__, late
from omero_desk.embedded import EmbeddedServer
from omero_desk.folders import Folders
from omero_desk.gateway.entities import AnnotationCounts, Cursor, Page, Ref, Scope
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.interrupts import Interrupts
from omero_desk.logfile import start_log
from omero_desk.memory import IdleCollector
from omero_desk.models.connection import ConnectionModel, Library, Passwords
from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.models.tasks import Tasks
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.passwords import KeyringPasswords
from omero_desk.settings import Settings, SettingsFile
from omero_desk.views import icons
from omero_desk.views.browser_view import BrowserView
from omero_desk.views.main_window import MainWindow, WindowLayout
from omero_desk.views.theme import Theme, ThemeChoice

log = logging.getLogger(__name__)

_PAINT_SECONDS: Final = 2.0
"""How long to wait for the first paint: a window that starts minimised has none."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the application until its window is closed; returns the exit code."""
    options = _options(argv)
    application = make_application()
    folders = Folders.of_user()
    log_file = start_log(folders.log)
    log.info("OMERO Desk %s, Python %s", __version__, sys.version.split()[0])
    with QEventLoop(application) as loop:
        desk = Desk(folders, log_file)
        desk.window.show()
        loop.run_until_complete(desk.run(options))
    return 0


def make_application() -> QApplication:
    """The one QApplication, with our name and icon; the event loop ends it, not its last window."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("omero-desk")
    application.setApplicationDisplayName("OMERO Desk")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("omero-desk")
    application.setQuitOnLastWindowClosed(False)
    return application


def build(
    settings: Settings,
    service: ServiceManager,
    library: Library,
    passwords: Passwords,
    theme: Theme,
    log_file: Path,
) -> MainWindow:
    """The main window with its models, over a service manager."""
    messages = MessagesModel()
    connection = ConnectionModel(service, library, passwords, messages.report, settings.servers)
    tree = OmeroTreeModel(partial(_fetch, service), messages.report, lambda: connection.account, icons.kind_icon)
    browser = BrowserView(tree)
    service.on_warning(lambda text, detail: messages.post(Message(text, detail, Severity.WARNING)))
    window = MainWindow(connection, messages, tree, browser, theme, log_file)
    window.arrange(WindowLayout(settings.geometry, settings.splitter, settings.annotation_column))
    return window


class Desk:
    """The running application: what `build` makes, and what has to be ended with it."""

    def __init__(self, folders: Folders, log_file: Path) -> None:
        self._file = SettingsFile(folders.config)
        self._settings, problem = self._file.load()
        self._theme = Theme(make_application(), ThemeChoice(self._settings.theme))
        self._disk = Worker("disk")
        self._passwords = KeyringPasswords()
        self.service = ServiceManager()
        self.server = EmbeddedServer(folders.data / "demo")
        self.window = build(self._settings, self.service, self.server, self._passwords, self._theme, log_file)
        self._tasks = Tasks(self.window.messages.report)
        self._closed = asyncio.Event()
        self.window.closed.connect(self._closed.set)
        self.window.connection.remembered.connect(self._save_soon)
        self.server.ended.connect(self._offer_restart)
        if problem:
            self.window.messages.post(Message(problem, severity=Severity.WARNING))

    async def run(self, options: argparse.Namespace) -> None:
        """Begin as `options` say, wait until the window is closed, and end all parts."""
        interrupts = Interrupts(self.window.close, self.window)
        self._catch_errors()
        try:
            await _painted(self.window)
            self._warm_up()
            self._begin(options)
            await self._closed.wait()
        finally:
            self.shut_down()
            interrupts.close()

    def shut_down(self) -> None:
        """End everything, in order, without waiting for the network; nothing of ours runs afterwards."""
        self.window.hide()
        self.window.tree.cancel_all()
        self.window.connection.close()
        self._tasks.cancel_all()
        self.service.close()
        self.server.stop()
        self._passwords.close()
        self._disk.close()
        self._save(self._current_settings())
        self.window.deleteLater()

    def _begin(self, options: argparse.Namespace) -> None:
        if options.demo:
            self.window.connection.open_demo()
        else:
            self.window.open_connect_dialog(options.server, options.user)

    def _warm_up(self) -> None:
        """Load omero while the user looks at the window, and put the collector to rest."""
        threading.Thread(target=late.load, args=("omero_desk.gateway.browse",), name="warm-up", daemon=True).start()
        IdleCollector(self.window)

    def _catch_errors(self) -> None:
        """Send errors that nobody caught down the one road to the user."""
        report = self.window.messages.report
        loop = asyncio.get_running_loop()

        def on_error(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
            report(error)

        def on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            report(context.get("exception") or RuntimeError(context["message"]))

        def on_thread_error(details: threading.ExceptHookArgs) -> None:
            if details.exc_value is not None:
                loop.call_soon_threadsafe(report, details.exc_value)

        sys.excepthook = on_error
        threading.excepthook = on_thread_error
        loop.set_exception_handler(on_loop_error)

    def _offer_restart(self) -> None:
        again = Action("Start it &again", self.window.connection.open_demo)
        text = "The demo library's server has stopped."
        self.window.messages.post(Message(text, severity=Severity.WARNING, actions=(again,)))

    def _current_settings(self) -> Settings:
        layout = self.window.arrangement()
        return replace(
            self._settings,
            theme=self._theme.choice.value,
            servers=self.window.connection.known,
            geometry=layout.geometry,
            splitter=layout.splitter,
            annotation_column=layout.annotation_column,
        )

    def _save_soon(self) -> None:
        self._tasks.start("save", self._save_aside(self._current_settings()))

    async def _save_aside(self, settings: Settings) -> None:
        await self._disk.run(partial(self._save, settings))

    def _save(self, settings: Settings) -> None:
        try:
            self._file.save(settings)
        except OSError as error:
            log.warning("the settings could not be saved: %s", error)


class _FirstPaint(QObject):
    """Sets its event when `widget` is first painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.happened = asyncio.Event()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self.happened.set()
        return False


async def _painted(window: MainWindow) -> None:
    try:
        await asyncio.wait_for(_FirstPaint(window).happened.wait(), _PAINT_SECONDS)
    except asyncio.TimeoutError:
        log.info("the window was not painted yet")


async def _fetch(service: ServiceManager, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
    return await service.call(Lane.BROWSING, _children, ref, scope, cursor, limit)


def _children(session: Any, *arguments: Any) -> Page:
    """On the worker, for the module loads omero."""
    page: Page = late.load("omero_desk.gateway.browse").children(session, *arguments)
    return page


async def _count(service: ServiceManager, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
    return await service.call(Lane.METADATA, _counts, refs)


def _counts(session: Any, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
    """On the worker, for the module loads omero."""
    counts: dict[Ref, AnnotationCounts] = late.load("omero_desk.gateway.annotations").counts(session, refs)
    return counts


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("omero-desk", description="A desktop browser for OMERO.")
    parser.add_argument("--demo", action="store_true", help="open the demo library, on a server that comes along")
    parser.add_argument("--server", metavar="HOST[:PORT]", default="", help="server to sign in to")
    parser.add_argument("--user", metavar="NAME", default="", help="user to sign in as")
    parser.add_argument("--version", action="version", version=f"OMERO Desk {__version__}")
    return parser.parse_args(argv)
