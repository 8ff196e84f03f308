"""The edits that no server has yet: their number in the status bar, and a list with buttons to retry and discard."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.annotations import Section
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import EditState, PendingEdit, status_of, summary
from omero_desk.models.labels import plain, unmarked
from omero_desk.models.translation import say, translate
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.state_card import PlaceState, StateCard
from omero_desk.views.widgets.table_view import LineDelegate

_ICONS: Final = {
    Section.TAGS: "tag",
    Section.KEY_VALUES: "key-value",
    Section.RATINGS: "rating",
    Section.ATTACHMENTS: "file",
    Section.COMMENTS: "comment",
    Section.OTHERS: "annotations",
    None: "rename",
}
"""The icons of edits by the section that they change; what changes none is about names and descriptions."""
_COLUMNS: Final = (mark("Annotations", "Edit"), mark("Annotations", "Text"), mark("Annotations", "State"))
_ID: Final = Qt.ItemDataRole.UserRole
_LONGEST: Final = 500
_MOST_SHOWN: Final = 200
"""The most edits that the list shows: the next ones move up as these are saved."""


class EditsPanel(QWidget):
    """Lists the edits in the order in which they will be sent."""

    def __init__(self, edits: EditsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edits = edits
        self._list = _list()
        self._rows: list[int] = []
        self._shown: dict[int, tuple[PendingEdit, bool]] = {}
        self._again = _button(
            translate("Annotations", "&Try again"), translate("Annotations", "Send what was not saved once more")
        )
        self._copy = _button(translate("Annotations", "&Copy text"), translate("Annotations", "Copy what you wrote"))
        self._discard = _button(
            translate("Annotations", "&Discard"), translate("Annotations", "Discard the selected edits")
        )
        self._lay_out()
        self._again.clicked.connect(partial(self._each, edits.retry))
        self._discard.clicked.connect(partial(self._each, edits.discard))
        self._copy.clicked.connect(self._copy_texts)
        self._list.itemSelectionChanged.connect(self._enable)
        edits.changed.connect(self._show)

    @property
    def selected(self) -> list[PendingEdit]:
        """The selected edits, all of them if none is selected."""
        chosen = {item.data(0, _ID) for item in self._list.selectedItems()}
        return [edit for edit in self._edits.pending if edit.id in chosen or not chosen]

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """List the edits, as nothing was listed while it was hidden."""
        super().showEvent(event)
        self._show()

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        for button in (self._again, self._copy, self._discard):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._stack = QStackedWidget()
        nothing = translate("Annotations", "All edits are saved")
        why = translate("Annotations", "What you change while there is no connection waits here.")
        self._stack.addWidget(StateCard(PlaceState("ok", nothing, why)))
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._list, 1)
        row.addLayout(buttons)
        buttons.setContentsMargins(0, 8, 0, 8)
        self._stack.addWidget(held)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._list)

    def _show(self) -> None:
        """Bring the list into line with the model; rows that stay the same are not touched."""
        if not self.isVisible():
            return
        edits = {edit.id: edit for edit in self._edits.pending[:_MOST_SHOWN]}
        self._drop_rows(edits.keys())
        for row, edit in enumerate(edits.values()):
            now = (edit, self._edits.online)
            if row == len(self._rows):
                self._rows.append(edit.id)
                self._list.addTopLevelItem(QTreeWidgetItem())
            if self._shown.get(edit.id) != now:
                self._shown[edit.id] = now
                _fill(self._list.topLevelItem(row), *now)
        self._enable()

    def _drop_rows(self, wanted: Collection[int]) -> None:
        """Remove what is not wanted any more, or everything if the order has changed."""
        stay = [identity for identity in self._rows if identity in wanted]
        gone = set(self._rows).difference(stay if stay == list(wanted)[: len(stay)] else ())
        for row in reversed(range(len(self._rows))):
            if self._rows[row] in gone:
                self._list.takeTopLevelItem(row)
                self._shown.pop(self._rows.pop(row), None)

    def _enable(self) -> None:
        self._stack.setCurrentIndex(1 if self._edits.pending else 0)
        selected = self.selected
        self._again.setEnabled(any(edit.state is EditState.GIVEN_BACK for edit in selected))
        self._copy.setEnabled(bool(selected))
        self._discard.setEnabled(any(edit.can_discard for edit in selected))

    def _each(self, act: Callable[[int], None], _checked: bool = False) -> None:
        for edit in self.selected:
            act(edit.id)

    def _copy_texts(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(edit.text for edit in self.selected))


class EditsButton(QToolButton):
    """The number of pending edits, visible while there are some; opens the list."""

    def __init__(self, edits: EditsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edits = edits
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(14, 14))
        self.setToolTip(translate("Annotations", "Edits that the server does not have yet"))
        edits.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        edits = self._edits.pending
        back = any(edit.state is EditState.GIVEN_BACK for edit in edits)
        self.setIcon(icons.icon("warning" if back else "pending"))
        self.setText(summary(edits))
        self.setAccessibleName(summary(edits))
        self.setVisible(bool(edits))


def _fill(item: QTreeWidgetItem | None, edit: PendingEdit, online: bool) -> None:
    assert item is not None
    item.setData(0, _ID, edit.id)
    item.setIcon(0, icons.icon(_ICONS[edit.section]))
    for column, text in enumerate((edit.title, edit.text, status_of(edit, online))):
        item.setText(column, plain(text[:_LONGEST]))
    for column, text in enumerate((edit.title, edit.text, edit.detail or edit.reason)):
        item.setToolTip(column, unmarked(plain(text[:_LONGEST])))


def _list() -> QTreeWidget:
    shown = QTreeWidget()
    shown.setAccessibleName(translate("Annotations", "Pending edits"))
    shown.setHeaderLabels([say(title) for title in _COLUMNS])
    shown.setRootIsDecorated(False)
    shown.setItemDelegate(LineDelegate(shown))
    shown.setUniformRowHeights(True)
    shown.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    shown.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return shown


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
