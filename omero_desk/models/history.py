"""What was done, to be undone and done again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_MOST: Final = 500


@dataclass(frozen=True)
class Step(Generic[T]):
    """A change of some things, by their keys: what each was before and is after; None for what is not there.

    Steps with the same `name` and not None `run` that follow each other are one, such as the moves of one drag.
    """

    name: str
    before: Mapping[int, T | None]
    after: Mapping[int, T | None]
    run: object = None


class History(Generic[T]):
    """Steps, the newest last, of which some may be undone. It only remembers; its owner does."""

    def __init__(self) -> None:
        self._done: list[Step[T]] = []
        self._undone: list[Step[T]] = []

    @property
    def undoable(self) -> str:
        """The name of what would be undone, empty for nothing."""
        return self._done[-1].name if self._done else ""

    @property
    def redoable(self) -> str:
        """The name of what would be done again, empty for nothing."""
        return self._undone[-1].name if self._undone else ""

    def add(self, step: Step[T]) -> None:
        """Something was done; what was undone before cannot be done again."""
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and step.run is not None and (last.run, last.name) == (step.run, step.name):
            self._done[-1] = Step(step.name, {**step.before, **last.before}, {**last.after, **step.after}, step.run)
        else:
            self._done.append(step)
        del self._done[:-_MOST]

    def undo(self) -> Mapping[int, T | None]:
        """Go one step back: what has to be put where."""
        if not self._done:
            return {}
        self._undone.append(self._done.pop())
        return self._undone[-1].before

    def redo(self) -> Mapping[int, T | None]:
        """Go one step forward again."""
        if not self._undone:
            return {}
        self._done.append(self._undone.pop())
        return self._done[-1].after
