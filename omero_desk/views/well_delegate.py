"""How a well of a plate is drawn."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyle, QStyleOptionViewItem

from omero_desk.gateway.plate_entities import Well
from omero_desk.models.heat import number_text
from omero_desk.models.plate import PlateModel
from omero_desk.models.thumbnails import SIZES, ThumbnailsModel
from omero_desk.views.thumbnail_painter import ThumbnailPainter

Index = QModelIndex | QPersistentModelIndex

_MARGIN: Final = 2
_LEGIBLE: Final = 30
"""Sides from which on there is room for a number in a well."""
_HIDDEN: Final = 0.15
"""How much shows of a well that the filter hides."""


class WellDelegate(QAbstractItemDelegate):
    """Draws a well: its image, its number in colour, or a ring where there is no image.

    `fetched` is the size that its thumbnails have, of `models.thumbnails.SIZES`.
    """

    def __init__(self, plate: PlateModel, thumbnails: ThumbnailsModel, grid: QAbstractItemView) -> None:
        super().__init__(grid)
        self.fetched = SIZES[0]
        self._plate, self._grid = plate, grid
        self._thumbnails = ThumbnailPainter(grid, thumbnails)

    @property
    def late(self) -> bool:
        """Whether pictures were left out because the frame had no more time."""
        return self._thumbnails.late

    def begin(self) -> None:
        """A frame begins."""
        self._thumbnails.begin()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt's; the grid's own sizes count."""
        return QSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's."""
        well = self._plate.well(index)
        if well is None:
            return
        area = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        hidden = not self._plate.passes(well)
        if hidden:
            painter.setOpacity(_HIDDEN)
        if self._plate.heat is not None:
            self._paint_number(painter, area, well)
        else:
            self._paint_image(painter, area, well)
        if hidden:
            painter.setOpacity(1)
        self._paint_frame(painter, option)

    def _paint_image(self, painter: QPainter, area: QRect, well: Well) -> None:
        field = self._plate.field(well)
        if field is not None and field.image_id is not None:
            self._thumbnails.draw(painter, area, field.image_id, self.fetched)
        else:
            self._paint_ring(painter, area)

    def _paint_ring(self, painter: QPainter, area: QRect) -> None:
        painter.setPen(self._grid.palette().color(QPalette.ColorRole.Mid))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = area.width() // 5
        painter.drawEllipse(area.adjusted(edge, edge, -edge, -edge))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_number(self, painter: QPainter, area: QRect, well: Well) -> None:
        heat = self._plate.heat
        colour = heat.colors.get(well.id) if heat is not None else None
        if heat is None or colour is None:
            self._paint_ring(painter, area)
            return
        fill = QColor(*colour)
        painter.fillRect(area, fill)
        if area.width() >= _LEGIBLE:
            painter.setPen(Qt.GlobalColor.black if fill.lightness() > 110 else Qt.GlobalColor.white)
            text = painter.fontMetrics().elidedText(
                number_text(heat.values[well.id]), Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_frame(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        current = bool(state & QStyle.StateFlag.State_HasFocus)
        if not current and not state & QStyle.StateFlag.State_Selected:
            return
        palette = self._grid.palette()
        role = QPalette.ColorRole.Highlight if state & QStyle.StateFlag.State_Selected else QPalette.ColorRole.Text
        painter.setPen(QPen(palette.color(role), _MARGIN))
        painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
        if current:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1, Qt.PenStyle.DotLine))
            painter.drawRect(option.rect.adjusted(3, 3, -4, -4))
