"""The composition root: makes the parts, knows them all, and ends them in order."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from omero_desk import __version__, late
from omero_desk.embedded import EmbeddedServer
from omero_desk.exporting import TiffExport, read_raw
from omero_desk.folders import Folders
from omero_desk.gateway import annotation_counts, browse
from omero_desk.gateway.certificates import KnownCertificates
from omero_desk.gateway.edit import Author, Edit, Receipt
from omero_desk.gateway.entities import AnnotationCounts, Cursor, Page, Ref, Scope
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.gateway.thumbnails import ImageSize
from omero_desk.gateway.thumbnails import sizes as image_sizes
from omero_desk.libraries import Libraries
from omero_desk.logfile import start_log
from omero_desk.memory import Collector, take_short_turns
from omero_desk.models.connection import ConnectionModel, Library, Passwords
from omero_desk.models.contents import ContentsModel
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.models.edits import EditsModel
from omero_desk.models.exports import Content, ExportPlan, ExportsModel, ImageFile, StartFile, WriteBytes
from omero_desk.models.gathering import GatheringModel
from omero_desk.models.image_sizes import ImageSizesModel
from omero_desk.models.images import ImagesModel
from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.models.pages import PAGE
from omero_desk.models.plate import PlateModel
from omero_desk.models.regions import RegionsModel
from omero_desk.models.services import ServicesModel
from omero_desk.models.tasks import Tasks
from omero_desk.models.thumbnails import ReadsThumbnails, ThumbnailsModel
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.network import Network
from omero_desk.passwords import KeyringPasswords
from omero_desk.plate_reader import PlateReader
from omero_desk.readers import ImageReader, ThumbnailReader
from omero_desk.roi_reader import RoiReader
from omero_desk.settings import Settings, SettingsFile
from omero_desk.thumbnail_file import ThumbnailFile
from omero_desk.uncaught import uncaught_errors_to
from omero_desk.views import icons
from omero_desk.views.leave_rois import LeaveRois
from omero_desk.views.main_window import MainWindow
from omero_desk.views.shown_models import Models
from omero_desk.views.theme import Theme
from omero_desk.views.workbench import Workbench
from omero_desk.whole_file import write_whole

log = logging.getLogger(__name__)

_PATIENCE: Final = 0.3
"""Seconds for cancelled tasks to clean up after themselves."""


def build(
    window: MainWindow,
    settings: Settings,
    service: ServiceManager,
    library: Library,
    passwords: Passwords,
    write: WriteBytes,
    pictures: ReadsThumbnails,
    start_file: StartFile,
    theme: Theme,
    log_file: Path,
) -> Workbench:
    """Fill `window` with views and models over a service manager.

    `write` writes files off the GUI's thread, `pictures` reads thumbnails, `start_file` begins a file for planes.
    """
    messages = MessagesModel(window)
    connection = ConnectionModel(
        service, library, passwords, messages.report, settings.servers, window, settings.folders
    )

    async def fetch(ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        return await service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit, PAGE)

    async def gather(ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        return await service.call(Lane.BROWSING, browse.images, ref, scope, cursor, limit, PAGE)

    async def measure(image_ids: Sequence[int]) -> dict[int, ImageSize]:
        return await service.call(Lane.METADATA, image_sizes, image_ids)

    async def count(refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        return await service.call(Lane.METADATA, annotation_counts.counts, refs)

    async def send(write: Any) -> Receipt:
        return await service.write(Lane.METADATA, write)

    tree = OmeroTreeModel(fetch, messages.report, lambda: connection.account, icons.kind_icon, window)
    service.on_warning(lambda text, detail: messages.post(Message(text, detail, Severity.WARNING)))
    counts = AnnotationCountsModel(count, messages.report, window)
    edits = EditsModel(start_edit, send, lambda: Author.of(service.account), messages.report, window)
    service.on_state(edits.follow)
    services = ServicesModel(service, write, messages.report, window)
    thumbnails = ThumbnailsModel(pictures, messages.report, parent=window)
    service.on_state(thumbnails.follow)
    sizes = ImageSizesModel(measure, messages.report, window)
    contents = ContentsModel(lambda: connection.account, sizes, thumbnails.remark, window)
    gathering = GatheringModel(gather, messages.report, window)

    def pixels_of(image_id: int) -> int | None:
        source = thumbnails.source(image_id)
        return None if source is None else source.pixels_id

    images = ImagesModel(ImageReader(service), lambda: connection.account, messages.report, window, pixels_of)
    images.settings_saved.connect(thumbnails.forget)
    connection.signed_in.connect(lambda _account: images.warm_up())
    exports = ExportsModel(partial(read_raw, service), start_file, write, messages, window)
    plate = PlateModel(PlateReader(service), messages.report, window)
    regions = RegionsModel(RoiReader(service, write), lambda: connection.account, messages, window)
    models = Models(
        connection,
        messages,
        tree,
        counts,
        edits,
        services,
        images,
        contents,
        thumbnails,
        gathering,
        sizes,
        exports,
        plate,
        regions,
    )
    workbench = Workbench(window, models, theme, log_file)
    leave_rois = LeaveRois(regions, window.close, window)
    window.may_close = lambda: workbench.editing.may_close() and leave_rois.may_close()
    workbench.arrange(settings.splitter, settings.annotation_column, settings.layout, settings.contents)
    return workbench


def start_edit(edit: Edit, author: Author) -> Any:
    """The write of an edit; by then somebody is signed in, and omero is loaded."""
    return late.load("omero_desk.gateway.edit_writes").write_of(edit, author)


class Desk:
    """The running application: what `build` makes, and what has to be ended with it."""

    def __init__(
        self, window: MainWindow, theme: Theme, folders: Folders, file: SettingsFile, settings: Settings
    ) -> None:
        self.window = window
        self._theme = theme
        self._file = file
        self._settings = settings
        self._log_file = start_log(folders.log)
        self._disk = Worker("disk")
        self._files = Worker("files")
        self._passwords = KeyringPasswords()
        self.service = ServiceManager(KnownCertificates(folders.config / "certificates.json"))
        self.libraries = Libraries(folders.data)
        self._thumbnails = ThumbnailFile(folders.cache / "thumbnails.db")
        pictures = ThumbnailReader(self.service, self._thumbnails, self._disk)
        parts = self.service, self.libraries, self._passwords, self._write, pictures
        self.workbench = build(window, settings, *parts, self._start_file, theme, self._log_file)
        self._tasks = Tasks(self.workbench.messages.report)
        self._closed = asyncio.Event()
        self._latest_call = 0
        window.closed.connect(self._closed.set)
        self.workbench.connection.remembered.connect(self._save_soon)
        self.libraries.stopped.connect(self._offer_restart)
        self.libraries.progressed.connect(self.workbench.scan.tell)

    async def run(self, options: argparse.Namespace, problem: str = "") -> None:
        """Begin as `options` say, wait until the window is closed, and end all parts.

        `problem` is a sentence about the settings, if there was one.
        """
        log.info("OMERO Desk %s, Python %s", __version__, sys.version.split()[0])
        take_short_turns()
        collector = Collector(self._is_busy, self.window)
        messages = self.workbench.messages
        if problem:
            messages.post(Message(problem, severity=Severity.WARNING))
        try:
            with uncaught_errors_to(messages.report):
                self._warm_up()
                self._network = Network(self.service.retry_now, self.window)
                self._begin(options)
                await self._closed.wait()
        finally:
            await self._shut_down()
            collector.close()

    def _is_busy(self) -> bool:
        """Whether rows stream in, or anything was asked of the server since this was asked last."""
        latest = self.service.journal.latest
        before, self._latest_call = self._latest_call, latest
        return bool(self.workbench.tree.progress) or latest != before

    async def _shut_down(self) -> None:
        """End everything, in order, without waiting for the network; nothing of ours runs afterwards."""
        settings = self._current_settings()
        self.window.hide()
        self.workbench.centre.hide_windows()
        await self._cancel_tasks()
        self.service.close()
        self.libraries.stop()
        self._passwords.close()
        self._disk.run(self._thumbnails.close)
        self._disk.close()
        self._files.close()
        self._save(settings)
        self.window.deleteLater()

    async def _cancel_tasks(self) -> None:
        """Give up whatever is under way; its clean-up needs the models, so it comes before they end."""
        every = (self._tasks, *self.workbench.models.working)
        for tasks in every:
            tasks.cancel_all()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(tasks.finished() for tasks in every)), _PATIENCE)

    def _begin(self, options: argparse.Namespace) -> None:
        if options.demo:
            self.workbench.connection.open_demo()
        elif options.folder:
            self.workbench.connection.open_folder(str(Path(options.folder).absolute()))
        else:
            self.workbench.open_connect_dialog(options.server, options.user, options.verify)

    def _warm_up(self) -> None:
        """Load omero while the user looks at the window."""
        worker = Worker("warm-up")
        worker.run(partial(late.load, "omero_desk.gateway.connection"))
        worker.close()

    def _offer_restart(self, server: EmbeddedServer) -> None:
        again = Action("Start it &again", lambda: self._tasks.start("server", self._restart(server)))
        text = f"{server.name[0].upper()}{server.name[1:]}'s server has stopped."
        self.workbench.messages.post(Message(text, severity=Severity.WARNING, actions=(again,)))

    async def _restart(self, server: EmbeddedServer) -> None:
        """Start an embedded server where it was: who was signed in there goes on as after any line that dropped."""
        await server.start(lambda text, fraction: None)
        self.service.retry_now()

    def _current_settings(self) -> Settings:
        return replace(
            self._settings,
            theme=self._theme.choice.value,
            servers=self.workbench.connection.known,
            folders=self.workbench.connection.folders,
            geometry=self.window.geometry_state,
            splitter=self.workbench.splitter_state,
            layout=self.workbench.layout_state,
            annotation_column=self.workbench.annotation_column,
            contents=self.workbench.gallery.look,
        )

    def _save_soon(self) -> None:
        self._tasks.start("save", self._save_aside(self._current_settings()))

    async def _save_aside(self, settings: Settings) -> None:
        await self._disk.run(partial(self._save, settings))

    async def _write(self, path: Path, content: Content) -> None:
        await self._files.run(partial(write_whole, path, content))

    async def _start_file(self, plan: ExportPlan) -> ImageFile:
        return await TiffExport(self._files, plan).start()

    def _save(self, settings: Settings) -> None:
        try:
            self._file.save(settings)
        except OSError as error:
            log.warning("the settings could not be saved: %s", error)
