"""One image in a grid, as it is drawn: its picture with the numbers of planes, its name, and its annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle

from omero_desk.entities.objects import AnnotationCounts, Entity
from omero_desk.models import labels
from omero_desk.models.gallery.contents import ENTITY, ContentsModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel, size_for
from omero_desk.models.guard import guarded
from omero_desk.models.quantities import count
from omero_desk.views.gallery.thumbnail_painter import ThumbnailPainter, draw_sign
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import FontScale
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.painting import saved, scaled

_PADDING: Final = 6
_FRAME: Final = 7
"""How round the frame of a cell is."""
_UNDER: Final = 5
"""Pixels between the picture and the name."""
_LEADING: Final = 1
_BADGES: Final = 17
"""The height of the line of annotations."""
_BADGE: Final = 13
_PILL: Final = 16
_PILL_ROUND: Final = 3
_SPACE: Final = 4
_SHADE: Final = QColor(0, 0, 0, 175)
_MOST_NAMES: Final = 5000
_START: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = int(Qt.AlignmentFlag.AlignCenter)


class ThumbnailCell:
    """Paints the cells of a grid, with thumbnails of a `side` in logical pixels, or without `pictures` with icons."""

    def __init__(
        self, grid: QAbstractItemView, contents: ContentsModel, thumbnails: ThumbnailsModel, side: int
    ) -> None:
        self._grid, self._contents, self._thumbnails = grid, contents, thumbnails
        self.side = side
        self.pictures = True
        self._painter = ThumbnailPainter(grid, thumbnails)
        self._fileset: int | None = None
        self._hovered = QModelIndex()
        self.measure()

    def measure(self) -> None:
        """Measure anew: the letters, the width of a cell or the names have changed."""
        font = self._grid.font()
        self._small, self._caption = scaled(font, FontScale.SMALL), scaled(font, FontScale.CAPTION)
        self._metrics, self._fine = QFontMetricsF(self._small), QFontMetricsF(self._caption)
        self._line = round(self._metrics.height()) + _LEADING
        self._lines = self._contents.names.lines(self._fits)
        self._broken: dict[str, list[str]] = {}

    @property
    def fetched_side(self) -> int:
        """The size of thumbnails to request."""
        return size_for(self.side * self._grid.devicePixelRatioF())

    @property
    def size(self) -> QSize:
        """The size of a thumbnail with its name and its annotations."""
        below = _UNDER + self._lines * self._line + max(_BADGES, round(self._fine.height()))
        return QSize(self.side + 2 * _PADDING, self.side + below + 2 * _PADDING)

    @property
    def has_undrawn(self) -> bool:
        """True if pictures were left out because the frame had no time for them."""
        return self._painter.has_undrawn

    def begin(self) -> None:
        """Begin a frame."""
        self._painter.begin()
        current_cell, view = self._grid.currentIndex(), self._grid.viewport()
        source = self._thumbnails.source(current_cell.data(ENTITY).ref.id) if current_cell.isValid() else None
        self._fileset = source.fileset_id if source is not None else None
        point = view.mapFromGlobal(QCursor.pos())
        self._hovered = self._grid.indexAt(point) if view.underMouse() else QModelIndex()

    @guarded(None)
    def paint(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        """Draw one image."""
        with saved(painter):
            painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)  # marks may stand high above letters
            self._paint(painter, index, rect)

    def _paint(self, painter: QPainter, index: QModelIndex, rect: QRect) -> None:
        entity: Entity = index.data(ENTITY)
        selected = self._grid.selectionModel().isSelected(index)
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, index, rect, selected)
            area = QRect(rect.left() + _PADDING, rect.top() + _PADDING, rect.width() - 2 * _PADDING, self.side)
            if self.pictures:
                self._painter.draw(painter, area, entity.ref.id, self.fetched_side)
            else:
                draw_sign(painter, area, "image")
            self._paint_pills(painter, entity.ref.id, area)
            below = QRect(area.left(), area.bottom() + 1 + _UNDER, area.width(), self._line)
            self._paint_name(painter, labels.name(entity), below, selected)
            below.translate(0, self._lines * self._line)
            below.setHeight(_BADGES)
            self._paint_badges(painter, entity, below, selected)

    def _paint_ground(self, painter: QPainter, index: QModelIndex, rect: QRect, selected: bool) -> None:
        """Paint the tint and the frame of what is selected, of what is under the mouse, and of what has the focus."""
        tokens, focus = current(), self._grid.hasFocus()
        if selected:
            painter.setPen(QPen(QColor(tokens.accent if focus else tokens.border), 2 if focus else 1))
            painter.setBrush(QColor(tokens.selection if focus else tokens.selection_idle))
        elif focus and index == self._grid.currentIndex():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif index == self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
        else:
            return
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), _FRAME, _FRAME)

    # The picture

    def _paint_pills(self, painter: QPainter, image_id: int, area: QRect) -> None:
        """Say on the picture how many planes there are, and how many images in its fileset."""
        source = self._thumbnails.source(image_id)
        if source is None:
            return
        painter.setFont(self._caption)
        left = QRect(area.adjusted(_SPACE, 0, -_SPACE, 0))
        size = source.size
        for letter, number in (("Z", size.z), ("T", size.t), ("C", size.c)) if size is not None else ():
            text = f"{letter}\N{NO-BREAK SPACE}{count(number)}"
            width = round(self._fine.horizontalAdvance(text)) + 8
            if number > 1 and width <= left.width():
                pill = QRect(left.left(), area.bottom() - _SPACE - _PILL, width, _PILL)
                self._paint_pill(painter, self._placed(pill, area), text, _SHADE)
                left.setLeft(left.left() + width + _SPACE - 1)
        if source.together > 1:
            self._paint_company(painter, area, count(source.together), source.fileset_id == self._fileset)

    def _paint_company(self, painter: QPainter, area: QRect, number: str, same: bool) -> None:
        """Mark an image that shares its fileset with others; stronger if the current image is one of them."""
        width = min(round(self._fine.horizontalAdvance(number)) + 20, area.width() - 2 * _SPACE)
        box = QRect(area.right() - _SPACE - width, area.top() + _SPACE, width, _PILL)
        box = self._placed(box, area)
        tokens = current()
        self._paint_pill(painter, box.adjusted(0, 0, 0, 0), "", QColor(tokens.accent) if same else _SHADE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(Qt.GlobalColor.white)
        for step in (0, 3):  # two sheets, one upon the other
            painter.drawRect(box.left() + 4 + step, box.center().y() - 4 + step, 5, 5)
        painter.drawText(box.adjusted(13, 0, -2, 0), _CENTRE, number)

    def _paint_pill(self, painter: QPainter, box: QRect, text: str, ground: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, _PILL_ROUND, _PILL_ROUND)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(box, _CENTRE, text)

    # The words below

    def _fits(self, text: str) -> bool:
        return self._metrics.horizontalAdvance(text) <= self.side

    def _paint_name(self, painter: QPainter, name: str, line: QRect, selected: bool) -> None:
        tokens = current()
        painter.setFont(self._small)
        painter.setPen(QColor(tokens.selection_text if selected else tokens.text))
        for step, text in enumerate(self._shown(name)):
            painter.drawText(line.translated(0, step * self._line), self._start | Qt.TextFlag.TextSingleLine, text)

    def _shown(self, name: str) -> list[str]:
        """Return the lines of a name; those that were shown before are kept, as to break them takes time."""
        lines = self._broken.get(name)
        if lines is None:
            if len(self._broken) > _MOST_NAMES:
                self._broken.clear()
            lines = self._broken[name] = self._contents.names.shown(name, self._lines, self._fits)
        return lines

    def _paint_badges(self, painter: QPainter, entity: Entity, line: QRect, selected: bool) -> None:
        role = "text_quiet" if selected else "text_faint"
        painter.setFont(self._caption)
        painter.setPen(QColor(getattr(current(), role)))
        ratio, left = self._grid.devicePixelRatioF(), QRect(line)
        for icon, number in badges(entity, self._contents.counts_of(entity)):
            text = count(number)
            width = round(self._fine.horizontalAdvance(text)) + 1
            if _BADGE + 2 + width > left.width():
                return
            place = QRect(left.left(), left.center().y() - _BADGE // 2, _BADGE, _BADGE)
            painter.drawPixmap(self._placed(place, line), icons.pixmap(icon, _BADGE, ratio, role))
            words = QRect(place.right() + 3, left.top(), width, left.height())
            painter.drawText(self._placed(words, line), _CENTRE, text)
            left.setLeft(words.right() + 1 + 6)

    @property
    def _start(self) -> int:
        return int(QStyle.visualAlignment(self._grid.layoutDirection(), _START))

    def _placed(self, place: QRect, room: QRect) -> QRect:
        return QStyle.visualRect(self._grid.layoutDirection(), room, place)


def badges(entity: Entity, counts: AnnotationCounts | None) -> Iterator[tuple[str, int]]:
    """Yield icons and numbers of what hangs on an image: by kind where that is known, else all together."""
    if counts is None:
        found = [("annotations", entity.annotation_count or 0)]
    else:
        found = [("tag", counts.tags), ("key-value", counts.key_values), ("comment", counts.comments)]
        found += [("clip", counts.files), ("rating", counts.ratings)]
        found.append(("annotations", counts.total - sum(number for _, number in found)))
    yield from ((icon, number) for icon, number in found if number > 0)
