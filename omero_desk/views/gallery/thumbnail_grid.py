"""Images as a grid of thumbnails, which are fetched for those on the screen alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget
from typing_extensions import override

from omero_desk.entities.gallery_look import ContentsLook
from omero_desk.entities.objects import Entity
from omero_desk.models.gallery.contents import ENTITY, ContentsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.models.typed_letters import TypedLetters
from omero_desk.views.gallery.thumbnail_cell import ThumbnailCell
from omero_desk.views.widgets.grid_view import GridView

SMALLEST: Final = 64
LARGEST: Final = 384
USUAL: Final = ContentsLook().side
_BEYOND: Final = 1
"""Rows above and below the screen that are fetched too."""
_STEP: Final = 16
_ZOOMS: Final = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: -_STEP}
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ThumbnailGrid(GridView):
    """A grid over a `ContentsModel`; `opened` tells the entity that was double-clicked, or that Enter was pressed on.

    `menu_wanted` tells where on the screen.
    """

    opened = Signal(Entity)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(int)

    def __init__(self, contents: ContentsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(contents, parent)
        self._contents, self._thumbnails = contents, thumbnails
        self._typed = TypedLetters()
        self._rests = False
        self._cell = ThumbnailCell(self, contents, thumbnails, USUAL)
        self.set_cell_size(self._cell.size)
        self.setProperty("ground", "base")
        self.setAccessibleName(translate("Gallery", "Thumbnails"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.doubleClicked.connect(self._open)
        self.moved.connect(self._want)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        contents.replaced.connect(self._measure)
        thumbnails.arrived.connect(self._draw_arrived)
        thumbnails.forgotten.connect(self.relayout)

    @property
    def side(self) -> int:
        """The longest side of a thumbnail, in logical pixels."""
        return self._cell.side

    @property
    def pictures(self) -> bool:
        """True if thumbnails are fetched and shown, False for icons alone."""
        return self._cell.pictures

    @property
    def has_undrawn(self) -> bool:
        """True if pictures that are here are not drawn yet, as the last frame had no time for them."""
        return self._cell.has_undrawn

    def show_pictures(self, shown: bool) -> None:
        """Fetch and show thumbnails, or icons alone."""
        self._cell.pictures = shown
        self.relayout()

    def set_side(self, side: int) -> None:
        """Show larger or smaller thumbnails; what is current stays in sight, or what is at the top stays there."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self.side:
            self._cell.side = side
            self._measure()
            self.zoomed.emit(side)

    def rest(self, rests: bool) -> None:
        """Fetch no pictures while others do, and those in sight after that."""
        self._rests = rests
        self._want()

    @property
    def is_typing(self) -> bool:
        """True while letters follow each other closely enough to be those of one name."""
        return self._typed.are_coming

    def missing(self) -> list[int]:
        """Return the ids of images in sight of whose thumbnails nothing is known yet."""
        return [one for one in self._ids(self.sight) if self._thumbnails.get(one, self._cell.fetched_side) is None]

    @override
    def row_key(self, row: int) -> object:
        """Return the id of the image in a row."""
        return self._contents.part(row, row + 1)[0].ref.id

    # Drawing

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the images that are in sight."""
        painter = QPainter(self.viewport())
        self._cell.begin()
        for index, rect in self.cells(event.region()):
            self._cell.paint(painter, index, rect)
        self.paint_band(painter)

    def _draw_arrived(self, image_ids: set[int]) -> None:
        """Draw the images of which something new is known; the others are not drawn again."""
        for first, last in self.geometry_of_cells.spans(self.sight):
            for row in range(first, last + 1):
                if self.row_key(row) in image_ids:
                    self.update(self._contents.index(row, 0))

    @override
    def changeEvent(self, event: QEvent) -> None:
        """Resize the cells for names in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        """Measure the cells: they are of one size, which the names and the letters decide."""
        self._cell.measure()
        if self._cell.size != self.cell_size:
            self.set_cell_size(self._cell.size)
        self.viewport().update()

    # Fetching

    def _want(self) -> None:
        """Request the thumbnails in sight, and a row more on either side."""
        if self._rests:
            return
        if self._cell.pictures and self.isVisible():
            beyond = _BEYOND * self.geometry_of_cells.row_height
            wanted = [*self._ids(self.sight), *self._ids(self.sight.adjusted(0, -beyond, 0, beyond))]
            self._thumbnails.want(wanted, self._cell.fetched_side)
            return
        self._thumbnails.want((), self._cell.fetched_side)
        if self.isVisible():
            self._thumbnails.explain(self._ids(self.sight))

    def _ids(self, rect: QRect) -> list[int]:
        spans = self.geometry_of_cells.spans(rect)
        return [entity.ref.id for first, last in spans for entity in self._contents.part(first, last + 1)]

    # The mouse and the keys

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Make the thumbnails larger or smaller with Ctrl; scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(self.side + (_STEP if event.angleDelta().y() > 0 else -_STEP))
            event.accept()
        else:
            QAbstractItemView.wheelEvent(self, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current image with Enter, and make the thumbnails larger or smaller with Ctrl++ and Ctrl+-."""
        step = _ZOOMS.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if event.key() in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif step is not None:
            self.set_side(self.side + step)
        else:
            super().keyPressEvent(event)

    @override
    def keyboardSearch(self, search: str) -> None:
        """Go to the next image whose name starts with the typed letters."""
        letters, goes_on = self._typed.add(search)
        current = self.currentIndex()
        row = self._contents.find_name(letters, current.row() + int(not goes_on) if current.isValid() else 0)
        if row is not None:
            self.setCurrentIndex(self._contents.index(row, 0))

    def _want_menu(self, point: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ENTITY))
