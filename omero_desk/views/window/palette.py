"""The search over everything: a card that lies over the window while one types, and goes by itself."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from omero_desk.models.finding.found import ROW, FoundModel, FoundRow
from omero_desk.models.guard import guarded
from omero_desk.models.translation import plural, translate
from omero_desk.views.theme.tokens import Icon, Radius, Space, Width
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.section import line
from omero_desk.views.widgets.words import Words
from omero_desk.views.window.found_delegate import FoundDelegate

_FROM_TOP: Final = 60
_HEIGHT: Final = 566
_BESIDE: Final = 24
_HEAD: Final = 52
_DIM: Final = 90
_SHADOW: Final = 10
_PAGE: Final = 8
"""Rows that Page down goes over."""


class SearchPalette(QWidget):
    """Lies over a window, dims it, and holds the card. `chosen` carries a row, and True if it is to be shown in place.

    The focus returns to where it was before anything is done.
    """

    chosen = Signal(FoundRow, bool)

    def __init__(self, found: FoundModel, window: QWidget) -> None:
        super().__init__(window)
        self._found = found
        self._window = window
        self._before: QWidget | None = None
        self._take_best = False
        self.hide()
        self.edit = QLineEdit()
        self.rows = QListView()
        self.number = Words()
        self._nothing = Words(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.card = self._make_card()
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._search)
        self.rows.clicked.connect(lambda index: self._choose(index.data(ROW), False))
        self.rows.selectionModel().currentChanged.connect(self._tell_row)
        found.completed.connect(self._show_found)
        window.installEventFilter(self)

    def open_with(self, text: str) -> None:
        """Show the card with some text in the field, ready to type on."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
            self._found.begin()
        self._place()
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)
        if self.edit.text() == text:
            self._search(text)
        self.edit.setText(text)

    def leave(self) -> None:
        """Go out of sight, and give the focus back."""
        if not self.isVisible():
            return
        self.hide()
        self._take_best = False
        self.edit.clear()
        self._found.end()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    # What happens

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_key(event)
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave at a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the window, with a shadow around the card."""
        painter = QPainter(self)
        shade = QColor(Qt.GlobalColor.black)
        shade.setAlpha(_DIM)
        painter.fillRect(event.rect(), shade)
        shade.setAlpha(_SHADOW)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        for width in range(1, _SHADOW, 2):
            area = QRectF(self.card.geometry()).adjusted(-width, -width / 2, width, width + 2)
            painter.drawRoundedRect(area, Radius.OVERLAY + width, Radius.OVERLAY + width)
        painter.end()

    def _take_key(self, event: QKeyEvent) -> bool:
        """Do what a key asks for; False if the field has to see to it."""
        row, key = self.rows.currentIndex().row(), event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_current(event.modifiers() == Qt.KeyboardModifier.ControlModifier)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go(self._found.next_row(row, 1 if key == Qt.Key.Key_Down else -1))
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            for _ in range(_PAGE):
                row = self._found.next_row(row, 1 if key == Qt.Key.Key_PageDown else -1)
            self._go(row)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._go(self._found.next_group(row))
        else:
            return False
        return True

    def _search(self, text: str) -> None:
        if self.isVisible():
            self._found.search(text)

    def _show_found(self) -> None:
        number = self._found.number
        self.number.setText(plural("Finding", "%n found", "%n found", number))
        self.rows.setVisible(number > 0)
        self._nothing.setVisible(number == 0)
        if not number:
            self._nothing.setText(translate("Finding", "Nothing that is loaded, and no command, has this in its name."))
        self._go(self._found.first_row())
        if self._take_best:
            self._take_best = False
            self._choose_row(False)

    def _go(self, row: int) -> None:
        index = self._found.index(row, 0)
        self.rows.setCurrentIndex(index)
        if row == self._found.first_row():
            self.rows.scrollToTop()

    def _tell_row(self) -> None:
        """Have screen readers hear the row, as the focus stays in the field."""
        words = self.rows.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self.edit.setAccessibleDescription(words or "")

    def _choose_current(self, in_place: bool) -> None:
        """Choose the current row, or the best one as soon as all was found."""
        if self._found.searching:
            self._take_best = True
        else:
            self._choose_row(in_place)

    def _choose_row(self, in_place: bool) -> None:
        if self.rows.currentIndex().isValid():
            self._choose(self.rows.currentIndex().data(ROW), in_place)

    def _choose(self, row: FoundRow, in_place: bool) -> None:
        if row.is_heading or (row.command is not None and row.command.why_not):
            return
        self.leave()
        self.chosen.emit(row, in_place)

    # How it looks

    def _place(self) -> None:
        self.setGeometry(QRect(QPoint(), self._window.size()))
        width = min(Width.SEARCH, self.width() - 2 * _BESIDE)
        height = min(_HEIGHT, self.height() - _FROM_TOP - _BESIDE)
        self.card.setGeometry((self.width() - width) // 2, _FROM_TOP, width, height)

    def _make_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("ground", "overlay")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(line())
        self._set_up_rows()
        column.addWidget(self.rows, 1)
        self._nothing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._nothing.setProperty("role", "faint")
        column.addWidget(self._nothing, 1)
        column.addWidget(line())
        column.addWidget(_foot())
        return card

    def _head(self) -> QWidget:
        words = translate("Finding", "Search loaded objects and commands")
        self.edit.setProperty("role", "search")
        self.edit.setPlaceholderText(words)
        self.edit.setAccessibleName(words)
        self.number.setProperty("role", "faint")
        sign = IconLabel(Icon.TOOL)
        sign.show_icon(icons.icon("search"))
        head = QWidget()
        head.setFixedHeight(_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.LARGE, 0, Space.LARGE, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(sign)
        row.addWidget(self.edit, 1)
        row.addWidget(self.number)
        row.addWidget(_key(translate("Finding", "Esc")))
        return head

    def _set_up_rows(self) -> None:
        rows = self.rows
        rows.setProperty("role", "found")
        rows.setProperty("rows", "own")
        rows.setAccessibleName(translate("Finding", "What was found"))
        rows.setModel(self._found)
        rows.setItemDelegate(FoundDelegate(rows))
        rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        rows.setFrameShape(QFrame.Shape.NoFrame)


def _foot() -> QWidget:
    foot = QWidget()
    row = QHBoxLayout(foot)
    row.setContentsMargins(Space.LARGE, Space.SMALL, Space.LARGE, Space.SMALL)
    row.setSpacing(Space.SMALL)
    for keys, words in (
        ("↵", translate("Finding", "open, select or run")),
        (translate("Finding", "Ctrl ↵"), translate("Finding", "show in tree")),
        (translate("Finding", "Tab"), translate("Finding", "next kind")),
        (">", translate("Finding", "commands only")),
    ):
        said = Words(words)
        said.setProperty("role", "small")
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        said.setMaximumWidth(said.sizeHint().width() + Space.MEDIUM)
        row.addWidget(_key(keys))
        row.addWidget(said, 1)
    row.addStretch(1)
    return foot


def _key(keys: str) -> QLabel:
    label = Words(keys)
    label.setProperty("role", "key")
    label.setFixedHeight(label.sizeHint().height())
    return label
