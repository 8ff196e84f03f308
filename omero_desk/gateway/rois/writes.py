"""Saving shapes: each change is made once, however often the connection drops meanwhile.

New shapes that an earlier try has made are recognised by being equal and newer than any that were there before; a
change and a deletion by what is there now. What somebody else has changed or deleted meanwhile is left as it is and
reported, and the next save starts from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

import omero.model
from typing_extensions import override

from omero_desk.entities.edits import Author
from omero_desk.entities.rois import SaveShapes, Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.entities.sentences import Text, mark
from omero_desk.gateway.annotations.edit_write import EditWrite, SlowWrite
from omero_desk.gateway.connection.session import LaneSession, Value
from omero_desk.gateway.rois.objects import filled, new_shape, shape_of
from omero_desk.gateway.rows import mapping
from omero_desk.gateway.service.deletion import delete

_REFUSED: Final = mark("ROIs", "The server did not delete these shapes.")
_DELETED: Final = mark(
    "ROIs", "Somebody else has deleted this shape meanwhile. Save again to restore it, or revert to accept that."
)
_CHANGED: Final = mark(
    "ROIs", "Somebody else has changed this shape meanwhile. Save again to keep yours, or revert to keep theirs."
)
_NEWER: Final = mark("ROIs", "Somebody else has changed this shape meanwhile. Delete it again if you still want to.")
Saved = Mapping[int, StoredShape | None]
"""What the server has now, by the keys of the changes."""
Free = tuple[ShapeChange, StoredShape, omero.model.Shape | None]
"""A change without a conflict, what the user knew of the shape, and the server's object unless it is gone."""
Draft = TypeVar("Draft")
Result = TypeVar("Result")
_LOADED: Final = "select s from Shape s left outer join fetch s.transform where {} order by s.id"


class ShapesWrite(EditWrite[Draft, Result]):
    """The base of the three writes: the changes, and the shapes of the server that they are about."""

    def __init__(self, edit: SaveShapes, author: Author) -> None:
        super().__init__(edit, author)
        self._changes = edit.changes

    @override
    def _look_around(self, session: LaneSession) -> None:
        """Remember nothing: the changes have it."""

    def _load(self, session: LaneSession, condition: str, **parameters: Value) -> list[omero.model.Shape]:
        found: list[omero.model.Shape] = session.gateway.getQueryService().findAllByQuery(
            _LOADED.format(condition), session.parameters(parameters), self._options(session)
        )
        return found

    def _loaded(self, session: LaneSession) -> dict[int, omero.model.Shape]:
        """Load the shapes that the changes are about, as far as they are still there, by their ids."""
        ids = [change.stored.id for change in self._changes if change.stored is not None]
        return {shape.getId().getValue(): shape for shape in self._load(session, "s.id in (:ids)", ids=ids)}


class NewShapes(ShapesWrite[list[omero.model.Roi], Saved]):
    """Saves new shapes, each in a region of its own, in one transaction."""

    _before = 0

    @override
    def _look_around(self, session: LaneSession) -> None:
        query = "select max(r.id) from Roi r where r.image.id = :id and r.details.owner.id = :user"
        rows = session.projection(query, {"id": self.ref.id, "user": self._author.user_id})
        self._before = max((highest or 0 for row in rows for highest in row), default=0)

    @override
    def _draft(self, session: LaneSession) -> list[omero.model.Roi]:
        drafts: list[omero.model.Roi] = []
        for change in self._changes:
            roi = omero.model.RoiI()
            roi.setImage(omero.model.ImageI(self.ref.id, False))
            assert change.shape is not None
            roi.addShape(new_shape(change.shape))
            drafts.append(roi)
        return drafts

    @override
    def _save(self, session: LaneSession, draft: list[omero.model.Roi]) -> Saved:
        saved = session.gateway.getUpdateService().saveAndReturnArray(draft, self._options(session))
        user = self._author.user_id
        stored: dict[int, StoredShape | None] = {}
        for change, roi in zip(self._changes, saved, strict=True):
            identity = roi.copyShapes()[0].getId().getValue()
            assert change.shape is not None
            stored[change.key] = StoredShape(identity, roi.getId().getValue(), user, change.shape)
        return stored

    @override
    def _receipt(self, saved: Saved) -> ShapesReceipt:
        return ShapesReceipt(self.ref, stored=saved)

    @override
    def _find(self, session: LaneSession) -> ShapesReceipt | None:
        condition = "s.roi.image.id = :id and s.roi.id > :before and s.details.owner.id = :user"
        found = self._load(session, condition, id=self.ref.id, before=self._before, user=self._author.user_id)
        there: dict[Shape, list[omero.model.Shape]] = defaultdict(list)
        for shape in found:
            there[shape_of(shape)].append(shape)
        stored: dict[int, StoredShape | None] = {}
        for change in self._changes:
            assert change.shape is not None
            if not there[change.shape]:
                return None
            same = there[change.shape].pop(0)
            ids = same.getId().getValue(), same.getRoi().getId().getValue()
            stored[change.key] = StoredShape(*ids, self._author.user_id, change.shape)
        return ShapesReceipt(self.ref, stored=stored)


