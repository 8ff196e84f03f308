"""The line to a server, as it is seen by what came over it."""

from __future__ import annotations


class Line:
    """How many bytes of pixels come in a second, of the last calls; their round trips and their decoding included.

    Noted on one worker's thread, asked on any.
    """

    def __init__(self, rate: float | None = None) -> None:
        self._rate = rate

    @property
    def is_known(self) -> bool:
        """True once anything came."""
        return self._rate is not None

    def note(self, count: int, seconds: float) -> None:
        """Note that so many bytes took so long; what came last counts half."""
        rate = count / max(seconds, 1e-6)
        self._rate = rate if self._rate is None else (self._rate + rate) / 2

    def within(self, seconds: float) -> int:
        """Return the bytes that come in so many seconds, 0 while nothing is known."""
        return int((self._rate or 0.0) * seconds)
