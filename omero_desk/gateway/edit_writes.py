"""Edits on their way to the server: each is done once, however often the line drops while it is sent.

Before the first try a write remembers what is there that looks like its work; what looks like it afterwards and was not
there before, is its work. It goes on remembering between tries: the one write of an edit serves for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any, ClassVar, Final

import omero.model
from omero.rtypes import rstring

from omero_desk.gateway.edit import AddComment, AddTag, Author, Edit, Receipt, Rename
from omero_desk.gateway.errors import FailedError
from omero_desk.gateway.roi_entities import SaveShapes
from omero_desk.gateway.session import Session


class EditWrite(ABC):
    """What `ServiceManager.write` is given: it prepares, sends, and looks whether it got there.

    Raises FailedError where the object is gone or the session is not the author's, and what the session's calls raise.
    """

    def __init__(self, edit: Edit | SaveShapes, author: Author) -> None:
        self.ref = edit.ref
        self.text = edit.text
        self.name = f"{edit.verb} {edit.ref.kind}:{edit.ref.id}"
        self._author = author
        self._group = 0
        self._prepared = False
        self._look_first = False
        self._try: object = None

    def prepare(self, session: Session) -> None:
        """Remember what there is before the first try; later tries keep that memory."""
        self._check_author(session)
        if not self._prepared:
            self._group = self._group_of_object(session)
            self._look_around(session)
            self._prepared = True

    def send(self, session: Session) -> Receipt:
        """Have the server do it, in one transaction; a second try looks first whether another one got there."""
        self._check_author(session)
        found = self._find(session) if self._look_first else None
        if found is not None:
            return found
        self._look_first = True
        this = self._try = object()
        draft = self._draft(session)
        if this is not self._try:
            raise FailedError("Another try has taken the place of this one.")
        return self._receipt(self._save(session, draft))

    def find(self, session: Session) -> Receipt | None:
        """What it came to if a try got there, None if none did."""
        self._check_author(session)
        return self._find(session)

    @abstractmethod
    def _look_around(self, session: Session) -> None:
        """Remember what `_find` compares with."""

    @abstractmethod
    def _draft(self, session: Session) -> Any:
        """The object to save, with what hangs on it; only reads."""

    def _save(self, session: Session, draft: Any) -> Any:
        """The one call that changes anything."""
        return session.gateway.getUpdateService().saveAndReturnObject(draft, self._options(session))

    @abstractmethod
    def _receipt(self, saved: Any) -> Receipt:
        """What it came to, by the object that the server gave back."""

    @abstractmethod
    def _find(self, session: Session) -> Receipt | None:
        """Whether it is there now, and was not before."""

    def _options(self, session: Session) -> Any:
        options = session.gateway.SERVICE_OPTS.copy()
        options.setOmeroGroup(self._group)
        return options

    def _group_of_object(self, session: Session) -> int:
        query = f"select obj.details.group.id from {self.ref.kind} obj where obj.id = :id"
        rows = session.projection(query, {"id": self.ref.id})
        if not rows:
            raise FailedError("This object is not there any more, or you may not see it any more.")
        group: int = rows[0][0]
        return group

    def _check_author(self, session: Session) -> None:
        here = session.connection.server, session.gateway.getUserId()
        if here != (self._author.server, self._author.user_id):
            raise FailedError(f"This was written by {self._author}, who is not signed in now.")


class CommentWrite(EditWrite):
    """A comment and the link to it, in one transaction."""

    ANNOTATION: ClassVar[str] = "CommentAnnotation"
    WHERE: ClassVar[str] = ""
    _before: Collection[int] = ()

    def _look_around(self, session: Session) -> None:
        self._before = self._own_links(session).keys()

    def _draft(self, session: Session) -> Any:
        return self._link(self._new_annotation())

    def _receipt(self, saved: Any) -> Receipt:
        return Receipt(self.ref, annotation_id=saved.getChild().getId().getValue())

    def _find(self, session: Session) -> Receipt | None:
        links = self._own_links(session)
        new = sorted(links.keys() - set(self._before))
        return Receipt(self.ref, annotation_id=links[new[0]]) if new else None

    def _own_links(self, session: Session) -> dict[int, int]:
        """The user's own links on the object to annotations with this text: ids of links, and of the annotations."""
        rows = session.projection(
            f"select link.id, an.id from {self.ref.kind}AnnotationLink link join link.child an"
            " where link.parent.id = :id and link.details.owner.id = :user"
            f" and an.class = {self.ANNOTATION} and an.textValue = :text {self.WHERE}",
            {"id": self.ref.id, "user": self._author.user_id, "text": self.text},
        )
        return dict(rows)

    def _new_annotation(self) -> Any:
        annotation = getattr(omero.model, f"{self.ANNOTATION}I")()
        annotation.setTextValue(rstring(self.text))
        return annotation

    def _link(self, annotation: Any) -> Any:
        link = getattr(omero.model, f"{self.ref.kind}AnnotationLinkI")()
        link.setParent(_reference(self.ref.kind, self.ref.id))
        link.setChild(annotation)
        return link


