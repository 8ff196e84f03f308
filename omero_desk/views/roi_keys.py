"""The keys of the regions: theirs before anybody else's while they are worked on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class RoiKeys(QObject):
    """Watches widgets while `is_active`; what the window means by a key counts again once it is not."""

    def __init__(self, is_active: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_active = is_active
        self._actions: dict[str, QAction] = {}
        self._steps: Callable[[int], bool] = lambda step: False

    def add(self, key: str, action: QAction) -> None:
        """Have a key do what an action does, while it is enabled."""
        self._actions[QKeySequence(key).toString()] = action

    def step_by(self, steps: Callable[[int], bool]) -> None:
        """Have Tab (1) and Shift+Tab (-1) do this on the canvas; False leaves them to Qt."""
        self._steps = steps

    def watch(self, widget: QWidget) -> None:
        """Begin with a widget."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's."""
        if not isinstance(event, QKeyEvent) or not self._is_active():
            return False
        action = self._actions.get(QKeySequence(event.keyCombination()).toString())
        if action is None or not action.isEnabled():
            return event.type() == QEvent.Type.KeyPress and self._steps_by(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            action.trigger()
        return True

    def _steps_by(self, watched: QObject, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}.get(Qt.Key(event.key()), 0)
        return bool(step) and watched.objectName() == "canvas" and self._steps(step)
