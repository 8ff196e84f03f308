"""The tree's panel: a line to filter by, the tree, and how loading goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionRange, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from omero_desk.gateway.entities import AnnotationCounts, Entity, Ref
from omero_desk.models.counts import AnnotationCountsModel
from omero_desk.models.node import LoadState
from omero_desk.models.node_model import Column
from omero_desk.models.row_data import Role
from omero_desk.models.tree import OmeroTreeModel
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.node_menu import NodeMenu
from omero_desk.views.tree_view import TreeView

_MOST_EXPANDED: Final = 100
"""How many rows a filter opens to show the matches below them."""


class BrowserView(QWidget):
    """Shows the tree, and says what is selected (entities) and what is to be opened (an entity).

    `edit_actions` are what the menu of the selected rows offers beside its own.
    """

    selected = Signal(object)
    activated = Signal(object)
    annotation_column_shown = Signal(bool)
    refreshed = Signal()

    def __init__(self, tree: OmeroTreeModel, counts: AnnotationCountsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._counts = counts
        self._expanded: list[tuple[Ref, ...]] = []
        self.edit_actions: Sequence[QAction] = ()
        self.filter_edit = FilterEdit("Filter by name", self)
        self.view = TreeView(tree, self)
        self.status = StatusLine(tree, self)
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)

    @property
    def entities(self) -> list[Entity]:
        """The selected objects, row by row."""
        selection = self.view.selectionModel().selection()
        ranges = (selection.at(position) for position in range(selection.count()))
        return [entity for some in ranges for entity in self._entities_in(some)]

    def show_annotation_column(self, shown: bool) -> None:
        """Show or hide the column with the numbers of annotations."""
        if self.view.isColumnHidden(Column.ANNOTATIONS) == shown:
            self.view.setColumnHidden(Column.ANNOTATIONS, not shown)
            self.annotation_column_shown.emit(shown)

    def refresh(self) -> None:
        """Fetch again what is selected, or all if nothing is; rows that are open are fetched again too."""
        self._refresh(self.view.selectionModel().selectedRows())

    def refresh_all(self) -> None:
        """Fetch the whole tree again, as far as it is open."""
        self._refresh([])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 2)
        column.setSpacing(4)
        for widget in (self.filter_edit, self.view, self.status):
            column.addWidget(widget)

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
        self._tree.modelReset.connect(lambda: self.selected.emit([]))
        self._tree.loaded.connect(self._tell_selection)
        self._counts.counted.connect(self._take_counts)
        self._bind("Filter by name", QKeySequence.StandardKey.Find, self.filter_edit.enter)
        self._bind("Refresh all", "Ctrl+F5", self.refresh_all)

    def _bind(self, text: str, shortcut: QKeySequence.StandardKey | str, act: Callable[[], None]) -> None:
        """Have a shortcut wherever in the window the focus is."""
        action = QAction(text, self)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(act)
        self.addAction(action)

    def _entities_in(self, some: QItemSelectionRange) -> list[Entity]:
        return self._tree.entities(some.parent(), some.top(), some.bottom()) if some.left() == Column.NAME else []

    def _select(self) -> None:
        self.status.forget_notice()
        self._tell_selection()

    def _tell_selection(self) -> None:
        """Tell what is selected, again too when what is known of it may have changed."""
        self.selected.emit(self.entities)

    def _take_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        self._tree.set_annotation_counts(counts)
        self._tell_selection()

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
        if text and not self._expanded:
            open_rows = [index for index in self._tree.loaded_rows() if self.view.isExpanded(index)]
            self._expanded = [self._tree.path(index) for index in open_rows]
        self._tree.set_filter(text)

    def _show_matches(self) -> None:
        """Open the rows above matches; without a filter, open again what was open before it."""
        if self.filter_edit.text().strip():
            indexes = self._tree.hit_parents()[:_MOST_EXPANDED]
        else:
            indexes = [self._tree.find(path) for path in self._expanded]
            self._expanded = []
        for index in indexes:
            self.view.expand(index)
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    def _open_menu(self, point: QPoint) -> None:
        entities = self.entities
        if entities:
            self._counts.count(entities)
            menu: QMenu = NodeMenu(self._counts, entities, self)
            menu.addSeparator()
            menu.addActions(self.edit_actions)
            self._add_tree_actions(menu)
        else:
            menu = QMenu(self)
        self._add_refresh(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _add_tree_actions(self, menu: QMenu) -> None:
        index = self.view.currentIndex().siblingAtColumn(Column.NAME)
        menu.addSeparator()
        for text, act in (("Expand all below\t*", self.view.open_below), ("Collapse", self.view.close_below)):
            action = menu.addAction(text)
            action.setEnabled(self._tree.hasChildren(index))
            action.triggered.connect(lambda _=False, act=act: act(index))

    def _add_refresh(self, menu: QMenu) -> None:
        failed = self.view.currentIndex()
        if self._tree.has_failed(failed):
            menu.addAction(icons.icon("refresh"), "Retry").triggered.connect(lambda: self._tree.retry(failed))
        menu.addAction(icons.icon("refresh"), "Refresh\tF5").triggered.connect(self.refresh)
        menu.addAction("Refresh all\tCtrl+F5").triggered.connect(self.refresh_all)

    def _open_header_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        column = menu.addAction("Annotations")
        column.setCheckable(True)
        column.setChecked(not self.view.isColumnHidden(Column.ANNOTATIONS))
        column.toggled.connect(self.show_annotation_column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.view.header().mapToGlobal(point))


class StatusLine(QWidget):
    """What is being loaded and how far it is, or what failed last, with a button to try it again."""

    def __init__(self, tree: OmeroTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = tree
        self._failed = QPersistentModelIndex()
        self._failing = False
        self._notice = ""
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.retry = QToolButton()
        self.retry.setText("&Retry")
        self.retry.setIcon(icons.icon("refresh"))
        self.retry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.retry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retry.clicked.connect(self._retry)
        self._lay_out()
        tree.progressed.connect(self._show)
        tree.failed.connect(self._note_failure)
        self._show()

    def tell_limit(self, opened: int) -> None:
        """Say that "expand all below" stopped."""
        self._notice = f"Opened {opened} rows. Press * on one of the others to go on."
        self._show()

    def forget_notice(self) -> None:
        """The user has gone on."""
        self._notice = ""
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.addWidget(self.label, 1)
        row.addWidget(self.retry)
        self.setFixedHeight(self.fontMetrics().height() + 6)

    def _note_failure(self, index: QModelIndex) -> None:
        self._failed = QPersistentModelIndex(index)
        self._failing = True

    def _show(self) -> None:
        index = self._failed
        self._failing = self._failing and self._tree.state(index) is LoadState.FAILED
        name = index.data(Role.NAME) or "the tree"
        failure = f"Could not load {name}" if self._failing else ""
        self.label.setText(self._tree.progress or failure or self._notice)
        self.retry.setVisible(self._failing and not self._tree.progress)

    def _retry(self) -> None:
        self._tree.retry(self._failed)
