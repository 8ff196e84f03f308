"""All fields of one well: their images in a row, and where they lie."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from omero_desk.gateway.plate_entities import Field
from omero_desk.models.thumbnails import SIZES, ThumbnailsModel
from omero_desk.models.well_fields import WellFieldsModel
from omero_desk.views import icons
from omero_desk.views.field_map import FieldMap
from omero_desk.views.thumbnail_painter import ThumbnailPainter

Index = QModelIndex | QPersistentModelIndex

SIDE: Final = 80
"""The side of a field's thumbnail, in logical pixels."""
_MARGIN: Final = 3


class FieldList(QListView):
    """The fields in a row; `opened` tells a `Field`, `moved` that others are in sight."""

    opened = Signal(object)
    moved = Signal()

    def __init__(self, fields: WellFieldsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields, self._thumbnails = fields, ThumbnailPainter(self, thumbnails)
        self.fetched = SIZES[0]
        self.setModel(fields)
        self.setItemDelegate(FieldDelegate(self))
        self.setAccessibleName("Fields of the well")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(SIDE + 4 * _MARGIN + bar + 2 * self.frameWidth())
        self.activated.connect(self._open)
        self.horizontalScrollBar().valueChanged.connect(self.moved)
        fields.modelReset.connect(self.moved)
        thumbnails.arrived.connect(lambda _ids: self.viewport().update())

    @property
    def late(self) -> bool:
        """Whether pictures that are here could not be drawn yet, for a frame had no time for them."""
        return self._thumbnails.late

    def in_sight(self) -> list[int]:
        """The ids of the images that are in the viewport."""
        if not self.isVisible() or not self._fields.fields:
            return []
        width = SIDE + 2 * _MARGIN
        first = self.horizontalOffset() // width
        last = (self.horizontalOffset() + self.viewport().width()) // width
        shown = self._fields.fields[first : last + 1]
        return [field.image_id for field in shown if field.image_id is not None]

    def draw(self, painter: QPainter, area: QRect, field: Field) -> None:
        """Draw the image of a field."""
        if field.image_id is not None:
            self._thumbnails.draw(painter, area, field.image_id, self.fetched)
        else:
            painter.fillRect(area, self.palette().color(QPalette.ColorRole.AlternateBase))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's."""
        self._thumbnails.begin()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's."""
        super().resizeEvent(event)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._fields.fields[index.row()])


class FieldDelegate(QAbstractItemDelegate):
    """Draws a field with its number."""

    def __init__(self, view: FieldList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt's."""
        return QSize(SIDE + 2 * _MARGIN, SIDE + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's."""
        palette = self._view.palette()
        frame = QRect(option.rect.topLeft(), self.sizeHint(option, index))
        area = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        fields = self._view.model()
        assert isinstance(fields, WellFieldsModel)
        self._view.draw(painter, area, fields.fields[index.row()])
        number = QRect(area.left(), area.top(), painter.fontMetrics().horizontalAdvance(index.data()) + 8, 0)
        number.setHeight(painter.fontMetrics().height())
        painter.fillRect(number, palette.color(QPalette.ColorRole.Base))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(number, int(Qt.AlignmentFlag.AlignCenter), index.data())
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(frame.adjusted(1, 1, -1, -1))


class WellStrip(QWidget):
    """Shows a `WellFieldsModel` under a title; `opened` tells a `Field`."""

    opened = Signal(object)

    def __init__(self, fields: WellFieldsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = fields
        self._well = ""
        self.list = FieldList(fields, thumbnails)
        self.map = FieldMap(fields)
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.retry = QToolButton()
        self.retry.setText("&Retry")
        self.retry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.retry.setIcon(icons.icon("refresh"))
        self.retry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retry.setToolTip("Read the fields of the well again")
        self.retry.clicked.connect(fields.refresh)
        self._lay_out()
        self.list.opened.connect(self.opened)
        self.map.clicked.connect(self._go_to)
        self.list.selectionModel().currentChanged.connect(lambda index, _: self.map.mark(index.row()))
        fields.changed.connect(self._show)
        self._show()

    def name_well(self, name: str) -> None:
        """Say whose fields these are."""
        self._well = name
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.retry)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.list, 1)
        row.addWidget(self.map)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(row)

    def _go_to(self, number: int) -> None:
        index = self._fields.index(number)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index)

    def _show(self) -> None:
        number, problem = len(self._fields.fields), self._fields.problem
        self.retry.setVisible(bool(problem))
        counted = "Loading…" if self._fields.loading and not number else f"{number} field{'' if number == 1 else 's'}"
        self._title.setText(problem or (f"Well {self._well} · {counted}" if self._well else "No well is selected"))
        self.map.setVisible(self.map.has_places())
