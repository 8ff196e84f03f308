"""An OME-Zarr folder (versions 0.1 to 0.5) and the images in it. Nothing that the folder says is trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite, prod
from pathlib import Path
from typing import Any, Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import (
    ChannelMetadata,
    ImageMetadata,
    ValueWithUnit,
    WellPosition,
    has_unit,
    parse_ome_xml,
)
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.zarr.header import read_header, read_text
from omero_desk.server.images.zarr.plate import field_name, plate_fields

_MAX_OME_XML: Final = 2**26
_MOST_IMAGES: Final = 100_000
_MOST_LEVELS: Final = 64
_AXES: Final = "tczyx"


@dataclass(frozen=True, slots=True)
class Multiscale:
    """An image: its axes, as letters of "tczyx", and the folders of its arrays, the finest first."""

    axes: str
    levels: tuple[Path, ...]
    metadata: ImageMetadata


class ZarrImages:
    """The images of a folder; raises ImageFileError if it holds none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with reasons(path):
            self.images = [_multiscale(path, *each) for each in _groups(path)]
            if not self.images:
                raise ImageFileError(f"{path} holds no OME-Zarr image.")
            told = _told(path)
        if len(told) == len(self.images):
            self.images = [_with(image, metadata) for image, metadata in zip(self.images, told, strict=True)]


def inside(root: Path, place: Path) -> Path:
    """Return a folder below the root; ImageFileError if a name or a link leads out of it."""
    if not place.resolve().is_relative_to(root.resolve()):
        raise ImageFileError(f"{root} names a folder outside itself: {place.name!r}.")
    return place


_Group = tuple[Path, Mapping[str, Any], WellPosition | None]


def _groups(root: Path) -> Iterator[_Group]:
    """Give the groups that are images: the folder itself, those of bioformats2raw, or the fields of a plate."""
    attributes = group_attributes(root)
    named: Iterator[tuple[str, WellPosition | None]]
    if "plate" in attributes and not attributes.get("multiscales"):
        named = plate_fields(attributes["plate"], root.name, lambda well: group_attributes(inside(root, root / well)))
    else:
        named = ((name, None) for name in _group_names(root, attributes))
    for name, well in islice(named, _MOST_IMAGES):
        group = inside(root, root / name)
        found = group_attributes(group)
        if found.get("multiscales"):
            yield group, found, well


def _group_names(root: Path, attributes: Mapping[str, Any]) -> Sequence[str]:
    if attributes.get("multiscales"):
        return ["."]
    known = group_attributes(inside(root, root / "OME")).get("series")
    if known:
        return list(dict.fromkeys(str(name) for name in known[:_MOST_IMAGES]))
    numbers = (int(place.name) for place in root.iterdir() if place.name.isdecimal() and place.is_dir())
    return [str(number) for number in sorted(numbers)]


def group_attributes(group: Path) -> Mapping[str, Any]:
    """Return the attributes of a group, {} for none; since version 0.5 they stand under "ome"."""
    newer = read_header(group / "zarr.json").get("attributes", {})
    found = newer.get("ome", newer) if newer else read_header(group / ".zattrs")
    return found if isinstance(found, dict) else {}


def _multiscale(root: Path, group: Path, attributes: Mapping[str, Any], well: WellPosition | None) -> Multiscale:
    told = attributes["multiscales"][0]
    axes = [axis if isinstance(axis, str) else axis["name"] for axis in told.get("axes") or _AXES]
    if any(axis not in _AXES for axis in axes) or len(set(axes)) < len(axes) or axes[-2:] != ["y", "x"]:
        raise ImageFileError(f"{root} has axes for which OMERO has no place: {', '.join(map(str, axes))}.")
    levels = tuple(inside(root, group / str(dataset["path"])) for dataset in told["datasets"][:_MOST_LEVELS])
    metadata = _metadata(told, attributes.get("omero") or {})
    name = field_name(group.relative_to(root), well) if well else metadata.name
    return Multiscale("".join(axes), levels, replace(metadata, name=name, well=well))


def _metadata(told: Mapping[str, Any], omero: Mapping[str, Any]) -> ImageMetadata:
    sizes = _measures(told)
    return ImageMetadata(
        name=told.get("name") if isinstance(told.get("name"), str) and told.get("name") != "/" else None,
        physical_size_x=sizes.get("x"),
        physical_size_y=sizes.get("y"),
        physical_size_z=sizes.get("z"),
        time_increment=sizes.get("t"),
        channels=tuple(_channel(channel) for channel in omero.get("channels") or ()),
    )


def _measures(told: Mapping[str, Any]) -> dict[str, ValueWithUnit]:
    """Return the sizes of the finest pixels along the axes that have a unit.

    The scale of all levels comes on top of that of the finest (OME-Zarr 0.4, "multiscales" metadata).
    """
    finest, common = _scale(told["datasets"][0]), _scale(told)
    found = {}
    for number, axis in enumerate(told.get("axes") or ()):
        unit = str(axis.get("unit", "")).upper() if isinstance(axis, dict) else ""
        kind = "Time" if unit and axis.get("name") == "t" else "Length"
        size = prod(scale[number] for scale in (finest, common) if number < len(scale))
        if finest and has_unit(kind, unit) and isfinite(size) and size > 0:
            found[axis["name"]] = ValueWithUnit(size, unit)
    return found


def _scale(told: Mapping[str, Any]) -> list[float]:
    transforms = told.get("coordinateTransformations") or ()
    scale = next((each["scale"] for each in transforms if each.get("type") == "scale"), ())
    return [float(size) for size in scale]


def _channel(told: Mapping[str, Any]) -> ChannelMetadata:
    label, text = told.get("label"), str(told.get("color", ""))
    try:
        red, green, blue = bytes.fromhex(text[:6])
        color: tuple[int, int, int, int] | None = (red, green, blue, 255)
    except ValueError:
        color = None
    return ChannelMetadata(name=label if isinstance(label, str) else None, color=color)


def _told(root: Path) -> tuple[ImageMetadata, ...]:
    """Return the OME-XML that bioformats2raw keeps of the file that it converted."""
    path = inside(root, root / "OME" / "METADATA.ome.xml")
    text = read_text(path, _MAX_OME_XML)
    return parse_ome_xml(text.decode("utf-8", "replace")) if text is not None else ()


def _with(image: Multiscale, told: ImageMetadata) -> Multiscale:
    """Replace metadata by those of OME-XML, which are richer; colours and names stay those of the omero block."""
    return replace(
        image,
        metadata=replace(told, files=(), well=image.metadata.well, channels=image.metadata.channels or told.channels),
    )
