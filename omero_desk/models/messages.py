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

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.translation import say, translate

log = logging.getLogger(__name__)

_LONGEST: Final = 10_000
"""Characters of a text, which may be a server's."""
_KEPT: Final = 50
"""So many different messages are kept."""
_SILENT: Final = (asyncio.CancelledError, KeyboardInterrupt, SystemExit, GeneratorExit)


class Severity(Enum):
    """The weight of a message; the value is its word."""

    INFORMATION = mark("Window", "Information")
    WARNING = mark("Window", "Warning")
    ERROR = mark("Window", "Error")


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a message, for something that can be done about it."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class About:
    """The account (by its key, see `account_key`) and the object that a message is about; empty for neither."""

    account: str = ""
    ref: Ref | None = None


_NOTHING: Final = About()


@dataclass(frozen=True, slots=True)
class Message:
    """A plain sentence, the technical text behind it, and what can be done; `times` counts repetitions."""

    text: str
    detail: str = ""
    severity: Severity = Severity.INFORMATION
    actions: tuple[Action, ...] = ()
    times: int = 1
    about: About = _NOTHING


class Posted:
    """A message that was posted, in the hands of whoever posted it: they take it back when it is not true any more."""

    def __init__(self, messages: MessagesModel, message: Message) -> None:
        self.message = message
        self._messages = messages

    @property
    def is_shown(self) -> bool:
        """True until it is retracted, put away by the user, or pushed out by newer ones."""
        return self in self._messages.posted or self in self._messages.toasts

    def retract(self) -> None:
        """Take the message back; nothing happens if it is gone already."""
        self._messages.retract(lambda posted: posted is self)


class MessagesModel(QObject):
    """The messages that the user has not put away yet; the newest is the current one.

    Apart from those stand the `toasts`, in their order: each tells once that something is done, and goes by itself.

    Those with the same text about the same are shown as one, with their number, until the last of them is retracted.
    What `report` gets from the gateway is about the account whose key `account` returns: it goes when that one leaves.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.account: Callable[[], str] = str
        self.posted: list[Posted] = []
        self.toasts: list[Posted] = []

    @property
    def current(self) -> Message | None:
        """The newest message."""
        if not self.posted:
            return None
        newest = self.posted[-1].message
        return replace(newest, times=sum(_same(posted.message, newest) for posted in self.posted))

    def __len__(self) -> int:
        return len({(posted.message.text, posted.message.about) for posted in self.posted})

    def post(self, message: Message) -> Posted:
        """Show `message`, or the beginning of an endless one; returns what it can be taken back by."""
        message = replace(message, text=message.text[:_LONGEST], detail=message.detail[:_LONGEST])
        posted = Posted(self, message)
        self.posted.append(posted)
        while len(self) > _KEPT:
            self.posted = [one for one in self.posted if not _same(one.message, self.posted[0].message)]
        self.changed.emit()
        return posted

    @property
    def toast(self) -> Message | None:
        """What is told once and is in front of the others."""
        return self.toasts[0].message if self.toasts else None

    def inform(self, text: str, *actions: Action) -> Posted:
        """Tell once that something is done, with what it leads to; what has failed is posted, as that stays."""
        posted = Posted(self, Message(text[:_LONGEST], actions=actions))
        self.toasts = [*self.toasts, posted][-_KEPT:]
        self.changed.emit()
        return posted

    def drop_toast(self) -> None:
        """Take away what was told once; the next follows."""
        if self.toasts:
            self.toasts = self.toasts[1:]
            self.changed.emit()

    def turn(self) -> None:
        """Put the current message behind all others, so that the one before it shows."""
        if self.posted:
            newest = self.posted[-1].message
            last = [posted for posted in self.posted if _same(posted.message, newest)]
            self.posted = [*last, *(posted for posted in self.posted if posted not in last)]
            self.changed.emit()

    def report(self, error: BaseException, *actions: Action) -> Posted | None:
        """Tell the user of `error`, the technical text one click away; being cancelled is no error."""
        if isinstance(error, _SILENT):
            return None
        message = describe(error)
        log.error("%s | %s", message.text, message.detail)
        about = About(self.account()) if isinstance(error, GatewayError) else _NOTHING
        return self.post(replace(message, actions=actions, about=about))

    def retract(self, is_untrue: Callable[[Posted], bool]) -> None:
        """Take back all messages that `is_untrue` says are not true any more."""
        before = len(self.posted) + len(self.toasts)
        self.posted = [posted for posted in self.posted if not is_untrue(posted)]
        self.toasts = [posted for posted in self.toasts if not is_untrue(posted)]
        if len(self.posted) + len(self.toasts) < before:
            self.changed.emit()

    def forget_account(self, key: str) -> None:
        """Take back what is about an account that has left."""
        self.retract(lambda posted: bool(key) and posted.message.about.account == key)

    def dismiss(self) -> None:
        """Put the current message away, however often it was posted; the one before it shows again."""
        if self.posted:
            newest = self.posted[-1].message
            self.retract(lambda posted: posted in self.posted and _same(posted.message, newest))


def account_key(server: str, account: Account | None) -> str:
    """Return by what messages know an account at a server, "" for nobody."""
    return f"{account.user.user}@{server}" if account is not None else ""


def stopped() -> Message:
    """What the user stopped before it was all there."""
    return Message(translate("Window", "You stopped the loading."))


def _same(one: Message, other: Message) -> bool:
    return (one.text, one.about) == (other.text, other.about)


def describe(error: BaseException) -> Message:
    """Any error as a message: the gateway's in its own words, any other as a mistake of ours."""
    if isinstance(error, GatewayError):
        return Message(say(error.sentence), error.detail, Severity.ERROR)
    detail = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    text = translate("Window", "Something in OMERO Desk went wrong ({kind}). What you did last may not have worked.")
    return Message(text.format(kind=type(error).__name__), detail, Severity.ERROR)
