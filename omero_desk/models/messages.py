"""The one road from anything that happens to the user who should know of it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError

log = logging.getLogger(__name__)

_KEPT: Final = 50
_SILENT: Final = (asyncio.CancelledError, KeyboardInterrupt, SystemExit, GeneratorExit)


class Severity(Enum):
    """How much a message matters."""

    INFORMATION = "Information"
    WARNING = "Warning"
    ERROR = "Error"


@dataclass(frozen=True, slots=True)
class Action:
    """What a message offers to do about it, as a button."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Message:
    """A plain sentence, the technical text behind it, and what can be done; `times` counts repetitions."""

    text: str
    detail: str = ""
    severity: Severity = Severity.INFORMATION
    actions: tuple[Action, ...] = ()
    times: int = 1


class MessagesModel(QObject):
    """The messages that the user has not put away yet; the newest is the current one."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages: list[Message] = []

    @property
    def current(self) -> Message | None:
        """The newest message."""
        return self._messages[-1] if self._messages else None

    def __len__(self) -> int:
        return len(self._messages)

    def post(self, message: Message) -> None:
        """Show `message`; the same text again is counted and not stacked."""
        same = [old for old in self._messages if old.text == message.text]
        others = [old for old in self._messages if old.text != message.text]
        counted = replace(message, times=1 + sum(old.times for old in same))
        self._messages = [*others, counted][-_KEPT:]
        self.changed.emit()

    def inform(self, text: str) -> None:
        """Show a sentence that needs no answer."""
        self.post(Message(text))

    def report(self, error: BaseException, *actions: Action) -> None:
        """Tell the user of `error`, the technical text one click away; being cancelled is no error."""
        if isinstance(error, _SILENT):
            return
        message = describe(error)
        log.error("%s | %s", message.text, message.detail)
        self.post(replace(message, actions=actions))

    def withdraw(self, text: str) -> None:
        """Put the message with this text away, if it is still there: it is not true any more."""
        left = [message for message in self._messages if message.text != text]
        if len(left) < len(self._messages):
            self._messages = left
            self.changed.emit()

    def dismiss(self) -> None:
        """Put the current message away; the one before it shows again."""
        if self._messages:
            self._messages.pop()
            self.changed.emit()


def describe(error: BaseException) -> Message:
    """Any error as a message: the gateway's in its own words, any other as a mistake of ours."""
    if isinstance(error, GatewayError):
        return Message(error.message, error.detail, Severity.ERROR)
    detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    text = f"Something in OMERO Desk went wrong ({type(error).__name__}). What you did last may not have worked."
    return Message(text, detail, Severity.ERROR)
