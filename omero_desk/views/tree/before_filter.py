"""The state of the tree before a filter hid rows, to bring it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QPoint

from omero_desk.entities.objects import Ref
from omero_desk.models.chosen import Chosen, Run
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.tree.tree_view import TreeView

Path = tuple[Ref, ...]
_Flag: Final = QItemSelectionModel.SelectionFlag


class BeforeFilter:
    """The open rows, the selection and the place of the scroll bar at the time when a filter began.

    The selection stays what the user selected last, though a filter may hide it: `keep` it before each filtering, and
    `let_go` of it when the user selects something else.
    """

    def __init__(self, view: TreeView, tree: OmeroTreeModel) -> None:
        self._view, self._tree = view, tree
        self._open = [tree.path(index) for index in tree.loaded_rows() if view.isExpanded(index)]
        top = view.indexAt(QPoint(0, 0))
        self._top: Path | None = tree.path(top) if top.isValid() else None
        self._offset = view.visualRect(top).top()
        self._selected: list[Run] | None = None
        self.keep()

    def keep(self) -> None:
        """Note what is selected, unless that is known already."""
        if self._selected is None:
            self._selected = [run for _, run in self._view.selected_runs()]

    def let_go(self) -> None:
        """Forget the selection and the place, as the user went elsewhere."""
        self._selected = self._top = None

    @property
    def entities(self) -> Chosen | None:
        """The objects that were selected, as far as they are still there; None after `let_go`."""
        return None if self._selected is None else Chosen(map(self._tree.remaining, self._selected))

    def restore(self) -> None:
        """Open, select and scroll to what was there, once no row is hidden any more."""
        for path in self._open:
            self._view.expand(self._tree.find(path))
        if self._selected is not None:
            self._select(self._selected)
        top = self._tree.find(self._top or ())
        if top.isValid():
            self._view.scrollTo(top, TreeView.ScrollHint.PositionAtTop)
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() - self._offset)
        elif self._view.currentIndex().isValid():
            self._view.scrollTo(self._view.currentIndex())

    def _select(self, runs: Sequence[Run]) -> None:
        rows = self._tree.rows_of(runs)
        if not rows.isEmpty():
            self._view.selectionModel().setCurrentIndex(rows.at(0).topLeft(), _Flag.NoUpdate)
        self._view.selectionModel().select(rows, _Flag.ClearAndSelect | _Flag.Rows)
