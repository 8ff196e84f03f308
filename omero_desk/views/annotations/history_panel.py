"""All that the user changed in this session, and what of it can be taken back."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.models.annotations.history import Change, HistoryModel, words_of
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.views.widgets.state_card import PlaceState, StateCard

_CHANGE: Final = Qt.ItemDataRole.UserRole
_MOST: Final = 500
"""The most changes that are listed: the last ones."""


class HistoryPanel(QWidget):
    """Lists the changes, the newest on top; the selected one, else the last, is taken back by the button."""

    def __init__(self, history: HistoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self.list = QListWidget()
        self.list.setAccessibleName(translate("Annotations", "Changes"))
        self.list.itemSelectionChanged.connect(self._enable)
        self.undo = QPushButton(translate("Annotations", "&Undo"))
        self.redo = QPushButton(translate("Annotations", "&Redo"))
        self.undo.clicked.connect(lambda _checked=False: history.undo(self._chosen))
        self.redo.clicked.connect(lambda _checked=False: history.redo())
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, 8, 8, 8)
        for button in (self.undo, self.redo):
            buttons.addWidget(button)
        buttons.addStretch(1)
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.list, 1)
        row.addLayout(buttons)
        nothing = translate("Annotations", "Nothing has been changed yet")
        why = translate("Annotations", "What you change about annotations and names can be taken back here.")
        self._stack = QStackedWidget()
        self._stack.addWidget(StateCard(PlaceState("history", nothing, why)))
        self._stack.addWidget(held)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self.list)
        history.changed.connect(self._show)
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """List the changes, as nothing was listed while it was hidden."""
        super().showEvent(event)
        self._show()

    @property
    def _chosen(self) -> Change | None:
        items = self.list.selectedItems()
        return items[0].data(_CHANGE) if items else self._history.to_undo

    def _show(self) -> None:
        changes = self._history.changes[-_MOST:]
        self._stack.setCurrentIndex(1 if changes else 0)
        if self.isVisible():
            self.list.clear()
            for change in reversed(changes):
                item = QListWidgetItem(shortened(words_of(change)))
                item.setData(_CHANGE, change)
                self.list.addItem(item)
        self._enable()

    def _enable(self) -> None:
        chosen = self._chosen
        able = chosen is not None and self._history.can_undo(chosen)
        self.undo.setEnabled(able)
        self.undo.setToolTip(
            "" if able or chosen is None else translate("Annotations", "Nothing can take this change back")
        )
        self.redo.setEnabled(self._history.to_redo is not None)
