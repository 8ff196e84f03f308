"""The spreadsheet as a part of the window: the third view of Contents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Account, Kind
from omero_desk.entities.sentences import mark
from omero_desk.entities.sheet import SheetRow
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.messages import Message, Severity, describe
from omero_desk.models.sheet.blocks import Block
from omero_desk.models.sheet.reading import RowsModel
from omero_desk.models.sheet.saver import SheetSaver
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import say, translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.gallery.part import GalleryPart
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.sheet.commands import KEYS, OPEN_SHEET, SHEET
from omero_desk.views.sheet.panel import SheetPanel

_REST_MS: Final = 80
_LARGEST: Final = 64_000_000
"""Bytes of a file that is imported."""
_FILE: Final = "file"
_KINDS: Final = {
    "csv": mark("Sheet", "Comma-separated values (*.csv)"),
    "tsv": mark("Sheet", "Tab-separated values (*.tsv)"),
    "xlsx": mark("Sheet", "Excel (*.xlsx)"),
}
"""The kinds of files that are written, by their endings."""


class Reader(Protocol):
    """Reads rows from the server, and files of this computer; writes files of rows."""

    async def rows(self, image_ids: Sequence[int], following: Sequence[int], anew: bool, /) -> Mapping[int, SheetRow]:
        """Return the rows of images by their ids, as `RowsModel` wants them. Raises GatewayError."""

    async def parsed(self, content: bytes) -> Block:
        """Return the rows of a file's content. Raises GatewayError."""

    def read(self, path: Path, most: int, /) -> Awaitable[bytes]:
        """Return so many bytes of a file at most. Raises OSError."""

    async def export(self, path: Path, rows: Iterable[Sequence[str]], /) -> None:
        """Write rows into a file of the kind that its ending says. Raises OSError and GatewayError."""


class Files(TaskOwner):
    """What is under way with files."""

    def __init__(self, report: Callable[[BaseException], object]) -> None:
        self._tasks = Tasks(report)
        self.tasks = self._tasks


