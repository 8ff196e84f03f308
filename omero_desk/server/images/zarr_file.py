"""An OME-Zarr folder (0.1 to 0.5) and the images in it, opened without trust in what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import (
    ChannelMetadata,
    ImageMetadata,
    Measure,
    has_unit,
    parse_ome_xml,
)
from omero_desk.server.images.reasons import reasons

HEADERS: Final = (".zgroup", ".zattrs", "zarr.json")
"""The files that describe a folder."""

_MAX_HEADER: Final = 2**24
_MOST_IMAGES: Final = 100_000
_AXES: Final = "tczyx"


@dataclass(frozen=True, slots=True)
class Multiscale:
    """An image: its axes, as letters of "tczyx", and the folders of its arrays, the finest first."""

    axes: str
    levels: tuple[Path, ...]
    metadata: ImageMetadata


class ZarrImages:
    """The images of a folder; ImageFileError for one that holds none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with reasons(path):
            self.images = [_multiscale(path, group, attributes) for group, attributes in _groups(path)]
            if not self.images:
                raise ImageFileError(f"{path} holds no OME-Zarr image.")
            told = _told(path)
        if len(told) == len(self.images):
            self.images = [_with(image, metadata) for image, metadata in zip(self.images, told, strict=True)]

    @property
    def metadata(self) -> list[ImageMetadata]:
        """What is told of each image."""
        return [image.metadata for image in self.images]


def inside(root: Path, place: Path) -> Path:
    """Return a folder below the root; ImageFileError if a name or a link leads out of it."""
    if not place.resolve().is_relative_to(root.resolve()):
        raise ImageFileError(f"{root} names a folder outside itself: {place.name!r}.")
    return place


def _groups(root: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The groups that are images: the folder itself, those of bioformats2raw, or the fields of a plate."""
    for name in _group_names(root, _attributes(root)):
        group = inside(root, root / name)
        attributes = _attributes(group)
        if attributes.get("multiscales"):
            yield group, attributes


def _group_names(root: Path, attributes: Mapping[str, Any]) -> Sequence[str]:
    if attributes.get("multiscales"):
        return ["."]
    if "plate" in attributes:
        wells = [str(well["path"]) for well in attributes["plate"]["wells"][:_MOST_IMAGES]]
        fields = (
            f"{well}/{image['path']}"
            for well in wells
            for image in _attributes(inside(root, root / well)).get("well", {}).get("images", ())
        )
        return list(fields)[:_MOST_IMAGES]
    known = _attributes(inside(root, root / "OME")).get("series")
    if known:
        return [str(name) for name in known[:_MOST_IMAGES]]
    numbers = (int(place.name) for place in root.iterdir() if place.name.isdecimal() and place.is_dir())
    return [str(number) for number in sorted(numbers)[:_MOST_IMAGES]]


def _attributes(group: Path) -> Mapping[str, Any]:
    """The attributes of a group, {} for none; since 0.5 OME's stand under a name of their own."""
    newer = _header(group / "zarr.json").get("attributes", {})
    found = newer.get("ome", newer) if newer else _header(group / ".zattrs")
    return found if isinstance(found, dict) else {}


def _header(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        text = file.read(_MAX_HEADER + 1)
    if len(text) > _MAX_HEADER:
        raise ImageFileError(f"{path} is too long.")
    found = json.loads(text)
    return found if isinstance(found, dict) else {}


def _multiscale(root: Path, group: Path, attributes: Mapping[str, Any]) -> Multiscale:
    told = attributes["multiscales"][0]
    axes = [axis if isinstance(axis, str) else axis["name"] for axis in told.get("axes") or _AXES]
    if any(axis not in _AXES for axis in axes) or len(set(axes)) < len(axes) or axes[-2:] != ["y", "x"]:
        raise ImageFileError(f"{root} has axes for which OMERO has no place: {', '.join(map(str, axes))}.")
    levels = tuple(inside(root, group / str(dataset["path"])) for dataset in told["datasets"])
    return Multiscale("".join(axes), levels, _metadata(told, attributes.get("omero") or {}))


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


def _measures(told: Mapping[str, Any]) -> dict[str, Measure]:
    """Sizes of the finest pixels along the axes whose unit is told."""
    transforms = told["datasets"][0].get("coordinateTransformations") or ()
    scale = next((each["scale"] for each in transforms if each.get("type") == "scale"), ())
    found = {}
    for axis, size in zip(told.get("axes") or (), scale, strict=False):
        unit = str(axis.get("unit", "")).upper() if isinstance(axis, dict) else ""
        kind = "Time" if unit and axis.get("name") == "t" else "Length"
        if has_unit(kind, unit) and float(size) > 0:
            found[axis["name"]] = Measure(float(size), unit)
    return found


def _channel(told: Mapping[str, Any]) -> ChannelMetadata:
    label, text = told.get("label"), str(told.get("color", ""))
    try:
        red, green, blue = bytes.fromhex(text[:6])
        color: tuple[int, int, int, int] | None = (red, green, blue, 255)
    except ValueError:
        color = None
    return ChannelMetadata(name=label if isinstance(label, str) else None, color=color)


def _told(root: Path) -> tuple[ImageMetadata, ...]:
    """What bioformats2raw keeps of the file that it converted."""
    path = inside(root, root / "OME" / "METADATA.ome.xml")
    if not path.is_file():
        return ()
    with path.open("rb") as file:
        return parse_ome_xml(file.read(2**26).decode("utf-8", "replace"))


def _with(image: Multiscale, told: ImageMetadata) -> Multiscale:
    """OME-XML says more; the colours and names of channels that people see are the omero block's."""
    return replace(image, metadata=replace(told, files=(), channels=image.metadata.channels or told.channels))
