"""A plate: its wells in a grid, what to show in them, and the fields of one well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QToolButton, QVBoxLayout, QWidget

from omero_desk.gateway.entities import Entity, Kind, Ref, natural_key
from omero_desk.gateway.plate_entities import Field, Well
from omero_desk.models.node import LoadState
from omero_desk.models.plate import PlateModel
from omero_desk.models.thumbnails import ThumbnailsModel, size_for
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.heat_legend import HeatLegend
from omero_desk.views.plate_bar import PlateBar
from omero_desk.views.plate_grid import PlateGrid
from omero_desk.views.well_strip import SIDE, WellStrip

_FILTER_TIP: Final = (
    "B, 12 or B3 means a row, a column or a well. Other words are looked for in the wells' types and descriptions,"
    " the images' names, tags, and key-value pairs as key=value."
)


class PlatePanel(QWidget):
    """Shows a `PlateModel`. `selected` tells the entities of the wells that are selected, `opened` that of an image."""

    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, plate: PlateModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate, self._thumbnails = plate, thumbnails
        self._wanted: int | None = None
        self.filter_edit = FilterEdit("Filter wells")
        self.filter_edit.setToolTip(_FILTER_TIP)
        self.bar = PlateBar(plate)
        self.grid = PlateGrid(plate, thumbnails)
        self.strip = WellStrip(plate.well_fields, thumbnails)
        self._number = QLabel()
        self.legend = HeatLegend()
        self._problem = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.retry = QToolButton()
        self.retry.setText("&Retry")
        self.retry.setToolTip("Read the plate again")
        self.retry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.retry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()
        self._dress()
        self._show()
        self.setFocusProxy(self.grid)

    def select(self, well_id: int) -> None:
        """Select one well, and bring it into sight; at once, or when it is there."""
        index = self._plate.index_of(well_id)
        self._wanted = None if index.isValid() else well_id
        if index.isValid() and index != self.grid.currentIndex():
            with QSignalBlocker(self):
                self.grid.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.grid.scrollTo(index)

    @property
    def entities(self) -> Sequence[Entity]:
        """The selected wells."""
        return [self._plate.entity(well) for well in self.grid.wells]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        self.retry.setIcon(icons.icon("refresh"))
        self.strip.retry.setIcon(icons.icon("refresh"))
        self.bar.dress()

    def _lay_out(self) -> None:
        first, trouble = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        for widget, stretch in ((self.filter_edit, 1), (self._number, 0)):
            first.addWidget(widget, stretch)
        trouble.addWidget(self._problem, 1)
        trouble.addWidget(self.retry)
        head = QVBoxLayout()
        head.setContentsMargins(6, 6, 6, 4)
        head.setSpacing(4)
        head.addLayout(first)
        head.addWidget(self.bar)
        head.addWidget(self.legend)
        head.addLayout(trouble)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.grid)
        parts.addWidget(self.strip)
        parts.setStretchFactor(0, 1)
        parts.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(parts, 1)

    def _connect(self) -> None:
        plate, grid = self._plate, self.grid
        self.filter_edit.textChanged.connect(plate.set_filter)
        self.filter_edit.left.connect(grid.setFocus)
        self.bar.side.valueChanged.connect(grid.zoom)
        self.bar.fit.clicked.connect(grid.fit)
        grid.zoomed.connect(self._show_size)
        grid.chosen.connect(self._follow_choice)
        grid.opened.connect(self._open_well)
        self.strip.opened.connect(self._open_field)
        self.retry.clicked.connect(plate.refresh)
        for moved in (grid.moved, self.strip.list.moved):
            moved.connect(self._want)
        plate.changed.connect(self._show)
        plate.measured.connect(self._show_measure)
        self._show_size(grid.side)

    def _show_size(self, side: int) -> None:
        with QSignalBlocker(self.bar.side):
            self.bar.side.setValue(side)

    def _show(self) -> None:
        """Bring all around the grid into line with the model."""
        self._problem.setText(self._plate.problem)
        for widget in (self._problem, self.retry):
            widget.setVisible(self._plate.state is LoadState.FAILED)
        self._show_measure()
        if self._wanted is not None:
            self.select(self._wanted)
        self._show_strip()

    def _show_measure(self) -> None:
        self.legend.show_heat(self._plate.heat)
        content, passing = self._plate.content, self._plate.passing
        total = len(content.wells) if content is not None else 0
        of = "" if passing is None else f"{len(passing):,} of "
        text = f"{of}{total:,} well{'' if total == 1 else 's'}"
        self._number.setText("Loading…" if self._plate.state is LoadState.LOADING else text)

    def _show_strip(self) -> None:
        content, well = self._plate.content, self._plate.well(self.grid.currentIndex())
        if content is None or well is None:
            self.strip.name_well("")
            self._plate.well_fields.show_well(None)
        else:
            self.strip.name_well(content.name(well))
            self._plate.well_fields.show_well(well.id, content.run)

    def _follow_choice(self) -> None:
        self._show_strip()
        self.selected.emit(self.entities)

    def _open_well(self, well: Well) -> None:
        field = self._plate.field(well)
        if field is not None:
            self._open_field(field)

    def _open_field(self, field: Field) -> None:
        if field.image_id is not None:
            name = field.image_name
            self.opened.emit(Entity(Ref(Kind.IMAGE, field.image_id), name, natural_key(name)))

    def _want(self) -> None:
        """Have the thumbnails fetched that are in sight: those of the grid first, and all in one size."""
        images = [*self.grid.in_sight(), *self.strip.list.in_sight()]
        ratio = self.devicePixelRatioF()
        needed = max(self.grid.side, SIDE if self.strip.list.in_sight() else 0) * ratio
        size = size_for(needed)
        self.grid.fetched = self.strip.list.fetched = size
        if self.isVisible():
            self._thumbnails.want(images, size)
