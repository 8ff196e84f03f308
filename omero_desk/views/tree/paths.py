"""The way through the tree to an object, for the line above what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

from omero_desk.models import labels
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.tree.tree_view import TreeView
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.path_head import Step


class TreePath:
    """The rows from the outermost one to an object, which may be gone by the time that the user wants to go there."""

    def __init__(self, tree: OmeroTreeModel, index: QModelIndex | None = None) -> None:
        self._tree = tree
        self._rows: list[QPersistentModelIndex] = []
        while index is not None and index.isValid():
            self._rows.insert(0, QPersistentModelIndex(index))
            index = index.parent()

    @property
    def steps(self) -> Sequence[Step]:
        """The icons and names of the rows."""
        found = (self._tree.entity(row) for row in self._rows)
        return [Step(icons.kind_icon(one.ref.kind), labels.name(one)) for one in found if one is not None]

    def go(self, view: TreeView, place: int) -> None:
        """Select a row, counted from the outermost one, if it is still there."""
        if place < len(self._rows) and self._rows[place].isValid():
            row = self._rows[place]
            view.setCurrentIndex(self._tree.index(row.row(), 0, row.parent()))
