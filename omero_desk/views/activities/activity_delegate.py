"""The painting of an activity's row: icon, title and small line, bar, words at the right, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from omero_desk.models.activities import ACTIVITY, Activity, ActivityState
from omero_desk.models.guard import guarded
from omero_desk.models.messages import Action
from omero_desk.models.translation import translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale, Height, Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved, scaled
from omero_desk.views.widgets.row_painting import paint_row, words_colour

Index = QModelIndex | QPersistentModelIndex

_BAR: Final = 120
_BAR_HEIGHT: Final = 4
_RIGHT: Final = 120
"""Pixels for the words at the right."""
_LEAST_TEXT: Final = 160
"""Pixels of a title for which the bar and the words at the right make room."""
_LEFT, _CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
_START: Final = _LEFT | _CENTRE | Qt.AlignmentFlag.AlignAbsolute


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a row that do something, and where they are."""

    action: Action
    area: QRect


class ActivityDelegate(QStyledItemDelegate):
    """Paints rows; `links` tells whoever gets the mouse what is where. It shows `details` of an error by itself."""

    @guarded(QSize())
    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title, small = QFontMetrics(option.font), QFontMetrics(scaled(option.font, FontScale.SMALL))
        return QSize(0, max(tall(Height.ACTIVITY_ROW, option.font), title.height() + small.height() + Space.SMALL))

    @guarded(None)
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(ACTIVITY)
        if not isinstance(one, Activity):
            return
        paint_row(painter, option, option.rect)
        links = tuple(links_of(one, option.rect, option))
        places = _Places(option, links)
        with saved(painter):
            self._paint_icon(painter, places.icon, one)
            self._paint_words(painter, places.text, one, option)
            if places.bar is not None and one.is_running:
                self._paint_bar(painter, places.bar, one)
            if places.right is not None:
                painter.setFont(scaled(option.font, FontScale.SMALL))
                painter.setPen(words_colour(option, "text_quiet"))
                end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
                side = end if option.direction is Qt.LayoutDirection.LeftToRight else _LEFT
                painter.drawText(places.right, side | _CENTRE, _cut(painter, one.right, places.right.width()))
            painter.setFont(option.font)
            painter.setPen(QColor(current().link))
            for link in links:
                painter.drawText(link.area, Qt.AlignmentFlag.AlignCenter, link.action.label)
            painter.setPen(QColor(current().line))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())

    def _paint_icon(self, painter: QPainter, place: QRect, one: Activity) -> None:
        icons.icon(one.state.value or one.icon).paint(painter, place)

    def _paint_words(self, painter: QPainter, place: QRect, one: Activity, option: QStyleOptionViewItem) -> None:
        half = place.height() // 2
        side = _START if option.direction is Qt.LayoutDirection.LeftToRight else Qt.AlignmentFlag.AlignRight
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(words_colour(option))
        above = QRect(place.left(), place.top(), place.width(), half if one.small else place.height())
        painter.drawText(above, side | _lower(one), _cut(painter, one.title, place.width()))
        painter.setFont(scaled(option.font, FontScale.SMALL))
        painter.setPen(words_colour(option, "danger" if one.state is ActivityState.FAILED else "text_faint"))
        below = QRect(place.left(), place.top() + half, place.width(), place.height() - half)
        painter.drawText(below, side | Qt.AlignmentFlag.AlignTop, _cut(painter, one.small, place.width()))

    def _paint_bar(self, painter: QPainter, place: QRect, one: Activity) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(place.left(), place.center().y() - _BAR_HEIGHT / 2, place.width(), _BAR_HEIGHT)
        painter.setBrush(QColor(current().line))
        painter.drawRoundedRect(whole, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        if one.total:
            whole.setWidth(whole.width() * min(one.done / one.total, 1.0))
            painter.setBrush(QColor(current().accent))
            painter.drawRoundedRect(whole, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)


class _Places:
    """The places of a row's parts: text as long as there is room, then the bar and the words at the right."""

    def __init__(self, option: QStyleOptionViewItem, links: tuple[Link, ...]) -> None:
        row = QRect(option.rect)
        start, end = row.left() + Space.LARGE, row.right() - Space.LARGE
        taken = sum(link.area.width() + Space.SMALL for link in links)
        end -= max(taken, _actions_width(option.font))
        icon = QRect(start, row.center().y() - Icon.ROW // 2, Icon.ROW, Icon.ROW)
        left = start + Icon.ROW + Space.MEDIUM
        has_room = end - left - _BAR - _RIGHT - 2 * Space.LARGE >= _LEAST_TEXT
        right = QRect(end - _RIGHT, row.top(), _RIGHT, row.height())
        bar = QRect(right.left() - Space.LARGE - _BAR, row.top(), _BAR, row.height())
        width = (bar.left() - Space.LARGE if has_room else end) - left
        text = QRect(left, row.top() + 2, max(width, 0), row.height() - 4)
        mirrored = [_mirrored(option, place) for place in (icon, text, bar, right)]
        self.icon, self.text = mirrored[:2]
        self.bar: QRect | None = mirrored[2] if has_room else None
        self.right: QRect | None = mirrored[3] if has_room else None


def actions_of(one: Activity) -> Iterator[Action]:
    """Yield what can be done about an activity, without the details of an error."""
    if one.is_running and one.cancel is not None:
        yield Action(translate("Activities", "Cancel"), one.cancel)
    yield from one.actions


def links_of(one: Activity, row: QRect, option: QStyleOptionViewItem) -> Iterator[Link]:
    """Yield the words of a row that do something, with their places."""
    metrics, end = QFontMetrics(option.font), row.right() - Space.LARGE
    for action in reversed(tuple(actions_of(one))):
        width = metrics.horizontalAdvance(action.label) + Space.SMALL
        yield Link(action, QStyle.visualRect(option.direction, row, QRect(end - width, row.top(), width, row.height())))
        end -= width + Space.SMALL


def _actions_width(font: QFont) -> int:
    """Return the room that is kept for actions, so that the words beside them stand in one column."""
    return QFontMetrics(font).averageCharWidth() * 18


def _mirrored(option: QStyleOptionViewItem, place: QRect) -> QRect:
    return QStyle.visualRect(option.direction, option.rect, place)


def _lower(one: Activity) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignBottom if one.small else _CENTRE


def _cut(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text[:256], Qt.TextElideMode.ElideRight, width)
