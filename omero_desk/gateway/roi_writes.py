"""Changed shapes on their way to the server: each change is made once, however often the line drops.

New shapes that a try has made are known by being newer than any there was before, and the same; a change and a
deletion by what is there now. Colours, markers and points are written as OMERO.iviewer writes them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import omero.cmd
import omero.model
from omero.model.enums import UnitsLength
from omero.rtypes import rdouble, rint, rstring

from omero_desk.gateway.edit import Author
from omero_desk.gateway.edit_writes import EditWrite
from omero_desk.gateway.errors import FailedError
from omero_desk.gateway.roi_entities import (
    ARROWED,
    FIELDS,
    POINTED,
    SaveShapes,
    Shape,
    ShapeKind,
    ShapesReceipt,
    StoredShape,
    format_points,
    parse_points,
)
from omero_desk.gateway.session import Session

omero.model.PathI.deprecations_warned.add("Path")  # servers have them all the same, and users can do nothing about it

_POLL: Final = 0.05
_LOADED: Final = "select s from Shape s left outer join fetch s.transform where {} order by s.id"
_MATRIX: Final = ("a00", "a10", "a01", "a11", "a02", "a12")


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


class ChangedShapes(ShapesWrite):
    """Other values for shapes, unless somebody else has changed or deleted them."""

    def _draft(self, session: Session) -> Any:
        loaded = self._loaded(session)
        drafts = []
        for change in self._changes:
            assert change.stored is not None
            assert change.shape is not None
            there = loaded.get(change.stored.id)
            if there is None:
                raise FailedError("Somebody else has deleted this shape meanwhile.")
            if shape_of(there) not in (change.stored.shape, change.shape):
                raise FailedError("Somebody else has changed this shape meanwhile.")
            drafts.append(filled(there, change.shape))
        return drafts

    def _save(self, session: Session, draft: Any) -> Any:
        session.gateway.getUpdateService().saveAndReturnArray(draft, self._options(session))
        return self._wanted()

    def _find(self, session: Session) -> ShapesReceipt | None:
        now = {identity: shape_of(shape) for identity, shape in self._loaded(session).items()}
        done = all(change.stored and now.get(change.stored.id) == change.shape for change in self._changes)
        return ShapesReceipt(self.ref, stored=self._wanted()) if done else None

    def _wanted(self) -> dict[int, StoredShape | None]:
        return {
            change.key: replace(change.stored, shape=change.shape)
            for change in self._changes
            if change.stored is not None and change.shape is not None
        }


class DeletedShapes(ShapesWrite):
    """Shapes are deleted; a region that has no other goes with its last one."""

    def _draft(self, session: Session) -> Any:
        going: dict[int, list[int]] = defaultdict(list)
        for shape in self._loaded(session).values():
            going[shape.getRoi().getId().getValue()].append(shape.getId().getValue())
        query = "select s.roi.id, count(s) from Shape s where s.roi.id in (:ids) group by s.roi.id"
        sizes = dict(session.projection(query, {"ids": list(going)})) if going else {}
        rois = [roi for roi, shapes in going.items() if sizes.get(roi) == len(shapes)]
        rest = [shape for roi, shapes in going.items() if roi not in rois for shape in shapes]
        return {name: ids for name, ids in (("Roi", rois), ("Shape", rest)) if ids}

    def _save(self, session: Session, draft: Any) -> Any:
        if draft:
            request = omero.cmd.Delete2(targetObjects=draft)
            handle = session.connection.factory.submit(request, self._options(session))
            _raise_for(_response(handle))
        return self._nothing()

    def _find(self, session: Session) -> ShapesReceipt | None:
        return None if self._loaded(session) else ShapesReceipt(self.ref, stored=self._nothing())

    def _nothing(self) -> dict[int, StoredShape | None]:
        return {change.key: None for change in self._changes}


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


def new_shape(shape: Shape) -> Any:
    """An object of the shape's class."""
    return getattr(omero.model, f"{shape.kind}I")()


def filled(target: Any, shape: Shape) -> Any:
    """`target`, an object of the shape's class, with the values of `shape`; what stays the same is not touched."""
    if shape.kind in POINTED and parse_points(_plain(target.points)) != shape.numbers:
        target.points = rstring(format_points(shape.numbers))
    if shape.kind == ShapeKind.PATH:
        target.d = rstring(shape.data)
    for name, number in zip(FIELDS[shape.kind], shape.numbers, strict=False):
        setattr(target, name, rdouble(number))
    if shape.kind in ARROWED:
        target.markerStart, target.markerEnd = (rstring(end) if end else None for end in (shape.start, shape.end))
    if shape.kind == ShapeKind.MASK and shape.bits is not None:
        target.bytes = shape.bits
    target.textValue = rstring(shape.text) if shape.text else None
    for name in ("theZ", "theT", "theC"):
        place = getattr(shape, name[-1].lower())
        setattr(target, name, None if place is None else rint(place))
    for name, colour in (("strokeColor", shape.stroke), ("fillColor", shape.fill)):
        setattr(target, name, None if colour is None else rint(colour))
    _fill_length(target, "strokeWidth", shape.stroke_width, UnitsLength.PIXEL)
    _fill_length(target, "fontSize", shape.font_size, UnitsLength.POINT)
    _fill_transform(target, shape)
    return target


def _fill_length(target: Any, name: str, value: float | None, unit: Any) -> None:
    if _length(getattr(target, name)) != value:
        setattr(target, name, None if value is None else omero.model.LengthI(value, unit))


def _fill_transform(target: Any, shape: Shape) -> None:
    """A new one where it differs: a transform that is there may belong to other shapes too."""
    if _transform(target.transform) == shape.transform:
        return
    target.transform = None
    if shape.transform is not None:
        target.transform = omero.model.AffineTransformI()
        for name, number in zip(_MATRIX, shape.transform, strict=True):
            setattr(target.transform, name, rdouble(number))


def shape_of(there: Any) -> Shape:
    """The shape that an object of OMERO's is; the opposite of `filled`."""
    kind = type(there).__name__.removesuffix("I")
    names = FIELDS.get(kind, ())
    numbers = tuple(_plain(getattr(there, name)) or 0.0 for name in names)
    if kind in POINTED:
        numbers = parse_points(_plain(there.points))
    markers = (_plain(there.markerStart), _plain(there.markerEnd)) if kind in ARROWED else ("", "")
    return Shape(
        kind,
        numbers,
        _plain(there.textValue) or "",
        _plain(there.theZ),
        _plain(there.theT),
        _plain(there.theC),
        _plain(there.strokeColor),
        _plain(there.fillColor),
        _length(there.strokeWidth),
        _length(there.fontSize),
        _transform(there.transform),
        markers[0] or "",
        markers[1] or "",
        (_plain(there.d) or "") if kind == ShapeKind.PATH else "",
    )


def _length(length: Any) -> float | None:
    return None if length is None else float(length.getValue())


def _transform(transform: Any) -> Any:
    if transform is None:
        return None
    return tuple(_plain(getattr(transform, name)) for name in _MATRIX)


def _plain(value: Any) -> Any:
    return None if value is None else value.getValue()
