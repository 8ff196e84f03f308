"""The pane beside a table's grid that draws one or two of its columns."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from omero_desk.entities.tables import TableHead
from omero_desk.models.tables.cells import title
from omero_desk.models.tables.plot import TablePlot
from omero_desk.models.translation import plural, translate
from omero_desk.views.tables.plot_canvas import PlotCanvas
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.words import Words

_LETTERS: Final = 12
LEAST: Final = 220
"""Pixels of its width."""


class PlotPane(QWidget):
    """Chooses the columns, and says how many rows are selected in the picture."""

    def __init__(self, plot: TablePlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self.across, self.up = _choice(translate("Tables", "Across")), _choice(translate("Tables", "Up"))
        self.canvas = PlotCanvas(plot)
        self.lasso = QToolButton()
        self.lasso.setCheckable(True)
        self.lasso.setText(translate("Tables", "Lasso"))
        self.lasso.setToolTip(translate("Tables", "Select points within a shape that is drawn, instead of a rectangle"))
        self.lasso.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.words = Words(wordWrap=True)
        self.words.setProperty("role", "faint")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._offered: list[TableHead] = []
        self._lay_out()
        self.setMinimumWidth(LEAST)
        self.across.activated.connect(self._draw)
        self.up.activated.connect(self._draw)
        self.lasso.toggled.connect(self._use_lasso)
        plot.changed.connect(self._show)
        plot.chosen_changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.TINY)
        for label, box in ((translate("Tables", "x"), self.across), (translate("Tables", "y"), self.up)):
            words = Words(label)
            words.setBuddy(box)
            row.addWidget(words)
            row.addWidget(box, 1)
        row.addWidget(self.lasso)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SMALL, Space.SMALL, Space.SMALL, Space.SMALL)
        column.setSpacing(Space.SMALL)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.words)

    def begin(self) -> None:
        """Draw the first column that is a measurement, if nothing was chosen yet."""
        if not self._plot.heads and self._offered:
            measured = [head for head in self._offered if not head.links]
            self._plot.draw([(measured or self._offered)[0]])

    def _draw(self) -> None:
        across, up = self.across.currentIndex(), self.up.currentIndex()
        if across >= 0:
            second = [self._offered[up - 1]] if up > 0 else []
            self._plot.draw([self._offered[across], *second])

    def _use_lasso(self, used: bool) -> None:
        self.canvas.lasso = used

    def _show(self) -> None:
        plot = self._plot
        if plot.offered != self._offered or not self.up.count():
            self._fill(plot.offered)
        with QSignalBlocker(self.across), QSignalBlocker(self.up):
            places = [self._offered.index(head) for head in plot.heads if head in self._offered]
            self.across.setCurrentIndex(places[0] if places else -1)
            self.up.setCurrentIndex(places[1] + 1 if len(places) > 1 else 0)
        self.lasso.setEnabled(len(plot.heads) > 1)
        self.words.setText(self._said())

    def _fill(self, offered: list[TableHead]) -> None:
        self._offered = offered
        with QSignalBlocker(self.across), QSignalBlocker(self.up):
            self.across.clear()
            self.up.clear()
            self.up.addItem(translate("Tables", "Number of rows"))
            for head in offered:
                self.across.addItem(title(head))
                self.up.addItem(title(head))

    def _said(self) -> str:
        plot = self._plot
        if plot.problem is not None:
            return plot.problem.text
        if plot.doing:
            return plot.doing
        if not self._offered:
            return translate("Tables", "No column of this table holds numbers.")
        if plot.heads and not len(plot.x):
            return translate("Tables", "There are no numbers to draw. {note}").format(note=plot.note)
        chosen = plural("Tables", "%n rows are selected.", "%n row is selected.", len(plot.chosen))
        drag = translate("Tables", "Drag in the picture to select rows.")
        return f"{chosen if len(plot.chosen) else drag} {plot.note}".strip()


def _choice(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_LETTERS // 2)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box
