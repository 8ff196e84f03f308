"""How long the GUI thread does not answer, seen by a timer that wants to run every millisecond."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

_INTERVAL_MS = 1
LIMITS = (16, 50)
"""Milliseconds of gaps that are felt: a frame of a screen, and what the eye sees as a jump."""


class StallMeter(QObject):
    """Collects the times between two turns of a timer, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self.gaps.clear()
        self._last = perf_counter()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """The 50th and 99th percentile and the longest of the gaps, in milliseconds; and shares of the time.

        Percentiles of gaps hide long ones, for short ones are many: so "over 16" and "over 50" are the shares of the
        time that was spent in gaps of more than so many milliseconds.
        """
        self._tick()
        self._timer.stop()
        p50, p99 = np.percentile(self.gaps, [50, 99])
        shares = {f"over {most}": sum(gap for gap in self.gaps if gap > most) / sum(self.gaps) for most in LIMITS}
        return {"p50": float(p50), "p99": float(p99), "worst": max(self.gaps), **shares}

    def _tick(self) -> None:
        now = perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def in_words(stalls: dict[str, float]) -> str:
    """The 99th percentile, the worst gap and the shares of the time in long ones, for a table."""
    return (
        f"p99 {stalls['p99']:.0f} ms, worst {stalls['worst']:.0f} ms, {stalls['over 16']:.1%} of the time in gaps"
        f" over 16 ms, {stalls['over 50']:.1%} over 50 ms"
    )
