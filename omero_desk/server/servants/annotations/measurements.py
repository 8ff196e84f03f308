"""The part of IRoi that measures: the pixels of shapes, and statistics of their values.

Follows omero-blitz's GeomTool; pixels of a shape that are outside of the image do not count, a shape of one channel
is measured in that channel, and a greatest value may be below 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import omero
from omero.model import Shape
from omero.rtypes import unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.measuring.outlines import Points, points_of
from omero_desk.server.measuring.shape_statistics import ChannelStatistics, shape_stats
from omero_desk.server.servants.base import Service, parameters

_SHAPES: Final = (
    "select s from Shape s left outer join fetch s.transform join fetch s.roi r join fetch r.image i "
    "join fetch i.pixels p left outer join fetch p.channels where s.id in (:ids)"
)
_COMBINED: Final = -1


class MeasurementService(Service):
    """Reads whole planes, and so refuses images that are stored as pyramids."""

    def getPoints(self, call: Call, shape_id: int) -> omero.api.ShapePoints:
        """Return the pixels that a shape covers."""
        hql = "select s from Shape s left outer join fetch s.transform where s.id = :id"
        found = self.query(call, hql, parameters(id=shape_id))
        if not found:
            raise _missing([shape_id])
        points = points_of(found[0])
        return omero.api.ShapePoints(points[:, 0].tolist(), points[:, 1].tolist())

    def getShapeStats(self, call: Call, shape_id: int) -> omero.api.ShapeStats:
        """Return statistics of a shape's values, over all planes where it is on none in particular."""
        return self.getShapeStatsList(call, [shape_id])[0]

    def getShapeStatsList(self, call: Call, ids: Sequence[int]) -> list[omero.api.ShapeStats]:
        """Return statistics of shapes."""
        return [self._everywhere(call, shape) for shape in self._shapes(call, ids)]

    def getRoiStats(self, call: Call, roi_id: int) -> omero.api.RoiStats:
        """Return statistics of a region's shapes."""
        rows = self.rows(call, "select s.id from Shape s where s.roi.id = :id order by s.id", parameters(id=roi_id))
        shapes = self._shapes(call, [row[0].val for row in rows])
        if not shapes:
            raise server_error(omero.ValidationException, f"Region {roi_id} has no shape that could be measured.")
        pixels = _pixels(shapes[0])
        combined = shape_stats(
            _COMBINED, [ChannelStatistics(one.logicalChannel.id.val) for one in pixels.copyChannels()]
        )
        stats = [self._everywhere(call, shape) for shape in shapes]
        return omero.api.RoiStats(roi_id, _image(shapes[0]).id.val, pixels.id.val, combined, stats)

    def getShapeStatsRestricted(
        self, call: Call, ids: Sequence[int], z: int, t: int, channels: Sequence[int]
    ) -> list[omero.api.ShapeStats]:
        """Return statistics of shapes of one image in some channels; `z` and `t` are for shapes on no plane."""
        if not ids:
            raise api_usage("Provide a non empty list of shape ids.")
        if not channels:
            raise api_usage("Provide a non empty array of channels.")
        shapes = self._shapes(call, ids)
        pixels = _pixels(shapes[0])
        if len({_image(shape).id.val for shape in shapes}) > 1:
            raise api_usage("All shapes have to be from the same image")
        if not (0 <= z < pixels.sizeZ.val and 0 <= t < pixels.sizeT.val):
            raise api_usage("Fallback value(s) for unattached z/t shapes are out of bounds")
        if not all(0 <= channel < pixels.sizeC.val for channel in channels):
            raise api_usage("Given channel(s) out of bounds.")
        numbers = list(dict.fromkeys(channels))
        return [self._on_plane(call, shape, _place(shape, z, t), numbers) for shape in shapes]

    def _shapes(self, call: Call, ids: Sequence[int]) -> list[Shape]:
        found = {shape.id.val: shape for shape in self.query(call, _SHAPES, parameters(ids=list(ids)))} if ids else {}
        if not found.keys() >= set(ids):
            raise _missing(ids)
        return [found[one] for one in ids]

    def _everywhere(self, call: Call, shape: Shape) -> omero.api.ShapeStats:
        pixels = _pixels(shape)
        chosen = unwrap(shape.theC)
        numbers = range(pixels.sizeC.val) if chosen is None else [chosen]
        known = pixels.copyChannels()
        channels = [ChannelStatistics(known[n].logicalChannel.id.val if n < len(known) else n) for n in numbers]
        places = [(z, t) for z in _range(shape.theZ, pixels.sizeZ.val) for t in _range(shape.theT, pixels.sizeT.val)]
        self._measure(call, shape, places, zip(numbers, channels, strict=True))
        return shape_stats(shape.id.val, channels)

    def _on_plane(self, call: Call, shape: Shape, place: tuple[int, int], numbers: list[int]) -> omero.api.ShapeStats:
        channels = [ChannelStatistics(number) for number in numbers]
        self._measure(call, shape, [place], zip(numbers, channels, strict=True))
        return shape_stats(shape.id.val, channels)

    def _measure(
        self,
        call: Call,
        shape: Shape,
        places: Sequence[tuple[int, int]],
        channels: Iterable[tuple[int, ChannelStatistics]],
    ) -> None:
        with self.backend.sources.open(call, _pixels(shape).id.val) as source:
            if len(source.levels) > 1:
                raise api_usage("This method cannot handle tiled images yet.")
            points = points_of(shape, (source.size_x, source.size_y))
            if len(points):
                for number, channel in channels:
                    for z, t in places:
                        channel.add(_values(source, (z, number, t), points))


def _values(source: PixelSource, plane: tuple[int, int, int], points: Points) -> Plane:
    """Return the values of a plane (z, c, t) at some pixels; only the box around them is read."""
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    z, c, t = plane
    if not (0 <= z < source.size_z and 0 <= c < source.size_c and 0 <= t < source.size_t):
        raise api_usage(f"The image has no plane z={z}, c={c}, t={t}.")
    region = source.region(z, c, t, low[0], low[1], high[0] - low[0] + 1, high[1] - low[1] + 1)
    values: Plane = region[points[:, 1] - low[1], points[:, 0] - low[0]]
    return values


def _pixels(shape: Shape) -> omero.model.Pixels:
    return _image(shape).getPrimaryPixels()


def _image(shape: Shape) -> omero.model.Image:
    image = shape.roi.image
    assert image is not None  # the query joins it
    return image


def _range(place: omero.RInt | None, size: int) -> Sequence[int]:
    return range(size) if place is None else [place.val]


def _place(shape: Shape, z: int, t: int) -> tuple[int, int]:
    own_z, own_t = unwrap(shape.theZ), unwrap(shape.theT)
    return (z if own_z is None else own_z, t if own_t is None else own_t)


def _missing(ids: Sequence[int]) -> omero.ApiUsageException:
    return api_usage(f"Given shape id(s) invalid: {', '.join(map(str, ids))}")
