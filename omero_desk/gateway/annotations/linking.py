"""Comments, tags, and other annotations that are put on objects."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

import omero.model
from omero.model import Annotation
from omero.rtypes import rstring
from typing_extensions import override

from omero_desk.entities.edits import AddTag, Author, PutAnnotation, Receipt, TakeOff
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.annotations.edit_write import ObjectWrite
from omero_desk.gateway.annotations.many import (
    ANNOTATION_GONE,
    NOT_ALLOWED,
    AnnotationLink,
    ManyWrite,
    Objects,
    Parameters,
    Question,
    class_of,
    groups_of,
    new_link,
    save_linked,
)
from omero_desk.gateway.annotations.tag_sets.links import check_set, set_link
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.rows import Record, Row, mapping

_OTHER_GROUP: Final = mark("Annotations", "This annotation is in another group.")


class NewAnnotationWrite(ObjectWrite[AnnotationLink]):
    """A new annotation of one's own and the link to it, in one transaction.

    A try got there if there is a link that was not there before, to an annotation that is like it (`LIKE`, a condition
    of HQL over `an` that may ask for :text).
    """

    LIKE: ClassVar[str]
    _before: Collection[int] = ()

    @abstractmethod
    def _new(self) -> Annotation:
        """Return the annotation."""

    @abstractmethod
    def _written(self, identity: int) -> Receipt:
        """Return the receipt of an annotation."""

    @override
    def _look_around(self, session: LaneSession) -> None:
        self._before = self._own_links(session).keys()

    @override
    def _draft(self, session: LaneSession) -> AnnotationLink:
        return new_link(self.ref, self._new())

    @override
    def _receipt(self, saved: AnnotationLink) -> Receipt:
        return self._written(saved.getChild().getId().getValue())

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        found = self._found(session)
        return self._written(found[0]) if found else None

    def _found(self, session: LaneSession) -> list[int]:
        """Return the ids of the annotations that were not there before, in the order of their links."""
        links = self._own_links(session)
        return [links[link] for link in sorted(links.keys() - set(self._before))]

    def _own_links(self, session: LaneSession) -> dict[int, int]:
        """Return the user's own links from the object to annotations like it, as annotation ids by link ids."""
        asked: Parameters = {"id": self.ref.id, "user": self._author.user_id}
        if ":text" in self.LIKE:
            asked["text"] = self.text
        rows = session.projection(
            f"select link.id, an.id from {self.ref.kind}AnnotationLink link join link.child an"
            f" where link.parent.id = :id and link.details.owner.id = :user and {self.LIKE}",
            asked,
        )
        return mapping(rows)


class CommentWrite(NewAnnotationWrite):
    """A new comment."""

    LIKE = "an.class = CommentAnnotation and an.textValue = :text"

    @override
    def _new(self) -> Annotation:
        comment = omero.model.CommentAnnotationI()
        comment.setTextValue(rstring(self.text))
        return comment

    @override
    def _written(self, identity: int) -> Receipt:
        back = TakeOff((self.ref,), "Comment", identity, self.text)
        return Receipt(self.ref, annotation_id=identity, inverse=(back,))


@dataclass(frozen=True)
class Linked:
    """The objects, the user's own links as annotations' ids by objects' ids, and the annotation that the others get.

    `annotation_id` is None for one that is still to be made.
    """

    objects: Objects
    links: Mapping[int, int]
    annotation_id: int | None


