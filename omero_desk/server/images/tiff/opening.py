"""Opens TIFF and OME-TIFF files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import DescribedSource, FileContents
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, described_images
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.tiff.file import TiffImages
from omero_desk.server.images.tiff.kinds import reader_of
from omero_desk.server.images.tiff.metadata import tiff_metadata
from omero_desk.server.images.tiff.ome_pages import companion_root
from omero_desk.server.images.tiff.source import TiffSource
from omero_desk.server.images.tiff.values import palette_color, palette_table

_WHITE: Final = (255, 255, 255, 255)


def open_tiff(path: Path, series: int) -> TiffSource:
    """Open one image of a file; raises ImageFileError if it cannot be read."""
    return TiffSource(TiffImages(path), series)


@contextmanager
def tiff_contents(path: Path) -> Iterator[FileContents]:
    """Open all images of a file until the context is left; raises ImageFileError if one cannot be read."""
    with closing(TiffImages(path)) as images:
        found: list[tuple[DescribedSource, ImageMetadata]] = [
            (TiffSource(images, number), _metadata(images, number)) for number in range(len(images.series))
        ]
        named = {name: None for image in images.described for name in image.files if name != path.name}
        named |= {images.companion: None} if images.companion else {}
        yield FileContents(found, tuple(named), reader_of(images.tiff, is_ome=bool(images.described)))


def open_companion(path: Path, series: int) -> TiffSource:
    """Open an image of the set of TIFF files that OME-XML in a file of its own describes; raises ImageFileError."""
    return open_tiff(_first_of_set(path), series)


@contextmanager
def companion_contents(path: Path) -> Iterator[FileContents]:
    """Open all images of such a set until the context is left; raises ImageFileError if one cannot be read."""
    first = _first_of_set(path)
    with tiff_contents(first) as contents:
        others = tuple(name for name in contents.neighbours if name != path.name)
        if len(others) == len(contents.neighbours):
            raise ImageFileError(f"{path} describes {first.name}, which does not say so.")
        yield replace(contents, neighbours=(first.name, *others))


def _first_of_set(path: Path) -> Path:
    """Return the first TIFF file that OME-XML names; it stands beside it."""
    with reasons(path):
        images = described_images(companion_root(path))
    names = [name for image in images for name in image.files]
    if not names:
        raise ImageFileError(f"{path} does not say which files hold its planes.")
    place = path.parent / names[0]
    if not place.is_file() or not place.resolve().is_relative_to(path.resolve().parent):
        raise ImageFileError(f"{path} needs the file {names[0]!r} beside it, which is missing.")
    return place


def _metadata(images: TiffImages, number: int) -> ImageMetadata:
    """Return what OME-XML says of an image, or else what the tags of its pages say, with the colours of its palette."""
    series = images.series[number]
    metadata = images.described[number] if number < len(images.described) else tiff_metadata(images.tiff, series)
    channels = metadata.channels or (ChannelMetadata(),)
    palette = palette_table(series.keyframe)
    if palette is not None:
        shown = tuple(replace(each, color=each.color or _WHITE, palette=palette.hex()) for each in channels)
        return replace(metadata, channels=shown, significant_bits=None)
    color = palette_color(series.keyframe)
    if color is None or any(channel.color for channel in metadata.channels):
        return metadata
    return replace(metadata, channels=tuple(replace(channel, color=color) for channel in channels))
