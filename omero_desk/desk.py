"""The composition root: makes the parts of a window, and ends everything in order."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtGui import QCursor

from omero_desk import __version__
from omero_desk.entities.sentences import Sentence
from omero_desk.exporting.text_file import StreamedFile
from omero_desk.exporting.tiff_export import TiffExport, read_raw
from omero_desk.gateway.connection.certificates import KnownCertificates
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.local_servers.embedded_server import EmbeddedServer
from omero_desk.local_servers.libraries import Libraries
from omero_desk.models.annotations.edits_journal import KeepsEdits
from omero_desk.models.connection.connection import ConnectionModel, LocalServers, Passwords
from omero_desk.models.exports.exports import Content, ExportFile, ExportPlan, StartFile, WriteBytes
from omero_desk.models.gallery.thumbnails import ReadsThumbnails
from omero_desk.models.messages import About, Action, Message, MessagesModel, Posted, Severity
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.selection import SelectionModel
from omero_desk.models.tasks import Tasks
from omero_desk.models.translation import say, translate
from omero_desk.readers.annotations import AnnotationReader
from omero_desk.readers.edits_file import EditsFile
from omero_desk.readers.file_notes import FileNotesReader
from omero_desk.readers.gallery import GalleryReader
from omero_desk.readers.images import ImageReader
from omero_desk.readers.plates import PlateReader
from omero_desk.readers.rois import RoiReader
from omero_desk.readers.sheet import SheetReader
from omero_desk.readers.tables import TableReader
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from omero_desk.readers.tree import TreeReader
from omero_desk.system import lazy_imports as late
from omero_desk.system import memory
from omero_desk.system.atomic_file import write_whole
from omero_desk.system.garbage import Collector, take_short_turns
from omero_desk.system.logfile import start_log
from omero_desk.system.network_watch import Network
from omero_desk.system.passwords import KeyringPasswords
from omero_desk.system.settings import Settings, SettingsFile
from omero_desk.system.uncaught import uncaught_errors_to
from omero_desk.system.user_folders import HOME_VARIABLE, Folders
from omero_desk.views.activities.part import ActivitiesPart
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.connection.part import ConnectionPart
from omero_desk.views.exports.part import ExportsPart
from omero_desk.views.gallery.part import GalleryPart
from omero_desk.views.parts.commands import Commands
from omero_desk.views.parts.front_pages import FrontPages
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.plates.part import PlatesPart
from omero_desk.views.rois.part import RoisPart
from omero_desk.views.services.part import ServicesPart
from omero_desk.views.sheet.part import SheetPart
from omero_desk.views.tables.part import TablesPart
from omero_desk.views.theme.theme import Theme
from omero_desk.views.tree.part import TreePart
from omero_desk.views.viewer.rehearsal import Rehearsal
from omero_desk.views.window.finding_part import FindingPart
from omero_desk.views.window.help_part import HelpPart
from omero_desk.views.window.main_window import MainWindow
from omero_desk.views.window.viewer_part import ViewerPart
from omero_desk.views.window.workbench import Workbench

log = logging.getLogger(__name__)

_PATIENCE: Final = 0.3
"""Seconds for cancelled tasks to clean up after themselves."""
_REST: Final = 2.0
"""Seconds without a call and with the mouse at rest after which something may be made ahead of time."""
_BETWEEN: Final = 0.2
"""Seconds between its steps, each of which holds the window up for a moment."""
_LAST_SAVE: Final = 1.0
"""Seconds at most that the end of the program waits for the settings to be on disk."""


ReadBytes = Callable[[Path, int], Awaitable[bytes]]
"""Return so many bytes of a file at most. Raises OSError."""


@dataclass(frozen=True)
class Backing:
    """The server behind the parts of a window, with its passwords and files, and the disk.

    `calls` are those of the account in the window, through which all parts read and write; `write` writes files off
    the GUI's thread, `pictures` reads thumbnails, `edits` keeps edits on disk, `start_file` begins a file for planes.
    `files` is the worker for files that are read or written piece by piece.
    """

    service: ServiceManager
    calls: AccountCalls
    library: LocalServers
    passwords: Passwords
    pictures: ReadsThumbnails
    edits: KeepsEdits
    write: WriteBytes
    start_file: StartFile
    theme: Theme
    log_file: Path
    files: Worker
    read: ReadBytes


def parts_of(shared: Shared, backing: Backing) -> tuple[Part, ...]:
    """Return the parts of a window: a line a feature, which says what it reads and what other features it needs.

    Panes and columns stand, and commands appear in menus, in the order of the tuple.
    """
    calls = backing.calls
    activities = ActivitiesPart(shared)
    exports = ExportsPart(shared, activities.model, partial(read_raw, calls), backing.start_file, backing.write)
    annotations = AnnotationsPart(shared, AnnotationReader(calls), backing.edits, exports.model, activities.model)
    counts, edits = annotations.counts, annotations.edits
    connection = ConnectionPart(shared, FileNotesReader(calls), edits)
    tree = TreePart(shared, TreeReader(calls), counts, edits, connection.scan)
    gallery = GalleryPart(shared, GalleryReader(calls), backing.pictures, counts, edits, tree)
    sheet = SheetPart(shared, SheetReader(calls, backing.read, backing.write, backing.files), gallery, edits)
    plates = PlatesPart(shared, PlateReader(calls), gallery.thumbnails, counts, tree)
    rois = RoisPart(shared, RoiReader(calls, backing.write))
    pool = PixelPool(memory.resident)
    viewer = ViewerPart(shared, ImageReader(calls), gallery.thumbnails, exports.model, rois.model, pool)
    table_reader, start_text = TableReader(calls, backing.files), partial(_start_text, backing.files)
    tables = TablesPart(shared, table_reader, start_text, viewer.centre, tree, exports.model, activities.model)
    annotations.details.tables.opened.connect(tables.open_annotation)
    finding = FindingPart(shared, tree, gallery, viewer)
    services = ServicesPart(shared, backing.service, backing.write)
    window = HelpPart(shared, backing.theme, backing.log_file)
    shown = connection, tree, gallery, sheet, plates, viewer, tables, finding, rois
    return *shown, activities, annotations, exports, services, window


async def _start_text(files: Worker, path: Path) -> StreamedFile:
    return await StreamedFile(files, path).start()


MakesParts = Callable[[Shared, Backing], Sequence[Part]]


def build(window: MainWindow, settings: Settings, backing: Backing, make_parts: MakesParts = parts_of) -> Workbench:
    """Fill `window` with its parts over what stands behind them."""
    messages, service = MessagesModel(window), backing.service
    connection = ConnectionModel(
        service, backing.library, backing.passwords, messages.report, settings.servers, window, settings.folders
    )
    connection.changed.connect(lambda: backing.calls.enter(connection.account))
    shared = Shared(window, connection, messages, SelectionModel(window), Commands(window), FrontPages(window))
    workbench = Workbench(shared, make_parts(shared, backing))

    def warn(words: Sentence, detail: str) -> None:
        messages.post(Message(say(words), detail, Severity.WARNING))

    service.on_warning(warn)
    service.on_state(workbench.follow)
    window.may_close = workbench.may_close
    workbench.restore_state(settings.state)
    return workbench


class Desk:
    """The running application: what `build` makes, and what has to be ended with it."""

    def __init__(
        self,
        window: MainWindow,
        theme: Theme,
        folders: Folders,
        file: SettingsFile,
        settings: Settings,
        libraries: Libraries | None = None,
    ) -> None:
        self.window = window
        self._file = file
        self._settings = settings
        self._folders = folders
        self._unwritable = folders.unwritable()
        self._told_unsaved = folders.config in self._unwritable
        self._log_file = start_log(folders.log)
        self._disk = Worker("disk")
        self._files = Worker("files")
        self._passwords = KeyringPasswords()
        self.service = ServiceManager(KnownCertificates(folders.config / "certificates.json"))
        self.libraries = libraries or Libraries(folders.data, window)
        self._thumbnails = ThumbnailFile(folders.cache / "thumbnails.db")
        calls = AccountCalls(self.service)
        pictures = ThumbnailReader(calls, self._thumbnails, self._disk, self._tell_of_cache)
        backing = Backing(
            self.service,
            calls,
            self.libraries,
            self._passwords,
            pictures,
            EditsFile(folders.data / "edits", self._disk),
            self._write,
            self._start_file,
            theme,
            self._log_file,
            self._files,
            self._read,
        )
        self.workbench = build(window, settings, backing)
        self._tasks = Tasks(self.workbench.messages.report)
        self._closed = asyncio.Event()
        self._latest_call = 0
        self._told_stopped: dict[EmbeddedServer, Posted] = {}
        window.closed.connect(self._closed.set)
        self.workbench.connection.remembered.connect(self._save_soon)
        self.libraries.stopped.connect(self._offer_restart)
        self.libraries.progressed.connect(self.workbench.part(ConnectionPart).scan.tell)
        self.workbench.connection.signed_in.connect(self._retract_stopped)

    async def run(self, options: argparse.Namespace, problem: str = "") -> None:
        """Begin as `options` say, wait until the window is closed, and end all parts.

        `problem` is a sentence about the settings, if there was one.
        """
        log.info("OMERO Desk %s, Python %s", __version__, sys.version.split()[0])
        take_short_turns()
        memory.give_back_large_blocks()
        collector = Collector(self._is_busy, self.window)
        messages = self.workbench.messages
        if problem:
            messages.post(Message(problem, severity=Severity.WARNING))
        self._tell_unwritable()
        try:
            with uncaught_errors_to(messages.report):
                self._tasks.start("warm-up", self._warm_up())
                self._tasks.start("rehearsal", self._rehearse())
                self._network = Network(self.service.retry_now, self.window)
                self._begin(options)
                await self._closed.wait()
        finally:
            await self._shut_down()
            collector.close()

    def _is_busy(self) -> bool:
        """Return whether rows stream in, or anything was asked of the server since the last time this was called."""
        latest = self.service.journal.latest
        before, self._latest_call = self._latest_call, latest
        return bool(self.workbench.part(TreePart).model.progress) or latest != before

    async def _shut_down(self) -> None:
        """End everything, in order, without waiting for the network; nothing of ours runs afterwards."""
        settings = self._current_settings()
        self.window.hide()
        self.workbench.end()
        await self._cancel_tasks()
        self.service.close()
        self.libraries.stop()
        self._passwords.close()
        self._files.close()
        self._disk.run(self._thumbnails.close)
        self._save_last(settings)
        self.window.deleteLater()

    async def _cancel_tasks(self) -> None:
        """Give up whatever is under way; its clean-up needs the models, so it comes before they end."""
        every = (self._tasks, *self.workbench.working)
        for tasks in every:
            tasks.cancel_all()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(tasks.finished() for tasks in every)), _PATIENCE)

    def _begin(self, options: argparse.Namespace) -> None:
        if options.demo:
            self.workbench.connection.open_demo()
        elif options.folder:
            self.workbench.connection.open_folder(str(Path(options.folder).absolute()))
        else:
            self.workbench.part(ConnectionPart).sign_in.open(options.server, options.user, options.verify)

    async def _warm_up(self) -> None:
        """Load omero while the user looks at the window, and say if it runs on an Ice that is not ours."""
        worker = Worker("warm-up")
        loading = worker.run(partial(late.load, "omero_desk.gateway.connection.connection"))
        worker.close()
        await loading
        problem = late.load("omero_desk.gateway.connection.pinning").problem()
        if problem is not None:
            self.workbench.messages.post(Message(say(problem), severity=Severity.WARNING))

    async def _rehearse(self) -> None:
        """Make a viewer that nobody sees, once somebody has signed in and then rests; not if one is open by then."""
        images = self.workbench.part(ViewerPart).images
        before: object = None
        while (now := (self.service.journal.latest, QCursor.pos())) != before or self.service.account is None:
            before = now
            await asyncio.sleep(_REST)
        if images.open_images:
            return
        rehearsal = Rehearsal(self.workbench.messages.report)
        try:
            for step in rehearsal.steps:
                step()
                await asyncio.sleep(_BETWEEN)
        finally:
            rehearsal.close()

    def _offer_restart(self, server: EmbeddedServer) -> None:
        again = Action(
            translate("Connection", "Start it &again"), lambda: self._tasks.start("server", self._restart(server))
        )
        name = f"{server.name[0].upper()}{server.name[1:]}"
        text = translate("Connection", "{name}'s server has stopped.").format(name=name)
        about = About(self.workbench.messages.account())  # nobody needs it any more who is signed in elsewhere
        message = Message(text, severity=Severity.WARNING, actions=(again,), about=about)
        self._told_stopped[server] = self.workbench.messages.post(message)
        self.service.retry_now()  # which finds out at once, rather than at the next heartbeat

    async def _restart(self, server: EmbeddedServer) -> None:
        """Start an embedded server where it was: who was signed in there goes on as after any line that dropped."""
        await server.start(lambda text, fraction: None)
        self._retract_stopped()
        self.service.retry_now()

    def _retract_stopped(self) -> None:
        """Take back that servers have stopped which run again."""
        for server in [server for server in self._told_stopped if server.running]:
            self._told_stopped.pop(server).retract()

    def _current_settings(self) -> Settings:
        connection = self.workbench.connection
        ours = {
            "servers": connection.known,
            "folders": connection.folders,
            "geometry": self.window.geometry_state,
        }
        return self._settings.with_state({**self.workbench.save_state(), **ours})

    def _save_soon(self) -> None:
        self._tasks.start("save", self._save_aside(self._current_settings()))

    async def _save_aside(self, settings: Settings) -> None:
        problem = await self._disk.run(partial(self._save, settings))
        if problem and not self._told_unsaved:
            self._told_unsaved = True
            self._warn(translate("Window", "Your settings could not be saved."), problem)

    def _save_last(self, settings: Settings) -> None:
        """Save as the disk worker's last job, after any older save that waits there; wait for it a little."""
        self._disk.run(partial(self._save, settings))
        self._disk.close()
        if not self._disk.join(_LAST_SAVE):
            log.warning("the settings were not on disk after %g s", _LAST_SAVE)

    async def _write(self, path: Path, content: Content) -> None:
        await self._files.run(partial(write_whole, path, content))

    async def _read(self, path: Path, most: int) -> bytes:
        return await self._files.run(partial(_first_bytes, path, most))

    async def _start_file(self, plan: ExportPlan) -> ExportFile:
        return await TiffExport(self._files, plan).start()

    def _save(self, settings: Settings) -> str:
        """Save the settings; return why they could not be saved, "" if they are."""
        try:
            self._file.save(settings)
        except OSError as error:
            log.warning("the settings could not be saved: %s", error)
            return str(error)
        return ""

    def _tell_unwritable(self) -> None:
        """Say once what cannot be kept in the user's folders."""
        if self._unwritable:
            text = translate(
                "Window",
                "OMERO Desk cannot write to its folders, so these are not kept: {contents}. Make the folders writable,"
                " or name another one in {variable}.",
            )
            contents = ", ".join(map(say, self._unwritable.values()))
            self._warn(text.format(contents=contents, variable=HOME_VARIABLE), "\n".join(map(str, self._unwritable)))

    def _tell_of_cache(self, reason: str) -> None:
        if self._folders.cache not in self._unwritable:
            text = translate("Window", "Thumbnails cannot be kept on disk any more. They are read from the server.")
            self._warn(text, f"{self._folders.cache}: {reason}")

    def _warn(self, text: str, detail: str) -> None:
        self.workbench.messages.post(Message(text, detail, Severity.WARNING))


def _first_bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)