class LinksWrite(ManyWrite[Linked]):
    """The base of writes that put one annotation on objects; where the user has put it already the link stays."""

    TYPE: ClassVar[str]

    def __init__(self, edit: AddTag | PutAnnotation, author: Author) -> None:
        super().__init__(edit, author)
        self._class = class_of(self.TYPE if isinstance(edit, AddTag) else edit.type)

    @abstractmethod
    def _questions(self) -> tuple[Question, Question]:
        """Return the questions for own links (ids of the object and of the annotation), and for the annotation."""

    @abstractmethod
    def _annotation(self, rows: Sequence[Row]) -> int | None:
        """Return the id of the annotation by the answer to its question, None for one that is still to be made."""

    @override
    def _look(self, session: LaneSession) -> Linked:
        objects, links, annotations = session.answers(self._objects_asked(), *self._questions())
        found = self._objects(objects)
        return Linked(found, mapping(links), self._annotation(annotations))

    @override
    def _is_done(self, state: Linked) -> bool:
        return not self._missing(state)

    @override
    def _save(self, session: LaneSession, draft: Linked) -> Linked:
        missing = self._missing(draft)
        self._left_out({*draft.links, *(ref.id for ref in missing)})
        if not missing:
            return draft
        annotation_id = draft.annotation_id
        if annotation_id is None:
            annotation_id = self._made(session, missing)
        else:
            proxy = getattr(omero.model, f"{self._class}I")(annotation_id, False)
            links = [new_link(ref, proxy) for ref in missing]
            session.gateway.getUpdateService().saveAndReturnIds(links, self._options(session))
        now = {**draft.links, **{ref.id: annotation_id for ref in missing}}
        return replace(draft, links=now, annotation_id=annotation_id)

    @override
    def _receipt(self, saved: Linked) -> Receipt:
        before = saved.links if self._before is None else self._before.links
        new = groups_of(
            (saved.links[ref.id], ref) for ref in self._refs if ref.id in saved.links and ref.id not in before
        )
        kind = self._class.removesuffix("Annotation")
        inverse = tuple(TakeOff(refs, kind, identity, self.text) for identity, refs in new.items())
        identity = next(iter(new), None) or next(iter(saved.links.values()), saved.annotation_id)
        return Receipt(self.ref, annotation_id=identity, inverse=inverse, left_out=self._left_out(saved.links))

    def _made(self, session: LaneSession, missing: Sequence[Ref]) -> int:
        new = self._new()
        return save_linked(session, new, missing, self._options(session), self._around(new))

    def _around(self, annotation: omero.model.Annotation) -> Sequence[omero.model.IObject]:
        """Return what is saved with a new annotation, beside the links of the objects."""
        return ()

    def _missing(self, state: Linked) -> list[Ref]:
        return [ref for ref in self._refs if ref.id in state.objects.allowed and ref.id not in state.links]

    def _new(self) -> omero.model.Annotation:
        raise FailedError(ANNOTATION_GONE)

    def _annotatable(self, rows: Sequence[Row]) -> list[Record]:
        """Return the annotations in the group of the objects that the user may put on them."""
        here = (row for (row,) in rows if row["owner_group"] == self._group)
        return [row for row in here if row["an_details_permissions"]["canAnnotate"]]


_FOUND: Final = (
    "select new map(an.id as id, an.details.owner.id as owner, an.details.group.id as owner_group,"
    " an as an_details_permissions)"
)


class TagWrite(LinksWrite):
    """A tag by its name: the user's own, else the oldest of the group's, else one that is made with its links.

    What has a namespace is a tag set, or belongs to a program.
    """

    TYPE = "Tag"

    def __init__(self, edit: AddTag, author: Author) -> None:
        super().__init__(edit, author)
        self._description, self._set = edit.description, edit.set_id

    @override
    def _questions(self) -> tuple[Question, Question]:
        links = (
            f"select link.parent.id, an.id from {self._kind}AnnotationLink link join link.child an"
            " where link.parent.id in (:ids) and link.details.owner.id = :user"
            " and an.class = TagAnnotation and an.textValue = :text and an.ns is null order by link.id"
        )
        tags = f"{_FOUND} from TagAnnotation an where an.textValue = :text and an.ns is null order by an.id"
        asked: Parameters = {"ids": self._ids, "user": self._author.user_id, "text": self.text}
        return (links, asked), (tags, {"text": self.text})

    @override
    def _annotation(self, rows: Sequence[Row]) -> int | None:
        tags = self._annotatable(rows)
        tags.sort(key=lambda tag: tag["owner"] != self._author.user_id)
        return tags[0]["id"] if tags else None

    @override
    def _look(self, session: LaneSession) -> Linked:
        state = super()._look(session)
        if self._set is not None and state.annotation_id is None and not state.links:
            check_set(session, self._set, self._group)
        return state

    @override
    def _around(self, annotation: omero.model.Annotation) -> Sequence[omero.model.IObject]:
        return () if self._set is None else (set_link(self._set, annotation),)

    @override
    def _new(self) -> omero.model.Annotation:
        tag = omero.model.TagAnnotationI()
        tag.setTextValue(rstring(self.text))
        if self._description:
            tag.setDescription(rstring(self._description))
        return tag


class PutWrite(LinksWrite):
    """An annotation that is there, by its id. Raises FailedError where it is gone, or in another group."""

    def __init__(self, edit: PutAnnotation, author: Author) -> None:
        super().__init__(edit, author)
        self._id = edit.annotation_id

    @override
    def _questions(self) -> tuple[Question, Question]:
        links = (
            f"select link.parent.id, link.child.id from {self._kind}AnnotationLink link"
            " where link.parent.id in (:ids) and link.details.owner.id = :user and link.child.id = :an"
        )
        asked: Parameters = {"ids": self._ids, "user": self._author.user_id, "an": self._id}
        return (links, asked), (f"{_FOUND} from {self._class} an where an.id = :an", {"an": self._id})

    @override
    def _annotation(self, rows: Sequence[Row]) -> int | None:
        if not rows:
            raise FailedError(ANNOTATION_GONE)
        if rows[0][0]["owner_group"] != self._group:
            raise FailedError(_OTHER_GROUP)
        if not self._annotatable(rows):
            raise FailedError(NOT_ALLOWED)
        return self._id
