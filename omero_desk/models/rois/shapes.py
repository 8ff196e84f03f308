"""The shapes of one image: as the server has them, as the user has changed them, and the history of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from omero_desk.entities.rois import Shape, ShapeChange, StoredShape
from omero_desk.imaging.outlines import box, is_at, is_on_line
from omero_desk.imaging.shapes.geometry import NOWHERE, Box
from omero_desk.models.rois.history import History, Step
from omero_desk.models.rois.shape_index import ShapeIndex


class Shapes:
    """Shapes by keys, which count from 0 and are never used again; a deleted shape is None.

    The server's version of each is kept beside it, and those that differ are unsaved.
    """

    def __init__(self) -> None:
        self.index = ShapeIndex()
        self.history: History[Shape] = History()
        self._now: list[Shape | None] = []
        self._stored: list[StoredShape | None] = []
        self.unsaved_keys: set[int] = set()
        self._ids: set[int] = set()
        self._gone: dict[int, StoredShape] = {}

    def __len__(self) -> int:
        return len(self._now)

    def __getitem__(self, key: int) -> Shape | None:
        return self._now[key]

    def stored(self, key: int) -> StoredShape | None:
        """Return the server's version of a shape, None if it has none."""
        return self._stored[key]

    def of(self, keys: Iterable[int]) -> dict[int, Shape]:
        """Return the shapes of some keys, without deleted ones."""
        return {key: shape for key in keys if (shape := self._now[key]) is not None}

    def stored_of(self, keys: Iterable[int]) -> dict[int, Shape | None]:
        """Return the server's versions of some shapes, None where it has none."""
        return {key: stored.shape if (stored := self._stored[key]) is not None else None for key in keys}

    @property
    def ids(self) -> set[int]:
        """The server's ids of all shapes that it has, or once had."""
        return self._ids

    @property
    def keys(self) -> list[int]:
        """The keys of all shapes that are not deleted."""
        return [key for key, shape in enumerate(self._now) if shape is not None]

    @property
    def unsaved(self) -> tuple[int, ...]:
        """The keys of shapes that differ from the server's version."""
        return tuple(sorted(self.unsaved_keys))

    def load(self, stored: Sequence[StoredShape], boxes: Sequence[Box]) -> range:
        """Add shapes that came from the server, with their boxes, and return their keys."""
        keys = range(len(self._now), len(self._now) + len(stored))
        self.index.add([one.shape for one in stored], boxes)
        self._now += [one.shape for one in stored]
        self._stored += stored
        self._ids.update(one.id for one in stored)
        return keys

    def draw(self, shapes: Sequence[Shape], name: str) -> range:
        """Add new shapes, which the server does not have yet, and return their keys."""
        keys = range(len(self._now), len(self._now) + len(shapes))
        self.index.add(shapes, [box(shape) for shape in shapes])
        self._now += shapes
        self._stored += [None] * len(shapes)
        self.unsaved_keys.update(keys)
        after: dict[int, Shape | None] = dict(zip(keys, shapes, strict=True))
        self.history.add(Step(name, dict.fromkeys(keys), after))
        return keys

    def change(self, after: Mapping[int, Shape | None], name: str, run: object = None) -> tuple[int, ...]:
        """Put other shapes in the place of some, None to delete; return changed keys. See `Step` for `run`."""
        after = {key: shape for key, shape in after.items() if shape != self._now[key]}
        if after:
            self.history.add(Step(name, {key: self._now[key] for key in after}, after, run))
        return self._put(after)

    def undo(self) -> tuple[int, ...]:
        """Take the last step back, and return the keys that have changed."""
        return self._put(self.history.undo())

    def redo(self) -> tuple[int, ...]:
        """Repeat the step that was undone last, and return the keys that have changed."""
        return self._put(self.history.redo())

    def at(self, x: float, y: float, z: int, t: int, tolerance: float) -> list[int]:
        """Return the keys of shapes at a place of a plane, the smallest first; `tolerance` is in the image's pixels."""
        around = x - tolerance, y - tolerance, x + tolerance, y + tolerance
        found = []
        for key in self.index.inside(around, z, t).tolist():
            shape = self._now[key]
            if shape is not None and is_at(shape, x, y, tolerance):
                left, top, right, bottom = box(shape)
                found.append(((right - left) * (bottom - top), -key))
        return [-key for _, key in sorted(found)]

    def is_on_line(self, key: int, x: float, y: float, tolerance: float) -> bool:
        """Return whether a place is near the line of a shape; inside does not count."""
        shape = self._now[key]
        return shape is not None and is_on_line(shape, x, y, tolerance)

    def to_save(self) -> list[ShapeChange]:
        """Return what has to be saved."""
        return [ShapeChange(key, self._now[key], self._stored[key]) for key in self.unsaved]

    def former(self, key: int) -> StoredShape | None:
        """Return the server's version of a shape, or the one that it had before the shape was deleted."""
        return self._stored[key] or self._gone.get(key)

    def saved(self, stored: Mapping[int, StoredShape | None]) -> None:
        """Take over the server's versions after a save; shapes that were changed meanwhile stay unsaved."""
        for key, one in stored.items():
            before, self._stored[key] = self._stored[key], one
            if one is not None:
                self._ids.add(one.id)
            elif before is not None:
                self._gone[key] = before
            self._update_unsaved(key)

    def _put(self, shapes: Mapping[int, Shape | None]) -> tuple[int, ...]:
        for key, shape in shapes.items():
            self._now[key] = shape
            self.index.put(key, shape, NOWHERE if shape is None else box(shape))
            self._update_unsaved(key)
        return tuple(shapes)

    def _update_unsaved(self, key: int) -> None:
        stored = self._stored[key]
        if (stored.shape if stored is not None else None) == self._now[key]:
            self.unsaved_keys.discard(key)
        else:
            self.unsaved_keys.add(key)
