"""The rows of the search: an icon, the title with what was looked for marked, where it is, and its keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from omero_desk.models.finding.found import ROW, FoundRow
from omero_desk.models.guard import guarded
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Height, Icon, Radius, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.key_painting import keys_width, paint_keys
from omero_desk.views.widgets.painting import saved, scaled
from omero_desk.views.widgets.row_painting import is_selected

Index = QModelIndex | QPersistentModelIndex

_HEADING: Final = 26
_ICONS: Final = Icon.TOOL + 2 * Space.MEDIUM
"""The room of the icon with what is beside it."""


class FoundDelegate(QStyledItemDelegate):
    """Paints a `FoundRow`."""

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FoundRow = index.data(ROW)
        with saved(painter):
            if row.is_heading:
                _paint_heading(painter, option, row)
            else:
                _Row(painter, option, row).paint()

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: FoundRow = index.data(ROW)
        if row.is_heading:
            return QSize(100, tall(_HEADING, option.font))
        lines = 2 * QFontMetrics(option.font).height() + Space.SMALL
        return QSize(100, max(Height.SEARCH_ROW, lines))


class _Row:
    """One row being painted."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, row: FoundRow) -> None:
        self._painter, self._option, self._row = painter, option, row
        command = row.command
        self._keys = command.keys if command is not None else ""
        self._disabled = command is not None and bool(command.why_not)

    @guarded(None)
    def paint(self) -> None:
        area, tokens = self._option.rect, current()
        if is_selected(self._option):
            self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(tokens.selection))
            self._painter.drawRoundedRect(QRectF(area), Radius.CARD, Radius.CARD)
        self._paint_icon(QRect(area.left(), area.top(), _ICONS, area.height()))
        keys = keys_width(self._keys, self._option.font)
        beside = keys + Space.MEDIUM if keys else 0
        width = area.width() - _ICONS - beside - Space.SMALL
        half = area.height() // 2
        self._paint_title(QRect(area.left() + _ICONS, area.top() + 2, width, half - 2))
        self._paint_place(QRect(area.left() + _ICONS, area.top() + half, width, half - 2))
        where = self._placed(QRect(area.right() - keys - Space.SMALL, area.top(), keys, area.height()))
        self._painter.setFont(self._option.font)
        paint_keys(self._painter, where, self._keys)

    def _placed(self, area: QRect) -> QRect:
        return QStyle.visualRect(self._option.direction, self._option.rect, area)

    def _paint_icon(self, area: QRect) -> None:
        row = self._row
        if row.entity is not None:
            icon = icons.kind_icon(row.entity.ref.kind)
        else:
            name = row.command.icon if row.command is not None else ""
            icon = icons.icon(name or "command")
        square = QRect(0, 0, Icon.TOOL, Icon.TOOL)
        square.moveCenter(self._placed(area).center())
        icon.paint(self._painter, square, mode=QIcon.Mode.Disabled if self._disabled else QIcon.Mode.Normal)

    def _paint_title(self, area: QRect) -> None:
        tokens, font = current(), self._option.font
        shown = QFontMetrics(font).elidedText(self._row.title, Qt.TextElideMode.ElideRight, area.width())
        role = "disabled" if self._disabled else "selection_text" if is_selected(self._option) else "text"
        layout = QTextLayout(shown, font)
        layout.setTextOption(QTextOption(QStyle.visualAlignment(self._option.direction, Qt.AlignmentFlag.AlignLeft)))
        layout.setFormats(_marked(self._row, shown, "text_quiet" if self._disabled else "text"))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(area.width())
        layout.endLayout()
        placed = self._placed(area)
        self._painter.setPen(QColor(getattr(tokens, role)))
        layout.draw(self._painter, QPointF(placed.left(), placed.bottom() - line.height() + 1))

    def _paint_place(self, area: QRect) -> None:
        tokens = current()
        role = "text_quiet" if is_selected(self._option) or self._disabled else "text_faint"
        self._painter.setFont(scaled(self._option.font, FontScale.SMALL))
        self._painter.setPen(QColor(getattr(tokens, role)))
        metrics = self._painter.fontMetrics()
        shown = metrics.elidedText(self._row.place, Qt.TextElideMode.ElideRight, area.width())
        where = QStyle.visualAlignment(self._option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._painter.drawText(self._placed(area), where | Qt.TextFlag.TextSingleLine, shown)


def _marked(row: FoundRow, shown: str, role: str) -> list[QTextLayout.FormatRange]:
    """Return how the letters that were looked for are marked, of those that are shown as they are."""
    whole = shown == row.title
    end = len(shown) if whole else len(shown) - 1
    marks = []
    for start, length in row.marks:
        if start + length <= end:
            mark = QTextLayout.FormatRange()
            mark.start, mark.length = start, length
            style = QTextCharFormat()
            style.setBackground(QColor(current().match_ground))
            style.setForeground(QColor(getattr(current(), role)))
            style.setFontWeight(QFont.Weight.DemiBold)
            mark.format = style
            marks.append(mark)
    return marks


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, row: FoundRow) -> None:
    painter.setFont(scaled(option.font, FontScale.SMALL))
    painter.setPen(QColor(current().text_quiet))
    area = option.rect.adjusted(Space.MEDIUM, 0, -Space.MEDIUM, 0)
    where = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(area, where | Qt.TextFlag.TextSingleLine, row.title)
