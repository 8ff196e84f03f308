"""Garbage is collected between tests, on the main thread; and a module of tests leaves nothing of Qt's behind.

Python collects on whichever thread happens to allocate. On a worker that would end widgets and timers there, and the
process with them: not at once, but when Qt calls what is gone, in some later test.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Generator
from typing import ClassVar, TypeVar
from weakref import WeakSet

import pytest
import shiboken6
from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

_NEW = 1
"""The generation that holds what was made since the last collection."""

T = TypeVar("T", bound=QObject)
_lent: list[QObject] = []


class Before:
    """What there was when the module of tests began."""

    things: ClassVar[WeakSet[QObject]] = WeakSet()
    failures: ClassVar[int] = 0


def pytest_sessionstart() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """Take what was imported out of the collector's sight, which makes it fast."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    result = yield
    end_what_is_over(_NEW)
    if nextitem is None or nextitem.path != item.path:
        _end_module(item)
    return result


def ends_with_the_test(thing: T) -> T:
    """Have what has no parent ended after the test, as `qtbot.addWidget` does it with widgets.

    An object that a function refers to which is connected to it keeps itself alive, and Python cannot see that.
    """
    _lent.append(thing)
    return thing


def end_what_is_over(generation: int) -> None:
    """End what asked to be ended later, what was lent to the test, and what nobody refers to any more."""
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    while _lent:
        thing = _lent.pop()
        if shiboken6.isValid(thing):
            shiboken6.delete(thing)
    gc.collect(generation)


def _end_module(item: pytest.Item) -> None:
    """Fail the module if it left anything; of a test that failed, its traceback holds things, so that tells nothing."""
    end_what_is_over(2)
    left = left_over()
    if item.session.testsfailed == Before.failures and left:
        _report(item, f"{item.path.name} left behind: {', '.join(left)}")
    if gc.isenabled():
        gc.disable()
        _report(item, f"{item.path.name} let Python collect garbage on any thread")
    Before.things.update(_living())
    Before.failures = item.session.testsfailed
    gc.freeze()


def _report(item: pytest.Item, words: str) -> None:
    report = pytest.TestReport(item.nodeid, item.location, {}, "failed", words, "teardown")
    item.ihook.pytest_runtest_logreport(report=report)


def left_over() -> list[str]:
    """Return what the module made that nobody owns or that a timer still calls, in words."""
    new = [thing for thing in _living() if thing not in Before.things]
    counted = Counter(_named(thing) for thing in new if _is_nobodys(thing) or _timers(thing))
    return [f"{count} x {name}" for name, count in sorted(counted.items())]


def _living() -> list[QObject]:
    """Return all that Python knows of Qt's, and all windows."""
    known = [thing for thing in gc.get_objects() if issubclass(type(thing), QObject) and shiboken6.isValid(thing)]
    windows = QApplication.topLevelWidgets() if isinstance(QCoreApplication.instance(), QApplication) else []
    return list({id(thing): thing for thing in [*known, *windows]}.values())


def _is_nobodys(thing: QObject) -> bool:
    application = QCoreApplication.instance()
    if thing is application:
        return False
    is_ours = shiboken6.createdByPython(thing) or thing.isWidgetType()
    return is_ours and QObject.parent(thing) in (None, application)


def _timers(thing: QObject) -> int:
    """Return how many timers call it that are running."""
    dispatcher = QAbstractEventDispatcher.instance()
    return 0 if dispatcher is None else len(dispatcher.registeredTimers(thing))


def _named(thing: QObject) -> str:
    name = type(thing).__name__ + (f" {thing.objectName()!r}" if thing.objectName() else "")
    return f"{name} (called by a timer)" if _timers(thing) else name