class TagWrite(CommentWrite):
    """A link to a tag, which is made with it if there is none of that name; one that hangs there already stays."""

    ANNOTATION = "TagAnnotation"
    WHERE = "and an.ns is null"
    """What has a namespace is a tag set, or belongs to a program."""

    def _look_around(self, session: Session) -> None:
        """Any link will do, from whenever it is."""
        self._look_first = True

    def _draft(self, session: Session) -> Any:
        known = self._known_tag(session)
        return self._link(self._new_annotation() if known is None else _reference(self.ANNOTATION, known))

    def _known_tag(self, session: Session) -> int | None:
        """The user's own tag, else the oldest in the group that the user may link to."""
        rows = session.projection(
            "select new map(an.id as id, an.details.owner.id as owner, an as an_details_permissions)"
            f" from TagAnnotation an where an.textValue = :text {self.WHERE} order by an.id",
            {"text": self.text},
            group=self._group,
        )
        tags = [row for (row,) in rows if row["an_details_permissions"]["canAnnotate"]]
        tags.sort(key=lambda tag: tag["owner"] != self._author.user_id)
        return tags[0]["id"] if tags else None


class RenameWrite(EditWrite):
    """A new name; where somebody else has changed it meanwhile the user is told once, and may insist."""

    def __init__(self, edit: Rename, author: Author) -> None:
        super().__init__(edit, author)
        self._seen = edit.was
        self._before = ""

    def _look_around(self, session: Session) -> None:
        now = self._name_now(session)
        if self._seen and now and now not in (self._seen, self.text):
            self._tell_conflict(now)
        self._before = now

    def _draft(self, session: Session) -> Any:
        # What is loaded carries its version: a change between this call and the next is refused by the server.
        thing = session.gateway.getQueryService().get(self.ref.kind, self.ref.id, self._options(session))
        thing.setName(rstring(self.text))
        return thing

    def _receipt(self, saved: Any) -> Receipt:
        return Receipt(self.ref, name=saved.getName().getValue())

    def _find(self, session: Session) -> Receipt | None:
        now = self._name_now(session)
        if now == self.text:
            return Receipt(self.ref, name=now)
        if now != self._before:
            self._tell_conflict(now)
        return None

    def _name_now(self, session: Session) -> str:
        query = f"select obj.id, obj.name from {self.ref.kind} obj where obj.id = :id"
        rows = session.projection(query, {"id": self.ref.id})
        return next((name or "" for _, name in rows), "")

    def _tell_conflict(self, now: str) -> None:
        """Give the edit back; the next try starts from what the user has now been told of."""
        self._seen = now
        self._prepared = False
        raise FailedError(f"Somebody else has renamed this to “{now}” meanwhile.")


_WRITES: Final[dict[type, Any]] = {AddComment: CommentWrite, AddTag: TagWrite, Rename: RenameWrite}


def write_of(edit: Edit, author: Author) -> EditWrite:
    """A new write for an edit of `author`; keep it until the edit is done or given up."""
    write: EditWrite = _WRITES[type(edit)](edit, author)
    return write


def _reference(kind: str, identity: int) -> Any:
    return getattr(omero.model, f"{kind}I")(identity, False)
