"""A plate: a grid of its wells with a filter and choices above, and the fields of one well below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Entity, Kind, Ref, natural_key
from omero_desk.entities.plates import Field, Well
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel, size_for
from omero_desk.models.labels import shortened
from omero_desk.models.messages import Action, Message
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.quantities import number
from omero_desk.models.translation import plural, translate
from omero_desk.models.tree.node import LoadState
from omero_desk.views.gallery.contents_bar import stack_bars
from omero_desk.views.parts.actions import entry
from omero_desk.views.plates.commands import FIT, OPEN
from omero_desk.views.plates.heat_legend import HeatLegend
from omero_desk.views.plates.plate_bar import PlateBar
from omero_desk.views.plates.plate_grid import PlateGrid
from omero_desk.views.plates.well_strip import SIDE, WellStrip
from omero_desk.views.theme.tokens import Space
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.loading import Place, paint_cells
from omero_desk.views.widgets.path_head import NARROW, PathHead
from omero_desk.views.widgets.state_card import PlaceState, failure_state

_FILTER: Final = 90, 180
"""Pixels of the width of the filter: the least and the most."""
_BLOCK: Final = 56
_BLOCKS: Final = 1000
"""The side of a block where a well will be, and the most of them."""


class PlatePanel(QWidget):
    """Shows a `PlateModel`.

    `selected` is emitted with the entities of the selected wells, `opened` with that of an image to be opened.
    """

    selected = Signal(list)
    opened = Signal(Entity)

    def __init__(
        self,
        plate: PlateModel,
        thumbnails: ThumbnailsModel,
        counts: AnnotationCountsModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._plate, self._thumbnails, self._counts = plate, thumbnails, counts
        self.fill_menu: Callable[[QMenu], object] = lambda menu: None
        self.show_info: Callable[[str], object] = lambda section: None
        self._wanted: int | None = None
        self._shown: Ref | None = None
        self.filter_edit = FilterEdit(translate("Plates", "Filter wells"))
        self.filter_edit.setToolTip(
            translate(
                "Plates",
                "B, 12 or B3 means a row, a column or a well. Other words are looked for in the wells' types and"
                " descriptions, the images' names, tags, and key-value pairs as key=value.",
            )
        )
        self.bar = PlateBar(plate)
        self.grid = PlateGrid(plate, thumbnails)
        self.strip = WellStrip(plate.well_fields, thumbnails)
        self.head = PathHead()
        self._number = self.head.number
        self.legend = HeatLegend()
        self._lay_out()
        self._connect()
        self._dress()
        self._show()
        self.setFocusProxy(self.grid)

    def select(self, well_id: int) -> None:
        """Select one well and bring it into sight, now or once it has been read."""
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

    def _dress(self) -> None:
        self.strip.retry.setIcon(icons.icon("refresh"))
        self.bar.dress()

    def _lay_out(self) -> None:
        row, bars = QHBoxLayout(), QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        self.filter_edit.setMinimumWidth(_FILTER[0])
        self.filter_edit.setMaximumWidth(_FILTER[1])
        row.addWidget(self.filter_edit, 1)
        row.addWidget(self.bar, 2)
        stack_bars(bars, self.head, row)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        for part in (bars, self.bar.tables):
            head.addWidget(part)
        self.setProperty("ground", "base")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        parts = QSplitter(Qt.Orientation.Vertical)
        upper = QWidget()
        over = QVBoxLayout(upper)
        over.setContentsMargins(Space.MEDIUM, 0, 0, 0)
        over.addWidget(self.grid, 1)
        over.addWidget(self.legend)
        parts.addWidget(upper)
        parts.addWidget(self.strip)
        parts.setStretchFactor(0, 1)
        parts.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        self.place = Place(parts, blocks=self._paint_blocks)
        self._parts = parts
        column.addWidget(self.place, 1)

    def _connect(self) -> None:
        plate, grid = self._plate, self.grid
        self.filter_edit.textChanged.connect(plate.set_filter)
        self.filter_edit.left.connect(grid.setFocus)
        self.bar.side.valueChanged.connect(grid.zoom)
        self.bar.fit.clicked.connect(grid.fit)
        grid.zoomed.connect(self._show_size)
        grid.chosen.connect(self._follow_choice)
        grid.opened.connect(self._open_well)
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(lambda point: self._open_menu(grid.viewport().mapToGlobal(point)))
        self.strip.opened.connect(self._open_field)
        self.place.cancelled.connect(plate.stop)
        for moved in (grid.moved, self.strip.list.moved):
            moved.connect(self._want)
        plate.changed.connect(self._show)
        plate.measured.connect(self._show_measure)
        self._show_size(grid.side)

    def _show_size(self, side: int) -> None:
        with QSignalBlocker(self.bar.side):
            self.bar.side.setValue(side)

    def _show(self) -> None:
        """Update everything around the grid from the model."""
        self._show_place()
        self._show_measure()
        if self._wanted is not None:
            self.select(self._wanted)
        self._show_strip()

    def _show_place(self) -> None:
        """Show the wells, or in their place why there are none."""
        plate, content = self._plate, self._plate.content
        wells = len(content.wells) if content is not None else 0
        problem = plate.problem if plate.state is LoadState.FAILED else None
        if plate.place != self._shown:
            self._shown = plate.place
            self.place.leave()
        self.place.show_empty(None if wells or plate.place is None else self._why_empty(problem))
        total = len({well for well, _, _ in content.info.field_counts}) if content is not None else 0
        self.place.wait(plate.state is LoadState.LOADING, wells, total)

    def _show_strip_above(self) -> None:
        """Say above the wells what is missing, or that the filter fits none of them."""
        plate, needle = self._plate, self.filter_edit.text().strip()
        if plate.state is LoadState.FAILED and plate.problem is not None:
            missing = translate("Plates", "Not all of the plate could be read. {why}").format(why=plate.problem.text)
            self.place.strip.tell(missing, Action(translate("Window", "Try again"), plate.refresh))
        elif plate.passing is not None and not plate.passing and needle:
            nothing = translate("Plates", "No well matches “{text}”").format(text=shortened(needle))
            self.place.strip.tell(nothing, Action(translate("Plates", "Clear filter"), self.filter_edit.clear))
        else:
            self.place.strip.tell("")

    def _why_empty(self, problem: Message | None) -> PlaceState:
        if problem is not None:
            what = translate("Plates", "The plate could not be read")
            return failure_state(what, problem.text, self._plate.refresh, problem.detail)
        why = translate("Plates", "Wells come with the import of a plate's images.")
        refresh = Action(translate("Plates", "Refresh"), self._plate.refresh)
        return PlaceState("plate", translate("Plates", "No wells on this plate"), why, refresh)

    def _paint_blocks(self, painter: QPainter, area: QRect) -> None:
        paint_cells(painter, area, QSize(_BLOCK, _BLOCK), _BLOCKS)

    def _show_measure(self) -> None:
        self._show_strip_above()
        self.legend.show_heat(self._plate.heat)
        content, passing = self._plate.content, self._plate.passing
        total = len(content.wells) if content is not None else 0
        if not total and self._plate.state is not LoadState.LOADED:
            text = ""
        elif passing is None:
            text = plural("Plates", "%n wells", "%n well", total)
        else:
            text = plural("Plates", "{matching} of %n wells", "{matching} of %n well", total)
        asked = plural("Plates", "Filter %n wells", "Filter %n well", total)
        self.filter_edit.setPlaceholderText(asked if total else translate("Plates", "Filter wells"))
        self._number.setText(text.format(matching=number(len(passing or ()))))

    def _show_strip(self) -> None:
        content, current = self._plate.content, self._plate.well(self.grid.currentIndex())
        wells = self.grid.wells or ([current] if current is not None else [])
        if content is None or not wells:
            self.strip.name_wells([])
            self._plate.well_fields.show_wells({})
        else:
            names = {well.id: content.name(well) for well in wells}
            self.strip.name_wells(list(names.values()))
            self._plate.well_fields.show_wells(names, content.run)

    def _follow_choice(self) -> None:
        self._show_strip()
        self.selected.emit(self.entities)

    def _open_menu(self, point: QPoint) -> None:
        entities, wells = self.entities, self.grid.wells
        if not entities:
            return
        self._counts.count(entities)

        def fill(menu: QMenu) -> None:
            entry(menu, OPEN, lambda: self._open_well(wells[0]), self._why_not_open(wells))
            entry(menu, FIT, self.grid.fit)
            menu.addSeparator()
            self.fill_menu(menu)

        menu = NodeMenu(self._counts, entities, self, fill, self.show_info)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _why_not_open(self, wells: Sequence[Well]) -> str:
        if len(wells) > 1:
            return translate("Plates", "Select one well")
        field = self._plate.field(wells[0])
        return "" if field is not None and field.image_id is not None else translate("Plates", "The well has no image")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the last part of the path alone in a narrow window."""
        super().resizeEvent(event)
        self.head.show_narrow(self.window().width() < NARROW)

    def _open_well(self, well: Well) -> None:
        field = self._plate.field(well)
        if field is not None:
            self._open_field(field)

    def _open_field(self, field: Field) -> None:
        if field.image_id is not None:
            name = field.image_name
            self.opened.emit(Entity(Ref(Kind.IMAGE, field.image_id), name, natural_key(name)))

    def _want(self) -> None:
        """Fetch the thumbnails in sight, those of the grid first, all in one size."""
        images = [*self.grid.in_sight(), *self.strip.list.in_sight()]
        ratio = self.devicePixelRatioF()
        needed = max(self.grid.side, SIDE if self.strip.list.in_sight() else 0) * ratio
        size = size_for(needed)
        self.grid.fetched = self.strip.list.fetched = size
        if self.isVisible():
            self._thumbnails.want(images, size)
