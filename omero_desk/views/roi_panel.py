"""The regions of an image beside it: tools, a table that selects both ways, and what can be done with all of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.roi_entities import ShapeKind
from omero_desk.models.image import ImageModel
from omero_desk.models.messages import describe
from omero_desk.models.regions import RegionsModel
from omero_desk.models.roi_jobs import RoiJobs
from omero_desk.models.roi_row import RoiColumn, Scale
from omero_desk.models.roi_rows import RoiRowsModel
from omero_desk.models.rois import RoisModel
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.roi_bar import RoiBar
from omero_desk.views.roi_keys import RoiKeys
from omero_desk.views.roi_layer import RoiLayer

_WIDTHS: Final = {
    RoiColumn.COMMENT: 120,
    RoiColumn.KIND: 72,
    RoiColumn.Z: 34,
    RoiColumn.T: 34,
    RoiColumn.C: 34,
    RoiColumn.AREA: 82,
    RoiColumn.LENGTH: 82,
    RoiColumn.OWNER: 100,
    RoiColumn.ID: 64,
}
_MOST_SELECTED: Final = 2000
"""Of more shapes than these only so many are selected in the table too."""
_PADDING: Final = 6
_FILTER_MS: Final = 150


class RoiPanel(QWidget):
    """Follows a `RoisModel`, and draws with a `RoiLayer`."""

    def __init__(
        self, image: ImageModel, layer: RoiLayer, regions: RegionsModel, keys: RoiKeys, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rois: RoisModel = layer.rois
        self._image, self._layer = image, layer
        self.rows = RoiRowsModel(self.rois, self)
        self.jobs = RoiJobs(self.rows, image, self.rois.source, self)
        self.bar = RoiBar(layer, regions, keys)
        self.table = QTableView()
        self.filter_edit = FilterEdit("Filter by comment, type or owner")
        self._eye, self._progress = QToolButton(), QProgressBar()
        self._state, self._said = QLabel(), QLabel()
        self._load = _button("&Show them", "Read all shapes of this image")
        self.save_button = _button("&Save", "Save what was drawn, changed and deleted (Ctrl+S)")
        self._measure = _button("&Measure", "Intensities within the selected shape, in each active channel (M)")
        self._export = _button("&Export…", "The table as a file of comma-separated values")
        self._showing = False
        self._filter_later = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self._dress_table()
        self._lay_out()
        self._connect(keys)
        self._say("")
        self._show_state()

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.rows)
        table.setAccessibleName("Regions of interest")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _PADDING)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.horizontalHeader().setSortIndicatorClearable(True)
        table.setSortingEnabled(True)
        for column, width in _WIDTHS.items():
            table.setColumnWidth(column, width)

    def _lay_out(self) -> None:
        for label in (self._state, self._said):
            label.setWordWrap(True)
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(4)
        self._eye.setCheckable(True)
        self._eye.setChecked(True)
        self._eye.setAutoRaise(True)
        self._eye.setAccessibleName("Show all shapes")
        self._eye.setToolTip("Show or hide all shapes over the image (H)")
        self.table.setToolTip("On the image N and Shift+N step through the shapes, and Tab from one that is selected")
        self._eye.setIcon(icons.icon("show"))
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        filters = QHBoxLayout()
        filters.addWidget(self.filter_edit, 1)
        filters.addWidget(self._eye)
        buttons = QHBoxLayout()
        for button in (self.save_button, self._measure, self._export):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(4)
        column.addWidget(self.bar)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        for widget in (self._progress, self._state, self._load):
            column.addWidget(widget)
        column.addLayout(buttons)
        column.addWidget(self._said)

    def _connect(self, keys: RoiKeys) -> None:
        rois = self.rois
        for name, key, act in (
            ("save", "Ctrl+S", rois.save),
            ("measure", "M", self.measure),
            ("hide", "H", self._eye.toggle),
            ("next", "N", partial(self.step, 1)),
            ("previous", "Shift+N", partial(self.step, -1)),
        ):
            action = self.addAction(name)
            action.triggered.connect(lambda _checked=False, act=act: act())
            keys.add(key, action)
        self.save_button.clicked.connect(rois.save)
        self._measure.clicked.connect(self.measure)
        self._export.clicked.connect(self.ask_for_file)
        self._load.clicked.connect(rois.load)
        self._eye.toggled.connect(rois.show_all)
        self.filter_edit.textChanged.connect(lambda _: self._filter_later.start())
        self.filter_edit.left.connect(self.table.setFocus)
        self._filter_later.timeout.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._take_selection)
        self.rows.modelReset.connect(self._show_selection)
        rois.selected.connect(self._show_selection)
        for changed in (rois.state_changed, rois.counted, rois.added, rois.selected):
            changed.connect(self._show_state)
        self.jobs.told.connect(self._say)
        self.bar.told.connect(self._say)
        self._layer.drawn.connect(self._name_label)
        self._image.opened.connect(lambda: self.rows.set_scale(Scale.of(self._image.info)))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._eye.setIcon(icons.icon("show" if self._eye.isChecked() else "hide"))

    def measure(self) -> None:
        """Measure the shape that was selected last."""
        if self.rois.selection:
            self.jobs.measure(self.rois.selection[-1])

    def ask_for_file(self) -> QFileDialog:
        """Let the user say where the table goes."""
        dialog = QFileDialog(self, "Export the table", "rois.csv", "Comma-separated values (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.jobs.export(Path(path)))
        dialog.open()
        return dialog

    def step(self, step: int) -> None:
        """Select the next shape (1) or the one before (-1) on the plane in view."""
        key = self.rois.next_on_plane(*self._layer.plane, step)
        if key is not None:
            self.rois.select((key,))

    def step_on(self, step: int) -> bool:
        """The same from a selected shape; False if there is none: then Tab leaves the image, and nobody is caught."""
        if self.rois.selection:
            self.step(step)
        return bool(self.rois.selection)

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setAccessibleName(words or "Nothing measured")

    def _filter(self) -> None:
        self.rows.set_filter(self.filter_edit.text())

    # The selection, both ways

    def _take_selection(self) -> None:
        if self._showing:
            return
        keys = [self.rows.key(index.row()) for index in self.table.selectionModel().selectedRows()]
        self.rois.select(keys)
        shape = self.rois.shapes[keys[-1]] if keys else None
        if shape is not None and len(keys) == 1:
            self._image.set_plane(shape.z, shape.t)

    def _show_selection(self) -> None:
        rows = [row for key in self.rois.selection[:_MOST_SELECTED] if (row := self.rows.row(key)) is not None]
        model = self.table.selectionModel()
        if set(rows) == {index.row() for index in model.selectedRows()}:
            return
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.rows.index(row, 0), self.rows.index(row, len(RoiColumn) - 1))
        self._showing = True
        model.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            current = self.rows.index(rows[-1], 0)
            model.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(current)
        self._showing = False

    def _name_label(self, kind: str) -> None:
        """A new label is about its words."""
        row = self.rows.row(self.rois.selection[-1]) if self.rois.selection else None
        if kind == ShapeKind.LABEL and row is not None:
            self.table.edit(self.rows.index(row, RoiColumn.COMMENT))

    # How it stands

    def _show_state(self) -> None:
        rois, counts = self.rois, self.rois.counts
        total = counts.total if counts is not None else 0
        self._state.setText(_words(rois))
        self._progress.setVisible(rois.is_loading or rois.is_saving)
        self._progress.setRange(0, total if rois.is_loading else 0)
        self._progress.setValue(len(rois.shapes))
        self._load.setVisible(not rois.is_complete and not rois.is_loading)
        self._load.setText("&Retry" if rois.problem is not None else "&Show them")
        self.save_button.setEnabled(bool(rois.unsaved) and not rois.is_saving)
        self._measure.setEnabled(bool(rois.selection))
        self._export.setEnabled(bool(self.rows.rowCount()))
        self._eye.setIcon(icons.icon("show" if rois.visible else "hide"))


def _words(rois: RoisModel) -> str:
    """How many there are, what is unsaved, and what went wrong."""
    if rois.problem is not None:
        return describe(rois.problem).text
    if rois.counts is None:
        return "Counting…"
    words = [f"{len(rois.shapes):,} of {rois.counts.total:,} shapes" if rois.is_loading else _count(rois)]
    if rois.is_saving:
        words.append("saving…")
    elif rois.unsaved:
        words.append(f"{len(rois.unsaved):,} not saved")
    if rois.errors:
        words.append(describe(next(iter(rois.errors.values()))).text)
    return "; ".join(words)


def _count(rois: RoisModel) -> str:
    counts = rois.counts
    total = counts.total if counts is not None and not rois.is_complete else len(rois.shapes.keys)
    shapes = "no shapes" if not total else "1 shape" if total == 1 else f"{total:,} shapes"
    return f"{shapes}, {len(rois.selection):,} selected" if rois.selection else shapes


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
