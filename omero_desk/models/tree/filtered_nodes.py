"""Nodes of which a filter may hide some."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, Signal

from omero_desk.entities.words import folded
from omero_desk.models.tasks import Tasks
from omero_desk.models.tree.node import TreeNode
from omero_desk.models.tree.node_model import NodeModel

_FILTER: Final = "filter"
_SLICE: Final = 5000
_SLICE_SECONDS: Final = 0.004
"""The number of children to compare, and the seconds to spend, before the event loop has its turn again."""


class FilteredNodes(NodeModel):
    """Shows the nodes that hold some text in their names, and those above them; `filtered` once that is done.

    `tasks` does the work, which for very many nodes takes several turns.
    """

    filtered = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._needle = ""
        self.filtering = False
        """True while rows come or go because of a filter alone: what was selected is still there."""

    def set_filter(self, text: str) -> None:
        """Show only rows whose name holds `text`, in any case, and the rows above those; all rows for no text."""
        needle = folded(text.strip())
        if needle != self._needle:
            self._needle = needle
            self._tasks.start(_FILTER, self._refilter(needle))

    def hit_parents(self) -> list[QModelIndex]:
        """Return the rows with a match below them, from the top down."""
        nodes = [node for node in self._root.loaded() if node.hit and node is not self._root and node.shown]
        return [self._index(node) for node in reversed(nodes)]

    async def _refilter(self, needle: str) -> None:
        rested = perf_counter()
        for node in list(self._root.loaded()):
            self._filter_rows(node, node.visible(needle, await self._hits(node, needle)))
            if perf_counter() - rested > _SLICE_SECONDS:
                await asyncio.sleep(0)
                rested = perf_counter()
        self.filtered.emit()

    async def _hits(self, node: TreeNode, needle: str) -> list[TreeNode] | None:
        """Return the hits of a node with very many children, compared in slices.

        None for other nodes, and if the children changed meanwhile.
        """
        children = node.children
        if not needle or len(children) <= _SLICE:
            return None
        hits: list[TreeNode] = []
        for start in range(0, len(children), _SLICE):
            hits += node.hits(needle, start, start + _SLICE)
            await asyncio.sleep(0)
        return hits if node.children is children else None

    def _reshow(self, node: TreeNode) -> None:
        """Bring the rows of a node into line with its children, its status and the filter."""
        self._set_rows(node, node.visible(self._needle), ordered=True)
        if self._needle:
            for above in node.ancestors():
                self._filter_rows(above, above.visible(self._needle))

    def _filter_rows(self, node: TreeNode, rows: Sequence[TreeNode]) -> None:
        self.filtering = True
        try:
            self._set_rows(node, rows, ordered=True)
        finally:
            self.filtering = False
