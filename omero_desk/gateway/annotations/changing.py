"""Values of an object that is there, given others: names, descriptions, texts of annotations, key-value pairs.

Where somebody else has changed one meanwhile the user is told once of what there is now, and may insist.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Final, Generic, TypeAlias, TypeVar

import omero
import omero.model
from omero.rtypes import rstring
from typing_extensions import override

from omero_desk.entities.annotations import Pairs
from omero_desk.entities.edits import Author, Describe, Edit, EditAnnotation, Receipt, Rename, SetPairs
from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import Text, mark
from omero_desk.gateway.annotations.edit_write import GONE, Entity, ObjectWrite, undoing
from omero_desk.gateway.annotations.many import ANNOTATION_GONE, class_of
from omero_desk.gateway.connection.session import LaneSession

Value = TypeVar("Value")
Named: TypeAlias = omero.model.Image
"""An object of any kind that has a name and a description."""
_RENAMED: Final = mark("Annotations", "Somebody else has renamed this to “{name}” meanwhile.")
_DESCRIBED: Final = mark("Annotations", "Somebody else has changed the description to “{text}” meanwhile.")
_UNDESCRIBED: Final = mark("Annotations", "Somebody else has removed the description meanwhile.")
_EDITED: Final = mark("Annotations", "Somebody else has changed this to “{text}” meanwhile.")
_PAIRS: Final = mark("Annotations", "Somebody else has changed these key-value pairs meanwhile. Now they are: {pairs}")


class ChangeWrite(ObjectWrite[Entity], Generic[Entity, Value]):
    """The base: `_seen` is the value that the user saw, None where any may be replaced, `_wanted` the new one.

    What is loaded carries the event of its last change: one between reading and saving is refused by the server. All
    other values go back as they are now; a collection that is not loaded says nothing, and a loaded one would be all
    that there is.
    """

    AGAIN = (*ObjectWrite.AGAIN, omero.ValidationException)
    NOBODY: ClassVar[Text] = GONE
    _seen: Value | None
    _wanted: Value
    _before: Value | None = None
    _fresh: Entity | None = None
    _class: str
    _id: int

    @abstractmethod
    def _value(self, thing: Entity) -> Value:
        """Return the value that an object has."""

    @abstractmethod
    def _put(self, thing: Entity) -> None:
        """Give an object the new value."""

    @abstractmethod
    def _conflict(self, now: Value) -> FailedError:
        """Return what is told of the value that somebody else has given."""

    @abstractmethod
    def _inverse(self, before: Value) -> Edit:
        """Return the edit that gives the old value back. Raises FailedError for a value that no edit has."""

    @override
    def _begin(self, session: LaneSession) -> None:
        self._look_around(session)

    @override
    def _look_around(self, session: LaneSession) -> None:
        thing = self._loaded(session)
        if thing is None:
            raise FailedError(self.NOBODY)
        self._compare(thing, self._seen)
        self._before, self._fresh = self._value(thing), thing

    @override
    def _draft(self, session: LaneSession) -> Entity:
        thing, self._fresh = self._fresh or self._loaded(session), None
        if thing is None:
            raise FailedError(self.NOBODY)
        self._compare(thing, self._before)
        thing.unloadCollections()
        self._put(thing)
        return thing

    @override
    def _receipt(self, saved: Entity) -> Receipt:
        before = self._before
        is_changed = before is not None and before != self._wanted
        return self._told(undoing(lambda: self._inverse(before)) if before is not None and is_changed else ())

    def _told(self, inverse: tuple[Edit, ...]) -> Receipt:
        return Receipt(self.ref, inverse=inverse)

    @override
    def _find(self, session: LaneSession) -> Receipt | None:
        thing = self._loaded(session)
        if thing is None:
            return None
        if self._value(thing) == self._wanted:
            return self._receipt(thing)
        self._compare(thing, self._before)
        return None

    def _compare(self, thing: Entity, known: Value | None) -> None:
        """Tell of another value than a known one or the new one; the next try starts from what was told."""
        now = self._value(thing)
        if known is not None and now not in (known, self._wanted):
            self._seen, self._fresh, self._prepared = now, None, False
            raise self._conflict(now)

    def _loaded(self, session: LaneSession) -> Entity | None:
        """Return the object as it is now, None for one that is gone or may not be seen; its group is the write's."""
        try:
            thing: Entity | None = session.gateway.getQueryService().find(self._class, self._id, session.everywhere)
        except omero.SecurityViolation:
            return None
        if thing is not None:
            self._group = thing.getDetails().getGroup().getId().getValue()
        return thing


