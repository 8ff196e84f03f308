"""An index of shapes by place and plane, in arrays: it finds those in view among 100,000 in a millisecond."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.rois import Shape, rgba
from omero_desk.imaging.composite import Picture
from omero_desk.imaging.shapes.geometry import NOWHERE, Box
from omero_desk.models.rasters.viewport import SMALLEST_ZOOM, Viewport

DEFAULT: Final = (255, 255, 0, 255)
"""The colour of a shape that has none, as OMERO.iviewer draws it."""
MOST_DRAWN: Final = 1500
"""Of the shapes in view so many, the largest, are drawn as they are; the others are dots."""
SMALLEST_DRAWN: Final = 5.0
"""Screen pixels; smaller shapes are dots."""
_SPOT: Final = 8.0
_FILLED: Final = 0.6
"""The part of the canvas that a shape fills when it is shown from near."""
_ANY: Final = -1
_FIRST_ROOM: Final = 1024

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Scene:
    """The shapes in view: keys of those drawn as they are, bottom first, and the others as dots on a clear picture."""

    keys: tuple[int, ...] = ()
    dots: Picture | None = None


class ShapeIndex:
    """The boxes, planes and colours of shapes by their keys, which count from 0; a deleted shape is nowhere."""

    def __init__(self) -> None:
        self._count = 0
        self._boxes = np.empty((_FIRST_ROOM, 4))
        self._planes = np.empty((_FIRST_ROOM, 2), np.int32)
        self._spots = np.empty(_FIRST_ROOM, bool)
        self._colours = np.empty(_FIRST_ROOM, np.uint32)
        self._hidden = np.zeros(_FIRST_ROOM, bool)
        self._on_plane: tuple[tuple[int, int], NDArray[np.bool_]] | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, shapes: Sequence[Shape], boxes: Sequence[Box]) -> None:
        """Add shapes, whose keys are those that come next, with their boxes."""
        if not shapes:
            return
        start, self._count = self._count, self._count + len(shapes)
        self._make_room()
        here = slice(start, self._count)
        self._boxes[here] = np.array(boxes).reshape(-1, 4)
        self._planes[here] = [_plane(shape) for shape in shapes]
        self._spots[here] = [shape.form.is_spot for shape in shapes]
        self._colours[here] = [_argb(shape) for shape in shapes]
        self._on_plane = None

    def put(self, key: int, shape: Shape | None, box: Box = NOWHERE) -> None:
        """Put another shape in the place of a key, None for a deleted one."""
        self._boxes[key] = box
        if shape is not None:
            self._planes[key], self._spots[key], self._colours[key] = (
                _plane(shape),
                shape.form.is_spot,
                _argb(shape),
            )
        self._on_plane = None

    def hide(self, keys: Sequence[int], hidden: bool) -> None:
        """Leave shapes out of what is found, or find them again."""
        self._hidden[list(keys)] = hidden
        self._on_plane = None

    def is_hidden(self, key: int) -> bool:
        """Return whether a shape is hidden."""
        return bool(self._hidden[key])

    def inside(self, box: Box, z: int, t: int) -> Keys:
        """Return the keys of shapes whose box meets a box on a plane."""
        left, top, right, bottom = box
        boxes = self._boxes[: self._count]
        found = self._plane_mask(z, t) & (boxes[:, 0] <= right) & (boxes[:, 2] >= left)
        found &= (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        return np.flatnonzero(found)

    def on_plane(self, z: int, t: int) -> Keys:
        """Return the keys of all shapes on a plane that can be drawn."""
        return self.inside((-np.inf, -np.inf, np.inf, np.inf), z, t)

    def next_on_plane(self, last: int | None, z: int, t: int, step: int) -> int | None:
        """Return the key that is `step` from another one on a plane, None if the plane has none.

        If `last` is not on the plane it is the first key, or the last for a negative step.
        """
        keys = self.on_plane(z, t).tolist()
        if not keys:
            return None
        if last not in keys:
            return int(keys[0 if step > 0 else -1])
        return int(keys[(keys.index(last) + step) % len(keys)])

    def is_in_view(self, key: int, viewport: Viewport) -> bool:
        """Return whether part of a shape is in view; True for one that is nowhere, which cannot be brought there."""
        left, top, right, bottom = self._boxes[key].tolist()
        x0, y0, x1, y1 = viewport.seen()
        return math.isnan(left) or (left < x1 and right > x0 and top < y1 and bottom > y0)

    def around(self, keys: Sequence[int], viewport: Viewport, most: float) -> Viewport | None:
        """Return the viewport around shapes, with a margin and a zoom of at most `most`; None if they are nowhere."""
        boxes = self._boxes[list(keys)]
        boxes = boxes[~np.isnan(boxes).any(1)]
        if not len(boxes):
            return None
        (left, top), (right, bottom) = boxes[:, :2].min(0).tolist(), boxes[:, 2:].max(0).tolist()
        across, down = max(right - left, 1.0) / _FILLED, max(bottom - top, 1.0) / _FILLED
        if viewport.turn.is_across:
            across, down = down, across
        zoom = min(viewport.width / across, viewport.height / down, most)
        return replace(viewport, x=(left + right) / 2, y=(top + bottom) / 2, zoom=max(zoom, SMALLEST_ZOOM))

    def scene(self, viewport: Viewport, z: int, t: int, margin: float = 0.0) -> Scene:
        """Return what is to be drawn; so are shapes `margin` screen pixels outside, for their strokes and labels."""
        keys = self.inside(viewport.seen(margin), z, t)
        boxes = self._boxes[keys]
        sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * viewport.zoom
        sizes = np.where(self._spots[keys], _SPOT, sizes)
        large = sizes >= SMALLEST_DRAWN
        if large.sum() > MOST_DRAWN:
            large = np.zeros(len(keys), bool)
            large[np.argpartition(sizes, -MOST_DRAWN)[-MOST_DRAWN:]] = True
        drawn = tuple(keys[large].tolist())
        rest = keys[~large]
        return Scene(drawn, self._dots(rest, viewport) if len(rest) else None)

    def _dots(self, keys: Keys, viewport: Viewport) -> Picture:
        """Draw two by two pixels in the middle of each shape."""
        width, height = int(viewport.width), int(viewport.height)
        boxes = self._boxes[keys]
        turn = viewport.turn
        off_x, off_y = (boxes[:, 0] + boxes[:, 2]) / 2 - viewport.x, (boxes[:, 1] + boxes[:, 3]) / 2 - viewport.y
        xs = (turn.xx * off_x + turn.xy * off_y) * viewport.zoom + viewport.width / 2
        ys = (turn.yx * off_x + turn.yy * off_y) * viewport.zoom + viewport.height / 2
        there = (xs >= 0) & (ys >= 0) & (xs < width - 1) & (ys < height - 1)
        places = ys[there].astype(np.int64) * width + xs[there].astype(np.int64)
        colours = self._colours[keys[there]]
        dots = np.zeros(width * height, np.uint32)
        for step in (0, 1, width, width + 1):
            dots[places + step] = colours
        return dots.view(np.uint8).reshape(height, width, 4)

    def _plane_mask(self, z: int, t: int) -> NDArray[np.bool_]:
        if self._on_plane is None or self._on_plane[0] != (z, t):
            planes = self._planes[: self._count]
            on_z = (planes[:, 0] == z) | (planes[:, 0] == _ANY)
            on_t = (planes[:, 1] == t) | (planes[:, 1] == _ANY)
            self._on_plane = (z, t), on_z & on_t & ~self._hidden[: self._count]
        return self._on_plane[1]

    def _make_room(self) -> None:
        room = len(self._boxes)
        if self._count <= room:
            return
        more = max(self._count, room * 2) - room
        self._boxes = np.concatenate((self._boxes, np.empty((more, 4))))
        self._planes = np.concatenate((self._planes, np.empty((more, 2), np.int32)))
        self._spots = np.concatenate((self._spots, np.empty(more, bool)))
        self._colours = np.concatenate((self._colours, np.empty(more, np.uint32)))
        self._hidden = np.concatenate((self._hidden, np.zeros(more, bool)))


def _plane(shape: Shape) -> tuple[int, int]:
    return _ANY if shape.z is None else shape.z, _ANY if shape.t is None else shape.t


def _argb(shape: Shape) -> int:
    """Return the colour of a shape's dot: opaque, or something so small would be lost."""
    red, green, blue, _ = DEFAULT if shape.stroke is None else rgba(shape.stroke)
    return 0xFF000000 | red << 16 | green << 8 | blue