class StoredShapes(ShapesWrite[Draft, None]):
    """The base of the writes to shapes that the server has; those that others have changed are left out."""

    def __init__(self, edit: SaveShapes, author: Author) -> None:
        super().__init__(edit, author)
        self._theirs: dict[int, StoredShape | None] = {}
        self._refused: dict[int, Text] = {}

    def _free(self, loaded: Mapping[int, omero.model.Shape]) -> list[Free]:
        """Return the changes without a conflict, with what the server has; the others are remembered."""
        self._theirs, self._refused = {}, {}
        free: list[Free] = []
        for change in self._changes:
            assert change.stored is not None
            there = loaded.get(change.stored.id)
            now = shape_of(there) if there is not None else None
            if now in (change.stored.shape, change.shape):
                free.append((change, change.stored, there))
            else:
                self._theirs[change.key] = None if now is None else replace(change.stored, shape=now)
                self._refused[change.key] = _reason(change, now)
        return free

    @override
    def _receipt(self, saved: None) -> ShapesReceipt:
        return ShapesReceipt(self.ref, stored={**self._wanted(), **self._theirs}, refused=self._refused)

    @override
    def _find(self, session: LaneSession) -> ShapesReceipt | None:
        now = {identity: shape_of(shape) for identity, shape in self._loaded(session).items()}
        mine = (change for change in self._changes if change.key not in self._refused)
        done = all(change.stored and now.get(change.stored.id) == change.shape for change in mine)
        return self._receipt(None) if done else None

    def _wanted(self) -> dict[int, StoredShape | None]:
        return {
            change.key: None if change.shape is None else replace(change.stored, shape=change.shape)
            for change in self._changes
            if change.stored is not None
        }


def _reason(change: ShapeChange, now: Shape | None) -> Text:
    if now is None:
        return _DELETED
    return _NEWER if change.shape is None else _CHANGED


def _alone(shape: omero.model.Shape) -> omero.model.Shape:
    """Make references of what a loaded shape points at, which would be saved with it.

    OMERO loads region and transform with every shape, and takes a loaded collection for all that there is.
    """
    shape.unloadCollections()
    shape.roi = omero.model.RoiI(shape.getRoi().getId(), False)
    transform = shape.transform
    if transform is not None and transform.getId() is not None:
        shape.transform = omero.model.AffineTransformI(transform.getId(), False)
    return shape


class ChangedShapes(StoredShapes[list[omero.model.Shape]]):
    """Saves other values of shapes."""

    @override
    def _draft(self, session: LaneSession) -> list[omero.model.Shape]:
        free = self._free(self._loaded(session))
        return [_alone(filled(there, change.shape)) for change, _, there in free if there and change.shape]

    @override
    def _save(self, session: LaneSession, draft: list[omero.model.Shape]) -> None:
        if draft:
            session.gateway.getUpdateService().saveAndReturnArray(draft, self._options(session))


class DeletedShapes(SlowWrite[dict[str, list[int]], None], StoredShapes[dict[str, list[int]]]):
    """Deletes shapes, and with its last shape the region."""

    @override
    def _draft(self, session: LaneSession) -> dict[str, list[int]]:
        going: dict[int, list[int]] = defaultdict(list)
        for _, stored, there in self._free(self._loaded(session)):
            if there is not None:
                going[stored.roi_id].append(stored.id)
        query = "select s.roi.id, count(s) from Shape s where s.roi.id in (:ids) group by s.roi.id"
        sizes = mapping(session.projection(query, {"ids": list(going)})) if going else {}
        rois = [roi for roi, shapes in going.items() if sizes.get(roi) == len(shapes)]
        rest = [shape for roi, shapes in going.items() if sizes.get(roi) != len(shapes) for shape in shapes]
        return {name: ids for name, ids in (("Roi", rois), ("Shape", rest)) if ids}

    @override
    def _save(self, session: LaneSession, draft: dict[str, list[int]]) -> None:
        if draft:
            delete(session, draft, _REFUSED)


AnyShapesWrite: TypeAlias = NewShapes | ChangedShapes | DeletedShapes
_WRITES: Final[Mapping[tuple[bool, bool], type[AnyShapesWrite]]] = {
    (False, True): NewShapes,
    (True, True): ChangedShapes,
    (True, False): DeletedShapes,
}
"""The write for a change, by whether the server has the shape, and whether it is to have it."""


def write_of(edit: SaveShapes, author: Author) -> AnyShapesWrite:
    """Return the write for changes of one sort. Raises ValueError for several sorts."""
    sorts = {(change.stored is not None, change.shape is not None) for change in edit.changes}
    if len(sorts) != 1:
        raise ValueError("changes of one sort are saved at a time")
    return _WRITES[sorts.pop()](edit, author)
