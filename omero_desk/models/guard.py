"""Errors within Qt's virtual functions must not get out: Qt knows no exceptions, and a painter would stay open."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from PySide6.QtCore import QTimer

P = ParamSpec("P")
R = TypeVar("R")
Instead = TypeVar("Instead")

_log = logging.getLogger(__name__)
_reported: Final[set[tuple[str, type[Exception]]]] = set()


def guarded(instead: Instead) -> Callable[[Callable[P, R]], Callable[P, R | Instead]]:
    """Make a function that Qt calls while it paints or lays out return `instead` where it raises an exception.

    The frames of the exception are cleared, which ends every QPainter in them: a widget that is painted again, or is
    destroyed, under an open painter ends the program. Each sort of error is logged and reported once for each function,
    through sys.excepthook like all errors that nobody caught, and not before Qt has done with painting.
    """

    def guard(virtual: Callable[P, R]) -> Callable[P, R | Instead]:
        @wraps(virtual)
        def call(*args: P.args, **kwargs: P.kwargs) -> R | Instead:
            try:
                return virtual(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not get out
                _report(virtual.__qualname__, error)
                return instead

        return call

    return guard


def _report(name: str, error: Exception) -> None:
    words = traceback.format_exc()
    traceback.clear_frames(error.__traceback__)
    if (name, type(error)) in _reported:
        return
    _reported.add((name, type(error)))
    _log.error("%s failed:\n%s", name, words)
    QTimer.singleShot(0, lambda: sys.excepthook(type(error), error, error.__traceback__))
