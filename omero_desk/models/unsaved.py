"""The work that would be lost with an account or with the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance


@dataclass(frozen=True)
class Unsaved:
    """Work of one sort that would be lost: `words` say how much of what, `items` name some of it.

    `save` begins to save all of it, and `discard` forgets it; `changed` is emitted when there may be less of it.
    """

    words: str
    changed: SignalInstance
    save: Callable[[], object]
    discard: Callable[[], object]
    items: tuple[str, ...] = ()
