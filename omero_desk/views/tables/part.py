"""Tables as a part of the window: a tab for each that is open, and what leads to them and from them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import Annotation, StoredFile
from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.tables import ROI, ColumnKind, FoundTable
from omero_desk.models import labels
from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.exports.exports import ExportsModel, disk_words, file_name
from omero_desk.models.tables.csv_out import write_csv
from omero_desk.models.tables.draft import Draft, DraftError
from omero_desk.models.tables.making import TableMaking
from omero_desk.models.tables.rows import RowNumbers
from omero_desk.models.tables.source import ExportsRows, MakesTables, ReadsObjects, ReadsRows, TextFile
from omero_desk.models.tables.table import MOST_REFS, TableModel
from omero_desk.models.tasks import Tasked, TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.tables.commands import NEW_TABLE, OPEN_TABLES
from omero_desk.views.tables.new_table_dialog import NewTableDialog
from omero_desk.views.tables.table_panel import TablePanel
from omero_desk.views.tree.part import TreePart
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.names import add_named
from omero_desk.views.window.centre_view import CentreView

_RELEASE: Final = "release"
_ASK: Final = "ask"
_FOLLOW: Final = "follow"
_READ: Final = "read"
_MOST_OBJECTS: Final = 1_000
"""Selected objects whose tables are looked for."""


class Reader(ReadsRows, ReadsObjects, ExportsRows, MakesTables, Protocol):
    """All that tables need of a server; `bound` returns one for the present account alone."""

    def bound(self) -> Reader:
        """Return a reader whose calls are refused once another account is signed in."""


class TablesModel(TaskOwner):
    """The tables that are open, by their files' ids, and what is asked about them."""

    def __init__(self, report: Callable[[BaseException], object], making: TableMaking) -> None:
        self._tasks = Tasks(report)
        self.making = making
        self.open: dict[int, TablePanel] = {}

    @property
    def tasks(self) -> Tasks:
        """What is under way."""
        return self._tasks

    @property
    def _at_work(self) -> Iterable[Tasked]:
        return (self._tasks, self.making, *(panel.table for panel in self.open.values()))


