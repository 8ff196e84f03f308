"""One thumbnail in a grid, as it is drawn: the picture or why there is none, a mark for company, and the name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionRubberBand, QStyleOptionViewItem

from omero_desk.gateway.entities import Entity
from omero_desk.models import labels
from omero_desk.models.contents import ENTITY
from omero_desk.models.thumbnails import SIZES, ThumbnailsModel
from omero_desk.views import icons
from omero_desk.views.thumbnail_pixmaps import ThumbnailPixmaps

PADDING: Final = 5
_ICON: Final = 24
_REASON_SIDE: Final = 110
"""A thumbnail has to be so large for its reason to be readable in it."""
_SHEETS: Final = 10
_SHADE: Final = QColor(0, 0, 0, 160)


class ThumbnailCell:
    """Paints the cells of a grid, with thumbnails of a `side` in logical pixels, or without `pictures` with icons."""

    def __init__(self, grid: QAbstractItemView, thumbnails: ThumbnailsModel, side: int) -> None:
        self._grid, self._thumbnails = grid, thumbnails
        self.side = side
        self.pictures = True
        self._pixmaps = ThumbnailPixmaps()
        self._fileset: int | None = None

    @property
    def fetched_side(self) -> int:
        """The size to ask for: the next that is large enough for the screen's own pixels."""
        needed = self.side * self._grid.devicePixelRatioF()
        return next((size for size in SIZES if size >= needed), SIZES[-1])

    @property
    def line(self) -> int:
        """The height of the name."""
        return self._grid.fontMetrics().height() + 4

    @property
    def late(self) -> bool:
        """Whether pictures were left out because a frame has no more time."""
        return self._pixmaps.late

    def begin(self) -> None:
        """A frame begins."""
        self._pixmaps.begin()
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
        area.moveTop(rect.top() + PADDING)
        area.moveLeft(rect.left() + (rect.width() - area.width()) // 2)
        self._paint_picture(painter, entity.ref.id, area)
        self._paint_badge(painter, entity.ref.id, area)
        self._paint_name(painter, labels.name(entity), rect, self._grid.palette(), selected)
        if index == self._grid.currentIndex() and self._grid.hasFocus():
            painter.setPen(self._grid.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def _paint_panel(self, painter: QPainter, rect: QRect) -> None:
        option = QStyleOptionViewItem()
        self._grid.initViewItemOption(option)
        option.rect = rect
        option.state |= QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected
        self._grid.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._grid)

    def paint_band(self, painter: QPainter, rect: QRect) -> None:
        """Draw the frame that the mouse pulls over the images."""
        option = QStyleOptionRubberBand()
        option.initFrom(self._grid.viewport())
        option.rect = rect
        self._grid.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self._grid)

    def _paint_name(self, painter: QPainter, name: str, rect: QRect, palette: QPalette, selected: bool) -> None:
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(palette.color(QPalette.ColorGroup.Normal, role))
        words = rect.adjusted(PADDING, rect.height() - self.line, -PADDING, 0)
        short = self._grid.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), short)

    def _paint_picture(self, painter: QPainter, image_id: int, area: QRect) -> None:
        if not self.pictures:
            self._paint_icon(painter, "image", area)
            return
        thumbnail = self._thumbnails.get(image_id, self.fetched_side)
        if thumbnail is not None and thumbnail.picture:
            ratio = self._grid.devicePixelRatioF()
            pixmap = self._pixmaps.get(image_id, thumbnail.picture, self.side, ratio)
            if pixmap is not None and not pixmap.isNull():
                size = pixmap.deviceIndependentSize().toSize()
                painter.drawPixmap(area.center() - QPoint(size.width() // 2, size.height() // 2), pixmap)
                return
        painter.fillRect(area, self._grid.palette().color(QPalette.ColorRole.AlternateBase))
        if thumbnail is not None and (thumbnail.reason or not self.late):
            self._paint_reason(painter, thumbnail.reason or "What the server sent is no picture.", area)

    def _paint_reason(self, painter: QPainter, reason: str, area: QRect) -> None:
        if self.side < _REASON_SIDE:
            self._paint_icon(painter, "warning", area)
            return
        self._paint_icon(painter, "warning", area.adjusted(0, 0, 0, -area.height() // 2))
        painter.setPen(self._grid.palette().color(QPalette.ColorRole.PlaceholderText))
        words = area.adjusted(6, area.height() // 2 - 14, -6, -4)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(words, int(flags), reason)

    @staticmethod
    def _paint_icon(painter: QPainter, name: str, area: QRect) -> None:
        place = QRect(0, 0, _ICON, _ICON)
        place.moveCenter(area.center())
        icons.icon(name).paint(painter, place)

    def _paint_badge(self, painter: QPainter, image_id: int, area: QRect) -> None:
        """Mark an image that shares its fileset with others; stronger if the current image is one of them."""
        source = self._thumbnails.source(image_id)
        if source is None or source.together < 2:
            return
        font = painter.font()
        painter.setFont(_small(font))
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


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.85)
    return small
