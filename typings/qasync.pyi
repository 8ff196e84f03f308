"""The event loop of asyncio on that of Qt."""

import asyncio
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject

class _SimpleTimer(QObject):
    _SimpleTimer__callbacks: dict[int, asyncio.Handle]

class QEventLoop(asyncio.SelectorEventLoop):
    _timer: _SimpleTimer
    _QEventLoop__call_soon_signaller: QObject
    _QEventLoop__default_executor: object
    def _check_closed(self) -> None: ...
    def __init__(
        self, app: QCoreApplication | None = ..., set_running_loop: bool = ..., already_running: bool = ...
    ) -> None: ...
    def __enter__(self) -> QEventLoop: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
