"""What the user has changed and the server does not have yet: kept while the line is down, sent once, in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.edit import LONGEST_NAME, NAMED, AddComment, AddTag, Author, Edit, Receipt, Rename, check_text
from omero_desk.gateway.entities import Entity, Ref
from omero_desk.gateway.errors import FailedError, GatewayError, LostError, RefusedError
from omero_desk.gateway.service import State
from omero_desk.models import labels
from omero_desk.models.messages import Message, describe
from omero_desk.models.tasks import Tasks

MOST_LETTERS: Final = LONGEST_NAME
"""How long a name can be."""
_TASK: Final = "send"
_UNKNOWN_FATE: Final = "It may be there all the same: another try looks first."
_TRIES: Final = 3
"""How often an edit is sent over lines that look good and break: then the user decides."""

Write = Any
"""The gateway's write of an edit; it remembers its earlier tries, so that none is done twice."""


class EditState(Enum):
    """How far an edit has come; the value is the word that the user reads."""

    WAITING = "Waiting"
    SENDING = "Sending…"
    DONE = "Saved"
    GIVEN_BACK = "Not saved"


@dataclass(frozen=True, slots=True)
class PendingEdit:
    """An edit on its way; `reason` says in a sentence why it was given back, `detail` has the technical text."""

    id: int
    edit: Edit
    object_name: str
    author: Author
    write: Write
    state: EditState = EditState.WAITING
    reason: str = ""
    detail: str = ""
    tries: int = 0

    @property
    def title(self) -> str:
        """What it does to which object."""
        joint = "of" if isinstance(self.edit, Rename) else "on"
        return f"{self.edit.verb} {joint} {self.object_name}"

    @property
    def text(self) -> str:
        """What the user wrote."""
        return self.edit.text

    @property
    def new_name(self) -> str | None:
        """The name that the object gets, None where it keeps its own."""
        return self.edit.text if isinstance(self.edit, Rename) else None


