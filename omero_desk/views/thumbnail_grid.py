"""Images as a grid of thumbnails, which are fetched for those on the screen alone."""

from __future__ import annotations

from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from omero_desk.models.contents import ENTITY, ContentsModel
from omero_desk.models.contents_look import ContentsLook
from omero_desk.models.thumbnails import ThumbnailsModel
from omero_desk.views.grid_view import GridView
from omero_desk.views.thumbnail_cell import ThumbnailCell

SMALLEST: Final = 64
LARGEST: Final = 384
USUAL: Final = ContentsLook().side
_BEYOND: Final = 1
"""Rows above and below the screen that are fetched too."""
_STEP: Final = 16
_ZOOMS: Final = {Qt.Key.Key_Plus: _STEP, Qt.Key.Key_Equal: _STEP, Qt.Key.Key_Minus: -_STEP}
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING_S: Final = 1.0
"""Letters that follow each other within this time are one word to look for."""


class ThumbnailGrid(GridView):
    """A grid over a `ContentsModel`; `opened` tells the entity that was double-clicked, or that Enter was pressed on.

    `menu_wanted` tells where on the screen.
    """

    opened = Signal(object)
    menu_wanted = Signal(QPoint)
    zoomed = Signal(int)

    def __init__(self, contents: ContentsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(contents, parent)
        self._contents, self._thumbnails = contents, thumbnails
        self._typed, self._typed_at = "", 0.0
        self._cell = ThumbnailCell(self, thumbnails, USUAL)
        self.set_cell_size(self._cell.size)
        self.setAccessibleName("Thumbnails")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.doubleClicked.connect(self._open)
        self.moved.connect(self._want)
        thumbnails.arrived.connect(self._draw_arrived)
        thumbnails.forgotten.connect(self.relayout)

    @property
    def side(self) -> int:
        """The longest side of a thumbnail, in logical pixels."""
        return self._cell.side

    @property
    def pictures(self) -> bool:
        """Whether thumbnails are fetched and shown, or icons alone."""
        return self._cell.pictures

    @property
    def late(self) -> bool:
        """Whether pictures that are here could not be drawn yet, for a frame had no time for them."""
        return self._cell.late

    def show_pictures(self, shown: bool) -> None:
        """Fetch and show thumbnails, or leave it at icons."""
        self._cell.pictures = shown
        self.relayout()

    def set_side(self, side: int) -> None:
        """Show larger or smaller thumbnails; what is current stays in sight, or what is at the top stays there."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self.side:
            self._cell.side = side
            self.set_cell_size(self._cell.size)
            self.zoomed.emit(side)

    def missing(self) -> list[int]:
        """The ids of the images in sight of whose thumbnails nothing is known yet."""
        return [one for one in self._ids(self.sight) if self._thumbnails.get(one, self._cell.fetched_side) is None]

    # Drawing

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
                if self._contents.entities[row].ref.id in image_ids:
                    self.update(self._contents.index(row, 0))

    def changeEvent(self, event: QEvent) -> None:
        """Qt's: names in another font have another height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.set_cell_size(self._cell.size)

    # Fetching

    def _want(self) -> None:
        """Have fetched what is in sight, and a row more on either side."""
        if self._cell.pictures and self.isVisible():
            beyond = _BEYOND * self.geometry_of_cells.row_height
            wanted = [*self._ids(self.sight), *self._ids(self.sight.adjusted(0, -beyond, 0, beyond))]
            self._thumbnails.want(wanted, self._cell.fetched_side)
        else:
            self._thumbnails.want((), self._cell.fetched_side)

    def _ids(self, rect: QRect) -> list[int]:
        entities, spans = self._contents.entities, self.geometry_of_cells.spans(rect)
        return [entity.ref.id for first, last in spans for entity in entities[first : last + 1]]

    # The mouse and the keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl, larger and smaller; else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(self.side + (_STEP if event.angleDelta().y() > 0 else -_STEP))
            event.accept()
        else:
            QAbstractItemView.wheelEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; + and - with Ctrl make larger and smaller."""
        step = _ZOOMS.get(Qt.Key(event.key())) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else None
        if event.key() in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif step is not None:
            self.set_side(self.side + step)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Qt's: letters lead to the next image whose name starts with them."""
        again = monotonic() - self._typed_at < _TYPING_S
        self._typed, self._typed_at = (self._typed + search if again else search), monotonic()
        same = len(set(self._typed.casefold())) == 1
        start = max(self.currentIndex().row(), 0) + (1 if same and self.currentIndex().isValid() else 0)
        row = self._contents.find_name(self._typed[:1] if same else self._typed, start)
        if row is not None:
            self.setCurrentIndex(self._contents.index(row, 0))

    def _want_menu(self, point: QPoint) -> None:
        self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ENTITY))
