"""The drawing of a plate's wells."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QStyle, QStyleOptionViewItem
from typing_extensions import override

from omero_desk.entities.plates import Well
from omero_desk.models.gallery.thumbnails import SIZES, ThumbnailsModel
from omero_desk.models.guard import guarded
from omero_desk.models.plates.heat import number_text
from omero_desk.models.plates.plate import PlateModel
from omero_desk.views.gallery.thumbnail_painter import ThumbnailPainter
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Radius

Index = QModelIndex | QPersistentModelIndex

_MARGIN: Final = 2
_LEGIBLE: Final = 30
"""The side of a well from which on there is room for a number in it."""
_HIDDEN: Final = 0.15
"""The opacity of a well that does not match the filter."""


class WellDelegate(QAbstractItemDelegate):
    """Draws a well: its image, its number in colour, or a dashed frame where there is no image.

    `fetched` is the size of its thumbnails, of `models.gallery.thumbnails.SIZES`.
    """

    def __init__(self, plate: PlateModel, thumbnails: ThumbnailsModel, grid: QAbstractItemView) -> None:
        super().__init__(grid)
        self.fetched = SIZES[0]
        self._plate, self._grid = plate, grid
        self._thumbnails = ThumbnailPainter(grid, thumbnails)

    @property
    def has_undrawn(self) -> bool:
        """True if thumbnails were left out because the frame's time was up."""
        return self._thumbnails.has_undrawn

    def begin(self) -> None:
        """Begin a frame, which has its own time for decoding thumbnails."""
        self._thumbnails.begin()

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return no size: the grid's own sizes count."""
        return QSize()

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        well = self._plate.well(index)
        if well is None:
            return
        area = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_tint(painter, option)
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

    def _paint_tint(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            tokens = current()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection if self._grid.hasFocus() else tokens.selection_idle))
            painter.drawRoundedRect(option.rect, Radius.CONTROL, Radius.CONTROL)

    def _paint_image(self, painter: QPainter, area: QRect, well: Well) -> None:
        field = self._plate.field(well)
        if field is not None and field.image_id is not None:
            self._thumbnails.draw(painter, area, field.image_id, self.fetched)
        else:
            self._paint_ring(painter, area)

    def _paint_ring(self, painter: QPainter, area: QRect) -> None:
        painter.setPen(QPen(QColor(current().border), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), Radius.SMALL, Radius.SMALL)

    def _paint_number(self, painter: QPainter, area: QRect, well: Well) -> None:
        heat = self._plate.heat
        colour = heat.colors.get(well.id) if heat is not None else None
        if heat is None or colour is None:
            self._paint_ring(painter, area)
            return
        fill = QColor(*colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area, Radius.SMALL, Radius.SMALL)
        if area.width() >= _LEGIBLE:
            painter.setPen(Qt.GlobalColor.black if fill.lightness() > 110 else Qt.GlobalColor.white)
            text = painter.fontMetrics().elidedText(
                number_text(heat.values[well.id]), Qt.TextElideMode.ElideRight, area.width()
            )
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_frame(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        """Frame what is selected: an accent, with the ground's colour between it and the well; a ring is the focus."""
        tokens, selected = current(), bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if not selected and not focused:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            painter.setPen(QPen(QColor(tokens.base), 1))
            painter.drawRoundedRect(option.rect.adjusted(3, 3, -4, -4), Radius.SMALL, Radius.SMALL)
            painter.setPen(QPen(QColor(tokens.accent if self._grid.hasFocus() else tokens.border), 2))
        else:
            painter.setPen(QPen(QColor(tokens.focus), 1))
        painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), Radius.CONTROL, Radius.CONTROL)
