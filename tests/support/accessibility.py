"""What somebody who cannot see the screen is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def nameless(window: QWidget) -> list[str]:
    """The widgets that can have the focus, and have no name to read out."""
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in (window, *window.findChildren(QWidget))
        if widget.isVisibleTo(window) and _can_be_met(widget) and not _name(widget)
    ]


def _can_be_met(widget: QWidget) -> bool:
    inner = isinstance(widget.parentWidget(), QAbstractScrollArea) and widget.objectName().startswith("qt_scrollarea")
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not inner and widget.focusProxy() is None


def _name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""
