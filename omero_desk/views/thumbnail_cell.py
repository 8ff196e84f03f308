"""One image in a grid, as it is drawn: its thumbnail, a mark for company, and the name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from omero_desk.gateway.entities import Entity
from omero_desk.models import labels
from omero_desk.models.contents import ENTITY
from omero_desk.models.thumbnails import ThumbnailsModel, size_for
from omero_desk.views.thumbnail_painter import ThumbnailPainter, draw_sign, smaller

_PADDING: Final = 5
_SHEETS: Final = 10
_SHADE: Final = QColor(0, 0, 0, 160)


class ThumbnailCell:
    """Paints the cells of a grid, with thumbnails of a `side` in logical pixels, or without `pictures` with icons."""

    def __init__(self, grid: QAbstractItemView, thumbnails: ThumbnailsModel, side: int) -> None:
        self._grid, self._thumbnails = grid, thumbnails
        self.side = side
        self.pictures = True
        self._painter = ThumbnailPainter(grid, thumbnails)
        self._fileset: int | None = None

    @property
    def fetched_side(self) -> int:
        """The size to ask for."""
        return size_for(self.side * self._grid.devicePixelRatioF())

    @property
    def size(self) -> QSize:
        """Of a thumbnail with its name."""
        side = self.side + 2 * _PADDING
        return QSize(side, side + self._line)

    @property
    def late(self) -> bool:
        """Whether pictures were left out because the frame had no more time."""
        return self._painter.late

    def begin(self) -> None:
        """A frame begins."""
        self._painter.begin()
        current = self._grid.currentIndex()
        source = self._thumbnails.source(current.data(ENTITY).ref.id) if current.isValid() else None
        self._fileset = source.fileset_id if source is not None else None

    def paint(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        """Draw one image."""
        entity: Entity = index.data(ENTITY)
        selected = self._grid.selectionModel().isSelected(index)
        if selected:
            self._paint_panel(painter, rect)
        area = QRect(0, 0, self.side, self.side)
        area.moveTop(rect.top() + _PADDING)
        area.moveLeft(rect.left() + (rect.width() - area.width()) // 2)
        if self.pictures:
            self._painter.draw(painter, area, entity.ref.id, self.fetched_side)
        else:
            draw_sign(painter, area, "image")
        self._paint_badge(painter, entity.ref.id, area)
        self._paint_name(painter, labels.name(entity), rect, selected)
        if index == self._grid.currentIndex() and self._grid.hasFocus():
            painter.setPen(self._grid.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    @property
    def _line(self) -> int:
        """The height of the name."""
        return self._grid.fontMetrics().height() + 4

    def _paint_panel(self, painter: QPainter, rect: QRect) -> None:
        option = QStyleOptionViewItem()
        self._grid.initViewItemOption(option)
        option.rect = rect
        option.state |= QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected
        self._grid.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._grid)

    def _paint_name(self, painter: QPainter, name: str, rect: QRect, selected: bool) -> None:
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(self._grid.palette().color(QPalette.ColorGroup.Normal, role))
        words = rect.adjusted(_PADDING, rect.height() - self._line, -_PADDING, 0)
        short = self._grid.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), short)

    def _paint_badge(self, painter: QPainter, image_id: int, area: QRect) -> None:
        """Mark an image that shares its fileset with others; stronger if the current image is one of them."""
        source = self._thumbnails.source(image_id)
        if source is None or source.together < 2:
            return
        font = painter.font()
        painter.setFont(smaller(font))
        text = f"{source.together:,}"
        box = painter.fontMetrics().boundingRect(text).adjusted(-5 - _SHEETS, -1, 5, 1)
        box.moveTopRight(area.topRight())
        same = source.fileset_id == self._fileset
        painter.fillRect(box, self._grid.palette().color(QPalette.ColorRole.Highlight) if same else _SHADE)
        painter.setPen(Qt.GlobalColor.white)
        for step in (0, 3):  # two sheets, one upon the other
            painter.drawRect(box.left() + 3 + step, box.center().y() - 4 + step, 5, 5)
        painter.drawText(box.adjusted(_SHEETS, 0, 0, 0), int(Qt.AlignmentFlag.AlignCenter), text)
        painter.setFont(font)
