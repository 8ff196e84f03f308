"""The painting of tree rows: chevron, icon, name, the initials of another owner, and the number at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView
from typing_extensions import override

from omero_desk.entities.objects import Kind
from omero_desk.models.guard import guarded
from omero_desk.models.tree.node import FAILED_ROW, LOADING_ROW
from omero_desk.models.tree.node_model import Column
from omero_desk.models.tree.row_data import Role
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Height, Icon
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved, scaled
from omero_desk.views.widgets.row_painting import is_selected, paint_row, words_colour

Index = QModelIndex | QPersistentModelIndex

_CHEVRON: Final = 14
_GAP: Final = 6
_RIGHT: Final = 12
_BADGE: Final = 16
"""Pixels across the initials of an owner."""
_LONGEST: Final = 400
_STATUS_ICONS: Final = {LOADING_ROW: "state-busy", FAILED_ROW: "warning"}
_STATUS_WORDS: Final = {LOADING_ROW: "text_faint", FAILED_ROW: "danger"}
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_FILES: Final = (Kind.IMAGE, Kind.FIELD)
"""What is named after files, whose ends tell them apart."""


class RowDelegate(QStyledItemDelegate):
    """Draws a whole row with its first column: the view itself draws nothing, neither branches nor selection."""

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        with saved(painter):
            if index.column() == Column.NAME:
                _paint_ground(painter, option, index)
            painter.setClipRect(option.rect, Qt.ClipOperation.IntersectClip)  # marks may stand high above letters
            if index.column() == Column.NAME:
                _Row(painter, option, index).draw()
            else:
                painter.setPen(words_colour(option, "text_faint"))
                area = option.rect.adjusted(0, 0, -_RIGHT, 0)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data())

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return one height for all rows, with some room around the text."""
        return QSize(100, tall(Height.TREE_ROW, option.font))


class _Row:
    """One row being painted: each part takes its room from what is left."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._painter, self._option, self._index = painter, option, index
        self._kind: str = index.data(Role.KIND)
        self._left = QRect(option.rect)

    def draw(self) -> None:
        self._paint_icon(self._from_start(Icon.ROW + _GAP))
        self._from_end(_RIGHT)
        self._paint_number(_text(self._index, Role.COUNT))
        self._paint_owner(_text(self._index, Role.OWNER))
        self._paint_name()

    def _from_start(self, width: int) -> QRect:
        """Take so many pixels at the side where the row begins."""
        taken = QRect(self._left.left(), self._left.top(), width, self._left.height())
        self._left.setLeft(self._left.left() + width)
        return self._placed(taken)

    def _from_end(self, width: int) -> QRect:
        """Take so many pixels at the side where the row ends."""
        taken = QRect(self._left.right() - width + 1, self._left.top(), width, self._left.height())
        self._left.setRight(self._left.right() - width)
        return self._placed(taken)

    def _placed(self, area: QRect) -> QRect:
        return QStyle.visualRect(self._option.direction, self._option.rect, area)

    def _paint_icon(self, area: QRect) -> None:
        name = _STATUS_ICONS.get(self._kind)
        shown = icons.icon(name) if name else self._index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(shown, QIcon):
            side = QSize(Icon.ROW, Icon.ROW)
            shown.paint(self._painter, QStyle.alignedRect(self._option.direction, _START, side, area))

    def _paint_number(self, number: str) -> None:
        if number:
            self._painter.setFont(scaled(self._option.font, FontScale.SMALL))
            metrics, most = self._painter.fontMetrics(), self._left.width() // 2
            area = self._from_end(min(metrics.horizontalAdvance(number), most))
            self._from_end(_GAP)
            self._write(metrics.elidedText(number, Qt.TextElideMode.ElideRight, most), area, "text_faint")

    def _paint_owner(self, owner: str) -> None:
        """Paint the initials of an owner who is not the usual one, whose name the tool tip tells."""
        if not owner:
            return
        area = self._from_end(_BADGE)
        self._from_end(_GAP)
        circle = QRectF(0, 0, _BADGE, _BADGE)
        circle.moveCenter(QRectF(area).center())
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(current().line))
        self._painter.drawEllipse(circle)
        font = scaled(self._option.font, 0.7)
        font.setWeight(QFont.Weight.DemiBold)
        self._painter.setFont(font)
        self._painter.setPen(QColor(current().text_quiet))
        self._painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, initials(owner))

    def _paint_name(self) -> None:
        self._painter.setFont(self._option.font)
        mode = Qt.TextElideMode.ElideMiddle if self._kind in _FILES else Qt.TextElideMode.ElideRight
        name = _short(_text(self._index, Role.NAME))
        shown = self._painter.fontMetrics().elidedText(name, mode, self._left.width())
        self._write(shown, self._placed(self._left), _STATUS_WORDS.get(self._kind, "text"))

    def _write(self, words: str, area: QRect, role: str) -> None:
        where = QStyle.visualAlignment(self._option.direction, _START)
        self._painter.setPen(words_colour(self._option, role))
        self._painter.drawText(area, where | Qt.TextFlag.TextSingleLine, words)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """Paint what spans the view, and the chevron of a row with others below it, in the room before the row's own."""
    view = option.widget
    if not isinstance(view, QTreeView):
        return
    area = option.rect
    paint_row(painter, option, QRect(0, area.top(), view.viewport().width(), area.height()))
    if index.model().hasChildren(index):
        room = QSize(view.indentation(), area.height())
        forward = option.direction is Qt.LayoutDirection.LeftToRight
        before = QPoint(area.left() - room.width() if forward else area.right() + 1, area.top())
        closed = "right" if forward else "left"
        name = "down" if view.isExpanded(index) else closed
        role = "text_quiet" if is_selected(option) else "text_faint"
        square = QRect(0, 0, _CHEVRON, _CHEVRON)
        square.moveCenter(QRect(before, room).center())
        painter.drawPixmap(square, icons.pixmap(name, _CHEVRON, view.devicePixelRatioF(), role))


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))).upper()


def _text(index: Index, role: Role) -> str:
    return str(index.data(role) or "")


def _short(name: str) -> str:
    """Return a name that no window can show whole without its middle."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
