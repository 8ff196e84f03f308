"""The dialog for a new table: the file's columns with what they are, a preview, and the lines that do not fit."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.entities.tables import ColumnKind, NewTable
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, shortened
from omero_desk.models.tables.draft import OFFERED, Conversion, Draft, converted
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height, Space, Width
from omero_desk.views.widgets.table_rows import TableRows
from omero_desk.views.widgets.words import OneLine, Words

Index = QModelIndex | QPersistentModelIndex
PREVIEW: Final = 50
"""Rows that are shown."""
MOST_TOLD: Final = 200
"""Lines with problems that are listed."""
_REST_MS: Final = 150
_LETTERS: Final = 200
_PREVIEW_HEIGHT: Final = 170
_PROBLEMS_HEIGHT: Final = 90
_COLUMNS_HEIGHT: Final = 150
KINDS: Final = {
    ColumnKind.LONG: mark("Tables", "Whole number"),
    ColumnKind.DOUBLE: mark("Tables", "Number"),
    ColumnKind.BOOL: mark("Tables", "True or false"),
    ColumnKind.STRING: mark("Tables", "Text"),
    ColumnKind.IMAGE: mark("Tables", "Image ID"),
    ColumnKind.WELL: mark("Tables", "Well ID"),
    ColumnKind.PLATE: mark("Tables", "Plate ID"),
    ColumnKind.ROI: mark("Tables", "ROI ID"),
    ColumnKind.DATASET: mark("Tables", "Dataset ID"),
}
_ROOT: Final = QModelIndex()


class PreviewModel(QAbstractTableModel):
    """The first rows of a draft, as they are in the file."""

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__(parent)
        self._draft = draft

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else min(len(self._draft.rows), PREVIEW)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._draft.columns)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole:
            return None
        return plain(self._draft.rows[index.row()][index.column()][:_LETTERS])

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self._draft.lines[section])
        return shortened(self._draft.columns[section].name)


class NewTableDialog(Question):
    """Shows what a file would become. `accepted_table` carries the `NewTable` that is wanted."""

    accepted_table = Signal(object)

    def __init__(self, draft: Draft, title: str, about: str, parent: QWidget | None = None) -> None:
        rows = plural("Tables", "%n rows", "%n row", len(draft.rows))
        columns = plural("Tables", "%n columns", "%n column", len(draft.columns))
        words = translate("Tables", "{rows} of {columns} in the file. Columns of IDs become links to what they name.")
        heading = translate("Tables", "Make a table for {about}?").format(about=shortened(about))
        super().__init__(heading, words.format(rows=rows, columns=columns), parent)
        self.setMinimumWidth(Width.DIALOG[1])
        self._draft = draft
        self._made: Conversion | None = None
        self.name = QLineEdit(title)
        self.name.setMaxLength(255)
        self.name.setAccessibleName(translate("Tables", "Name of the table"))
        self.kinds: list[QComboBox] = []
        self.problems = QPlainTextEdit(readOnly=True)
        self.problems.setFixedHeight(_PROBLEMS_HEIGHT)
        self.problems.setAccessibleName(translate("Tables", "Lines of the file that do not fit"))
        self.told = Words(wordWrap=True)
        self.told.setMinimumHeight(self.fontMetrics().lineSpacing())
        self.add(self._name_row(), self._kind_list(), self._preview(), self.told, self.problems)
        self.add_cancel()
        self.button = self.add_verb(translate("Tables", "&Make table"))
        self.button.clicked.connect(self._finish)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._convert)
        self.name.textChanged.connect(self._show)
        for box in self.kinds:
            box.currentIndexChanged.connect(lambda _place: self._change())
        self._convert()

    @property
    def conversion(self) -> Conversion:
        """The table as it would be, with what does not fit."""
        if self._made is None:
            self._convert()
        assert self._made is not None
        return self._made

    def _change(self) -> None:
        self._made = None
        self.button.setEnabled(False)
        self._rest.start()

    def _convert(self) -> None:
        self._rest.stop()
        kinds = [OFFERED[box.currentIndex()] for box in self.kinds]
        self._made = converted(self._draft, kinds, "")
        self._show()

    def _show(self) -> None:
        if self._made is None:
            return
        made = self._made
        out = made.left_out
        if out:
            words = plural(
                "Tables", "%n lines do not fit and are left out:", "%n line does not fit and is left out:", out
            )
        else:
            words = translate("Tables", "All lines fit.")
        self.told.setText(words)
        line = translate("Tables", "Line {line}: {why}")
        listed = [line.format(line=one.line, why=plain(say(one.why))) for one in made.problems[:MOST_TOLD]]
        if out > len(listed):
            listed.append("…")
        self.problems.setPlainText("\n".join(listed))
        self.problems.setVisible(bool(out))
        rows = made.table.rows
        without = plural("Tables", "&Make table without %n lines", "&Make table without %n line", out)
        self.button.setText(without if out and rows else translate("Tables", "&Make table"))
        self.button.setEnabled(bool(self.name.text().strip()) and rows > 0)

    def _finish(self) -> None:
        table = self.conversion.table
        self.accepted_table.emit(NewTable(self.name.text().strip(), table.columns))
        self.accept()

    def _name_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        label = Words(translate("Tables", "Name"))
        label.setBuddy(self.name)
        row.addWidget(label)
        row.addWidget(self.name, 1)
        return row

    def _kind_list(self) -> QScrollArea:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, Space.SMALL, 0)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        for row, column in enumerate(self._draft.columns):
            box = QComboBox()
            box.addItems([say(KINDS[kind]) for kind in OFFERED])
            box.setCurrentIndex(OFFERED.index(column.kind))
            box.setAccessibleName(translate("Tables", "Kind of {name}").format(name=shortened(column.name)))
            name = OneLine(column.name)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
            self.kinds.append(box)
        grid.setColumnStretch(0, 1)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setAccessibleName(translate("Tables", "Columns and their kinds"))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(min(_COLUMNS_HEIGHT, inside.sizeHint().height() + 2))
        return area

    def _preview(self) -> QTableView:
        view = QTableView()
        view.setModel(PreviewModel(self._draft, view))
        view.setItemDelegate(TableRows(view))
        view.setAccessibleName(translate("Tables", "First rows of the file"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setFixedHeight(_PREVIEW_HEIGHT)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(tall(Height.TABLE_ROW, self.font()))
        view.horizontalHeader().setHighlightSections(False)
        return view
