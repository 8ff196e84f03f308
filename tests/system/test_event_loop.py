"""What is left of the event loop when it is closed: nothing that Qt would call."""

from __future__ import annotations

import asyncio
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QAbstractEventDispatcher, QObject
from PySide6.QtWidgets import QApplication

from omero_desk.system.event_loop import EventLoop

FAR_OFF = 3600


@pytest.fixture
def loop(qapp: QApplication) -> EventLoop:
    return EventLoop(qapp)


def parts(loop: EventLoop) -> list[QObject]:
    things = [thing for thing in vars(loop).values() if isinstance(thing, QObject)]
    return [thing for thing in things if not isinstance(thing, QApplication)]


def test_that_a_closed_loop_has_no_timer_armed_and_nothing_of_qts(loop: EventLoop) -> None:
    loop.call_later(FAR_OFF, print)
    loop.run_until_complete(asyncio.sleep(0))
    armed, found = QAbstractEventDispatcher.instance().registeredTimers(loop._timer), parts(loop)
    loop.close()
    assert (len(armed), len(found)) == (1, 2)
    assert not any(shiboken6.isValid(part) for part in found)


def test_that_what_was_to_be_called_is_let_go_of_when_the_loop_is_closed(loop: EventLoop) -> None:
    class Holder:
        def call(self) -> None: ...

    holder = Holder()
    gone = weakref.ref(holder)
    loop.call_later(FAR_OFF, holder.call)
    del holder
    assert gone() is not None
    loop.close()
    assert gone() is None


def test_that_a_closed_loop_says_so_to_a_thread_that_calls_it(loop: EventLoop) -> None:
    told: list[str] = []

    def call() -> None:
        try:
            loop.call_soon_threadsafe(print)
        except RuntimeError as error:
            told.append(str(error))

    loop.close()
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert told == ["Event loop is closed"]


def test_that_threads_that_call_while_it_is_closed_do_no_harm(qapp: QApplication) -> None:
    """Each of many loops is closed under the hands of a thread that has calls for it."""
    for _ in range(50):
        loop = EventLoop(qapp)
        begun = threading.Event()
        thread = threading.Thread(target=_call_until_it_is_closed, args=(loop, begun))
        thread.start()
        assert begun.wait(10)
        loop.close()
        thread.join()


def _call_until_it_is_closed(loop: EventLoop, begun: threading.Event) -> None:
    while True:
        try:
            loop.call_soon_threadsafe(int)
        except RuntimeError:
            return
        begun.set()


def test_that_what_is_due_between_two_runs_finds_the_loop_running(loop: EventLoop, qapp: QApplication) -> None:
    found: list[asyncio.AbstractEventLoop] = []
    loop.call_soon(lambda: found.append(asyncio.get_running_loop()))
    qapp.processEvents()
    loop.close()
    assert found == [loop]
    assert asyncio._get_running_loop() is None


def test_that_a_loop_can_be_closed_twice(loop: EventLoop) -> None:
    loop.close()
    loop.close()
    assert loop.is_closed()
