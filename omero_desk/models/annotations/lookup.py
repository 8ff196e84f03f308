"""Something that is read about one object at a time, once somebody wants to see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.models.messages import Message, describe
from omero_desk.models.tasks import TaskOwner, Tasks

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_TASK = "read"


class Lookup(TaskOwner, QObject, Generic[Key, Value]):
    """What `read` says of a key, read once while it is `wanted`; what is under way for an older key is given up.

    The `value` of the key before stays until the new one is there, unless nobody wants to see it. `changed` tells of
    any other state. `problem` says why it cannot be read.
    """

    changed = Signal()

    def __init__(
        self,
        read: Callable[[Key], Awaitable[Value]],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.key: Key | None = None
        self.value: Value | None = None
        self.is_loading = False
        self.problem: Message | None = None
        self._read, self._tasks = read, Tasks(report)
        self._is_wanted = False
        self._known: Key | None = None

    @property
    def is_known(self) -> bool:
        """Whether the value is that of the key."""
        return self.key is not None and self._known == self.key

    def look_at(self, key: Key | None) -> None:
        """Look at another key, None for none."""
        if key == self.key:
            if not self.is_loading and self._go_on():
                self.changed.emit()
            return
        self._tasks.cancel_all()
        self.key, self._known, self.problem, self.is_loading = key, None, None, False
        if key is None or not self._is_wanted:
            self.value = None
        self._go_on()
        self.changed.emit()

    def pause(self) -> None:
        """Give up what is under way, as another key is about to come; the same key reads it after all."""
        if self.is_loading:
            self._tasks.cancel_all()
            self.is_loading = False

    def want(self, is_wanted: bool = True) -> None:
        """Somebody wants to see it, or not any more."""
        self._is_wanted = is_wanted
        if not self.is_loading and self._go_on():
            self.changed.emit()

    def again(self) -> None:
        """Read it anew."""
        self.problem, self._known = None, None
        if self._go_on():
            self.changed.emit()

    def _go_on(self) -> bool:
        """Read what is wanted and not known yet; returns whether that was begun."""
        if not self._is_wanted or self.key is None or self.is_known or self.problem is not None:
            return False
        self.is_loading = True
        self._tasks.start(_TASK, self._load(self.key))
        return True

    async def _load(self, key: Key) -> None:
        try:
            self.value, self._known = await self._read(key), key
        except GatewayError as error:
            self.value, self.problem = None, describe(error)
        self.is_loading = False
        self.changed.emit()
