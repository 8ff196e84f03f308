"""A condition that is built: lines of a column, a comparison and a value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.tables import ColumnKind, TableHead
from omero_desk.models.tables.cells import title
from omero_desk.models.tables.condition import (
    COMPARISONS,
    Clause,
    Comparison,
    ConditionError,
    can_stand,
    comparisons_of,
    joined,
)
from omero_desk.models.translation import say, translate
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.state_card import link_button
from omero_desk.views.widgets.words import Words

MOST = 8
"""Lines of a condition that is built."""


class ClauseRow(QWidget):
    """A line. `changed`: something else is in it; `removed`: it is not wanted."""

    changed = Signal()
    removed = Signal()

    def __init__(self, heads: Sequence[TableHead], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = list(heads)
        self._comparisons: list[Comparison] = []
        self.column, self.comparison, self.truth = QComboBox(), QComboBox(), QComboBox()
        self.value = QLineEdit()
        self.column.setAccessibleName(translate("Tables", "Column"))
        self.comparison.setAccessibleName(translate("Tables", "Comparison"))
        for one in (self.value, self.truth):
            one.setAccessibleName(translate("Tables", "Value"))
        self.value.setPlaceholderText(translate("Tables", "Value"))
        self.remove = QToolButton()
        self.remove.setIcon(icons.icon("clear"))
        self.remove.setToolTip(translate("Tables", "Remove this line"))
        self.remove.setAccessibleName(translate("Tables", "Remove this line"))
        self.column.addItems([title(head) for head in self._heads])
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.setMinimumContentsLength(14)
        self.truth.addItems([translate("Tables", "true"), translate("Tables", "false")])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.column, 3)
        row.addWidget(self.comparison, 2)
        row.addWidget(self.value, 3)
        row.addWidget(self.truth, 3)
        row.addWidget(self.remove)
        self.column.currentIndexChanged.connect(self._take_column)
        self.comparison.currentIndexChanged.connect(self._take_comparison)
        self.value.textChanged.connect(self.changed)
        self.truth.currentIndexChanged.connect(self.changed)
        self.remove.clicked.connect(self.removed)
        self._take_column()

    @property
    def clause(self) -> Clause:
        """What it says."""
        head = self._heads[self.column.currentIndex()]
        truth = ("True", "False")[self.truth.currentIndex()]
        value = truth if head.kind is ColumnKind.BOOL else self.value.text()
        return Clause(head, self._comparisons[self.comparison.currentIndex()], value)

    def _take_column(self) -> None:
        head = self._heads[self.column.currentIndex()]
        self._comparisons = comparisons_of(head)
        self.comparison.clear()
        self.comparison.addItems([say(COMPARISONS[one]) for one in self._comparisons])
        self._take_comparison()

    def _take_comparison(self) -> None:
        place = self.comparison.currentIndex()
        if place < 0:
            return
        is_truth = self._heads[self.column.currentIndex()].kind is ColumnKind.BOOL
        needs = self._comparisons[place] is not Comparison.NO_NUMBER
        self.truth.setVisible(is_truth)
        self.value.setVisible(not is_truth)
        self.value.setEnabled(needs)
        self.changed.emit()


class ConditionDialog(Question):
    """Builds a condition of up to eight lines, and shows it as it is written. `built` carries it."""

    built = Signal(str)

    def __init__(self, heads: Sequence[TableHead], parent: QWidget | None = None) -> None:
        super().__init__(translate("Tables", "Which rows do you look for?"), "", parent)
        self._heads = [head for head in heads if can_stand(head)]
        self.every = QComboBox()
        self.every.addItems([translate("Tables", "All of these are true"), translate("Tables", "One of these is true")])
        self.every.setAccessibleName(translate("Tables", "How the lines go together"))
        self.rows: list[ClauseRow] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.SMALL)
        self.more = link_button(translate("Tables", "Add a line"))
        self.written = Words(wordWrap=True)
        self.written.setProperty("role", "faint")
        self.written.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.written.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.written.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.addWidget(self.every)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.more)
        foot.addStretch(1)
        self.add(head, self._lines, foot, self.written)
        self.add_cancel()
        self.verb = self.add_verb(translate("Tables", "&Find"))
        self.verb.clicked.connect(self._finish)
        self.more.clicked.connect(lambda _checked: self.add_row())
        self.every.currentIndexChanged.connect(self._show)
        self.add_row()

    def add_row(self) -> ClauseRow:
        """Add a line."""
        row = ClauseRow(self._heads)
        self.rows.append(row)
        self._lines.addWidget(row)
        row.changed.connect(self._show)
        row.removed.connect(lambda: self._drop(row))
        self._show()
        row.column.setFocus()
        return row

    def _drop(self, row: ClauseRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show()

    @property
    def text(self) -> str:
        """The condition. Raises ConditionError."""
        return joined([row.clause for row in self.rows], self.every.currentIndex() == 0)

    def _show(self) -> None:
        self.more.setEnabled(len(self.rows) < MOST)
        for row in self.rows:
            row.remove.setEnabled(len(self.rows) > 1)
        try:
            self.written.setText(self.text)
            self.verb.setEnabled(True)
        except ConditionError as error:
            self.written.setText(str(error))
            self.verb.setEnabled(False)

    def _finish(self) -> None:
        self.built.emit(self.text)
        self.accept()
