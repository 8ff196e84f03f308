"""All fields of one well: their images in a row, and a map of their positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.plates import Field
from omero_desk.models.gallery.thumbnails import SIZES, ThumbnailsModel
from omero_desk.models.guard import guarded
from omero_desk.models.plates.well_fields import MOST_WELLS, WellFieldsModel
from omero_desk.models.translation import plural, translate
from omero_desk.views.gallery.thumbnail_painter import ThumbnailPainter
from omero_desk.views.plates.field_map import FieldMap
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Radius
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved
from omero_desk.views.widgets.words import Words

Index = QModelIndex | QPersistentModelIndex

SIDE: Final = 80
"""The side of a field's thumbnail, in logical pixels."""
_MARGIN: Final = 3
_PILL: Final = 3
_SHADE: Final = QColor(0, 0, 0, 175)


class FieldList(QListView):
    """The fields in a row; `opened` is emitted with a field to be opened, `moved` when others are in sight."""

    opened = Signal(Field)
    moved = Signal()

    def __init__(self, fields: WellFieldsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields, self._thumbnails = fields, ThumbnailPainter(self, thumbnails)
        self.fetched = SIZES[0]
        self.setModel(fields)
        self.setItemDelegate(FieldDelegate(self))
        self.setProperty("ground", "base")
        self.setAccessibleName(translate("Plates", "Fields of the well"))
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
    def has_undrawn(self) -> bool:
        """True if thumbnails that are here could not be drawn yet because the frame's time was up."""
        return self._thumbnails.has_undrawn

    def in_sight(self) -> list[int]:
        """Return the ids of the images in the viewport."""
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
            painter.fillRect(area, QColor(current().hover))

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._thumbnails.begin()
        super().paintEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.moved.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter."""
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

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SIDE + 2 * _MARGIN, SIDE + 2 * _MARGIN)

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current()
        frame = QRect(option.rect.topLeft(), self.sizeHint(option, index))
        area = frame.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        fields = self._view.model()
        assert isinstance(fields, WellFieldsModel)
        self._view.draw(painter, area, fields.fields[index.row()])
        number = QRect(area.left(), area.top(), painter.fontMetrics().horizontalAdvance(index.data()) + 8, 0)
        number.setHeight(painter.fontMetrics().height())
        number.setWidth(min(number.width(), area.width()))
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_SHADE)
            painter.drawRoundedRect(number.translated(2, 2), _PILL, _PILL)
            painter.setPen(Qt.GlobalColor.white)
            painter.drawText(number.translated(2, 2), int(Qt.AlignmentFlag.AlignCenter), index.data())
            if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(tokens.accent), 2))
                painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), Radius.CONTROL, Radius.CONTROL)


class WellStrip(QWidget):
    """Shows a `WellFieldsModel` under a title; `opened` is emitted with a field to be opened."""

    opened = Signal(Field)

    def __init__(self, fields: WellFieldsModel, thumbnails: ThumbnailsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = fields
        self._wells: Sequence[str] = ()
        self.list = FieldList(fields, thumbnails)
        self.map = FieldMap(fields)
        self._title = Words()
        self.retry = QToolButton()
        self.retry.setText(translate("Plates", "&Retry"))
        self.retry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.retry.setIcon(icons.icon("refresh"))
        self.retry.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retry.setToolTip(translate("Plates", "Read the fields of the well again"))
        self.retry.clicked.connect(fields.refresh)
        self._lay_out()
        self.list.opened.connect(self.opened)
        self.map.clicked.connect(self._go_to)
        self.list.selectionModel().currentChanged.connect(lambda index, _: self.map.mark(index.row()))
        fields.changed.connect(self._show)
        self._show()

    def name_wells(self, names: Sequence[str]) -> None:
        """Name the wells whose fields are shown in the title; none for no well."""
        self._wells = names
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
        if problem:
            self._title.setText(problem)
        elif not self._wells:
            self._title.setText(translate("Plates", "No well is selected"))
        else:
            loading, counted = translate("Plates", "Loading…"), plural("Plates", "%n fields", "%n field", number)
            title = translate("Plates", "Well {name}").format(name=self._wells[0])
            if len(self._wells) > 1:
                wells = len(self._wells)
                title = plural("Plates", "%n wells", "%n well", wells)
            if len(self._wells) > MOST_WELLS:
                first = translate("Plates", "{wells}, the first {number} of them")
                title = first.format(wells=title, number=MOST_WELLS)
            self._title.setText(f"{title} · {loading if self._fields.loading and not number else counted}")
        self.map.setVisible(self.map.has_places() and len(self._wells) == 1)
