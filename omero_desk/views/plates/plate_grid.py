"""The grid of a plate's wells: only those on the screen are drawn, and a well takes no Qt object."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget
from typing_extensions import override

from omero_desk.entities.plates import Well
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.translation import translate
from omero_desk.views.plates.well_delegate import WellDelegate

Index = QModelIndex | QPersistentModelIndex

SMALLEST: Final = 20
LARGEST: Final = 256
_MOST_FITTED: Final = 112
_STEP: Final = 8
_ZOOMS: Final = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: -_STEP}


class PlateGrid(QTableView):
    """A grid over a `PlateModel`.

    `opened` is emitted with the well that was double-clicked, or that Enter was pressed on; `moved` when other wells
    are in sight, or the model has changed; `zoomed` with the new side of a well; `chosen` when other wells are selected
    or another is the current one.
    """

    opened = Signal(Well)
    moved = Signal()
    zoomed = Signal(int)
    chosen = Signal()

    def __init__(self, plate: PlateModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate, self._thumbnails = plate, thumbnails
        self._side = 0
        self._fitted = True
        self._delegate = WellDelegate(plate, thumbnails, self)
        self.setModel(plate)
        self.setItemDelegate(self._delegate)
        self._look()
        self.set_side(_MOST_FITTED // 2)
        self.activated.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(self.moved)
        self.horizontalScrollBar().valueChanged.connect(self.moved)
        plate.dataChanged.connect(self.moved)
        plate.measured.connect(self._repaint)
        plate.modelReset.connect(self._follow_reset)
        thumbnails.arrived.connect(self._arrive)

    @property
    def fetched(self) -> int:
        """The size of the thumbnails that are drawn, of `models.gallery.thumbnails.SIZES`."""
        return self._delegate.fetched

    @fetched.setter
    def fetched(self, size: int) -> None:
        self._delegate.fetched = size

    @property
    def has_undrawn(self) -> bool:
        """True if thumbnails that are here could not be drawn yet because the frame's time was up."""
        return self._delegate.has_undrawn

    @property
    def side(self) -> int:
        """The side of a well, in logical pixels."""
        return self._side

    def set_side(self, side: int) -> None:
        """Show larger or smaller wells; the current one stays in sight."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self._side:
            self._side = side
            for header in (self.horizontalHeader(), self.verticalHeader()):
                header.setDefaultSectionSize(side)
            self.updateGeometries()  # the scroll bars' ranges are needed below
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())
            self.zoomed.emit(side)
            self.moved.emit()

    def zoom(self, side: int) -> None:
        """Show wells of a size that the user asks for, which stays until they ask for another or to fit the plate."""
        self._fitted = False
        self.set_side(side)

    def fit(self) -> None:
        """Show the whole plate, unless its wells would be too small, and follow the window's size from now on."""
        self._fitted = True
        rows, columns = self._plate.rowCount(), self._plate.columnCount()
        if rows and columns:
            frame = 2 * self.frameWidth() + 2
            width = self.width() - self.verticalHeader().sizeHint().width() - frame
            height = self.height() - self.horizontalHeader().sizeHint().height() - frame
            self.set_side(min(width // columns, height // rows, _MOST_FITTED))

    def in_sight(self) -> list[int]:
        """Return the ids of the images of the wells in the viewport, from the top down."""
        content = self._plate.content
        if content is None or self._plate.heat is not None or not self.isVisible():
            return []
        found = []
        for row in self._span(self.verticalOffset(), self.viewport().height(), self._plate.rowCount()):
            for column in self._span(self.horizontalOffset(), self.viewport().width(), self._plate.columnCount()):
                well = content.wells.get((row, column))
                field = content.fields.get(well.id) if well is not None else None
                if field is not None and field.image_id is not None:
                    found.append(field.image_id)
        return found

    @property
    def wells(self) -> list[Well]:
        """The selected wells, row by row."""
        places = sorted((index.row(), index.column()) for index in self.selectionModel().selectedIndexes())
        found = (self._plate.well(self._plate.index(*place)) for place in places)
        return [well for well in found if well is not None]

    def _look(self) -> None:
        self.setProperty("grid", "wells")
        self.setAccessibleName(translate("Plates", "Wells of the plate"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(True)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setMinimumSectionSize(SMALLEST)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
            header.setHighlightSections(True)
            header.setSectionsClickable(True)

    def _span(self, offset: int, length: int, count: int) -> range:
        return range(offset // self._side, min(-(-(offset + length) // self._side), count))

    def _follow_reset(self) -> None:
        self._fitted = True
        self.fit()
        self.moved.emit()

    def _repaint(self) -> None:
        self.viewport().update()
        self.moved.emit()

    def _arrive(self, image_ids: set[int]) -> None:
        """Redraw only the wells whose thumbnails have come."""
        content = self._plate.content
        if content is None or not self.isVisible():
            return
        wells = {field.well_id for field in content.fields.values() if field.image_id in image_ids}
        for place, well in content.wells.items():
            if well.id in wells:
                self.update(self._plate.index(*place))

    def _open(self, index: QModelIndex) -> None:
        well = self._plate.well(index)
        if well is not None:
            self.opened.emit(well)

    # QTableView

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._delegate.begin()
        super().paintEvent(event)

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another well is the current one."""
        super().currentChanged(current, previous)
        self.chosen.emit()

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the plate again if it was fitted before."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self.moved.emit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Tell that wells are in sight now."""
        super().showEvent(event)
        self.moved.emit()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(self._side + (_STEP if event.angleDelta().y() > 0 else -_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter; zoom on Ctrl with + and -, fit the plate on Ctrl with 0."""
        step = _ZOOMS.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif step is not None:
            self.zoom(self._side + step)
        elif event.key() == Qt.Key.Key_0 and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.fit()
        else:
            super().keyPressEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        """Show a well's tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip(self.indexAt(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def tip(self, index: Index) -> str:
        """Return the tooltip of a place: the well, and the reason if its thumbnail is missing; "" without a well."""
        well = self._plate.well(index)
        if well is None:
            return ""
        field = self._plate.field(well)
        image = field.image_id if field is not None else None
        thumbnail = self._thumbnails.get(image, self.fetched) if image is not None else None
        text: str = self._plate.data(index, Qt.ItemDataRole.ToolTipRole)  # type: ignore[assignment]
        return unmarked(f"{text}\n{thumbnail.reason}") if thumbnail is not None and thumbnail.reason else text