class SheetPart(Part):
    """Keeps the sheet at the images that Contents shows, as long as it is in sight."""

    keys = KEYS

    def __init__(self, shared: Shared, reader: Reader, gallery: GalleryPart, edits: EditsModel) -> None:
        self._shared, self._reader, self._gallery = shared, reader, gallery
        report, window = shared.messages.report, shared.window
        self.rows = RowsModel(reader.rows, report, window)
        self.sheet = SheetModel(self.rows, gallery.sizes.get, window)
        self.saver = SheetSaver(self.sheet, edits, window)
        self.panel = SheetPanel(self.sheet, self.saver)
        self.files = Files(report)
        self.models = self.rows, self.files
        self._only: frozenset[int] = frozenset()
        gallery.panel.add_sheet(self.panel, self.panel.tools)
        contents = gallery.contents
        self._follow = QTimer(window, singleShot=True, interval=0)
        self._follow.timeout.connect(self._show)
        self._tell = QTimer(window, singleShot=True, interval=_REST_MS)
        self._tell.timeout.connect(self._tell_picked)
        for change in (
            *(contents.modelReset, contents.rowsInserted, contents.rowsRemoved),
            *(contents.layoutChanged, contents.replaced, self.panel.shown),
        ):
            change.connect(lambda *_: self._follow.start())
        gallery.sizes.arrived.connect(self.panel.view.viewport().update)
        self.panel.view.rested.connect(self._explain)
        gallery.thumbnails.forgotten.connect(self._explain)
        self.sheet.remark_on = gallery.thumbnails.remark
        self.panel.left.connect(self._rest)
        self.panel.view.picked.connect(self._tell.start)
        self.panel.save_wanted.connect(self._save)
        self.panel.tools.take_in.triggered.connect(lambda _checked=False: self.ask_file())
        self.panel.tools.give_out.triggered.connect(lambda _checked=False: self.ask_where())

    # What is shown

    def _show(self) -> None:
        """Show what Contents shows, or those of it that were asked for alone."""
        if not self.panel.isVisible():
            return
        contents = self._gallery.contents
        entities = contents.entities
        if self._only:
            some = [one for one in entities if one.ref.id in self._only]
            if some:
                entities = some
            else:
                self._only = frozenset()
        contents.measure(True)
        self.sheet.show(entities)
        self.panel.view.select_rows({one.ref.id for one in self._gallery.panel.entities})

    def _explain(self) -> None:
        """Have it found out why images in sight cannot be read, as the gallery's other views do."""
        self._gallery.thumbnails.explain(self.panel.view.rows_in_sight)

    def _rest(self) -> None:
        self.rows.rest()
        self._only = frozenset()

    def _tell_picked(self) -> None:
        """Have the images selected whose cells are."""
        if not self.panel.isVisible():
            return
        images = self.panel.view.rows_picked
        if images and images != [one.ref.id for one in self._gallery.panel.entities]:
            self._gallery.panel.pick(images)

    # Commands

    @override
    def commands(self) -> Iterable[Binding]:
        bar = self._gallery.panel.bar
        return (
            Binding(SHEET, lambda _checked: bar.as_sheet.setChecked(True)),
            Binding(OPEN_SHEET, lambda _checked: self._open(), self._why_not_open),
        )

    @override
    def furnished(self) -> None:
        self._gallery.join_views(self._shared.commands[SHEET.id])

    def _open(self) -> None:
        """Show what is selected as a spreadsheet; of several images those alone."""
        images = [one.ref.id for one in self._shared.selection.images]
        self._only = frozenset(images) if len(images) > 1 else frozenset()
        self._gallery.panel.bar.as_sheet.setChecked(True)
        self._follow.start()

    def _why_not_open(self) -> str:
        kinds = {one.ref.kind for one in self._shared.selection.entities.first_ones(_LOOKED_AT)}
        if kinds and kinds <= _SHOWN:
            return ""
        return translate("Sheet", "Select images, datasets or a project")

    def _save(self) -> None:
        try:
            self.saver.save()
        except GatewayError as error:
            self._shared.messages.report(error)

    # Files

    def ask_file(self) -> QFileDialog:
        """Ask for a file to be imported."""
        dialog = QFileDialog(self._shared.window, translate("Sheet", "Import into the spreadsheet"))
        dialog.setNameFilters(
            [
                translate("Sheet", "Tables (*.xlsx *.csv *.tsv *.tab *.txt)"),
                translate("Sheet", "Excel (*.xlsx)"),
                translate("Sheet", "All files (*)"),
            ]
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.take_in(Path(path)))
        dialog.open()
        return dialog

    def take_in(self, path: Path) -> None:
        """Read a file, and show what it would change."""
        self.files.tasks.start(_FILE, self._read(path))

    async def _read(self, path: Path) -> None:
        try:
            content = await self._reader.read(path, _LARGEST + 1)
        except OSError as error:
            self._warn(translate("Sheet", "The file could not be read."), str(error))
            return
        if len(content) > _LARGEST:
            self._warn(translate("Sheet", "The file is larger than 64 MB."), str(path))
            return
        try:
            block = await self._reader.parsed(content)
        except GatewayError as error:
            self._report(error)
            return
        self.panel.open_import(path.name, block)

    def ask_where(self) -> QFileDialog:
        """Ask where the sheet is to be written."""
        dialog = QFileDialog(
            self._shared.window, translate("Sheet", "Export the spreadsheet"), f"{translate('Sheet', 'images')}.csv"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        endings = {say(words): ending for ending, words in _KINDS.items()}
        dialog.setNameFilters(list(endings))
        dialog.setDefaultSuffix(next(iter(_KINDS)))
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(endings[chosen]))
        dialog.fileSelected.connect(lambda path: self.give_out(Path(path)))
        dialog.open()
        return dialog

    def give_out(self, path: Path) -> None:
        """Write the sheet as it is seen into a file."""
        self.files.tasks.start(_FILE, self._write(path))

    async def _write(self, path: Path) -> None:
        try:
            await self._reader.export(path, self.panel.rows())
        except GatewayError as error:
            self._report(error)
            return
        except OSError as error:
            self._warn(translate("Sheet", "The file could not be written."), str(error))
            return
        self._shared.messages.inform(translate("Sheet", "Exported to {path}").format(path=path))

    def _report(self, error: GatewayError) -> None:
        message = describe(error)
        self._warn(message.text, message.detail)

    def _warn(self, text: str, detail: str) -> None:
        self._shared.messages.post(Message(text, detail, Severity.WARNING))

    # What happens

    @override
    def entered(self, account: Account) -> None:
        self.left()

    @override
    def returned(self) -> None:
        self.rows.retry()

    @override
    def refresh(self) -> None:
        self.rows.read_again(list(self.rows.known))

    @override
    def left(self) -> None:
        self.files.tasks.cancel_all()
        self._only = frozenset()
        self.saver.stop()
        self.sheet.forget()
        self.panel.forget()

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return self.saver.unsaved_work()


_LOOKED_AT: Final = 1000
"""Selected neighbours that are looked at; of more the others are taken to be of the same kinds."""
_SHOWN: Final = frozenset({Kind.IMAGE, Kind.DATASET, Kind.PROJECT, Kind.ORPHANED_IMAGES})
