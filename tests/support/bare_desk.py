"""A window with nothing behind it but a service manager: no library, no keyring, no files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from omero_desk.app import make_application
from omero_desk.desk import Backing, MakesParts, build, parts_of
from omero_desk.entities.edits import KeptEdit
from omero_desk.entities.objects import AccountId
from omero_desk.entities.thumbnails import Kept, ThumbnailSource
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.origins.lookups import Lookups
from omero_desk.models.annotations.tag_choices import TagChoicesModel
from omero_desk.models.connection.address import ServerAddress
from omero_desk.models.connection.connection import Entrance, Progress
from omero_desk.models.exports.exports import Content, ExportFile, ExportPlan
from omero_desk.readers.annotations import AnnotationReader
from omero_desk.system.settings import Settings
from omero_desk.views.annotations.details_panel import DetailsPanel
from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.main_window import MainWindow


class NoLibrary:
    async def start(self, progress: Progress) -> Entrance:
        raise NotImplementedError

    async def open_folder(self, folder: str, progress: Progress) -> Entrance:
        raise NotImplementedError

    def stop_all_but(self, address: ServerAddress | None) -> None: ...


class NoPasswords:
    async def problem(self) -> str:
        return "not here"

    async def find(self, server: str, user: str) -> str:
        return ""

    async def keep(self, server: str, user: str, password: str) -> None: ...

    async def forget(self, server: str, user: str) -> None: ...


class NoThumbnails:
    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        return {}

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        raise NotImplementedError

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        raise NotImplementedError

    async def find(self, image_ids: Sequence[int], size: int) -> dict[int, Kept]:
        return {}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        raise NotImplementedError


class NoEdits:
    async def kept(self, account: AccountId) -> Sequence[KeptEdit]:
        return ()

    def keep(self, account: AccountId, edits: Sequence[KeptEdit]) -> Awaitable[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


async def no_file(path: Path, content: Content) -> None:
    raise NotImplementedError


async def no_bytes(path: Path, most: int) -> bytes:
    raise NotImplementedError


async def no_planes(plan: ExportPlan) -> ExportFile:
    raise NotImplementedError


def backing(service: ServiceManager, theme: Theme, files: Worker | None = None) -> Backing:
    """What stands behind a window that is signed in nowhere; without `files` none is read or written piece by piece."""
    calls, log = AccountCalls(service), Path("log")
    if files is None:
        files = Worker("files")
        files.close()
    return Backing(
        service,
        calls,
        NoLibrary(),
        NoPasswords(),
        NoThumbnails(),
        NoEdits(),
        no_file,
        no_planes,
        theme,
        log,
        files,
        no_bytes,
    )


class BareDesk:
    """The main window of nobody. `close` ends it."""

    def __init__(self, make_parts: MakesParts = parts_of, settings: Settings | None = None) -> None:
        self.service = ServiceManager()
        self.window = MainWindow()
        theme = Theme(make_application(), ThemeChoice.LIGHT)
        theme.setParent(self.window)
        self._files = Worker("files")
        behind = backing(self.service, theme, self._files)
        self.workbench = build(self.window, settings or Settings(), behind, make_parts)

    async def close(self) -> None:
        for model in self.workbench.working:
            model.cancel_all()
        for model in self.workbench.working:
            await model.finished()
        self.service.close()
        self._files.close()
        self.window.leave()
        self.window.deleteLater()


def bare_details_panel() -> DetailsPanel:
    """The page of information of nobody who is signed in: it shows what it is told, and reads nothing."""
    owner = QObject()
    reader = AnnotationReader(AccountCalls(ServiceManager()))
    edits = EditsModel(reader.start, reader.send, reader.author, print, owner)
    inspected = InspectorModel(reader, edits, print, owner)
    choices, lookups = TagChoicesModel(reader, edits, print, owner), Lookups(reader, inspected, print, owner)
    panel = DetailsPanel(inspected, edits, choices, lookups, lambda: None)
    owner.setParent(panel)
    return panel
