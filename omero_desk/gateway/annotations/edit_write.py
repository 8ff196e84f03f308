"""Edits on their way to the server: each is done once, however often the connection drops meanwhile.

Before the first try a write remembers what is there that looks like its work; what looks like it afterwards and was not
there before, is its work. It goes on remembering between tries: the one write of an edit serves for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, Generic

import omero
from omero.model import IObject
from typing_extensions import TypeVar, override

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import Author, Edit, Receipt
from omero_desk.entities.errors import FailedError
from omero_desk.entities.rois import SaveShapes
from omero_desk.entities.sentences import mark
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.lanes.policy import Patience, patient

if TYPE_CHECKING:
    from omero.gateway import ServiceOptsDict

GONE: Final = mark("Annotations", "This object is not there any more, or you may not see it any more.")
Draft = TypeVar("Draft", default=IObject)
Saved = TypeVar("Saved", default=IObject)


class SupersededError(FailedError):
    """The try was given up, and another one has taken its place: what it has begun is that one's."""


class EditWrite(ABC, Generic[Draft, Saved]):
    """A write for `ServiceManager.write`: it prepares, sends, and looks whether it got there.

    Raises FailedError where the object is gone or the session is not the author's, and what the session's calls raise.
    `lane` is the one that it is sent on. `AGAIN` are the errors after which it looks anew and, if it is not done, tries
    again: somebody else was quicker.
    """

    AGAIN: ClassVar[tuple[type[Exception], ...]] = (omero.OptimisticLockException,)
    TRIES: ClassVar[int] = 3
    lane: ClassVar[Lane] = Lane.METADATA

    def __init__(self, edit: Edit | SaveShapes, author: Author) -> None:
        self.ref = edit.ref
        self.text = edit.text
        self.name = f"{edit.verb} {edit.ref.kind}:{edit.ref.id}"
        self._author = author
        self._group = 0
        self._prepared = False
        self._look_first = False
        self._try: object = None

    def prepare(self, session: LaneSession) -> None:
        """Remember what there is before the first try; later tries keep that memory."""
        self._check_author(session)
        if not self._prepared:
            self._begin(session)
            self._prepared = True

    def send(self, session: LaneSession) -> Receipt:
        """Have the server do it, in one transaction; a second try looks first whether another one got there."""
        self.prepare(session)
        found = self._find(session) if self._look_first else None
        if found is not None:
            return found
        self._look_first = True
        return self._saved(session)

    def _saved(self, session: LaneSession) -> Receipt:
        """Save, and again from what there is then where somebody else has changed it between reading and saving.

        OMERO compares the event of the last change that was read (OmeroInterceptor.managedEvent); it undoes all of a
        save that it refuses.
        """
        this = self._try = object()
        for left in reversed(range(self.TRIES)):
            draft = self._draft(session)
            self._check_try(this)
            try:
                return self._receipt(self._save(session, draft))
            except self.AGAIN:
                found = self._find(session)
                if found is not None:
                    return found
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _check_try(self, this: object) -> None:
        """Raise FailedError for a try that was given up, and that another one has taken the place of."""
        if this is not self._try:
            raise SupersededError(mark("Annotations", "Another try has taken the place of this one."))

    def find(self, session: LaneSession) -> Receipt | None:
        """Return the receipt if a try got there, None if none did."""
        self._check_author(session)
        return self._find(session)

    def _begin(self, session: LaneSession) -> None:
        self._group = self._group_of_object(session)
        self._look_around(session)

    @abstractmethod
    def _look_around(self, session: LaneSession) -> None:
        """Remember what `_find` compares with."""

    @abstractmethod
    def _draft(self, session: LaneSession) -> Draft:
        """Return what is to be saved; only reads."""

    @abstractmethod
    def _save(self, session: LaneSession, draft: Draft) -> Saved:
        """Make the change: the only call that does."""

    @abstractmethod
    def _receipt(self, saved: Saved) -> Receipt:
        """Return the receipt, by what the server gave back."""

    @abstractmethod
    def _find(self, session: LaneSession) -> Receipt | None:
        """Return the receipt if the change is there now and was not before, else None."""

    def _options(self, session: LaneSession) -> ServiceOptsDict:
        options = session.gateway.SERVICE_OPTS.copy()
        options.setOmeroGroup(self._group)
        return options

    def _group_of_object(self, session: LaneSession) -> int:
        query = f"select obj.details.group.id from {self.ref.kind} obj where obj.id = :id"
        rows = session.projection(query, {"id": self.ref.id})
        if not rows:
            raise FailedError(GONE)
        group: int = rows[0][0]
        return group

    def _check_author(self, session: LaneSession) -> None:
        here = session.connection.server, session.gateway.getUserId()
        if here != (self._author.server, self._author.user_id):
            text = mark("Annotations", "This was written by {author}, who is not signed in now.")
            raise FailedError(text, author=self._author)


def undoing(make: Callable[[], Edit]) -> tuple[Edit, ...]:
    """Return an edit that undoes another, none where no edit can say what there was, such as an empty name."""
    try:
        return (make(),)
    except FailedError:
        return ()


class SlowWrite(EditWrite[Draft, Saved]):
    """A write on which a server may be for minutes, such as a deletion: its plan goes through all annotations."""

    @override
    @patient(Patience.LONG)
    def send(self, session: LaneSession) -> Receipt:
        """Have the server do it, and wait as long as that takes."""
        return super().send(session)


Entity = TypeVar("Entity", bound=IObject)


class ObjectWrite(EditWrite[Entity, Entity]):
    """A write that saves one object, with all that belongs to it."""

    def _save(self, session: LaneSession, draft: Entity) -> Entity:
        return session.gateway.getUpdateService().saveAndReturnObject(draft, self._options(session))
