"""A place for views, and what stands there in their stead: while they load, and where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.quantities import number
from omero_desk.models.translation import translate
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Icon, Radius, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.grid_geometry import GridGeometry
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.painting import saved
from omero_desk.views.widgets.state_card import PartialStrip, PlaceState, StateCard, link_button
from omero_desk.views.widgets.words import Words

PaintBlocks = Callable[[QPainter, QRect], object]
"""Paints what will be in an area as grey blocks."""
_NOTHING: Final = PlaceState("", "")

BLOCKS_MS: Final = 150
"""Milliseconds for which the old content stays."""
WORDS_MS: Final = 1000
_BLOCK: Final = 12
"""Pixels of the height of a grey block."""
_INSET: Final = 6
"""Pixels around the square in a cell."""


class Stage(Enum):
    """The stages, in their order: not loading, loading but not long, grey blocks, blocks and words."""

    REST = 0
    QUIET = 1
    BLOCKS = 2
    WORDS = 3


class Loading(QObject):
    """Follows the time that something takes to load; `changed` tells of another stage."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = Stage.REST
        self.to_blocks = self._timer(BLOCKS_MS, Stage.BLOCKS)
        self.to_words = self._timer(WORDS_MS, Stage.WORDS)

    def begin(self) -> None:
        """Something is loading; while that is so, beginning again changes nothing."""
        if self.stage is Stage.REST:
            self.begin_anew()

    def begin_anew(self) -> None:
        """Something else is loading than before."""
        self._go(Stage.QUIET)
        self.to_blocks.start()
        self.to_words.start()

    def end(self) -> None:
        """It is there, or will not come."""
        self.to_blocks.stop()
        self.to_words.stop()
        self._go(Stage.REST)

    def _timer(self, milliseconds: int, stage: Stage) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=milliseconds)
        timer.timeout.connect(lambda: self._go(stage))
        return timer

    def _go(self, stage: Stage) -> None:
        if stage is not self.stage:
            self.stage = stage
            self.changed.emit()


class LoadingLine(QFrame):
    """Says after a second of loading how far that is, and stops it; `loading` is told of the beginning and the end."""

    def __init__(self, cancel: Callable[[], object] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self.loading = Loading(self)
        self.words = Words()
        self.words.setProperty("role", "faint")
        self.cancel = link_button(translate("Window", "Cancel"))
        self.cancel.setVisible(cancel is not None)
        if cancel is not None:
            self.cancel.clicked.connect(lambda _checked: cancel())
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.TINY, Space.MEDIUM, Space.TINY)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconLabel(Icon.ROW, icons.icon("clock")))
        row.addWidget(self.words)
        row.addWidget(self.cancel)
        self.loading.changed.connect(self._show)
        self.count(0)
        self._show()

    def count(self, done: int, total: int = 0) -> None:
        """Show how many of how many are there; 0 for a number that is not known, as one that has grown too small is."""
        text = translate("Window", "Loading")
        if done and total >= done:
            text = translate("Window", "Loading, {done} of {total}")
        elif done:
            text = translate("Window", "Loading, {done} so far")
        self.words.setText(text.format(done=number(done), total=number(total)))

    def _show(self) -> None:
        self.setVisible(self.loading.stage is Stage.WORDS)


def paint_blocks(painter: QPainter, area: QRect, row_height: int) -> None:
    """Paint rows that are not there yet as grey blocks, each a row's height and as wide as words may be."""
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current().hover))
        for number, top in enumerate(range(area.top(), area.bottom(), max(row_height, 1))):
            width = area.width() * (0.45 + 0.1 * (number * 7 % 4))
            block = QRectF(area.left(), top + (row_height - _BLOCK) / 2, width, _BLOCK)
            painter.drawRoundedRect(block, Radius.SMALL, Radius.SMALL)


def paint_cells(painter: QPainter, area: QRect, cell: QSize, number: int) -> None:
    """Paint so many cells of a grid that are not there yet as grey squares, above the room for their names."""
    geometry = GridGeometry(area.width(), number, cell.width(), cell.height())
    with saved(painter):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current().hover))
        for first, last in geometry.spans(QRect(0, 0, area.width(), area.height())):
            for one in range(first, last + 1):
                place = geometry.rect(one).translated(area.topLeft())
                side = min(cell.width(), cell.height()) - 2 * _INSET
                square = QRect(place.left() + (place.width() - side) // 2, place.top() + _INSET, side, side)
                painter.drawRoundedRect(square, Radius.SMALL, Radius.SMALL)


class Place(QWidget):
    """Shows one of its `views`; or, where that is empty, blocks while it loads, and a card once it has.

    For the first moments of loading what was seen before stays. The words about a long wait lie over the view, so that
    nothing moves; a strip above it says what is missing. `cancelled`: the user waits no longer.
    """

    cancelled = Signal()

    def __init__(self, *views: QWidget, blocks: PaintBlocks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip, self.card = PartialStrip(), StateCard()
        self._view, self._state = views[0], _NOTHING
        self._is_empty = False
        self._blocks = _Blocks(blocks)
        self._stack = QStackedWidget()
        for page in (*views, self._blocks, self.card):
            self._stack.addWidget(page)
        self.line = LoadingLine(self.cancelled.emit, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._stack, 1)
        self.line.loading.changed.connect(self._arrange)
        self.setFocusProxy(self._stack)

    @property
    def shown(self) -> QWidget:
        """What is seen now: a view, the blocks or the card."""
        return self._stack.currentWidget() or self._view

    @property
    def waits(self) -> bool:
        """True while it loads."""
        return self.line.loading.stage is not Stage.REST

    def add_view(self, view: QWidget) -> None:
        """Take one more view in."""
        self._stack.addWidget(view)

    def show_view(self, view: QWidget) -> None:
        """Show another of its views."""
        self._view = view
        self._arrange()

    def show_empty(self, state: PlaceState | None) -> None:
        """Show a state in the stead of the view, which has nothing to show; None if it has something."""
        self._is_empty, self._state = state is not None, state or _NOTHING
        self._arrange()

    def leave(self) -> None:
        """Something else is to be shown: what loads from now on loads anew."""
        if self.waits:
            self.line.loading.begin_anew()

    def wait(self, waits: bool, done: int = 0, total: int = 0) -> None:
        """Say whether more is on its way, and how much of it is here; 0 for a number that is not known."""
        self.line.count(done, total)
        if waits:
            self.line.loading.begin()
        else:
            self.line.loading.end()
        self._place_line()

    def _arrange(self) -> None:
        stage = self.line.loading.stage
        keeps = self._is_empty and stage is Stage.QUIET
        if not self._is_empty:
            self._stack.setCurrentWidget(self._view)
        elif stage is Stage.REST:
            self.card.show_state(self._state)
            self._stack.setCurrentWidget(self.card)
        elif not keeps:
            self._stack.setCurrentWidget(self._blocks)
        self._stack.setUpdatesEnabled(not keeps)
        self._place_line()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the words about a wait in their corner."""
        super().resizeEvent(event)
        self._place_line()

    def _place_line(self) -> None:
        line = self.line
        line.adjustSize()
        end = self.width() - line.width() - Space.MEDIUM
        line.move(end if self.isRightToLeft() else Space.MEDIUM, self.height() - line.height() - Space.MEDIUM)
        line.raise_()


class _Blocks(QWidget):
    """Grey blocks where rows or cells will be."""

    def __init__(self, paint: PaintBlocks) -> None:
        super().__init__()
        self._paint = paint

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter, self.rect())
        painter.end()
