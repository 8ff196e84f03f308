"""PySide6 6.12.0 takes a reference from True at each emit, and some hundreds of emits later the process dies."""

import sys

from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    sent = Signal(int)


def test_that_emitting_a_signal_takes_no_reference_from_true() -> None:
    sender = Sender()
    received: list[int] = []
    sender.sent.connect(received.append)
    before = sys.getrefcount(True)
    for number in range(2000):
        sender.sent.emit(number)
    lost = before - sys.getrefcount(True)
    assert len(received) == 2000
    # Other code of the interpreter may hold a few more or less: a loss at each emit is far more than that.
    assert abs(lost) < 100