class EditsModel(QObject):
    """The queue of edits: one is sent at a time, in the order in which they were made, while the line is up.

    `start` makes the write of an edit, `send` awaits it, `author` tells who is signed in. What is refused is given
    back: it stays with its text and the reason until the user tries again or discards it, and what comes after it goes
    on. What nobody refused waits for the next line. Nobody sends another user's edits.
    """

    changed = Signal()
    done = Signal(object, object)
    given_back = Signal(object)

    def __init__(
        self,
        start: Callable[[Edit, Author], Write],
        send: Callable[[Write], Awaitable[Receipt]],
        author: Callable[[], Author | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.online = False
        self._start = start
        self._send = send
        self._author = author
        self._report = report
        self._tasks = Tasks(report)
        self._pending: dict[int, PendingEdit] = {}
        self._ids = count(1)
        self._working = False

    @property
    def pending(self) -> tuple[PendingEdit, ...]:
        """All that the server does not have, in order."""
        return tuple(self._pending.values())

    def of(self, *refs: Ref) -> tuple[PendingEdit, ...]:
        """Those of some objects."""
        wanted = set(refs)
        return tuple(edit for edit in self._pending.values() if edit.edit.ref in wanted)

    # What the user does

    def comment(self, entities: Iterable[Entity], text: str) -> None:
        """Hang a comment on each object. Raises FailedError for text that no server keeps."""
        self._add([(AddComment(ref, text), name) for ref, name in _objects(entities)])

    def tag(self, entities: Iterable[Entity], name: str) -> None:
        """Hang the tag of that name on each object. Raises FailedError for text that no server keeps."""
        self._add([(AddTag(ref, name), of) for ref, of in _objects(entities)])

    def rename(self, entity: Entity, name: str) -> None:
        """Give an object another name. Raises FailedError for a name that no server keeps."""
        self._add([(Rename(entity.ref, name, was=entity.name), labels.name(entity))])

    def retry(self, identity: int) -> None:
        """Send an edit that was given back once more, after those that wait already."""
        edit = self._pending.get(identity)
        if edit is not None and edit.state is EditState.GIVEN_BACK:
            del self._pending[identity]
            self._put(replace(edit, state=EditState.WAITING, reason="", detail="", tries=0))
            self._go_on()

    def discard(self, identity: int) -> None:
        """Forget an edit, unless it is being sent just now."""
        edit = self._pending.get(identity)
        if edit is not None and edit.state is not EditState.SENDING:
            del self._pending[identity]
            self.changed.emit()

    def discard_all(self) -> None:
        """Forget all edits, the one that is being sent too: the user leaves."""
        self._tasks.cancel_all()
        self._pending.clear()
        self.changed.emit()

    # What happens to it

    def follow(self, state: State) -> None:
        """Take note of how the line is: edits go out while it is ONLINE."""
        self.online = state is State.ONLINE
        self.changed.emit()
        self._go_on()

    def cancel_all(self) -> None:
        """Give up what is under way; for the end of the program."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _add(self, edits: Iterable[tuple[Edit, str]]) -> None:
        author = self._author()
        if author is None:
            raise FailedError("You are not signed in.")
        for edit, name in edits:
            new = PendingEdit(next(self._ids), edit, name, author, self._start(edit, author))
            self._pending[new.id] = new
        self.changed.emit()
        self._go_on()

    def _put(self, edit: PendingEdit) -> None:
        self._pending[edit.id] = edit
        self.changed.emit()

    def _go_on(self) -> None:
        if self.online and not self._working and self._next() is not None:
            self._working = True
            self._tasks.start(_TASK, self._work())

    def _next(self) -> PendingEdit | None:
        return next((edit for edit in self._pending.values() if edit.state is EditState.WAITING), None)

    async def _work(self) -> None:
        try:
            while self.online and (edit := self._next()) is not None:
                if edit.author == self._author():
                    await self._try(replace(edit, state=EditState.SENDING, tries=edit.tries + 1))
                else:
                    self._give_back(edit, Message(f"This was written by {edit.author}, who is not signed in now."))
        finally:
            self._working = False

    async def _try(self, edit: PendingEdit) -> None:
        self._put(edit)
        try:
            receipt = await self._send(edit.write)
        except (LostError, RefusedError) as error:
            self._hold(edit, error)
        except GatewayError as error:
            self._give_back(edit, _reason(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the text goes back to the user
            self._give_back(edit, describe(error))
            self._report(error)
        else:
            del self._pending[edit.id]
            self.changed.emit()
            self.done.emit(replace(edit, state=EditState.DONE), receipt)

    def _hold(self, edit: PendingEdit, error: GatewayError) -> None:
        """Keep an edit that nobody refused for the next line."""
        if self.online and edit.tries >= _TRIES:
            self._give_back(edit, _reason(error))
        else:
            self._put(replace(edit, state=EditState.WAITING))

    def _give_back(self, edit: PendingEdit, why: Message) -> None:
        back = replace(edit, state=EditState.GIVEN_BACK, reason=why.text, detail=why.detail)
        self._put(back)
        self.given_back.emit(back)


def can_annotate(entities: Sequence[Entity]) -> bool:
    """Whether the user may hang annotations on all of the objects, and there are any."""
    return bool(entities) and all(
        entity.annotation_count is not None and entity.permissions.can_annotate for entity in entities
    )


def can_rename(entities: Sequence[Entity]) -> bool:
    """Whether it is one object, which has a name that the user may change."""
    return len(entities) == 1 and entities[0].ref.kind in NAMED and entities[0].permissions.can_edit


def problem_of(text: str) -> str:
    """Why no server would keep this text, in a sentence; empty when one would."""
    try:
        check_text(text)
    except FailedError as error:
        return error.message
    return ""


def status_of(edit: PendingEdit, online: bool) -> str:
    """How an edit is doing, in words."""
    if edit.state is EditState.GIVEN_BACK:
        return f"{edit.state.value}: {edit.reason}"
    return edit.state.value if online else "Waiting for the connection"


def summary(edits: Sequence[PendingEdit]) -> str:
    """How many edits there are, and what is the matter with them; empty for none."""
    back = sum(edit.state is EditState.GIVEN_BACK for edit in edits)
    if not edits:
        return ""
    number = "1 edit" if len(edits) == 1 else f"{len(edits):,} edits"
    return f"{number} not saved" if back else f"{number} to be saved"


def _reason(error: GatewayError) -> Message:
    message = describe(error)
    return replace(message, text=f"{message.text} {_UNKNOWN_FATE}") if error.fate_unknown else message


def _objects(entities: Iterable[Entity]) -> Iterable[tuple[Ref, str]]:
    """Each object once, wherever it was selected, with the name to call it by."""
    return {entity.ref: labels.name(entity) for entity in entities}.items()
