"""Terms and what is to be said of each; and the places of an object, to go to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.objects import Ref
from omero_desk.models.annotations.description import Fact
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.translation import plural, translate
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.flow_layout import empty
from omero_desk.views.widgets.words import OneLine, Words

_TERM: Final = 76
"""The least width of the terms, so that the values of all sections align."""
_MOST_PLACES: Final = 20


class Facts(QWidget):
    """Terms, and what is to be said of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(Space.MEDIUM)
        self._form.setVerticalSpacing(Space.TINY)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._shown: list[Fact] = []

    def show_rows(self, rows: Sequence[Fact]) -> None:
        """Show these and no others."""
        if list(rows) == self._shown:
            return
        self._shown = list(rows)
        while self._form.rowCount():
            self._form.removeRow(0)
        for term, text, full in rows:
            value = Words(text, wordWrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setToolTip(unmarked(full))
            value.setAccessibleName(f"{term}: {text}")
            self._form.addRow(term_label(term), value)

    @property
    def term_width(self) -> int:
        """The pixels that the longest term takes."""
        return max((term.sizeHint().width() for term in self._terms()), default=_TERM)

    def widen_terms(self, width: int) -> None:
        """Let terms have as much room as those of other facts, so that the values of both are in line."""
        for term in self._terms():
            term.setMinimumWidth(max(width, _TERM))

    def _terms(self) -> Iterator[QWidget]:
        for row in range(self._form.rowCount()):
            item = self._form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            term = item.widget() if item is not None else None
            if term is not None:
                yield term


class Places(QWidget):
    """Where an object is, a line a place. `chosen` carries the objects from the top down to the one pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._term = term_label("")
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self._term, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._column, 1)
        self._shown: object = None

    def show_places(self, term: str, places: Sequence[tuple[str, tuple[Ref, ...]]]) -> None:
        """Show places with their names; nothing for none."""
        if (term, list(places)) == self._shown:
            return
        self._shown = term, list(places)
        empty(self._column)
        self._term.setText(term)
        for name, path in places[:_MOST_PLACES]:
            one = LinkLine(name)
            one.setAccessibleName(f"{term}: {name}")
            one.pressed.connect(lambda path=path: self.chosen.emit(path))
            self._column.addWidget(one, 0, Qt.AlignmentFlag.AlignLeft)  # else none may be wider than the narrowest
        rest = len(places) - _MOST_PLACES
        if rest > 0:
            self._column.addWidget(Words(plural("Annotations", "%n more", "%n more", rest)))
        self.setVisible(bool(places))


class LinkLine(OneLine):
    """A link on one line, whose end is cut where there is no room. `pressed` by mouse, Return or Space."""

    pressed = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(QColor(current().focus), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.end()


class FilesLine(QWidget):
    """The number of files that an image came from, to be pressed: `pressed` wants to see them."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = LinkLine("")
        self.link.pressed.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(term_label(translate("Annotations", "Files")))
        row.addWidget(self.link)
        row.addStretch(1)

    def show_files(self, number: int) -> None:
        """Show a number of files; nothing for none."""
        self.link.say(plural("Annotations", "%n files", "%n file", number))
        self.link.setAccessibleName(f"{translate('Annotations', 'Files')}: {self.link.text()}")
        self.setVisible(number > 0)


def term_label(term: str) -> Words:
    """Return the label of a term."""
    label = Words(term)
    label.setProperty("role", "faint")
    label.setMinimumWidth(_TERM)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label
