"""A table in a tab: the bar, the grid, and a plot beside it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Ref
from omero_desk.models.labels import kind_name, shortened
from omero_desk.models.messages import Action
from omero_desk.models.tables.cells import title
from omero_desk.models.tables.condition import can_stand
from omero_desk.models.tables.rows import RowNumbers
from omero_desk.models.tables.table import TableModel
from omero_desk.models.translation import translate
from omero_desk.views.tables.condition_dialog import ConditionDialog
from omero_desk.views.tables.plot_pane import PlotPane
from omero_desk.views.tables.table_bar import TableBar
from omero_desk.views.tables.table_grid import TableGrid
from omero_desk.views.widgets.names import add_named
from omero_desk.views.widgets.state_card import PlaceState, StateCard, failure_state

_MOST_SELECTED: Final = 200_000
_SHARE: Final = 0.55
"""The part of the room that the grid has beside the plot at first."""
_NARROW: Final = 560
"""Pixels of the width below which the plot stands under the grid."""


class TablePanel(QWidget):
    """Shows a `TableModel`.

    `wanted` carries what a cell leads to; `select_wanted` the numbers of rows whose images are to be selected;
    `save_wanted`: write what is found to a file.
    """

    wanted = Signal(Ref)
    select_wanted = Signal(object)
    save_wanted = Signal()

    def __init__(self, table: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.name = name_of(table)
        about = table.found.about
        self.bar = TableBar(table, self.name, f"{kind_name(about.kind)} {about.id}")
        self.grid, self.plot = TableGrid(table), PlotPane(table.plot)
        self.card = StateCard()
        self._beside = QSplitter(Qt.Orientation.Horizontal)
        self._beside.setHandleWidth(1)
        self._beside.addWidget(self.grid)
        self._beside.addWidget(self.plot)
        self._beside.setStretchFactor(0, 1)
        self._beside.setChildrenCollapsible(False)
        self.plot.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._beside)
        self._stack.addWidget(self.card)
        self._stack.setProperty("ground", "base")
        self._stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.setProperty("ground", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self.grid)
        self._connect()
        self._show()

    @property
    def heads_shown(self) -> list[int]:
        """The columns that are not hidden, in their order."""
        return self.grid.shown_columns

    @property
    def chosen(self) -> RowNumbers | list[int]:
        """The numbers of the rows that are selected in the plot, or else in the grid."""
        if len(self.table.plot.chosen):
            return self.table.plot.chosen
        selection = self.grid.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        rows = {row for one in ranges for row in range(one.top(), min(one.bottom(), one.top() + _MOST_SELECTED) + 1)}
        return [self.table.rows.row_number(row) for row in sorted(rows)]

    def build_condition(self) -> ConditionDialog | None:
        """Ask for a condition; None if no column can stand in one."""
        heads = () if self.table.table is None else self.table.table.heads
        if not any(map(can_stand, heads)):
            self.bar.refuse(translate("Tables", "No column of this table can stand in a condition."))
            return None
        dialog = ConditionDialog(heads, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.built.connect(self._take_built)
        dialog.open()
        return dialog

    def _take_built(self, text: str) -> None:
        self.bar.show_condition(text)
        self.table.find(text)

    def _connect(self) -> None:
        bar, table = self.bar, self.table
        bar.find_wanted.connect(table.find)
        bar.build.clicked.connect(lambda _checked: self.build_condition())
        bar.plot.toggled.connect(self._show_plot)
        bar.select.triggered.connect(lambda _checked: self._select())
        bar.save.triggered.connect(lambda _checked: self.save_wanted.emit())
        bar.again.triggered.connect(lambda _checked: table.open())
        bar.columns_menu.aboutToShow.connect(self._fill_columns)
        self.grid.wanted.connect(self.wanted)
        self.grid.refused.connect(bar.refuse)
        table.changed.connect(self._show)
        table.plot.chosen_changed.connect(lambda: table.rows.mark(table.plot.chosen))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plot below the grid where there is no room beside it."""
        super().resizeEvent(event)
        wanted = Qt.Orientation.Vertical if event.size().width() < _NARROW else Qt.Orientation.Horizontal
        if wanted is not self._beside.orientation():
            self._beside.setOrientation(wanted)
            self._share()

    def _share(self) -> None:
        """Give grid and plot their parts of the room."""
        size = self._beside.size()
        room = size.width() if self._beside.orientation() is Qt.Orientation.Horizontal else size.height()
        grid = round(room * _SHARE)
        self._beside.setSizes([grid, room - grid])

    def _select(self) -> None:
        chosen = self.chosen
        if len(chosen):
            self.select_wanted.emit(chosen)
        else:
            self.bar.refuse(translate("Tables", "Select rows first, in the grid or in the plot."))

    def _show_plot(self, shown: bool) -> None:
        self.plot.setVisible(shown)
        self._share()
        self.table.plot.open(shown)
        if shown:
            self.plot.begin()

    def _fill_columns(self) -> None:
        menu = self.bar.columns_menu
        menu.clear()
        every = menu.addAction(translate("Tables", "Show &all columns"))
        every.triggered.connect(lambda _checked: self.grid.show_all())
        menu.addSeparator()
        shown = self.grid.shown_columns
        for head in self.table.rows.table.heads:
            action = add_named(menu, title(head))
            action.setCheckable(True)
            action.setChecked(head.number in shown)
            action.setEnabled(shown != [head.number])
            action.toggled.connect(partial(self.grid.show_column, head.number))

    def _show(self) -> None:
        """Show the grid, or in its place why there is none."""
        state = self._state()
        if state is not None:
            self.card.show_state(state)
        self._stack.setCurrentIndex(0 if state is None else 1)
        self.grid.show_sorting()

    def _state(self) -> PlaceState | None:
        table = self.table
        if table.table is None:
            if table.problem is not None:
                what = translate("Tables", "This table cannot be shown")
                return failure_state(what, table.problem.text, table.open, table.problem.detail)
            return PlaceState("table", table.doing or translate("Tables", "This table is not open"))
        if table.doing or table.problem is not None:
            return None
        if not table.table.heads:
            return PlaceState("table", translate("Tables", "This table has no columns"))
        if not table.table.rows:
            return PlaceState("table", translate("Tables", "This table has no rows"))
        if not table.total:
            clear = Action(translate("Tables", "Clear condition"), self.bar.edit.clear)
            return PlaceState("search", translate("Tables", "No row matches the condition"), table.written, clear)
        problem = table.rows.problem
        if problem is not None and not table.rows.kept:
            what = translate("Tables", "The rows cannot be read")
            return failure_state(what, problem.text, table.open, problem.detail)
        return None


def name_of(table: TableModel) -> str:
    """Return a table's name without folders, or one made of its file's id."""
    last = table.found.file.name.rstrip("/").rpartition("/")[2].strip()
    return shortened(last) if last else translate("Tables", "Table {id}").format(id=table.found.file.id)
