"""The picture of a histogram or a cloud of points, in which the mouse selects."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.tables.plot import TablePlot
from omero_desk.models.translation import translate
from omero_desk.views.theme.theme import current
from omero_desk.views.widgets.plot_view import ticks

_MARGINS: Final = 58, 10, 14, 26
"""Left, top, right and bottom, in pixels."""
_CLICK: Final = 3
"""Pixels that a drag is longer than a click."""
_TINT: Final = 46


class PlotCanvas(QWidget):
    """Draws a `TablePlot`; a drag selects a range of a histogram, a rectangle of points, or with `lasso` a shape.

    A click, or Esc, selects nothing. `chosen` once another selection was made.
    """

    chosen = Signal()

    def __init__(self, plot: TablePlot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self.lasso = False
        self._path: list[QPointF] = []
        self._clouds: dict[bool, QImage] = {}
        self.setMinimumSize(160, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(translate("Tables", "Plot of columns"))
        self.setToolTip(translate("Tables", "Drag to select rows by their values; Esc selects none"))
        plot.changed.connect(self.renew)
        plot.chosen_changed.connect(self.renew)

    def renew(self) -> None:
        """Draw anew."""
        self._clouds.clear()
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.renew()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, values, and what the mouse selects."""
        painter, tokens = QPainter(self), current()
        painter.fillRect(self.rect(), QColor(tokens.base))
        area = self._area()
        if len(self._plot.x) and area.width() > 10 and area.height() > 10:
            self._paint_axes(painter, area)
            if len(self._plot.heads) > 1:
                self._paint_cloud(painter, area)
            else:
                self._paint_bars(painter, area)
            self._paint_path(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _area(self) -> QRectF:
        left, top, right, bottom = _MARGINS
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        tokens = current()
        left, right, low, high = self._plot.limits
        for value in ticks(low, high):
            y = area.bottom() - area.height() * (value - low) / (high - low)
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.text_faint))
            box = QRectF(0, y - 8, area.left() - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        for value in ticks(left, right):
            x = area.left() + area.width() * (value - left) / (right - left)
            box = QRectF(x - 40, area.bottom() + 6, 80, 16)
            painter.setPen(QColor(tokens.text_faint))
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4))

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        tokens = current()
        counts, edges = self._plot.bars()
        left, right, _low, high = self._plot.limits
        some = self._plot.chosen_bars(edges) if len(self._plot.chosen) else None
        for number, count in enumerate(counts.tolist()):
            x1 = area.left() + area.width() * (float(edges[number]) - left) / (right - left)
            x2 = area.left() + area.width() * (float(edges[number + 1]) - left) / (right - left)
            bar = QRectF(x1, area.bottom() - area.height() * count / high, x2 - x1, area.height() * count / high)
            room = 1.0 if bar.width() > 4 else 0.0
            painter.fillRect(
                bar.adjusted(0, 0, -room, 0), QColor(tokens.selection if some is not None else tokens.accent)
            )
            if some is not None:
                bar.setTop(area.bottom() - area.height() * int(some[number]) / high)
                painter.fillRect(bar.adjusted(0, 0, -room, 0), QColor(tokens.accent))

    def _paint_cloud(self, painter: QPainter, area: QRectF) -> None:
        tokens, has_chosen = current(), bool(len(self._plot.chosen))
        self._draw(painter, area, False, tokens.border if has_chosen else tokens.accent)
        if has_chosen:
            self._draw(painter, area, True, tokens.accent)

    def _draw(self, painter: QPainter, area: QRectF, chosen: bool, colour: str) -> None:
        ratio = self.devicePixelRatioF()
        width, height = max(round(area.width() * ratio), 1), max(round(area.height() * ratio), 1)
        picture = self._clouds.get(chosen)
        if picture is None:
            pixels = self._plot.cloud(width, height, QColor(colour).rgb() & 0xFFFFFF, chosen)
            shape = QImage.Format.Format_ARGB32_Premultiplied
            picture = self._clouds[chosen] = QImage(pixels.tobytes(), width, height, width * 4, shape).copy()
        painter.drawImage(area, picture)

    def _paint_path(self, painter: QPainter) -> None:
        if len(self._path) < 2:
            return
        tint = QColor(current().accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tint, 1.2))
        tint.setAlpha(_TINT)
        painter.setBrush(tint)
        if self._is_lasso:
            painter.drawPolygon(QPolygonF(self._path))
        else:
            painter.drawRect(self._box())

    @property
    def _is_lasso(self) -> bool:
        return self.lasso and len(self._plot.heads) > 1

    def _box(self) -> QRectF:
        """Return the rectangle of the drag; that of a range of a histogram is as high as the picture."""
        box = QRectF(self._path[0], self._path[-1]).normalized()
        area = self._area()
        if len(self._plot.heads) < 2:
            box.setTop(area.top())
            box.setBottom(area.bottom())
        return box & area

    # The mouse selects

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._path = [event.position()]

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on selecting."""
        if not self._path:
            return
        if self._is_lasso:
            self._path.append(event.position())
        else:
            self._path = [self._path[0], event.position()]
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select what is within."""
        if not self._path:
            return
        start, end = self._path[0], event.position()
        if not self._is_lasso and (end - start).manhattanLength() < _CLICK:
            self._plot.choose(None)
        elif self._is_lasso:
            self._plot.choose_lasso([self._value_at(point) for point in self._path])
        else:
            self._path = [start, end]
            box = self._box()
            (left, high), (right, low) = self._value_at(box.topLeft()), self._value_at(box.bottomRight())
            self._plot.choose_box(left, right, low, high)
        self._path = []
        self.update()
        self.chosen.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc selects nothing."""
        if event.key() == Qt.Key.Key_Escape and (self._path or len(self._plot.chosen)):
            self._path = []
            self._plot.choose(None)
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def _value_at(self, point: QPointF) -> tuple[float, float]:
        """Return the values of x and y at a place of the picture."""
        area = self._area()
        left, right, low, high = self._plot.limits
        x = left + (point.x() - area.left()) / area.width() * (right - left)
        y = low + (area.bottom() - point.y()) / area.height() * (high - low)
        return x, y
