"""All words of an application that can be seen, and whether a server's text among them is shown as it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QLabel,
    QMenu,
    QMessageBox,
    QTabBar,
    QWidget,
)

ZAP = "Zap"
"""The word in every text of the hostile server; nothing of ours has it."""
TAG = "<b>Zap"
"""The beginning of such a text, as it has to be seen."""
MNEMONIC = QKeySequence("Alt+Z")
LONGEST = 10_000
"""No text that a widget is given has more letters: Qt takes seconds to lay out millions."""
WIDEST = 1200
"""Pixels that no widget may ask for: a window with it would be wider than a screen."""
_ROWS = 50
_TEXTS = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.StatusTipRole, Qt.ItemDataRole.AccessibleTextRole


class Seen:
    """Goes over all widgets at once; `faults` are sentences, `places` those where a hostile text was seen."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.places: set[str] = set()
        for widget in QApplication.allWidgets():
            self._look_at(widget)
        for window in QApplication.topLevelWidgets():
            for action in window.findChildren(QAction):
                self._action(action)

    def _look_at(self, widget: QWidget) -> None:
        name = type(widget).__name__
        self._tip(f"{name}.toolTip", widget.toolTip())
        for what in ("accessibleName", "accessibleDescription", "statusTip", "windowTitle"):
            self._text(f"{name}.{what}", getattr(widget, what)())
        if isinstance(widget, QLabel):
            self._label(f"{name} in {type(widget.parent()).__name__}", widget)
        elif isinstance(widget, QAbstractButton):
            self._marked(f"{name}.text", widget.text())
        elif isinstance(widget, QGroupBox | QMenu):
            self._marked(f"{name}.title", widget.title())
        elif isinstance(widget, QTabBar):
            for tab in range(widget.count()):
                self._marked(f"{name}.tabText", widget.tabText(tab))
                self._tip(f"{name}.tabToolTip", widget.tabToolTip(tab))
        elif isinstance(widget, QComboBox) or (isinstance(widget, QAbstractItemView) and widget.model() is not None):
            self._model(name, widget.model())
        elif isinstance(widget, QDockWidget):
            self._marked(f"{name}.windowTitle", widget.windowTitle())
        if isinstance(widget, QMessageBox) and widget.textFormat() is not Qt.TextFormat.PlainText:
            self._tip(f"{name}.text", widget.text())
            self._tip(f"{name}.informativeText", widget.informativeText())
        least = max(widget.minimumWidth(), widget.minimumSizeHint().width()) if not widget.isHidden() else 0
        if least > WIDEST:
            self.faults.append(f"{name} asks for {least} pixels")

    def _label(self, name: str, label: QLabel) -> None:
        self._text(f"{name}.text", label.text())
        if ZAP in label.text() and label.textFormat() is not Qt.TextFormat.PlainText:
            self.faults.append(f"{name} may take its text for markup: {label.text()[:60]!r}")

    def _action(self, action: QAction) -> None:
        self._marked("QAction.text", action.text())
        self._tip("QAction.toolTip", action.toolTip())
        self._text("QAction.statusTip", action.statusTip())

    def _model(self, name: str, model: QAbstractItemModel) -> None:
        across = Qt.Orientation.Horizontal
        for column in range(_columns(model, QModelIndex())):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                value = model.headerData(column, across, role)
                if isinstance(value, str):
                    self._tip(f"{name} heading", value)
        for index in islice(_indexes(model, QModelIndex()), _ROWS):
            for role in (
                Qt.ItemDataRole.DisplayRole,
                Qt.ItemDataRole.StatusTipRole,
                Qt.ItemDataRole.AccessibleTextRole,
            ):
                if isinstance(value := index.data(role), str):
                    self._text(f"{name} cell", value)
            if isinstance(value := index.data(Qt.ItemDataRole.ToolTipRole), str):
                self._tip(f"{name} cell's tooltip", value)

    def _text(self, name: str, text: str) -> None:
        if ZAP in text[:LONGEST]:
            self.places.add(name)
        if len(text) > LONGEST:
            self.faults.append(f"{name} has {len(text):,} letters")

    def _marked(self, name: str, text: str) -> None:
        self._text(name, text)
        if ZAP in text and QKeySequence.mnemonic(text) == MNEMONIC:
            self.faults.append(f"{name} has a shortcut of the server's: {text[:60]!r}")

    def _tip(self, name: str, text: str) -> None:
        self._text(name, text)
        if ZAP not in text[:LONGEST] or not QtGui.Qt.mightBeRichText(text):
            return
        document = QTextDocument()
        document.setHtml(text)
        if TAG not in document.toPlainText().replace("\N{WORD JOINER}", ""):
            self.faults.append(f"{name} takes its text for markup: {text[:60]!r}")


def _columns(model: QAbstractItemModel, parent: QModelIndex) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)


def _indexes(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[QModelIndex]:
    for row in range(min(model.rowCount(parent), _ROWS)):
        for column in range(min(_columns(model, parent), _ROWS)):
            yield model.index(row, column, parent)
        yield from _indexes(model, model.index(row, 0, parent))
