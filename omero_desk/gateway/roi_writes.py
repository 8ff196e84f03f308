"""Changed shapes on their way to the server: each change is made once, however often the line drops.

New shapes that a try has made are known by being newer than any there was before, and the same; a change and a
deletion by what is there now. What somebody else has changed or deleted meanwhile is left as it is, and told of: the
next save starts from what the user has now been told of.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import omero.cmd
import omero.model

from omero_desk.gateway.edit import Author
from omero_desk.gateway.edit_writes import EditWrite
from omero_desk.gateway.errors import FailedError
from omero_desk.gateway.roi_entities import SaveShapes, Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.gateway.roi_objects import filled, new_shape, shape_of
from omero_desk.gateway.session import Session

_POLL: Final = 0.05
_DELETED: Final = "Somebody else has deleted this shape meanwhile: save again to draw it anew, or revert to let it go."
_CHANGED: Final = "Somebody else has changed this shape meanwhile: save again to have yours, or revert to have theirs."
_NEWER: Final = "Somebody else has changed this shape meanwhile: delete it again if you still mean it."
_LOADED: Final = "select s from Shape s left outer join fetch s.transform where {} order by s.id"


class ShapesWrite(EditWrite):
    """What the three have in common: the changes, and the shapes that they are about."""

    def __init__(self, edit: SaveShapes, author: Author) -> None:
        super().__init__(edit, author)
        self._changes = edit.changes

    def _receipt(self, saved: Any) -> ShapesReceipt:
        return ShapesReceipt(self.ref, stored=saved)

    def _look_around(self, session: Session) -> None:
        """Nothing to remember: the changes have it."""

    def _load(self, session: Session, condition: str, **parameters: Any) -> list[Any]:
        found: list[Any] = session.gateway.getQueryService().findAllByQuery(
            _LOADED.format(condition), session.parameters(parameters), self._options(session)
        )
        return found

    def _loaded(self, session: Session) -> dict[int, Any]:
        """The shapes that the changes are about, as far as they are still there, by their ids."""
        ids = [change.stored.id for change in self._changes if change.stored is not None]
        return {shape.getId().getValue(): shape for shape in self._load(session, "s.id in (:ids)", ids=ids)}


class NewShapes(ShapesWrite):
    """Each in a region of its own, all in one transaction."""

    _before = 0

    def _look_around(self, session: Session) -> None:
        query = "select max(r.id) from Roi r where r.image.id = :id and r.details.owner.id = :user"
        rows = session.projection(query, {"id": self.ref.id, "user": self._author.user_id})
        self._before = max((highest or 0 for row in rows for highest in row), default=0)

    def _draft(self, session: Session) -> Any:
        drafts = []
        for change in self._changes:
            roi = omero.model.RoiI()
            roi.setImage(omero.model.ImageI(self.ref.id, False))
            assert change.shape is not None
            roi.addShape(filled(new_shape(change.shape), change.shape))
            drafts.append(roi)
        return drafts

    def _save(self, session: Session, draft: Any) -> Any:
        saved = session.gateway.getUpdateService().saveAndReturnArray(draft, self._options(session))
        user = self._author.user_id
        stored: dict[int, StoredShape] = {}
        for change, roi in zip(self._changes, saved, strict=True):
            identity = roi.copyShapes()[0].getId().getValue()
            assert change.shape is not None
            stored[change.key] = StoredShape(identity, roi.getId().getValue(), user, change.shape)
        return stored

    def _find(self, session: Session) -> ShapesReceipt | None:
        condition = "s.roi.image.id = :id and s.roi.id > :before and s.details.owner.id = :user"
        found = self._load(session, condition, id=self.ref.id, before=self._before, user=self._author.user_id)
        there: dict[Shape, list[Any]] = defaultdict(list)
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


class StoredShapes(ShapesWrite):
    """What is to be done to shapes that the server has; those that others have been at are left out."""

    def __init__(self, edit: SaveShapes, author: Author) -> None:
        super().__init__(edit, author)
        self._theirs: dict[int, StoredShape | None] = {}
        self._refused: dict[int, str] = {}

    def _free(self, loaded: Mapping[int, Any]) -> list[tuple[ShapeChange, StoredShape, Any]]:
        """The changes that nobody is in the way of, with what the server has; the others are remembered."""
        self._theirs, self._refused, free = {}, {}, []
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

    def _receipt(self, saved: Any) -> ShapesReceipt:
        return ShapesReceipt(self.ref, stored={**self._wanted(), **self._theirs}, refused=self._refused)

    def _find(self, session: Session) -> ShapesReceipt | None:
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


def _reason(change: ShapeChange, now: Shape | None) -> str:
    if now is None:
        return _DELETED
    return _NEWER if change.shape is None else _CHANGED


class ChangedShapes(StoredShapes):
    """Other values for shapes."""

    def _draft(self, session: Session) -> Any:
        free = self._free(self._loaded(session))
        return [filled(there, change.shape) for change, _, there in free if change.shape is not None]

    def _save(self, session: Session, draft: Any) -> Any:
        if draft:
            session.gateway.getUpdateService().saveAndReturnArray(draft, self._options(session))


class DeletedShapes(StoredShapes):
    """Shapes are deleted; a region that has no other goes with its last one."""

    def _draft(self, session: Session) -> Any:
        going: dict[int, list[int]] = defaultdict(list)
        for _, stored, there in self._free(self._loaded(session)):
            if there is not None:
                going[stored.roi_id].append(stored.id)
        query = "select s.roi.id, count(s) from Shape s where s.roi.id in (:ids) group by s.roi.id"
        sizes = dict(session.projection(query, {"ids": list(going)})) if going else {}
        rois = [roi for roi, shapes in going.items() if sizes.get(roi) == len(shapes)]
        rest = [shape for roi, shapes in going.items() if sizes.get(roi) != len(shapes) for shape in shapes]
        return {name: ids for name, ids in (("Roi", rois), ("Shape", rest)) if ids}

    def _save(self, session: Session, draft: Any) -> Any:
        if draft:
            request = omero.cmd.Delete2(targetObjects=draft)
            handle = session.connection.factory.submit(request, self._options(session))
            _raise_for(_response(handle))


_WRITES: Final[Mapping[tuple[bool, bool], Any]] = {
    (False, True): NewShapes,
    (True, True): ChangedShapes,
    (True, False): DeletedShapes,
}
"""By whether the server has it, and whether it is to have it."""


def write_of(edit: SaveShapes, author: Author) -> ShapesWrite:
    """The write for changes of one sort. Raises ValueError for several sorts."""
    sorts = {(change.stored is not None, change.shape is not None) for change in edit.changes}
    if len(sorts) != 1:
        raise ValueError("changes of one sort are saved at a time")
    write: ShapesWrite = _WRITES[sorts.pop()](edit, author)
    return write


def _response(handle: Any) -> Any:
    """What the server answers in the end; the call's own patience is how long that may take."""
    try:
        while (response := handle.getResponse()) is None:
            time.sleep(_POLL)
    finally:
        handle.close()
    return response


def _raise_for(response: Any) -> None:
    if isinstance(response, omero.cmd.ERR):
        words = str(dict(response.parameters or {}).get("message", "")) or f"{response.category} {response.name}"
        raise FailedError("The server did not delete this.", words)
