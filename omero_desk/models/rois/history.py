"""The history of changes, for undo and redo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_MOST: Final = 500


@dataclass(frozen=True)
class Step(Generic[T]):
    """A change of some things, by their keys, with each as it was before and is after; None where there is none.

    Steps that follow each other with the same `name` and `run` count as one, such as the moves of a drag; a step whose
    `run` is None stands alone.
    """

    name: str
    before: Mapping[int, T | None]
    after: Mapping[int, T | None]
    run: object = None


class History(Generic[T]):
    """A stack of steps, which remembers at most 500; its owner applies what `undo` and `redo` return."""

    def __init__(self) -> None:
        self._done: list[Step[T]] = []
        self._undone: list[Step[T]] = []

    @property
    def undoable(self) -> str:
        """The name of the step that `undo` takes back, empty if there is none."""
        return self._done[-1].name if self._done else ""

    @property
    def redoable(self) -> str:
        """The name of the step that `redo` repeats, empty if there is none."""
        return self._undone[-1].name if self._undone else ""

    def add(self, step: Step[T]) -> None:
        """Remember a step; what was undone before cannot be redone any more."""
        self._undone.clear()
        last = self._done[-1] if self._done else None
        if last is not None and step.run is not None and (last.run, last.name) == (step.run, step.name):
            self._done[-1] = Step(step.name, {**step.before, **last.before}, {**last.after, **step.after}, step.run)
        else:
            self._done.append(step)
        del self._done[:-_MOST]

    def undo(self) -> Mapping[int, T | None]:
        """Go one step back, and return what has to be put in the place of each key."""
        if not self._done:
            return {}
        self._undone.append(self._done.pop())
        return self._undone[-1].before

    def redo(self) -> Mapping[int, T | None]:
        """Go one step forward again, and return what has to be put in the place of each key."""
        if not self._undone:
            return {}
        self._done.append(self._undone.pop())
        return self._done[-1].after
