"""When garbage is collected, and memory given back."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from omero_desk.system import memory
from omero_desk.system.garbage import Collector


class Knot:
    """Refers to itself: only the collector ends it."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    window = QObject()
    found = Collector(lambda: busy[0], window)
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


def test_that_what_a_long_pause_left_in_use_is_looked_at_again_only_when_nobody_is_there(collector: Collector) -> None:
    old = Knot()
    knot = weakref.ref(old)
    for _ in range(6):
        collector.collect_if_quiet()  # a long pause
    del old
    for _ in range(6):
        collector.collect_if_quiet()
    assert knot() is not None
    for _ in range(60):
        collector.collect_if_quiet()
    assert knot() is None


_BLOCKS = """
import sys
from omero_desk.system import memory
if not memory.give_back_large_blocks():
    sys.exit("this system's allocator is not glibc's")
before = memory.resident()
blocks = [bytearray(b"x" * 2**21) for _ in range(50)]
full = memory.resident()
first = blocks.pop(0)
blocks.clear()  # what was allocated first stays: no heap would shrink
print(full - before, memory.resident() - before)
"""


def test_that_large_blocks_are_given_back_as_soon_as_they_are_freed() -> None:
    # in a process of its own: what other tests have freed would be taken for the blocks
    done = subprocess.run([sys.executable, "-c", _BLOCKS], capture_output=True, text=True, check=False)
    if done.returncode and "is not glibc's" in done.stderr:
        pytest.skip(done.stderr)
    taken, left = map(int, done.stdout.split())
    assert taken > 50 * 2**20
    assert left < taken / 5


def test_that_a_child_gives_back_memory_too() -> None:
    environment = memory.for_child({"HOME": "/home/ada"})
    if sys.platform.startswith("linux"):
        assert environment == {"HOME": "/home/ada", "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=1048576"}
    else:
        assert environment == {"HOME": "/home/ada"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has tunables")
@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("glibc.malloc.perturb=1", "glibc.malloc.perturb=1:glibc.malloc.mmap_threshold=1048576"),
        ("glibc.malloc.mmap_threshold=65536", "glibc.malloc.mmap_threshold=65536"),
    ],
)
def test_that_what_the_user_says_of_the_allocator_stays(said: str, then: str) -> None:
    assert memory.for_child({"GLIBC_TUNABLES": said}) == {"GLIBC_TUNABLES": then}
