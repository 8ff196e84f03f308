"""What the user has changed in the library, so that it can be taken back: undo and redo of annotations and names.

What undoes a change is computed by the gateway when the change is known to have happened, and is an edit itself: it is
queued, sent and looked for like any other, and refused in words where somebody else has changed the same thing since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.edits import Edit, Receipt
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.annotations.pending import EditState, PendingEdit
from omero_desk.models.translation import translate

Step = tuple[Edit, str]
"""An edit, and what its object is called."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the user changed with one command: its number, its words, and the edits that take it back.

    `back` is empty where nothing can. `is_undone` tells whether it has been taken back: `back` then does it again.
    """

    action: int
    title: str
    back: tuple[Step, ...] = ()
    is_undone: bool = False
    has_parts: bool = False
    """True if it is of several edits, of which `title` names the first."""


class HistoryModel(QObject):
    """The changes of this session, from the first to the last; `changed` tells of others. `added`: the user made one.

    `incomplete` carries an edit that takes a change back and of how many objects it did not, as somebody else has
    changed the same since, or they are gone.
    `undo` takes the last change back that can be, `redo` makes the last one again that was taken back. A new change
    ends what could be redone. A change whose way back is refused stays as it is: the edit has the reason.
    """

    changed = Signal()
    added = Signal(object)
    incomplete = Signal(PendingEdit, int)

    def __init__(self, edits: EditsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits = edits
        self._changes: dict[int, Change] = {}
        self._redo: list[int] = []
        self._ways_back: dict[int, int] = {}
        """The change that an action takes back or makes again, by the action's number."""
        self._parts: dict[int, list[Step]] = {}
        edits.done.connect(self._take)
        edits.changed.connect(self._follow)
        self._on_way: set[int] = set()

    @property
    def changes(self) -> Sequence[Change]:
        """All changes in the order in which they were made."""
        return tuple(self._changes.values())

    @property
    def to_undo(self) -> Change | None:
        """The change that `undo` takes back."""
        able = [one for one in self._changes.values() if self.can_undo(one)]
        return able[-1] if able else None

    @property
    def to_redo(self) -> Change | None:
        """The change that `redo` makes again."""
        able = [self._changes[one] for one in self._redo if self._changes[one].back]
        return able[-1] if able and not self._is_moving(able[-1]) else None

    def can_undo(self, change: Change) -> bool:
        """Return whether a change can be taken back now."""
        return bool(change.back) and not change.is_undone and not self._is_moving(change)

    def undo(self, change: Change | None = None) -> None:
        """Take a change back, by default the last; nothing where it cannot be, or has been already."""
        now = self.to_undo if change is None else self._changes.get(change.action)
        if now is not None and self.can_undo(now):
            self._turn(now)

    def redo(self) -> None:
        """Make the last change again that was taken back."""
        if self.to_redo is not None:
            self._turn(self.to_redo)

    def clear(self) -> None:
        """Forget everything: another account comes."""
        self._changes.clear()
        self._redo.clear()
        self._ways_back.clear()
        self._parts.clear()
        self.changed.emit()

    def _follow(self) -> None:
        """Tell of a way back that is on its way now, or not any more: refused, or discarded by the user."""
        on_way = {one.action for one in self._edits.pending if one.state is not EditState.GIVEN_BACK}
        on_way &= self._ways_back.keys()
        if on_way != self._on_way:
            self._on_way = on_way
            self.changed.emit()

    def _turn(self, change: Change) -> None:
        """Send a change's way back, in the place of one that was refused before."""
        older = self._ways(change)
        refused = [one.id for one in self._edits.pending if one.action in older]
        for action in older:
            del self._ways_back[action]
            self._parts.pop(action, None)
        for identity in refused:
            self._edits.discard(identity)
        self._ways_back[self._edits.submit(change.back)] = change.action
        self._follow()
        self.changed.emit()

    def _take(self, edit: PendingEdit, receipt: Receipt) -> None:
        back = [(one, edit.object_name) for one in receipt.inverse]
        turned = self._ways_back.get(edit.action)
        if turned is None:
            self._add(edit, back)
        else:
            self._parts.setdefault(edit.action, [])[:0] = back
            left = {*receipt.left_out, *(ref for ref, _key in receipt.conflicts)}
            if left:
                self.incomplete.emit(edit, len(left))
            if not self._is_under_way(edit.action):
                self._end_turn(edit.action, turned)
        self.changed.emit()

    def _add(self, edit: PendingEdit, back: list[Step]) -> None:
        known = self._changes.pop(edit.action, None)
        steps = (*back, *(known.back if known is not None else ()))  # the last part is taken back first
        title = edit.title
        if known is not None:
            several = translate("Annotations", "{first} and more")
            title = known.title if known.has_parts else several.format(first=known.title)
        change = self._changes[edit.action] = Change(edit.action, title, steps, has_parts=known is not None)
        self._redo.clear()
        if not self._is_under_way(edit.action):
            self.added.emit(change)

    def _end_turn(self, action: int, turned: int) -> None:
        change, parts = self._changes.get(turned), tuple(self._parts.pop(action, ()))
        self._ways_back.pop(action)
        if change is None:
            return
        undone = not change.is_undone
        self._changes[turned] = replace(change, back=parts, is_undone=undone)
        if undone:
            self._redo.append(turned)
        elif turned in self._redo:
            self._redo.remove(turned)

    def _is_under_way(self, action: int) -> bool:
        return any(one.action == action for one in self._edits.pending)

    def _is_moving(self, change: Change) -> bool:
        """Return whether a way back of a change is on its way: not one that was refused or discarded."""
        ways = self._ways(change)
        on_way = (one for one in self._edits.pending if one.state is not EditState.GIVEN_BACK)
        return bool(ways) and any(one.action in ways for one in on_way)

    def _ways(self, change: Change) -> set[int]:
        """Return the actions that take a change back or make it again, and are not at their end."""
        return {action for action, turned in self._ways_back.items() if turned == change.action}


def words_of(change: Change) -> str:
    """Return a change for a list of them."""
    return (
        translate("Annotations", "{change} (undone)").format(change=change.title) if change.is_undone else change.title
    )
