"""Measuring intensities inside shapes, plane by plane."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import PlaneKey
from omero_desk.entities.rois import Shape
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.rois.mask_bits import expected_bytes, portions
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.source import ReadsRois

AT_ONCE: Final = 1000
"""Shapes that are measured in one call."""

Plan = Mapping[PlaneKey, Sequence[int]]
"""The keys of the shapes that are to be measured on each plane."""


@dataclass(frozen=True)
class MeasuredShapes:
    """The statistics of shapes on a plane by their keys, None where there are no pixels.

    `shapes` are the shapes as they were measured; `done` is the part of the plan that is done, 0 to 1.
    """

    plane: PlaneKey
    shapes: Mapping[int, Shape]
    found: Mapping[int, Statistics | None]
    done: float


def plan(shapes: Mapping[int, Shape], info: ImageInfo, plane: tuple[int, int], channels: Iterable[int]) -> Plan:
    """Plan each shape on its own plane, and on the plane (z, t) in view where it is on all; channel by channel."""
    by_plane: dict[tuple[int, int], list[int]] = {}
    for key, shape in shapes.items():
        z, t = (own if own is not None else there for own, there in zip((shape.z, shape.t), plane, strict=True))
        by_plane.setdefault((min(z, info.size_z - 1), min(t, info.size_t - 1)), []).append(key)
    channels = tuple(channels)
    return {
        PlaneKey(z, channel, t): by_plane[z, t] for t, z in sorted((t, z) for z, t in by_plane) for channel in channels
    }


def through_time(found: Plan, info: ImageInfo) -> Plan:
    """Return a plan of the same shapes at every time point."""
    everywhere: dict[PlaneKey, list[int]] = {}
    for t in range(info.size_t):
        for plane, keys in found.items():
            everywhere.setdefault(replace(plane, t=t), []).extend(keys)
    return everywhere


async def measured(rois: RoisModel, info: ImageInfo, wanted: Plan, source: ReadsRois) -> AsyncIterator[MeasuredShapes]:
    """Measure as planned; a plane is read once for up to AT_ONCE shapes. Raises GatewayError."""
    total, done = sum(map(len, wanted.values())), 0
    for plane, keys in wanted.items():
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            shapes = await _with_bits(rois, some, source)
            found = await source.measure(info, list(shapes.values()), plane)
            done += len(some)
            yield MeasuredShapes(plane, shapes, dict(zip(shapes, found, strict=True)), done / total)


async def _with_bits(rois: RoisModel, keys: Sequence[int], source: ReadsRois) -> dict[int, Shape]:
    """Return the shapes, masks with their bits, which are read where they are not there yet."""
    shapes = rois.shapes.of(keys)
    lacking = {
        key: stored
        for key, shape in shapes.items()
        if shape.form.is_mask and shape.bits is None and (stored := rois.shapes.stored(key)) is not None
    }
    bits: dict[int, bytes] = {}
    for ids in portions({stored.id: expected_bytes(stored.shape) for stored in lacking.values()}):
        bits.update(await source.masks(ids))
    return {**shapes, **{key: replace(shapes[key], bits=bits.get(one.id)) for key, one in lacking.items()}}