class RenameWrite(ChangeWrite[Named, str]):
    """A new name; an empty `was` stands for any."""

    def __init__(self, edit: Rename, author: Author) -> None:
        super().__init__(edit, author)
        self._class, self._id = edit.ref.kind, edit.ref.id
        self._seen, self._wanted = edit.was or None, edit.text

    @override
    def _value(self, thing: Named) -> str:
        return text_of(thing.getName())

    @override
    def _put(self, thing: Named) -> None:
        thing.setName(rstring(self._wanted))

    @override
    def _conflict(self, now: str) -> FailedError:
        return FailedError(_RENAMED, name=now)

    @override
    def _inverse(self, before: str) -> Edit:
        return Rename(self.ref, before, self._wanted)

    @override
    def _told(self, inverse: tuple[Edit, ...]) -> Receipt:
        return Receipt(self.ref, name=self._wanted, inverse=inverse)


class DescribeWrite(ChangeWrite[Named, str]):
    """A new description, or none."""

    def __init__(self, edit: Describe, author: Author) -> None:
        super().__init__(edit, author)
        self._class, self._id = edit.ref.kind, edit.ref.id
        self._seen, self._wanted = edit.was, edit.text

    @override
    def _value(self, thing: Named) -> str:
        return text_of(thing.getDescription())

    @override
    def _put(self, thing: Named) -> None:
        thing.setDescription(rstring(self._wanted) if self._wanted else None)

    @override
    def _conflict(self, now: str) -> FailedError:
        return FailedError(_DESCRIBED, text=now) if now else FailedError(_UNDESCRIBED)

    @override
    def _inverse(self, before: str) -> Edit:
        return Describe(self.ref, before, self._wanted)


class AnnotationWrite(ChangeWrite[omero.model.TextAnnotation, tuple[str, str]]):
    """A new text and description of a tag or comment; of another type the description alone."""

    NOBODY = ANNOTATION_GONE

    def __init__(self, edit: EditAnnotation, author: Author) -> None:
        super().__init__(edit, author)
        self._class, self._id = class_of(edit.type), edit.annotation_id
        self._type = edit.type
        self._seen, self._wanted = (edit.was, edit.was_description), (edit.text, edit.description)

    @override
    def _value(self, thing: omero.model.TextAnnotation) -> tuple[str, str]:
        text = said(thing) if isinstance(thing, omero.model.TextAnnotation) else self._wanted[0]
        return text, text_of(thing.getDescription())

    @override
    def _put(self, thing: omero.model.TextAnnotation) -> None:
        text, description = self._wanted
        if isinstance(thing, omero.model.TextAnnotation):
            thing.setTextValue(rstring(text))
        thing.setDescription(rstring(description) if description else None)

    @override
    def _conflict(self, now: tuple[str, str]) -> FailedError:
        return FailedError(_EDITED, text=" – ".join(filter(None, now)))  # noqa: RUF001 - a dash

    @override
    def _inverse(self, before: tuple[str, str]) -> Edit:
        (text, description), (was, was_description) = before, self._wanted
        return EditAnnotation(self.ref, self._type, self._id, text, was, description, was_description)

    @override
    def _told(self, inverse: tuple[Edit, ...]) -> Receipt:
        return Receipt(self.ref, annotation_id=self._id, inverse=inverse)


class PairsWrite(ChangeWrite[omero.model.MapAnnotation, Pairs]):
    """Other pairs for a key-value annotation, all at once."""

    NOBODY = ANNOTATION_GONE

    def __init__(self, edit: SetPairs, author: Author) -> None:
        super().__init__(edit, author)
        assert edit.annotation_id is not None
        self._class, self._id = "MapAnnotation", edit.annotation_id
        self._namespace = edit.namespace
        self._seen, self._wanted = edit.was, edit.pairs

    @override
    def _value(self, thing: omero.model.MapAnnotation) -> Pairs:
        return pairs_of(thing)

    @override
    def _put(self, thing: omero.model.MapAnnotation) -> None:
        thing.setMapValue(named_values(self._wanted))

    @override
    def _conflict(self, now: Pairs) -> FailedError:
        return pairs_conflict(now)

    @override
    def _inverse(self, before: Pairs) -> Edit:
        return SetPairs(self.ref, self._id, before, self._wanted, self._namespace)

    @override
    def _told(self, inverse: tuple[Edit, ...]) -> Receipt:
        return Receipt(self.ref, annotation_id=self._id, inverse=inverse)


def pairs_of(annotation: omero.model.MapAnnotation) -> Pairs:
    """Return the keys and values of an annotation, in their order."""
    return tuple((pair.name or "", pair.value or "") for pair in annotation.getMapValue() or () if pair is not None)


def named_values(pairs: Pairs) -> list[omero.model.NamedValue]:
    """Return pairs as OMERO has them."""
    return [omero.model.NamedValue(key, value) for key, value in pairs]


def pairs_conflict(now: Pairs) -> FailedError:
    """Return what is told of pairs that somebody else has given."""
    return FailedError(_PAIRS, pairs=", ".join(f"{key}: {value}" for key, value in now))


def said(annotation: omero.model.TextAnnotation) -> str:
    """Return the text of a tag or comment, "" for none."""
    return text_of(annotation.getTextValue())


def text_of(value: omero.RString | None) -> str:
    """Return a text of OMERO's, "" for none."""
    return "" if value is None else value.getValue()
