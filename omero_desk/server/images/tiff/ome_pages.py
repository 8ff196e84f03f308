"""OME-XML of a TIFF file with the pages of all planes spelled out, in bounds.

What OME-TIFF leaves open is filled in as Bio-Formats does (loci.formats.in.OMETiffReader): the pages of images that
have no TiffData follow each other; samples of colour count as channels, whatever SizeC says; a file with binary data
only is described by the file that it names. Files are told apart by their names alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.ome_xml import (
    ImageMetadata,
    check_bare_name,
    children,
    described_images,
    local_name,
    ome_root,
)
from omero_desk.server.images.pixel_source import MOST_PLANES
from omero_desk.server.images.regular_file import check_regular
from omero_desk.server.images.tiff.directories import Directories, read_directories

_MOST_STEPS: Final = 4 * MOST_PLANES
_MOST_FILES: Final = 10_000
_MAX_COMPANION: Final = 64 * 2**20
_TIFF_ENDINGS: Final = (".tif", ".tiff", ".tf2", ".tf8", ".btf")


@dataclass(frozen=True, slots=True)
class OmePages:
    """OME-XML in which every plane has its page, the images that it describes, and the file that it was taken from.

    `companion` is empty for a file that describes itself, and where another TIFF file describes it.
    """

    xml: str
    images: tuple[ImageMetadata, ...]
    companion: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """The root of OME-XML, the name of the TIFF file whose own planes it describes, and that file's pages.

    `companion` is the name of the file that it stands in if that is no TIFF file.
    """

    root: ElementTree.Element
    file: str
    pages: Directories | None
    companion: str = ""


def ome_pages(path: Path, directories: Directories) -> OmePages | None:
    """Read the OME-XML of a file; None if it has none, or stands in a file that is not there.

    Raises ReasonError for one that makes no sense, or tells of more planes than can be read.
    """
    if not directories.is_ome:
        return None
    told = _told(path, directories)
    if told is None:
        return None
    if path.name not in _name_files(told, path.name):
        return None
    next_page = steps = 0
    for image in children(told.root, "Image"):
        for pixels in children(image, "Pixels"):
            planes = _set_channels(pixels, told.pages.samples if told.pages else 1)
            if next(children(pixels, "TiffData"), None) is None:
                _add_pages(told, pixels, next_page, planes)
                next_page += planes
            steps += sum(_bound(data, pixels, planes) for data in children(pixels, "TiffData"))
            if steps > _MOST_STEPS:
                raise ReasonError("its OME-XML names more planes than can be read")
    # Modulo annotations would cut axes into several, for which OMERO has no place.
    for notes in list(children(told.root, "StructuredAnnotations")):
        told.root.remove(notes)
    return OmePages(ElementTree.tostring(told.root, "unicode"), described_images(told.root), told.companion)


def _told(path: Path, directories: Directories) -> _Told | None:
    root = ome_root(directories.description)
    only = next(children(root, "BinaryOnly"), None)
    if only is None:
        return _Told(root, path.name, directories)
    name = only.get("MetadataFile", "")
    check_bare_name(name)
    place = path.parent / name
    if not place.is_file() or not place.resolve().is_relative_to(path.resolve().parent):
        return None
    if not name.lower().endswith(_TIFF_ENDINGS):
        return _Told(companion_root(place), "", None, name)
    master = read_directories(place)
    return _Told(ome_root(master.description), name, master) if master.is_ome else None


def companion_root(path: Path) -> ElementTree.Element:
    """Return the root of the OME-XML in a file of its own; ReasonError for one that is broken, or too long."""
    if check_regular(path) > _MAX_COMPANION:
        raise ReasonError(f"the file {path.name!r} that describes it is too long")
    return ome_root(path.read_bytes().decode("utf-8-sig", "replace"))


def _name_files(told: _Told, own: str) -> set[str]:
    """Let the names of files stand for their identifiers, and name those of planes that name none; return them."""
    identifier, names = told.root.get("UUID"), {told.file} - {""}
    for element in told.root.iter():
        if local_name(element) != "TiffData":
            continue
        if next(children(element, "UUID"), None) is None and told.file not in ("", own):
            ElementTree.SubElement(element, _sibling(element, "UUID"), FileName=told.file)
        for uuid in children(element, "UUID"):
            mine = uuid.get("FileName") is None or (identifier is not None and uuid.text == identifier)
            name = told.file if mine and told.file else uuid.get("FileName", "")
            check_bare_name(name)
            name = own if name.lower() == own.lower() else name
            uuid.set("FileName", name)
            uuid.text = f"name:{name}"
            names.add(name)
    if len(names) > _MOST_FILES:
        raise ReasonError(f"its OME-XML names {len(names):,} files, more than can be read")
    told.root.set("UUID", f"name:{own}")
    return names


def _set_channels(pixels: ElementTree.Element, samples: int) -> int:
    """Make the number of channels agree with the samples of the pages; return that of the planes."""
    channels = list(children(pixels, "Channel"))
    told = {_number(channel.attrib, "SamplesPerPixel", 1) for channel in channels} or {1}
    if len(told) > 1:
        raise ReasonError("its channels have different numbers of samples, which cannot be read")
    (each,) = told
    sizes = {axis: _number(pixels.attrib, "Size" + axis, 1) for axis in "ZCT"}
    if each == 1 < samples and (sizes["C"] == 1 or sizes["C"] == samples):
        each = samples
        for channel in channels[1:]:
            pixels.remove(channel)
        for channel in channels[:1]:
            channel.set("SamplesPerPixel", str(samples))
    sizes["C"] = max(sizes["C"], each)
    pixels.set("SizeC", str(sizes["C"]))
    planes = prod(sizes.values()) // max(each, 1)
    if min(sizes.values()) < 1 or planes > MOST_PLANES:
        raise ReasonError(f"it claims to hold {planes:,} planes, of which at most {MOST_PLANES:,} can be read")
    return planes


def _add_pages(told: _Told, pixels: ElementTree.Element, first: int, planes: int) -> None:
    """Give the planes of an image the pages that follow those of the image before it."""
    if told.pages is None:
        raise ReasonError("its OME-XML does not say which files hold its planes")
    data = ElementTree.SubElement(pixels, _sibling(pixels, "TiffData"), IFD=str(first), PlaneCount=str(planes))
    ElementTree.SubElement(data, _sibling(pixels, "UUID"), FileName=told.file).text = f"name:{told.file}"


def _bound(data: ElementTree.Element, pixels: ElementTree.Element, planes: int) -> int:
    """Limit the planes that a TiffData counts to those that there are; return their number."""
    first, count = _number(data.attrib, "IFD", 0), _number(data.attrib, "NumPlanes", 1 if "IFD" in data.attrib else 0)
    count = _number(data.attrib, "PlaneCount", count)
    if first < 0 or not 0 <= count <= MOST_PLANES:
        raise ReasonError("its OME-XML gives its planes numbers that make no sense")
    count = min(count or planes, planes)
    data.set("PlaneCount", str(count))
    return count


def _number(attributes: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(attributes.get(name, default))
    except ValueError as error:
        raise ReasonError(f"its OME-XML gives a {name} that is no number") from error


def _sibling(element: ElementTree.Element, name: str) -> str:
    """Return the name of an element in the namespace of another."""
    return element.tag.rpartition("}")[0] + "}" + name if "}" in element.tag else name
