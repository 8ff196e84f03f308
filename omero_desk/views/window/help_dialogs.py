"""The dialogs of the help menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from omero_desk import __version__
from omero_desk.entities.sentences import mark
from omero_desk.models.translation import say, translate
from omero_desk.views.parts.command import Command, Context
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words
from omero_desk.views.window.main_window import NAME

_LOGO: Final = 72
_HEIGHT: Final = 560
"""Pixels; the list of keys scrolls where it is longer."""
_SPACE: Final = 5
_TITLE, _HEADING, _PARAGRAPH, _KEYS = "<h2>{}</h2>", "<h3>{}</h3>", "<p>{}</p>", "<b>{}</b>"
_ABOUT: Final = (
    mark("Window", "A desktop browser for OMERO servers, with an OMERO-compatible server of its own."),
    mark("Window", "Free software under the GNU General Public License, version 2 or later."),
    mark("Window", "OMERO is developed by the Open Microscopy Environment."),
)


class AboutDialog(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Window", "About OMERO Desk"))
        logo = Words()
        logo.setPixmap(icons.pixmap("app", _LOGO, self.devicePixelRatioF()))
        title = _TITLE.format(f"{NAME} {__version__}")
        text = QLabel(
            "".join((title, *(_PARAGRAPH.format(say(sentence)) for sentence in _ABOUT))),
            wordWrap=True,
            textFormat=Qt.TextFormat.RichText,
        )
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(logo, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        _finish(self, row)


class ShortcutsDialog(QDialog):
    """The keys of all commands, under a heading for each place where they count."""

    def __init__(self, commands: Iterable[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Window", "Keyboard shortcuts"))
        found = _by_context(commands)
        columns = QHBoxLayout()
        columns.setSpacing(36)
        for contexts in _balanced(found):
            column = QVBoxLayout()
            column.setSpacing(_SPACE)
            for context in contexts:
                column.addWidget(QLabel(_HEADING.format(say(context.value)), textFormat=Qt.TextFormat.RichText))
                column.addLayout(_rows(found[context]))
            column.addStretch(1)
            columns.addLayout(column)
        page = QWidget()
        page.setLayout(columns)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(translate("Window", "Keyboard shortcuts"))
        area.setWidget(page)
        area.setMinimumWidth(page.sizeHint().width() + area.verticalScrollBar().sizeHint().width())
        rows = QVBoxLayout()
        rows.addWidget(area)
        _finish(self, rows)
        self.resize(self.sizeHint().width(), _HEIGHT)


def _by_context(commands: Iterable[Command]) -> dict[Context, list[Command]]:
    """Return the commands that have keys, by where those count."""
    found: dict[Context, list[Command]] = {context: [] for context in Context}
    for command in commands:
        if command.shortcuts:
            found[command.context].append(command)
    return {context: some for context, some in found.items() if some}


def _balanced(found: Mapping[Context, Sequence[Command]]) -> tuple[list[Context], list[Context]]:
    """Return the headings of two columns of about the same length."""
    left: list[Context] = []
    right: list[Context] = []
    for context in found:
        heights = [sum(len(found[one]) + 2 for one in column) for column in (left, right)]
        (left if heights[0] <= heights[1] else right).append(context)
    return left, right


def _rows(commands: Iterable[Command]) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(28)
    form.setVerticalSpacing(_SPACE)
    for command in commands:
        form.addRow(
            Words(command.name),
            QLabel(_KEYS.format(escape(command.keys)), textFormat=Qt.TextFormat.RichText),
        )
    return form


def _finish(dialog: QDialog, content: QVBoxLayout | QHBoxLayout) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(18)
    column.addLayout(content)
    column.addWidget(buttons)
    dialog.setMinimumWidth(420)
