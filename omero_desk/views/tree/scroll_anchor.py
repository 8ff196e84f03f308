"""Keeps a view still while rows come and go above what it shows."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QObject, QPersistentModelIndex, QPoint
from PySide6.QtWidgets import QTreeView


class ScrollAnchor(QObject):
    """Notes the row at the top of a view before the model changes, to put it back there after the next layout.

    Make it before the view gets its model: the view forgets its rows when it hears of a change.
    """

    def __init__(self, view: QTreeView, model: QAbstractItemModel) -> None:
        super().__init__(view)
        self._view = view
        self._top = QPersistentModelIndex()
        self._offset = 0
        for signal in (model.rowsAboutToBeInserted, model.rowsAboutToBeRemoved, model.layoutAboutToBeChanged):
            signal.connect(self._note)

    def restore(self) -> None:
        """Scroll as far as the noted row has moved; nothing happens if it is gone."""
        top, self._top = self._top, QPersistentModelIndex()
        if top.isValid():
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + self._view.visualRect(top).top() - self._offset)

    def _note(self) -> None:
        """Of several changes before a layout the first counts; a view at its very top stays there."""
        if self._top.isValid() or self._view.verticalScrollBar().value() == 0:
            return
        index = self._view.indexAt(QPoint(0, 0))
        self._top = QPersistentModelIndex(index)
        self._offset = self._view.visualRect(index).top()
