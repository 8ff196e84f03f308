"""The keys for regions of interest, which come before those of the window while the regions are in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from typing_extensions import override

CANVAS: Final = "canvas"
"""The object name of the widget that shows the image."""


class RoiKeys(QObject):
    """Triggers actions by keys that are pressed in the watched widgets, while `is_active` returns True."""

    def __init__(self, is_active: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_active = is_active
        self._actions: dict[str, QAction] = {}
        self._on_canvas: set[str] = set()
        self._steps: Callable[[int], bool] = lambda step: False

    def add(self, key: str, action: QAction, on_canvas: bool = False) -> None:
        """Have a key do what an action does, while it is enabled; `on_canvas`: there alone."""
        name = QKeySequence(key).toString()
        self._actions[name] = action
        if on_canvas:
            self._on_canvas.add(name)

    def step_by(self, steps: Callable[[int], bool]) -> None:
        """Have Tab (1) and Shift+Tab (-1) call this on the canvas; if it returns False they are left to Qt."""
        self._steps = steps

    def watch(self, widget: QWidget) -> None:
        """Take the keys of a widget."""
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not self._is_active():
            return False
        key = QKeySequence(event.keyCombination()).toString()
        action = self._actions.get(key)
        is_elsewhere = key in self._on_canvas and watched.objectName() != CANVAS
        if action is None or is_elsewhere or not action.isEnabled():
            return event.type() == QEvent.Type.KeyPress and self._steps_by(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            action.trigger()
        return True

    def _steps_by(self, watched: QObject, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
        return bool(step) and watched.objectName() == CANVAS and self._steps(step)
