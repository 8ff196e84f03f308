"""The user's hands."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtWidgets import QWidget

class SignalBlocker:
    args: list[Any]
    def __enter__(self) -> SignalBlocker: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

class QtBot:
    def addWidget(self, widget: QWidget, *, before_close_func: Callable[[QWidget], None] | None = ...) -> None: ...
    def waitSignal(self, signal: SignalInstance, *, timeout: int = ...) -> SignalBlocker: ...
    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = ...) -> None: ...
    @staticmethod
    def keyClick(widget: QWidget, key: Qt.Key | str, modifier: Qt.KeyboardModifier = ..., delay: int = ...) -> None: ...
    @staticmethod
    def keyClicks(widget: QWidget, sequence: str, modifier: Qt.KeyboardModifier = ..., delay: int = ...) -> None: ...
    @staticmethod
    def mouseClick(
        widget: QWidget,
        button: Qt.MouseButton,
        stateKey: Qt.KeyboardModifier = ...,
        pos: QPoint = ...,
        delay: int = ...,
    ) -> None: ...
