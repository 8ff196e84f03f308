"""The painting of a spreadsheet's cells, and the field in which one is edited."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import MOST_STARS
from omero_desk.entities.edits import LONGEST
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain
from omero_desk.models.sheet.columns import Field, as_number, tags_in
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import translate
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Height, Radius, Space, Tokens
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved

Index = QModelIndex | QPersistentModelIndex
_ROOM: Final = 8
_LONGEST: Final = 256
_CORNER: Final = 7
_STAR: Final = 14
_STEP: Final = 16
_RING: Final = 2
_MOST_SHORT: Final = 50_000
"""Texts whose cut forms are kept."""
_SELECTED: Final = QStyle.StateFlag.State_Selected
_ROLES: Final = (
    *("selection", "selection_idle", "selection_text", "text", "focus"),
    *("danger", "danger_ground", "warning", "changed_ground"),
)
_MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value
_LEFT: Final = Qt.AlignmentFlag.AlignLeft.value | _MIDDLE
_RIGHT: Final = Qt.AlignmentFlag.AlignRight.value | _MIDDLE


class SheetDelegate(QStyledItemDelegate):
    """Draws texts, chips of tags and stars; a corner and a tint say what is changed, a ring where the focus is."""

    def __init__(self, view: QTableView, sheet: SheetModel) -> None:
        super().__init__(view)
        self._view, self._sheet = view, sheet
        self._tokens: Tokens | None = None
        self._colours: dict[str, QColor] = {}
        self._short: dict[tuple[str, int], str] = {}

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self._prepare()
        row, column, rect, colours = index.row(), index.column(), option.rect, self._colours
        text, changed, refused = self._sheet.look(row, column)
        field = self._sheet.columns[column].field
        selected = bool(option.state & _SELECTED)
        if selected:
            painter.fillRect(rect, colours["selection" if self._view.hasFocus() else "selection_idle"])
        elif changed:
            painter.fillRect(rect, colours["danger_ground" if refused else "changed_ground"])
        if text or field is Field.RATING:
            painter.setPen(colours["selection_text" if selected else "text"])
            self._draw(painter, option, field, text)
        if changed:
            _draw_corner(painter, option, colours["danger" if refused else "warning"])
        if index == self._view.currentIndex() and self._view.hasFocus():
            painter.setPen(QPen(colours["focus"], _RING))
            painter.drawRect(rect.adjusted(1, 1, -_RING, -_RING))

    def forget(self) -> None:
        """Forget the texts that were cut: the letters are others now."""
        self._short.clear()

    def _prepare(self) -> None:
        """Have the colours of the theme."""
        if self._tokens is not current():
            tokens = self._tokens = current()
            self._colours = {role: QColor(getattr(tokens, role)) for role in _ROLES}
        if len(self._short) > _MOST_SHORT:
            self._short.clear()

    def _draw(self, painter: QPainter, option: QStyleOptionViewItem, field: Field, text: str) -> None:
        if field is Field.TAGS:
            _draw_tags(painter, option, text)
        elif field is Field.RATING:
            _draw_stars(painter, option, int(text) if text.isascii() and text.isdigit() else 0)
        else:
            self._draw_text(painter, option, field, text)

    def _draw_text(self, painter: QPainter, option: QStyleOptionViewItem, field: Field, text: str) -> None:
        is_right = field is Field.COMMENTS or (field is Field.KEY and as_number(text) is not None)
        is_left = not is_right and option.direction is Qt.LayoutDirection.LeftToRight
        words = option.rect.adjusted(_ROOM, 0, -_ROOM, -1)
        width = words.width()
        key = text[:_LONGEST], width
        short = self._short.get(key)
        if short is None:
            short = option.fontMetrics.elidedText(plain(key[0]), Qt.TextElideMode.ElideRight, width)
            self._short[key] = short
        painter.drawText(words, _LEFT if is_left else _RIGHT, short)

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setMaxLength(LONGEST)
        column = self._sheet.columns[index.column()]
        field.setAccessibleName(column.title)
        field.setProperty("place", "cell")
        if column.field is Field.TAGS:
            field.setPlaceholderText(translate("Sheet", "Tags with semicolons between them"))
        return field

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)


def _draw_tags(painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
    """Draw as many chips as there is room for, and the number of the others."""
    tags, metrics, tokens = tags_in(text[: _LONGEST * 4]), option.fontMetrics, current()
    left, room = 0, option.rect.width() - 2 * _ROOM
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        for number, tag in enumerate(tags):
            more = f"+{len(tags) - number}"
            words = plain(tag[:_LONGEST])
            width = metrics.horizontalAdvance(words) + 2 * _ROOM
            rest = metrics.horizontalAdvance(more) + Space.TINY if number < len(tags) - 1 else 0
            if left + width + rest > room:
                if number or room < 4 * _ROOM:
                    _draw_in(painter, option, left, metrics.horizontalAdvance(more) + Space.TINY, more)
                    break
                width = max(room - rest, 0)
                words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - 2 * _ROOM)
            chip = _place(option, left, width, min(Height.CHIP, option.rect.height() - Space.TINY))
            painter.setPen(QPen(QColor(tokens.border), 1))
            painter.drawRoundedRect(QRectF(chip).adjusted(0.5, 0.5, -0.5, -0.5), Radius.PILL, Radius.PILL)
            painter.setPen(pen)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
            left += width + Space.TINY


def _draw_in(painter: QPainter, option: QStyleOptionViewItem, left: int, width: int, words: str) -> None:
    place = _place(option, left, width, option.rect.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


def _place(option: QStyleOptionViewItem, left: int, width: int, height: int) -> QRect:
    """Return a place in a cell, `left` pixels behind where its content begins, in the middle of its height."""
    rect = option.rect
    box = QRect(rect.left() + _ROOM + left, rect.top() + (rect.height() - 1 - height) // 2, width, height)
    return QStyle.visualRect(option.direction, rect, box)


def _draw_stars(painter: QPainter, option: QStyleOptionViewItem, stars: int) -> None:
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    for number in range(MOST_STARS):
        name, role = ("star-filled", "") if number < stars else ("rating", "text_faint")
        place = _place(option, number * _STEP, _STAR, _STAR)
        painter.drawPixmap(place, icons.pixmap(name, _STAR, ratio, role))


def _draw_corner(painter: QPainter, option: QStyleOptionViewItem, colour: QColor) -> None:
    rect = option.rect
    mirrored = option.direction is Qt.LayoutDirection.RightToLeft
    edge, step = (rect.right(), -_CORNER) if mirrored else (rect.left(), _CORNER)
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        top = rect.top()
        painter.drawPolygon(QPolygonF([QPointF(edge, top), QPointF(edge + step, top), QPointF(edge, top + _CORNER)]))
