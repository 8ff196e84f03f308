"""How a row of the tree is painted: the name, the number of children in a quieter colour, failures in a warning one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from omero_desk.models.node import FAILED_ROW, LOADING_ROW
from omero_desk.models.node_model import Column
from omero_desk.models.row_data import Role
from omero_desk.views import icons
from omero_desk.views.theme import is_dark, muted

Index = QModelIndex | QPersistentModelIndex

_PADDING: Final = 9
_GAP: Final = 6
_LONGEST: Final = 400
_WARNING: Final = {False: "#b3261e", True: "#ff9d94"}
_STATUS_ICONS: Final = {LOADING_ROW: "state-busy", FAILED_ROW: "warning"}


class RowDelegate(QStyledItemDelegate):
    """Cuts long names in the middle, so that the end of a file's name stays in sight, and never cuts the number."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's."""
        if index.column() != Column.NAME:
            super().paint(painter, option, index)
            return
        item = QStyleOptionViewItem(option)
        self.initStyleOption(item, index)
        style = item.widget.style() if item.widget else QApplication.style()
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, item, item.widget)
        item.text = ""
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, item, painter, item.widget)
        painter.save()
        painter.setFont(item.font)
        _write(painter, area.adjusted(2, 0, -2, 0), item, index)
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt's: rows that stand for no object are set apart."""
        super().initStyleOption(option, index)
        if index.column() == Column.ANNOTATIONS:
            option.palette.setColor(QPalette.ColorRole.Text, muted(option.palette))
        elif (kind := index.data(Role.KIND)) in _STATUS_ICONS:
            option.icon = icons.icon(_STATUS_ICONS[kind])
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.decorationSize = QSize(16, 16)
            option.font.setItalic(True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Qt's: all rows are as high as the first, with room between the lines."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + _PADDING)


def _write(painter: QPainter, area: QRect, item: QStyleOptionViewItem, index: Index) -> None:
    """Write the name and the number into `area`."""
    name, number = index.data(Role.NAME), index.data(Role.COUNT)
    metrics = painter.fontMetrics()
    taken = metrics.horizontalAdvance(number) + _GAP if number else 0
    shown = metrics.elidedText(_short(name), Qt.TextElideMode.ElideMiddle, area.width() - taken)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.setPen(_name_colour(item, index.data(Role.KIND)))
    painter.drawText(area, middle, shown)
    painter.setPen(_selected_colour(item) or muted(item.palette))
    painter.drawText(area.adjusted(metrics.horizontalAdvance(shown) + _GAP, 0, 0, 0), middle, number)


def _name_colour(item: QStyleOptionViewItem, kind: str) -> QColor:
    usual = item.palette.color(_group(item.widget), QPalette.ColorRole.Text)
    special = {LOADING_ROW: muted(item.palette), FAILED_ROW: QColor(_WARNING[is_dark(item.palette)])}
    return _selected_colour(item) or special.get(kind, usual)


def _selected_colour(item: QStyleOptionViewItem) -> QColor | None:
    if not item.state & QStyle.StateFlag.State_Selected:
        return None
    return item.palette.color(_group(item.widget), QPalette.ColorRole.HighlightedText)


def _group(widget: QWidget | None) -> QPalette.ColorGroup:
    enabled = widget is None or widget.isEnabled()
    return QPalette.ColorGroup.Normal if enabled else QPalette.ColorGroup.Disabled


def _short(name: str) -> str:
    """A name that no window shows whole, with its middle left out already."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