class TablesPart(Part):
    """Opens tables. The inspector calls `open_table` for one that it lists."""

    def __init__(
        self,
        shared: Shared,
        reader: Reader,
        start_text: Callable[[Path], Awaitable[TextFile]],
        centre: CentreView,
        tree: TreePart,
        exports: ExportsModel,
        activities: ActivitiesModel,
    ) -> None:
        self._shared, self._reader, self._start_text = shared, reader, start_text
        self._centre, self._tree, self._exports = centre, tree, exports
        self.making = TableMaking(activities, shared.messages, shared.window)
        self.model = TablesModel(shared.messages.report, self.making)
        self.models = (self.model,)
        self.offered: QMenu | None = None
        self.making.made.connect(self._tell_made)
        centre.page_closed.connect(self._close)

    @override
    def commands(self) -> Iterable[Binding]:
        return (
            Binding(OPEN_TABLES, lambda _checked: self.open_of_selection(), self._why_no_tables),
            Binding(NEW_TABLE, lambda _checked: self.ask_for_file(), self._why_no_new_table),
        )

    @override
    def returned(self) -> None:
        for panel in self.model.open.values():
            if panel.table.table is None:
                panel.table.open()
            else:
                panel.table.rows.retry()

    @override
    def left(self) -> None:
        self.model.cancel_all()

    @override
    def unsaved(self) -> Sequence[Unsaved]:
        return self.making.unsaved_work()

    # Opening

    def open_annotation(self, annotation: Annotation) -> None:
        """Show the table that an annotation is."""
        if isinstance(annotation.value, StoredFile) and annotation.links:
            self.open_table(annotation.value, annotation.links[0].ref)

    def open_table(self, file: StoredFile, about: Ref) -> TablePanel:
        """Show the table in a file that hangs on an object: where it is open already, else in a new tab."""
        panel = self.model.open.get(file.id)
        if panel is None:
            table = TableModel(self._reader.bound(), FoundTable(file, about), self._shared.messages.report)
            panel = self.model.open[file.id] = TablePanel(table)
            table.setParent(panel)
            panel.wanted.connect(self._follow)
            panel.select_wanted.connect(partial(self._select, panel))
            panel.save_wanted.connect(lambda: self.ask_where(panel))
            table.open()
        tip = translate("Tables", "{name} (table, file {id})").format(name=panel.name, id=file.id)
        self._centre.open_page(panel, panel.name, tip, "table")
        return panel

    def open_of_selection(self) -> None:
        """Look for the tables of what is selected, and open one: the only one, or that which the user chooses."""
        refs = [entity.ref for entity in self._shared.selection.entities[:_MOST_OBJECTS]]
        self.model.tasks.start(_ASK, self._open_of(refs))

    async def _open_of(self, refs: Sequence[Ref]) -> None:
        try:
            found = await self._reader.tables_of(refs)
        except GatewayError as error:
            self._shared.messages.report(error)
            return
        if not found:
            words = plural("Tables", "No table hangs on these %n objects", "No table hangs on this object", len(refs))
            self._shared.messages.inform(words)
        elif len(found) == 1:
            self.open_table(found[0].file, found[0].about)
        else:
            self._offer(found)

    def _offer(self, found: Sequence[FoundTable]) -> None:
        """Let the user choose one of several tables."""
        menu = QMenu(self._shared.window)
        menu.setAccessibleName(translate("Tables", "Tables"))
        for one in found[:100]:
            name = labels.shortened(one.file.name) or translate("Tables", "Table {id}").format(id=one.file.id)
            where = f"{name} ({labels.kind_name(one.about.kind)} {one.about.id})"
            action = add_named(menu, where, icons.icon("table"))
            action.triggered.connect(lambda _checked=False, one=one: self.open_table(one.file, one.about))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())
        self.offered = menu

    def _close(self, page: QWidget) -> None:
        """Let go of a table whose tab was closed."""
        for file_id, panel in list(self.model.open.items()):
            if panel is page:
                del self.model.open[file_id]
                panel.table.cancel_all()
                self.model.tasks.start((_RELEASE, file_id), _release(panel.table.release_by, file_id))

    def _why_no_tables(self) -> str:
        entities = self._shared.selection.entities
        if not entities:
            return translate("Tables", "Nothing is selected")
        if not any(entity.annotation_count for entity in entities):
            return translate("Tables", "Nothing hangs on what is selected")
        return ""

    # Where cells lead to

    def _follow(self, ref: Ref) -> None:
        """Show an image, or the one that a region is in; select all else."""
        self.model.tasks.start(_FOLLOW, self._go(ref))

    async def _go(self, ref: Ref) -> None:
        try:
            (found,) = await self._found((ref,)) or (None,)
        except GatewayError as error:
            self._shared.messages.report(error)
            return
        if found is None:
            words = translate("Tables", "{kind} {id} is not there, or you may not see it")
            self._shared.messages.inform(words.format(kind=labels.kind_name(ref.kind), id=ref.id))
        elif found.ref.kind == Kind.IMAGE:
            self._shared.selection.opened.emit(found)
        else:
            self._show(found)

    async def _found(self, refs: Sequence[Ref]) -> Sequence[Entity]:
        """Return the objects; for regions the images that they are in."""
        rois = [ref.id for ref in refs if ref.kind == ROI]
        if rois:
            images = await self._reader.images_of_rois(rois)
            refs = [Ref(Kind.IMAGE, image) for image in dict.fromkeys(images.values())]
        return await self._reader.objects(refs)

    def _show(self, entity: Entity) -> None:
        """Go to an object in the tree where it is loaded; else only select it."""
        path = self._tree.model.path_to(entity.ref)
        if path is not None and self._tree.browser.select_paths((path,)):
            self._centre.show_contents()
        else:
            self._shared.selection.choose((entity,))
            words = translate("Tables", "{name} is selected").format(name=labels.name(entity))
            self._shared.messages.inform(words)

    def _select(self, panel: TablePanel, rows: RowNumbers | Sequence[int]) -> None:
        self.model.tasks.start(_FOLLOW, self._select_all(panel, [int(row) for row in rows[: MOST_REFS + 1]]))

    async def _select_all(self, panel: TablePanel, rows: Sequence[int]) -> None:
        """Select in the window what rows are about."""
        try:
            found = await self._found(await panel.table.refs_of(rows[:MOST_REFS]))
        except GatewayError as error:
            self._shared.messages.report(error)
            return
        if not found:
            self._shared.messages.inform(
                translate("Tables", "Nothing that these rows are about is there to be selected")
            )
            return
        self._shared.selection.choose(found)
        words = plural("Tables", "%n objects are selected", "%n object is selected", len(found))
        if len(rows) > MOST_REFS:
            first = translate("Tables", "{words}: those of the first {most} rows")
            words = first.format(words=words, most=f"{MOST_REFS:,}")
        self._shared.messages.inform(words)

    # Files

    def ask_where(self, panel: TablePanel) -> QFileDialog:
        """Ask for the place of a file, and write there what is shown of a table."""
        title = translate("Tables", "Save the rows of {name}").format(name=panel.name)
        types = translate("Tables", "Comma-separated values (*.csv)")
        dialog = QFileDialog(self._shared.window, title, f"{file_name(panel.name)}.csv", types)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.save(panel, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, panel: TablePanel, path: Path) -> None:
        """Write the rows and columns that are shown to a file, as an activity."""
        table = panel.table.table
        if table is not None:
            shown = [table.heads[column] for column in panel.heads_shown]
            heads = [head for head in shown if head.kind is not ColumnKind.OTHER]
            start, order = partial(self._start_text, path), panel.table.rows.order
            write = partial(write_csv, self._reader.bound(), table, heads, order, start)
            self._exports.stream(path, translate("Tables", "Reading rows"), write)
            if len(heads) < len(shown):
                words = plural(
                    "Tables",
                    "%n columns are left out: what they hold is not known here",
                    "%n column is left out: what it holds is not known here",
                    len(shown) - len(heads),
                )
                self._shared.messages.inform(words)

    def ask_for_file(self) -> QFileDialog:
        """Ask for a file of comma-separated values for the selected object."""
        entity, maker = self._shared.selection.entities[0], self._reader.bound()
        types = translate("Tables", "Comma-separated values (*.csv *.tsv *.txt);;All files (*)")
        dialog = QFileDialog(self._shared.window, translate("Tables", "New table from a file"), "", types)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read(Path(path), entity, maker))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def read(self, path: Path, entity: Entity, maker: MakesTables | None = None) -> None:
        """Read a file, and show what table it would become for an object, by a maker of the account that asked."""
        self.model.tasks.start(_READ, self._read(path, entity, maker or self._reader.bound()))

    async def _read(self, path: Path, entity: Entity, maker: MakesTables) -> None:
        try:
            draft = await maker.read(path)
        except (DraftError, OSError) as error:
            reason = disk_words(error) if isinstance(error, OSError) else say(error.sentence)
            words = translate("Tables", "{file} was not read. {reason}")
            self._shared.messages.report(FailedError(words.format(file=path.name, reason=reason)))
            return
        self._show_draft(draft, path.stem, entity, maker)

    def _show_draft(self, draft: Draft, title: str, entity: Entity, maker: MakesTables) -> NewTableDialog:
        """Show what table a draft would become; it is made if the user wants it."""
        about = f"{labels.kind_name(entity.ref.kind)} {labels.name(entity)}"
        dialog = NewTableDialog(draft, title, about, self._shared.window)
        dialog.accepted_table.connect(lambda table: self.making.make(table, entity.ref, maker))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _tell_made(self, found: FoundTable) -> None:
        """Show a table that was made."""
        self.open_table(found.file, found.about)

    def _why_no_new_table(self) -> str:
        entities = self._shared.selection.entities
        if len(entities) != 1:
            return translate("Tables", "Select one object")
        if entities[0].annotation_count is None and not entities[0].permissions.can_annotate:
            return translate("Tables", "Nothing can be attached to this")
        return "" if entities[0].permissions.can_annotate else translate("Tables", "You may not annotate this")


async def _release(release: Callable[[int], Awaitable[None]], file_id: int) -> None:
    """Let the server close a table."""
    with suppress(GatewayError):  # it ends with its session
        await release(file_id)
