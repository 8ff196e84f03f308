"""The menu of the sets that a tag can be moved to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.entities.annotations import TagSet
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.views.widgets.names import add_named


class SetMenu(QMenu):
    """Offers the sets of a group as soon as the server has told them, with a mark where the tag is.

    `moved` carries the ids of the sets that the tag is to be in, and of those that it is to go out of; `new_wanted`
    those that it is to go out of for a new one.
    """

    moved = Signal(object, object)
    new_wanted = Signal(object)

    def __init__(
        self, tag_id: int, group_id: int | None, sets: Lookup[int, Sequence[TagSet]], parent: QWidget | None = None
    ) -> None:
        super().__init__(translate("Annotations", "&Move to set"), parent)
        self._tag, self._group, self._sets = tag_id, group_id, sets
        self.setToolTipsVisible(True)
        sets.changed.connect(self._show)
        sets.look_at(None)
        sets.look_at(group_id)
        sets.want()
        self._show()

    @property
    def _now(self) -> tuple[int, ...]:
        """The sets that the tag is in."""
        return tuple(one.id for one in self._sets.value or () if self._tag in one.tags)

    def _show(self) -> None:
        if self._sets.key != self._group:
            return
        self.clear()
        if self._sets.value is None:
            problem = self._sets.problem
            asking = translate("Annotations", "The sets are being read…")
            add_named(self, problem.text if problem is not None else asking).setEnabled(False)
            return
        for one in self._sets.value:
            if one.can_add or self._tag in one.tags:
                self._add(one)
        self.addSeparator()
        none = _checked(self.addAction(translate("Annotations", "&None")), not self._now)
        none.triggered.connect(lambda: self._move(()))
        self.addAction(translate("Annotations", "N&ew set…"), lambda: self.new_wanted.emit(self._now))

    def _add(self, one: TagSet) -> None:
        action = _checked(add_named(self, shortened(one.text)), self._tag in one.tags)
        action.triggered.connect(lambda: self._move((one.id,)))
        if not one.can_add:
            action.setEnabled(False)
            action.setToolTip(translate("Annotations", "You are not allowed to put tags into this set."))

    def _move(self, to: tuple[int, ...]) -> None:
        now = self._now
        into, out = tuple(one for one in to if one not in now), tuple(one for one in now if one not in to)
        if into or out:
            self.moved.emit(into, out)


def _checked(action: QAction, is_checked: bool) -> QAction:
    action.setCheckable(True)
    action.setChecked(is_checked)
    return action
