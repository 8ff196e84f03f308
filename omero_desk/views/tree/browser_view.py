"""The tree's panel: a field to filter by, the tree, and the progress of loading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.objects import Entity, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.chosen import Chosen, Run
from omero_desk.models.labels import shortened
from omero_desk.models.messages import Action
from omero_desk.models.quantities import exact, rounded
from omero_desk.models.translation import plural, translate
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.node_model import Column
from omero_desk.models.tree.row_data import Role
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.parts.actions import entry, passing_menu
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Space
from omero_desk.views.tree.before_filter import BeforeFilter
from omero_desk.views.tree.commands import REFRESH, REFRESH_ALL
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.tree.tree_view import TreeView
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.loading import Loading, Place, Stage, paint_blocks
from omero_desk.views.widgets.state_card import PlaceState, failure_state, link_button
from omero_desk.views.widgets.words import Words

_MOST_EXPANDED: Final = 100
"""The most rows that a filter opens to show the matches below them."""


class BrowserView(QWidget):
    """Shows the tree; `selected` carries the selected entities, `activated` the one to open.

    `fill_menu` adds the commands to the menu of the selected rows, and `show_info` shows what is known of them.
    """

    selected = Signal(object)
    activated = Signal(Entity)
    annotation_column_shown = Signal(bool)
    refreshed = Signal()

    def __init__(self, tree: OmeroTreeModel, counts: AnnotationCountsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._counts = counts
        self._before: BeforeFilter | None = None
        self.fill_menu: Callable[[QMenu], object] = lambda menu: None
        self.show_info: Callable[[str], object] = lambda section: None
        self.filter_edit = FilterEdit(translate("Tree", "Filter by name"), self)
        self.filtered_rows = Words(wordWrap=True)
        self.filtered_rows.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.filtered_rows.hide()
        self.view = TreeView(tree, self)
        self.place = Place(self.view, blocks=self._paint_blocks)
        self.place.cancelled.connect(tree.stop_all)
        self.status = StatusLine(tree, self)
        self._wanted: tuple[Ref, ...] = ()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)

    @property
    def entities(self) -> Chosen:
        """The selected objects, row by row; a filter that hides them changes nothing."""
        kept = self._before.entities if self._before is not None else None
        return Chosen(run for _, run in self.view.selected_runs()) if kept is None else kept

    def selected_paths(self, most: int) -> tuple[tuple[Ref, ...], ...]:
        """Return the paths of the selected rows, of `most` at most, the current one first."""
        current = self._current
        selected = (
            self._tree.index(row, 0, above)
            for above, run in self.view.selected_runs()
            for row in range(run.start, run.stop)
        )
        others = (index for index in selected if index != current)
        rows = [current, *islice(others, most - 1)]
        return tuple(path for index in rows if (path := self._tree.path(index)))

    def select_paths(self, paths: Sequence[tuple[Ref, ...]]) -> bool:
        """Select the rows at the ends of paths, without a filter; False if none of them is loaded."""
        if not self._tree.known(paths):
            return False
        if self.filter_edit.text().strip():
            self._tree.filtered.connect(partial(self._select_now, paths), Qt.ConnectionType.SingleShotConnection)
            self.filter_edit.clear()
        else:
            self._select_now(paths)
        return True

    def reveal(self, path: tuple[Ref, ...]) -> None:
        """Select the row at the end of a path, reading what is above it first; the outermost may be left out.

        Where nothing of it is in the tree, nothing happens but a word about it.
        """
        self._wanted = ()
        if self.select_paths([path]):
            self.status.forget_notice()
            return
        above = next((path[:number] for number in range(len(path) - 1, 0, -1) if self._tree.known([path[:number]])), ())
        row = self._tree.find(above)
        if above and (self._tree.canFetchMore(row) or self._tree.state(row) is LoadState.LOADING):
            self._wanted = path
            self._tree.fetchMore(row)
        else:
            words = translate("Tree", "That is not in the tree as it is now: look at another group or owner.")
            self.status.tell(words)

    def _go_on(self) -> None:
        """Go on to what is wanted, now that more has been read."""
        if self._wanted:
            self.reveal(self._wanted)

    def _select_now(self, paths: Sequence[tuple[Ref, ...]]) -> None:
        found = self._tree.find_all(paths)
        if not found:
            return
        chosen, last = QItemSelection(), Column.ANNOTATIONS
        for index in found:
            chosen.select(index, index.siblingAtColumn(last))
        flags = QItemSelectionModel.SelectionFlag
        self.view.expand(found[0].parent())
        self.view.selectionModel().setCurrentIndex(found[0], flags.NoUpdate)
        self.view.selectionModel().select(chosen, flags.ClearAndSelect)
        self.view.scrollTo(found[0])

    def show_annotation_column(self, shown: bool) -> None:
        """Show or hide the column with the numbers of annotations."""
        if self.view.isColumnHidden(Column.ANNOTATIONS) == shown:
            self.view.setColumnHidden(Column.ANNOTATIONS, not shown)
            self.view.setHeaderHidden(not shown)
            self.annotation_column_shown.emit(shown)

    def refresh(self) -> None:
        """Fetch again what is selected, or all if nothing is; rows that are open are fetched again too."""
        self._refresh(list(self._refreshed_rows()))

    def _refreshed_rows(self) -> Iterator[QModelIndex]:
        """Yield the selected rows that have others below them, and one of those beside each other that have none."""
        for above, run in self.view.selected_runs():
            holding = [row for row, _entity in self._tree.with_rows_below(run)]
            rows = holding if len(holding) == len(run) else [*holding, *islice(self._leaves(run, holding), 1)]
            yield from (self._tree.index(row, 0, above) for row in rows)

    @staticmethod
    def _leaves(run: Run, holding: Sequence[int]) -> Iterator[int]:
        others = set(holding)
        return (row for row in range(run.start, run.stop) if row not in others)

    def refresh_all(self) -> None:
        """Fetch the whole tree again, as far as it is open."""
        self._refresh([])

    # Commands for the current row

    @property
    def _current(self) -> QModelIndex:
        return self.view.currentIndex().siblingAtColumn(Column.NAME)

    def why_nothing_below(self) -> str:
        """Return why nothing can be opened below the current row, "" if something can."""
        return "" if self._tree.hasChildren(self._current) else translate("Tree", "There is nothing below it")

    def why_nothing_failed(self) -> str:
        """Return why the current row cannot be fetched again, "" if it could not be fetched."""
        has_failed = self._tree.has_failed(self.view.currentIndex())
        return "" if has_failed else translate("Tree", "Nothing here could not be fetched")

    def open_current(self) -> None:
        """Show the rows below the current one."""
        self.view.expand(self._current)

    def expand_below(self) -> None:
        """Open all below the current row."""
        self.view.open_below(self._current)

    def collapse_below(self) -> None:
        """Close all below the current row."""
        self.view.close_below(self._current)

    def try_again(self) -> None:
        """Fetch the current row again, which could not be fetched."""
        self._tree.retry(self.view.currentIndex())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.TINY, 0, 0)
        column.setSpacing(Space.TINY)
        for widget in (self.filter_edit, self.filtered_rows):
            inset = QHBoxLayout()
            inset.setContentsMargins(Space.SMALL, 0, Space.SMALL, 0)
            inset.addWidget(widget)
            column.addLayout(inset)
        column.addWidget(self.place, 1)
        column.addWidget(self.status)

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self._filter)
        self.filter_edit.left.connect(self.view.setFocus)
        self.view.activated.connect(self._activate)
        self.view.menu_wanted.connect(self._open_menu)
        self.view.refresh_wanted.connect(self.refresh)
        self.view.limited.connect(self.status.tell_limit)
        self.view.selectionModel().selectionChanged.connect(self._select)
        self.view.header().customContextMenuRequested.connect(self._open_header_menu)
        self._tree.filtered.connect(self._show_matches)
        self._tree.modelReset.connect(self._forget_rows)
        self._tree.loaded.connect(self._take_rows)
        self._tree.loaded.connect(lambda _row: self._go_on())
        self._counts.counted.connect(self._tree.set_annotation_counts)
        self._tree.counts_taken.connect(self._tell_selection)
        changes = self._tree.rowsInserted, self._tree.rowsRemoved, self._tree.modelReset
        for changed in (*changes, self._tree.progressed, self._tree.filtered):
            changed.connect(self._show_place)

    def _show_place(self, *_: object) -> None:
        """Show the rows, or in their place why there are none."""
        tree = self._tree
        has_rows = any(tree.entity(tree.index(row, 0)) is not None for row in range(min(tree.rowCount(), 2)))
        self.place.show_empty(None if has_rows or tree.scope is None else self._why_empty())
        self.place.wait(tree.state() is LoadState.LOADING, tree.arrived(QModelIndex()))

    def _why_empty(self) -> PlaceState:
        needle, problem = self.filter_edit.text().strip(), self._tree.problem_of(QModelIndex())
        if problem is not None:
            what = translate("Tree", "The tree could not be read")
            return failure_state(what, problem.text, self.refresh_all, problem.detail)
        if needle and self._tree.row_total:
            sentence = translate("Tree", "Nothing loaded matches “{text}”").format(text=shortened(needle))
            why = translate("Tree", "The filter looks at the rows that were opened before.")
            clear = Action(translate("Tree", "Clear filter"), self.filter_edit.clear)
            return PlaceState("search", sentence, why, link=clear)
        why = translate("Tree", "Choose another group or owner above, or look again later.")
        refresh = Action(translate("Tree", "Refresh"), self.refresh_all)
        return PlaceState("library", translate("Tree", "Nothing here yet"), why, refresh)

    def _paint_blocks(self, painter: QPainter, area: QRect) -> None:
        paint_blocks(painter, area.adjusted(Space.LARGE, 0, 0, 0), tall(Height.TREE_ROW, self.view.font()))

    def _select(self) -> None:
        if self._tree.filtering:
            return  # the rows go, the selection stays
        if self._before is not None:
            self._before.let_go()
        self.status.forget_notice()
        self._tell_selection()

    def _forget_rows(self) -> None:
        self._before = None
        self.selected.emit(Chosen())

    def _take_rows(self) -> None:
        self._tell_filter()
        self._tell_selection()

    def _tell_selection(self) -> None:
        """Announce the selection, also when what is known of it may have changed."""
        self.selected.emit(self.entities)

    def _activate(self, index: QModelIndex) -> None:
        ref = index.data(Role.REF)
        if ref is None:
            self._tree.retry(index)
        else:
            self.activated.emit(self._tree.entities(index.parent(), index.row(), index.row())[0])

    def _refresh(self, indexes: list[QModelIndex]) -> None:
        self.refreshed.emit()
        for stale in self._tree.refresh(indexes):
            if self.view.isExpanded(stale):
                self._tree.fetchMore(stale)

    def _filter(self, text: str) -> None:
        if text.strip():
            self._before = self._before or BeforeFilter(self.view, self._tree)
            self._before.keep()
        self._tree.set_filter(text)
        self._tell_filter()

    def _tell_filter(self) -> None:
        """Say which rows a filter looks at: those that are not loaded yet are not found."""
        number = self._tree.row_total
        words = plural("Tree", "Filtering the %n rows that are loaded", "Filtering the %n row that is loaded", number)
        self.filtered_rows.setText(rounded(words, number))
        self.filtered_rows.setToolTip(words if exact(number) else "")
        self.filtered_rows.setVisible(bool(self.filter_edit.text().strip()))

    def _show_matches(self) -> None:
        """Open the rows above matches; without a filter, bring back what was there before it."""
        if self.filter_edit.text().strip():
            for index in self._tree.hit_parents()[:_MOST_EXPANDED]:
                self.view.expand(index)
            if self.view.currentIndex().isValid():
                self.view.scrollTo(self.view.currentIndex())
        elif self._before is not None:
            before, self._before = self._before, None
            before.restore()

    def _open_menu(self, point: QPoint) -> None:
        entities = self.entities
        if entities:
            self._counts.count(entities)
            menu: QMenu = NodeMenu(self._counts, entities, self, self.fill_menu, self.show_info)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        else:
            menu = passing_menu(self)
            entry(menu, REFRESH, self.refresh)
            entry(menu, REFRESH_ALL, self.refresh_all)
        menu.popup(point)

    def _open_header_menu(self, point: QPoint) -> None:
        menu = passing_menu(self)
        column = menu.addAction(translate("Tree", "Annotations"))
        column.setCheckable(True)
        column.setChecked(not self.view.isColumnHidden(Column.ANNOTATIONS))
        column.toggled.connect(self.show_annotation_column)
        menu.popup(self.view.header().mapToGlobal(point))


class StatusLine(QWidget):
    """Says how a long loading goes, which can be stopped, or what failed last, which can be tried again."""

    def __init__(self, tree: OmeroTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._failed = QPersistentModelIndex()
        self._failing = False
        self._notice = ""
        self._loading = Loading(self)
        self._loading.changed.connect(self._show)
        self.label = Words()
        self.cancel = link_button(translate("Window", "Cancel"))
        self.cancel.clicked.connect(lambda _checked: tree.stop_all())
        self.retry = QToolButton()
        self.retry.setText(translate("Tree", "&Retry"))
        self.retry.setIcon(icons.icon("refresh"))
        self.retry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.retry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retry.clicked.connect(self._retry)
        self._lay_out()
        tree.progressed.connect(self._follow)
        tree.failed.connect(self._note_failure)
        self._show()

    def tell_limit(self, opened: int) -> None:
        """Say that "Expand all below" stopped after `opened` rows."""
        self._notice = plural(
            "Tree",
            "Opened %n rows. Press * on one of the others to go on.",
            "Opened %n row. Press * on one of the others to go on.",
            opened,
        )
        self._show()

    def tell(self, notice: str) -> None:
        """Say something that stays until the user goes on."""
        self._notice = notice
        self._show()

    def forget_notice(self) -> None:
        """Drop what was said: the user has gone on."""
        self._notice = ""
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(self.label, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.retry)
        self.setFixedHeight(self.fontMetrics().height() + 6)

    def _note_failure(self, index: QModelIndex) -> None:
        self._failed = QPersistentModelIndex(index)
        self._failing = True

    def _show(self) -> None:
        index = self._failed
        self._failing = self._failing and self._tree.state(index) is LoadState.FAILED
        is_long = self._loading.stage is Stage.WORDS
        self.label.setText(self._tree.progress or (_failure(index) if self._failing else self._notice))
        self.label.setVisible(is_long or not self._tree.progress)
        self.cancel.setVisible(is_long)
        self.retry.setVisible(self._failing and not self._tree.progress)

    def _follow(self) -> None:
        """Follow the time that what is being loaded below a row takes; the tree as a whole says so itself."""
        if self._tree.progress and self._tree.state() is not LoadState.LOADING:
            self._loading.begin()
        else:
            self._loading.end()
        self._show()

    def _retry(self) -> None:
        self._tree.retry(self._failed)


def _failure(index: QPersistentModelIndex) -> str:
    name = index.data(Role.NAME)
    if name is None:
        return translate("Tree", "Could not load the tree")
    return translate("Tree", "Could not load {name}").format(name=name)
