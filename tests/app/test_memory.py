"""When garbage is collected."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from omero_desk.memory import Collector


class Knot:
    """Refers to itself: only the collector ends it."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def collector(qapp: QObject) -> Iterator[Collector]:
    found = Collector(lambda: busy[0], qapp)
    found.collect_if_quiet()  # from now on it knows where the mouse is
    yield found
    found.close()


busy = [False]


def test_that_what_is_new_is_collected_in_a_pause(collector: Collector) -> None:
    knot = weakref.ref(Knot())
    assert knot() is not None
    collector.collect_if_quiet()
    assert knot() is None


def test_that_nothing_is_collected_while_there_is_work(collector: Collector) -> None:
    knot = weakref.ref(Knot())
    busy[0] = True
    collector.collect_if_quiet()
    busy[0] = False
    assert knot() is not None


def test_that_what_is_old_waits_for_a_long_pause(collector: Collector) -> None:
    old = Knot()
    knot = weakref.ref(old)
    gc.collect(0)
    gc.collect(1)  # by now it is of the oldest generation
    del old
    collector.collect_if_quiet()
    assert knot() is not None
    for _ in range(6):
        collector.collect_if_quiet()
    assert knot() is None
