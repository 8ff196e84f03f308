"""What is closed is let go at once, without a collection of garbage."""

from __future__ import annotations

import asyncio
import gc
from weakref import ref

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication

from omero_desk.models.tasks import Tasks
from omero_desk.models.untying import end
from tests.support.running_desk import until


class Heavy:
    """Something that takes memory."""


class Knotted(QObject):
    """Knows its child, which knows it, and is connected to a function that knows both."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heavy = Heavy()
        self.child = Below(self)
        self.changed.connect(lambda: self.child)


class Below(QObject):
    """The child."""

    def __init__(self, above: Knotted) -> None:
        super().__init__(above)
        self.above = above


def _after_the_events(_application: QApplication) -> None:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()


def test_that_what_is_ended_lets_go_of_all_it_held_without_a_collection(qapp: QApplication) -> None:
    assert not gc.isenabled()
    thing = Knotted()
    above, below, heavy = ref(thing), ref(thing.child), ref(thing.heavy)
    end(thing)
    del thing
    assert heavy() is not None, "not before Qt's half is gone: it may be called until then"
    _after_the_events(qapp)
    assert (above(), below(), heavy()) == (None, None, None)


def test_that_a_child_that_was_moved_elsewhere_lives_on(qapp: QApplication) -> None:
    thing, other = Knotted(), QObject()
    child = thing.child
    end(thing)
    child.setParent(other)
    _after_the_events(qapp)
    assert child.above is thing
    assert child.parent() is other
    other.deleteLater()


class Working(QObject):
    """Has work under way that takes its time to end once it is cancelled."""

    def __init__(self, errors: list[BaseException]) -> None:
        super().__init__()
        self.heavy = Heavy()
        self.steps: list[str] = []
        self.tasks = Tasks(errors.append)

    async def work(self, ending: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await ending.wait()
            self.steps.append("ended")


async def test_that_work_that_was_cancelled_goes_its_last_steps_before_it_is_forgotten(qapp: QApplication) -> None:
    errors: list[BaseException] = []
    thing, ending = Working(errors), asyncio.Event()
    steps, heavy = thing.steps, ref(thing.heavy)
    thing.tasks.start("work", thing.work(ending))
    await asyncio.sleep(0)
    thing.tasks.cancel_all()
    destroyed: list[bool] = []
    thing.destroyed.connect(lambda: destroyed.append(True))
    end(thing)
    del thing
    await until(lambda: destroyed)
    _after_the_events(qapp)
    assert heavy() is not None
    ending.set()
    await until(lambda: heavy() is None)
    assert (steps, errors) == (["ended"], [])
