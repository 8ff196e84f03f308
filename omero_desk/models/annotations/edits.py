"""The user's changes that the server does not have yet: kept without a connection, sent once, in order."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import PurePath
from typing import Final

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.annotations import Pairs
from omero_desk.entities.connection_states import State
from omero_desk.entities.edits import (
    NAMED,
    AddComment,
    AddTag,
    AttachFile,
    Author,
    Describe,
    Edit,
    KeptEdit,
    PutAnnotation,
    Receipt,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
    check_text,
)
from omero_desk.entities.errors import FailedError, GatewayError, LostError, RefusedError
from omero_desk.entities.objects import Account, Entity, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models import labels
from omero_desk.models.annotations.edits_journal import EditsJournal, KeepsEdits
from omero_desk.models.annotations.grouping import grouped
from omero_desk.models.annotations.pending import EditState, PendingEdit, Write
from omero_desk.models.messages import Message, describe
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.unsaved import Unsaved

_TASK: Final = "send"
_JOURNAL: Final = "journal"
_WAS_NOT_SENT: Final = mark("Annotations", "OMERO Desk ended before this was sent.")
_WAS_SENT: Final = mark(
    "Annotations", "OMERO Desk ended while this was being sent: look whether it is there before you try again."
)
_UNKNOWN_FATE: Final = mark("Annotations", "It may be there all the same: another try looks first.")
_TRIES: Final = 3
"""How often an edit is sent over connections that look good and break; after that the user decides."""


class EditsModel(TaskOwner, QObject):
    """The queue of edits: one is sent at a time, in the order in which they were made, while the connection is up.

    `start` makes the write of an edit, `send` awaits it, `author` returns who is signed in. A refused edit is given
    back: it stays with its text and the reason until the user tries again or discards it, and the next ones go on. An
    edit that nobody refused waits for the next connection. Edits are only sent as the user who made them.
    `done` carries the edit and its receipt, `given_back` the edit, `stopped` one that was discarded while it was sent,
    with what there is to say of that; `incomplete` an edit of pairs that were added, and the number of objects that it
    left as they are; `found` the number of edits of an earlier session that are still not saved: they are given back.

    Edits belong to the account that is signed in (`enter`), and are in its journal until they are saved or discarded:
    on disk before they are sent.
    """

    changed = Signal()
    done = Signal(PendingEdit, Receipt)
    given_back = Signal(PendingEdit)
    stopped = Signal(PendingEdit)
    incomplete = Signal(PendingEdit, int)
    found = Signal(int)

    def __init__(
        self,
        start: Callable[[Edit, Author], Write],
        send: Callable[[Write], Awaitable[Receipt]],
        author: Callable[[], Author | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
        disk: KeepsEdits | None = None,
    ) -> None:
        super().__init__(parent)
        self.online = False
        self._start = start
        self._send = send
        self._author = author
        self._report = report
        self._tasks = Tasks(report)
        self._pending: dict[int, PendingEdit] = {}
        self._ids, self._actions = count(1), count(1)
        self._adding: set[int] = set()
        """The actions that add pairs to several objects."""
        self._working = False
        self._ending: set[asyncio.Future[Receipt]] = set()
        self._journal = EditsJournal(disk)
        self.changed.connect(self._write_down)

    @property
    def pending(self) -> tuple[PendingEdit, ...]:
        """The edits that the server does not have, in order."""
        return tuple(self._pending.values())

    @property
    def is_sending(self) -> bool:
        """True while there are edits that are sent, or soon will be: one is, or the connection is up."""
        return self.online and any(edit.state is not EditState.GIVEN_BACK for edit in self._pending.values())

    def of(self, entities: Sequence[Entity]) -> tuple[PendingEdit, ...]:
        """Return the pending edits of some objects; fast even for very many."""
        if not entities or not self._pending:
            return ()
        about = {ref for edit in self._pending.values() for ref in edit.edit.refs}
        wanted = {entity.ref for entity in entities if entity.ref in about}
        return tuple(edit for edit in self._pending.values() if not wanted.isdisjoint(edit.edit.refs))

    # Commands of the user

    @property
    def author(self) -> Author | None:
        """The user who is signed in, None if nobody is."""
        return self._author()

    def submit(self, edits: Iterable[tuple[Edit, str]], author: Author | None = None) -> int:
        """Queue edits, each with the name of its object, as `author`, by default who is signed in.

        Returns the number of the action, which all of them have. Raises FailedError where nobody is signed in.
        """
        author = author or self._author()
        if author is None:
            raise FailedError(mark("Annotations", "You are not signed in."))
        action = next(self._actions)
        for edit, name in edits:
            new = PendingEdit(next(self._ids), edit, name, author, self._start(edit, author), action=action)
            self._pending[new.id] = new
        self.changed.emit()
        self._go_on()
        return action

    def replace(
        self, identities: Iterable[int], edits: Iterable[tuple[Edit, str]], author: Author | None = None
    ) -> None:
        """Queue edits as `submit` does in the place of others that are not being sent, which are dropped."""
        for identity in identities:
            if self._pending[identity].state not in (EditState.SENDING, EditState.STOPPING):
                del self._pending[identity]
        self.submit(edits, author)

    def comment(self, entities: Iterable[Entity], text: str, author: Author | None = None) -> None:
        """Add a comment to each object, as `submit` has it. Raises FailedError for text that no server keeps."""
        self.submit([(AddComment(ref, text), name) for ref, name in _objects(entities)], author)

    def tag(
        self,
        entities: Iterable[Entity],
        name: str,
        author: Author | None = None,
        description: str = "",
        set_id: int | None = None,
    ) -> None:
        """Add the tag of that name to all of the objects, as for a comment; a new one is described, and in a set."""
        edits = [(AddTag(refs, name, description, set_id), of) for refs, of in grouped(entities)]
        self.submit(edits, author)

    def put(
        self, entities: Iterable[Entity], kind: str, annotation_id: int, text: str, author: Author | None = None
    ) -> None:
        """Put an annotation that is there, of a type of `Annotation`, on all of the objects."""
        self.submit([(PutAnnotation(refs, kind, annotation_id, text), of) for refs, of in grouped(entities)], author)

    def take_off(self, entities: Iterable[Entity], kind: str, annotation_id: int, text: str) -> None:
        """Take an annotation off all of the objects."""
        self.submit([(TakeOff(refs, kind, annotation_id, text), of) for refs, of in grouped(entities)])

    def rate(self, entities: Iterable[Entity], stars: int) -> None:
        """Give all of the objects so many stars of one's own, 0 for none."""
        self.submit([(SetRating(refs, stars), of) for refs, of in grouped(entities)])

    def add_pairs(self, edits: Iterable[tuple[SetManyPairs, str]]) -> None:
        """Queue edits that add pairs to several objects; `incomplete` tells of those that they leave as they are."""
        edits = list(edits)
        if edits:
            self._adding.add(self.submit(edits))

    def attach(self, entities: Iterable[Entity], path: str) -> None:
        """Upload a file of this computer and put it on all of the objects, as `submit` has it."""
        name = PurePath(path).name
        check_text(name)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.submit([(AttachFile(refs, path, name, kind), of) for refs, of in grouped(entities)])

    def rename(self, entity: Entity, name: str, author: Author | None = None) -> None:
        """Give an object another name, as for a comment."""
        self.submit([(Rename(entity.ref, name, was=entity.name), labels.name(entity))], author)

    def describe(self, entity: Entity, text: str, was: str) -> None:
        """Give an object another description in place of the one that the user saw."""
        self.submit([(Describe(entity.ref, text, was), labels.name(entity))])

    def retry(self, identity: int) -> None:
        """Queue an edit that was given back once more, behind those that wait."""
        edit = self._pending.get(identity)
        if edit is not None and edit.state is EditState.GIVEN_BACK:
            del self._pending[identity]
            self._put(replace(edit, state=EditState.WAITING, reason="", detail="", tries=0))
            self._go_on()

    def discard(self, identity: int) -> None:
        """Drop an edit, unless it is being sent just now.

        One that takes long is stopped instead, and goes once nothing of it is left on the server.
        """
        edit = self._pending.get(identity)
        if edit is None or not edit.can_discard:
            return
        if edit.can_stop:
            edit.write.give_up()
        if edit.state is EditState.SENDING or edit.has_begun:
            self._put(replace(edit, state=EditState.STOPPING, reason="", detail="", tries=0))
            self._go_on()
        else:
            del self._pending[identity]
            self.changed.emit()

    def discard_all(self) -> None:
        """Drop all edits, the one that is being sent too, as the user leaves."""
        for edit in self._pending.values():
            if edit.can_stop:
                edit.write.give_up()
        self._tasks.cancel_all()
        self._pending.clear()
        self.changed.emit()

    @override
    async def finished(self) -> None:
        await super().finished()
        if self._ending:
            await asyncio.wait(self._ending)

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the pending edits, as what would be lost."""
        number = len(self._pending)
        if not number:
            return ()
        words = plural("Annotations", "%n edits are not saved", "%n edit is not saved", number)
        titles = tuple(edit.title for edit in self._pending.values())
        return (Unsaved(words, self.changed, self._retry_all, self.discard_all, titles),)

    def _retry_all(self) -> None:
        for identity in tuple(self._pending):
            self.retry(identity)

    # Accounts

    def enter(self, account: Account) -> None:
        """Take over the edits of an account that its journal has; nothing happens if they are here already."""
        if account.identity != self._journal.account:
            self._tasks.start(_JOURNAL, self._read_journal(account))

    def leave(self) -> None:
        """Show no edits any more; those that are not saved stay in the account's journal."""
        self._tasks.cancel_all()
        self._journal.close()
        self._pending.clear()
        self.changed.emit()

    async def _read_journal(self, account: Account) -> None:
        kept = await self._journal.open(account.identity)
        typed, self._pending = self._pending, {}
        for one in kept:
            self._offer(one)
        self._pending |= typed
        self.changed.emit()
        if kept:
            self.found.emit(len(kept))
        self._go_on()

    def _offer(self, kept: KeptEdit) -> None:
        """Give back an edit of an earlier session: only the user can tell whether it is still wanted."""
        author = self._author()
        if author is not None:
            write = self._start(kept.edit, author)
            reason = say(_WAS_SENT if kept.was_sent else _WAS_NOT_SENT)
            back, action = EditState.GIVEN_BACK, next(self._actions)
            new = PendingEdit(next(self._ids), kept.edit, kept.object_name, author, write, back, reason, action=action)
            self._pending[new.id] = new

    def _write_down(self) -> None:
        account = self._journal.account
        own = [
            edit
            for edit in self._pending.values()
            if edit.author.account == account and edit.state is not EditState.STOPPING
        ]
        self._journal.write([KeptEdit(edit.edit, edit.object_name, edit.tries > 0) for edit in own])

    # Sending

    def follow(self, state: State) -> None:
        """Follow the state of the connection: edits are sent while it is ONLINE."""
        self.online = state is State.ONLINE
        self.changed.emit()
        self._go_on()

    def _put(self, edit: PendingEdit) -> None:
        self._pending[edit.id] = edit
        self.changed.emit()

    def _go_on(self) -> None:
        if self.online and self._journal.is_ready and not self._working and self._next() is not None:
            self._working = True
            self._tasks.start(_TASK, self._work())

    def _next(self) -> PendingEdit | None:
        ready = EditState.WAITING, EditState.STOPPING
        return next((edit for edit in self._pending.values() if edit.state in ready), None)

    async def _work(self) -> None:
        try:
            while self.online and (edit := self._next()) is not None:
                if edit.author.is_same(self._author()):
                    state = edit.state if edit.state is EditState.STOPPING else EditState.SENDING
                    await self._try(replace(edit, state=state, tries=edit.tries + 1))
                else:
                    text = translate("Annotations", "This was written by {author}, who is not signed in now.")
                    self._give_back(edit, Message(text.format(author=edit.author)))
        finally:
            self._working = False

    async def _try(self, edit: PendingEdit) -> None:
        self._put(edit)
        await self._journal.written()
        try:
            receipt = await self._sent(edit.write)
        except (LostError, RefusedError) as error:
            self._hold(edit, error)
        except GatewayError as error:
            self._give_back(edit, _reason(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the text goes back to the user
            self._give_back(edit, describe(error))
            self._report(error)
        else:
            del self._pending[edit.id]
            self._name_made(edit.edit, receipt)
            self.changed.emit()
            done = replace(edit, state=EditState.DONE)
            self.done.emit(done, receipt)
            left = {*receipt.left_out, *(ref for ref, _key in receipt.conflicts)}
            if left and edit.action in self._adding:
                self.incomplete.emit(done, len(left))

    async def _sent(self, write: Write) -> Receipt:
        """Send; what is discarded while it is sent goes on until nothing of it is left, whoever waits for it."""
        sending = asyncio.ensure_future(self._send(write))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            if getattr(write, "is_given_up", False):
                self._ending.add(sending)
                sending.add_done_callback(self._ending.discard)
            else:
                sending.cancel()
            raise

    def _name_made(self, done: Edit, receipt: Receipt) -> None:
        """Have changes of pairs that were made while they were new be of the annotation that has them now."""
        made = _made(done, receipt)
        for pending in tuple(self._pending.values()) if made else ():
            edit = pending.edit
            if isinstance(edit, SetPairs) and edit.annotation_id is None and (edit.ref, edit.was) in made:
                of_it = replace(edit, annotation_id=made[edit.ref, edit.was])
                self._pending[pending.id] = replace(pending, edit=of_it, write=self._start(of_it, pending.author))

    def _is_carried_on(self, given_back: PendingEdit) -> bool:
        """Have a change of pairs that was made on top of one that was refused take its place; return whether one was.

        Only then is it a change of what the server has; and there is one way to make the pairs, not two.
        """
        before = given_back.edit
        for later in self._pending.values():
            edit = later.edit
            if isinstance(before, SetPairs) and isinstance(edit, SetPairs) and later.id != given_back.id:
                same = (edit.ref, edit.annotation_id, edit.was) == (before.ref, before.annotation_id, before.pairs)
                if same and later.state is EditState.WAITING and later.author == given_back.author:
                    whole = replace(edit, was=before.was)
                    write = self._start(whole, later.author)
                    self._pending[later.id] = replace(later, edit=whole, write=write)
                    del self._pending[given_back.id]
                    self.changed.emit()
                    return True
        return False

    def _hold(self, edit: PendingEdit, error: GatewayError) -> None:
        """Keep an edit that nobody refused for the next connection."""
        if self.online and edit.tries >= _TRIES:
            self._give_back(edit, _reason(error))
        else:
            stopping = self._is_stopping(edit)
            self._put(replace(edit, state=EditState.STOPPING if stopping else EditState.WAITING))

    def _is_stopping(self, edit: PendingEdit) -> bool:
        """Return whether an edit was discarded while it was sent."""
        now = self._pending.get(edit.id)
        return now is not None and now.state is EditState.STOPPING

    def _give_back(self, edit: PendingEdit, why: Message) -> None:
        if self._is_stopping(edit):
            del self._pending[edit.id]
            self.stopped.emit(replace(edit, reason=why.text, detail=why.detail))
            self.changed.emit()
            return
        if self._is_carried_on(edit):
            return
        back = replace(edit, state=EditState.GIVEN_BACK, reason=why.text, detail=why.detail)
        self._put(back)
        self.given_back.emit(back)


def why_not_rename(entities: Sequence[Entity]) -> str:
    """Return the sentence why the user cannot change the name, "" if it is one object and they may."""
    if len(entities) != 1:
        return translate("Annotations", "Only one object can be renamed at a time")
    if entities[0].ref.kind not in NAMED or not entities[0].permissions.can_edit:
        return translate("Annotations", "You may not rename this")
    if not entities[0].is_name_whole:
        return translate("Annotations", "Only the beginning of this very long name is known here")
    return ""


def can_rename(entities: Sequence[Entity]) -> bool:
    """Return whether it is one object, with a name that the user may change."""
    return not why_not_rename(entities)


def problem_of(text: str) -> str:
    """Return the sentence why no server would keep this text, "" if one would."""
    try:
        check_text(text)
    except FailedError as error:
        return say(error.sentence)
    return ""


def _reason(error: GatewayError) -> Message:
    message = describe(error)
    return replace(message, text=f"{message.text} {say(_UNKNOWN_FATE)}") if error.fate_unknown else message


def _objects(entities: Iterable[Entity]) -> Iterable[tuple[Ref, str]]:
    """Return each object once, wherever it was selected, with the name to show."""
    return {entity.ref: labels.name(entity) for entity in entities}.items()


def _made(done: Edit, receipt: Receipt) -> dict[tuple[Ref, Pairs], int]:
    """Return the ids of the annotations that an edit has made for pairs, by their objects and pairs."""
    if isinstance(done, SetPairs) and done.annotation_id is None and receipt.annotation_id is not None:
        return {(done.ref, done.pairs): receipt.annotation_id}
    if not isinstance(done, SetManyPairs):
        return {}
    new = {ref for ref, identity in zip(done.refs, done.annotation_ids, strict=True) if identity is None}
    back = [edit for edit in receipt.inverse if isinstance(edit, SetManyPairs)]  # has the ids of what was made
    rows = [row for edit in back for row in zip(edit.refs, edit.was, edit.annotation_ids, strict=True)]
    return {(ref, pairs): identity for ref, pairs, identity in rows if ref in new and identity is not None}
