"""The images of the selected containers as a grid or a table, to filter, to sort and to open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.gallery_look import ContentsLook
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.chosen import Chosen, Run
from omero_desk.models.gallery.contents import AT_ONCE, ENTITY, ContentsModel
from omero_desk.models.gallery.contents_column import COLUMNS, ContentsColumn
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.messages import Action
from omero_desk.models.selection import runs
from omero_desk.models.slices import Slices, at_once
from omero_desk.models.translation import translate
from omero_desk.views.gallery.contents_bar import ContentsBar
from omero_desk.views.gallery.contents_states import Reading, empty_state, missing_words, nothing_found_state
from omero_desk.views.gallery.image_table import ImageTable
from omero_desk.views.gallery.preview import Preview
from omero_desk.views.gallery.thumbnail_grid import ThumbnailGrid
from omero_desk.views.theme.tokens import Height, Space
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.widgets.loading import Place, paint_blocks, paint_cells
from omero_desk.views.widgets.path_head import NARROW
from omero_desk.views.widgets.state_card import PlaceState

Flag = QItemSelectionModel.SelectionFlag
_FEW: Final = 20
"""Images whose rows are looked up one by one."""
_MOST_AT_ONCE: Final = 10_000


_MANY: Final = 1000
"""Cells that are shown as blocks where their number is not known: more than fit on a screen."""


class ContentsPanel(QWidget):
    """Shows a `ContentsModel`. `selected`: the selection has changed; `opened` carries the image to open;
    `retry_wanted` and `cancelled`: what could not be read is to be read, what is being read is not waited for.

    `fill_menu` adds the commands to the menu of the selected images, and `show_info` shows what is known of them.
    """

    selected = Signal()
    opened = Signal(Entity)
    retry_wanted = Signal()
    cancelled = Signal()

    def __init__(
        self,
        contents: ContentsModel,
        thumbnails: ThumbnailsModel,
        counts: AnnotationCountsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._contents, self._thumbnails, self._counts = contents, thumbnails, counts
        self.fill_menu: Callable[[QMenu], object] = lambda menu: None
        self.show_info: Callable[[str], object] = lambda section: None
        self._slices = Slices(self)
        self._select_rest: Callable[[], object] | None = None  # once all images of the place are here
        self.bar = ContentsBar()
        self.grid = ThumbnailGrid(contents, thumbnails)
        self.table = ImageTable(contents, self.grid.selectionModel())
        self.number = self.bar.head.number
        self.place = Place(self.grid, self.table, blocks=self._paint_blocks)
        self._reading = Reading()
        self.sheet: QWidget | None = None
        self._lay_out()
        self.preview = Preview(thumbnails, self)
        self._connect()
        self.bar.slider.setValue(self.grid.side)
        self._show_rows()
        self.place.setProperty("ground", "base")
        self.place.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self.place)

    # What it shows

    def show_entities(self, place: Hashable, entities: Iterable[Entity]) -> None:
        """Show the images of a place."""
        if place != self._contents.place:
            self.bar.filter_edit.clear()
            self.place.leave()
        self._contents.show_entities(place, entities)
        self._show_rows()

    def show_reading(self, reading: Reading) -> None:
        """Show how the reading goes, and what there is to say of it."""
        self._reading = reading
        self._show_rows()

    def add_entities(self, place: Hashable, entities: Sequence[Entity]) -> None:
        """Show more images of a place, or the first."""
        if place != self._contents.place:
            self.show_entities(place, entities)
        else:
            self._contents.add(entities)

    def select(self, entities: Sequence[Entity]) -> None:
        """Select the images among these, and bring the first of them into sight; nobody is told.

        Very many are looked for in slices; those that are still on their way are selected once all are here.
        """
        self._look_for(entities, self._rows_view.scrollTo)
        filling = self._contents.filling
        self._select_rest = partial(self._look_for, entities, lambda index: None) if filling else None

    def _look_for(self, entities: Sequence[Entity], show: Callable[[QModelIndex], object]) -> None:
        work, shown = self._selecting(entities, show), self._contents.rowCount()
        if len(entities) <= _FEW or max(len(entities), shown) <= _MOST_AT_ONCE:
            self._slices.cancel_all()
            at_once(work)
        else:
            self._slices.start(work)

    def _selecting(self, entities: Sequence[Entity], show: Callable[[QModelIndex], object]) -> Iterator[None]:
        ids: set[int] = set()
        for start in range(0, len(entities), AT_ONCE):
            ids.update(one.ref.id for one in entities[start : start + AT_ONCE] if one.ref.kind == Kind.IMAGE)
            yield
        if len(ids) <= _FEW:
            found = (self._contents.row_of(Ref(Kind.IMAGE, image)) for image in ids)
            self._select(runs(sorted(row for row in found if row is not None)), show)
            return
        rows = list[int]()
        shown = self._contents.entities
        for start in range(0, len(shown), AT_ONCE):
            some = enumerate(shown[start : start + AT_ONCE], start)
            rows += [row for row, one in some if one.ref.id in ids]
            yield
        self._select(runs(rows) if shown is self._contents.entities else (), show)

    def _select(self, found: Sequence[tuple[int, int]], show: Callable[[QModelIndex], object]) -> None:
        selection = QItemSelection()
        for first, last in found:
            selection.select(self._contents.index(first, 0), self._contents.index(last, len(COLUMNS) - 1))
        with QSignalBlocker(self):
            if found:
                self.grid.selectionModel().setCurrentIndex(self._contents.index(found[0][0], 0), Flag.NoUpdate)
            self.grid.selectionModel().select(selection, Flag.ClearAndSelect)
        if found:
            show(self._contents.index(found[0][0], 0))

    def pick(self, image_ids: Iterable[int]) -> None:
        """Select images, as the user did in another view of them."""
        wanted = set(image_ids)
        rows = [row for row, entity in enumerate(self._contents.entities) if entity.ref.id in wanted]
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.select(self._contents.index(first, 0), self._contents.index(last, len(COLUMNS) - 1))
        self.grid.selectionModel().select(selection, Flag.ClearAndSelect)

    def add_sheet(self, sheet: QWidget, tools: QWidget) -> None:
        """Show a spreadsheet of the images as the third view, its tools beside the filter."""
        self.sheet = sheet
        self.place.add_view(sheet)
        self.bar.add_tools(tools)

    @property
    def entities(self) -> Chosen:
        """The selected images, from the top down."""
        selection = self.grid.selectionModel().selection()
        ranges = sorted(
            (one.top(), one.bottom()) for one in map(selection.at, range(selection.count())) if one.left() == 0
        )
        shown = self._contents.entities if ranges else ()
        return Chosen(Run(shown, top, bottom + 1) for top, bottom in ranges)

    # How it looks

    @property
    def look(self) -> ContentsLook:
        """The look to be remembered."""
        column, descending = self._contents.column.name, self._contents.descending
        as_table = self.bar.as_table.isChecked()
        as_sheet = self.bar.as_sheet.isChecked()
        pictures, side, widths = self.grid.pictures, self.grid.side, self.table.widths
        return ContentsLook(pictures, side, as_table, column, descending, widths, as_sheet)

    def arrange(self, look: ContentsLook) -> None:
        """Restore a look; a column that is not known any more is ignored."""
        self.grid.show_pictures(look.thumbnails)
        self.grid.set_side(look.side)
        self.bar.views[2 if look.as_sheet else int(look.as_table)].setChecked(True)
        if look.sorting in ContentsColumn.__members__:
            self._sort(ContentsColumn[look.sorting], look.descending)
        self.table.set_widths(look.columns)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.place, 1)

    def _connect(self) -> None:
        self.bar.filter_edit.textChanged.connect(self._contents.set_filter)
        self.bar.filter_edit.textChanged.connect(self._show_rows)
        self.bar.filter_edit.left.connect(self._focus_rows)
        self.bar.sorted.connect(self._sort)
        self.bar.view_chosen.connect(self._show_view)
        self.bar.side_chosen.connect(self.grid.set_side)
        self.table.sorted.connect(self._sort)
        self.table.moved.connect(self._explain)
        self._thumbnails.forgotten.connect(self._explain)
        self.preview.watch(self.grid, lambda index: index.data(ENTITY), lambda: self.grid.is_typing)
        self.preview.watch(self.table, lambda index: index.data(ENTITY))
        self.preview.shown.connect(self.grid.rest)
        self.grid.zoomed.connect(self.bar.slider.setValue)
        self.grid.opened.connect(self.opened)
        self.grid.menu_wanted.connect(self._open_menu)
        self.table.activated.connect(lambda index: self.opened.emit(index.data(ENTITY)))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda point: self._open_menu(self.table.viewport().mapToGlobal(point))
        )
        self.place.cancelled.connect(self.cancelled)
        self.grid.selectionModel().selectionChanged.connect(self._tell_selection)
        self._contents.filled.connect(self._follow_filled)
        for other in (self._contents.modelReset, self.bar.filter_edit.textChanged):
            other.connect(self._forget_rest)
        for changed in (self._contents.rowsInserted, self._contents.rowsRemoved, self._contents.modelReset):
            changed.connect(self._show_rows)

    @property
    def _rows_view(self) -> ThumbnailGrid | ImageTable:
        return self.table if self.bar.as_table.isChecked() else self.grid

    @property
    def _view(self) -> QWidget:
        return self.sheet if self.sheet is not None and self.bar.as_sheet.isChecked() else self._rows_view

    def _tell_selection(self) -> None:
        """Announce another selection, in place of one that was still being looked for.

        If the user has selected all while more images are on their way, those will be selected too.
        """
        self._slices.cancel_all()
        if not self.signalsBlocked():
            has_all = self._contents.filling and len(self.entities) == self._contents.rowCount() > 0
            self._select_rest = self.grid.selectAll if has_all else None
        self.selected.emit()

    def _follow_filled(self) -> None:
        """Select what has come since it was to be selected."""
        select, self._select_rest = self._select_rest, None
        if select is not None:
            select()

    def _forget_rest(self) -> None:
        """Select nothing that comes now: it belongs to another place, or to other words in the filter."""
        self._select_rest = None

    def _explain(self) -> None:
        self._thumbnails.explain(self.table.in_sight)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show less above the images in a narrow window."""
        super().resizeEvent(event)
        self.bar.show_narrow(self.window().width() < NARROW)

    def _focus_rows(self) -> None:
        self._view.setFocus()

    def _sort(self, column: ContentsColumn, descending: bool) -> None:
        self._contents.sort_by(column, descending)
        self.bar.show_sorting(column, descending)
        self.table.show_sorting(column, descending)

    def _show_view(self) -> None:
        self.bar.slider.setEnabled(self.bar.as_gallery.isChecked())
        self._contents.measure(not self.bar.as_gallery.isChecked())
        self._show_rows()

    def _show_rows(self, *_: object) -> None:
        """Show the rows, or in their place why there are none."""
        shown, total = self._contents.rowCount(QModelIndex()), self._contents.total
        self.bar.show_number(shown, total)
        self.place.show_view(self._view)
        self.place.show_empty(None if shown else self._why_empty(total))
        self.place.wait(self._reading.is_under_way, self._reading.done, self._reading.total)
        self._show_missing(total)

    def _why_empty(self, total: int) -> PlaceState:
        if total:
            needle = self.bar.filter_edit.text().strip()
            clear = Action(translate("Gallery", "Clear filter"), self.bar.filter_edit.clear)
            return nothing_found_state(needle, total, clear)
        return empty_state(self._reading, self.retry_wanted.emit)

    def _show_missing(self, total: int) -> None:
        """Say above the images that are here what is missing."""
        again = Action(translate("Window", "Try again"), self.retry_wanted.emit)
        words = missing_words(self._reading, total) if total else ""
        self.place.strip.tell(words, again if self._reading.problem is not None else None)

    def _paint_blocks(self, painter: QPainter, area: QRect) -> None:
        number = self._reading.total or _MANY
        if self.bar.as_table.isChecked():
            height = self.table.rowHeight(0) or Height.TABLE_ROW
            paint_blocks(painter, area.adjusted(Space.LARGE, 0, 0, 0), height)
        else:
            paint_cells(painter, area, self.grid.cell_size, number)

    def _open_menu(self, point: QPoint) -> None:
        entities = self.entities
        if not entities:
            return
        self._counts.count(entities)
        menu = NodeMenu(self._counts, entities, self, self.fill_menu, self.show_info)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)
