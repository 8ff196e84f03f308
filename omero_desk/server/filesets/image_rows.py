"""Image files entered into a library: their rows, for many images at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.files.repository import MANAGED_UUID
from omero_desk.server.filesets.lut_rows import enter_palette
from omero_desk.server.filesets.palette_settings import add_settings
from omero_desk.server.images.formats import media_type
from omero_desk.server.images.library import REPOSITORY, ChannelRecord, ImageFileRecord, ImageRecord
from omero_desk.server.images.ome_xml import ValueWithUnit

Details = Mapping[str, int]
"""The columns owner_id, group_id, creation_id, update_id and permissions of a row."""

_SHA1: Final = "SHA1-160"
_PLAIN: Final = "OMETiff"
"""The format of images that no file was read for."""


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image to enter: of what file and fileset, whose, and under what name; `acquired` is in milliseconds."""

    image: ImageRecord
    fileset_id: int
    name: str
    details: Details
    acquired: int | None = None
    description: str | None = None


def image_name(file_name: str, image: ImageRecord, count: int) -> str:
    """Return the name of one of `count` images of a file (ome.formats.model.PixelsProcessor)."""
    if count == 1:
        return file_name
    return f"{file_name} [{(image.metadata.name or '').strip() or image.series}]"


class ImageRows:
    """Enters files and images through one connection, as OMERO's importer does."""

    def __init__(self, schema: Schema, connection: Connection) -> None:
        self._schema = schema
        self._connection = connection

    def add_file(self, folder: Path, path: Path, size: int, sha1: str, modified: int, details: Details) -> int:
        """Enter a file that lies in the repository of the library in `folder`; returns the original file's id."""
        place = path.relative_to(folder / REPOSITORY)
        row = {
            **details,
            "name": place.name,
            "path": place.parent.as_posix() + "/",
            "repo": MANAGED_UUID,
            "size": size,
            "hash": sha1,
            "hasher_id": self._enumerations("ChecksumAlgorithm")[_SHA1],
            "mimetype": media_type(place.name),
            "mtime": modified,
        }
        return self._insert("OriginalFile", [row])[0]

    def add_image_file(self, folder: Path, file: ImageFileRecord, details: Details) -> int:
        """Enter an image file; returns the original file's id."""
        return self.add_file(folder, file.path, file.size, file.sha1, file.modified, details)

    def add_filesets(self, folder: Path, files: Sequence[tuple[ImageFileRecord, int, Details]]) -> list[int]:
        """Make a fileset of each (file, original file's id, details); returns their ids."""
        prefixes = [file.path.relative_to(folder / REPOSITORY).parent.as_posix() + "/" for file, _, _ in files]
        sets = [{**details, "templatePrefix": prefix} for (_, _, details), prefix in zip(files, prefixes, strict=True)]
        ids = self._insert("Fileset", sets)
        entries = [
            {
                **details,
                "fileset_id": fileset_id,
                "originalFile_id": original_id,
                "clientPath": "import/" + file.path.name,
                "fileset_index": 0,
            }
            for (file, original_id, details), fileset_id in zip(files, ids, strict=True)
        ]
        self._insert("FilesetEntry", entries)
        return ids

    def add_images(self, images: Sequence[NewImage]) -> list[int]:
        """Enter images with their pixels, channels and statistics; returns the images' ids."""
        ids = self._insert("Image", [self._image_row(new) for new in images])
        self.add_pixels(images, ids)
        return ids

    def add_pixels(self, images: Sequence[NewImage], image_ids: Sequence[int]) -> list[int]:
        """Give images that have none their pixels, channels and statistics; returns the ids of the pixels."""
        pixels = [self._pixels_row(new, image_id) for new, image_id in zip(images, image_ids, strict=True)]
        ids = self._insert("Pixels", pixels)
        self._add_channels(images, ids)
        return ids

    def _add_channels(self, images: Sequence[NewImage], pixels_ids: Sequence[int]) -> None:
        channels = [
            (new, pixels_id, number, channel)
            for new, pixels_id in zip(images, pixels_ids, strict=True)
            for number, channel in enumerate(new.image.channels)
        ]
        logical = self._insert("LogicalChannel", [self._logical_row(new, each) for new, _, _, each in channels])
        measured = [(new, channel.extremes) for new, _, _, channel in channels if channel.extremes]
        statistics = iter(
            self._insert(
                "StatsInfo", [{**new.details, "globalMin": low, "globalMax": high} for new, (low, high) in measured]
            )
        )
        luts = [self._lookup_table(channel) for _, _, _, channel in channels]
        rows = [
            {
                **new.details,
                **_color_columns(channel),
                "lookupTable": lut,
                "pixels_id": pixels_id,
                "pixels_index": number,
                "logicalChannel_id": logical_id,
                "statsInfo_id": next(statistics) if channel.extremes else None,
            }
            for (new, pixels_id, number, channel), logical_id, lut in zip(channels, logical, luts, strict=True)
        ]
        self._insert("Channel", rows)
        named = iter(luts)
        for new, pixels_id in zip(images, pixels_ids, strict=True):
            own = [next(named) for _ in new.image.channels]
            if any(own):
                self._add_settings(new, pixels_id, own)

    def _add_settings(self, new: NewImage, pixels_id: int, luts: Sequence[str | None]) -> None:
        """Give pixels with palettes the settings that show them."""

        def add(class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
            return self._insert(class_name, [{**new.details, **row} for row in rows])

        model, family = self._enumerations("RenderingModel")["rgb"], self._enumerations("Family")["linear"]
        add_settings(add, new.image, pixels_id, luts, model, family)

    def _image_row(self, new: NewImage) -> dict[str, object]:
        metadata = new.image.metadata
        return {
            **new.details,
            "name": new.name,
            "description": new.description if new.description is not None else metadata.description,
            "acquisitionDate": new.acquired if new.acquired is not None else metadata.acquired,
            "series": new.image.series,
            "archived": False,
            "partial": False,
            "format_id": self._format_id(new.image.format or _PLAIN),
            "fileset_id": new.fileset_id,
        }

    def _pixels_row(self, new: NewImage, image_id: int) -> dict[str, object]:
        image = new.image
        return {
            **new.details,
            **_quantity("physicalSizeX", image.metadata.physical_size_x),
            **_quantity("physicalSizeY", image.metadata.physical_size_y),
            **_quantity("physicalSizeZ", image.metadata.physical_size_z),
            **_quantity("timeIncrement", image.metadata.time_increment),
            "image_id": image_id,
            "image_index": 0,
            "pixelsType_id": self._enumerations("PixelsType")[image.pixel_type],
            "dimensionOrder_id": self._enumerations("DimensionOrder")[image.dimension_order],
            "significantBits": image.metadata.significant_bits,
            "sha1": image.sha1,
            "sizeX": image.size_x,
            "sizeY": image.size_y,
            "sizeZ": image.size_z,
            "sizeC": image.size_c,
            "sizeT": image.size_t,
        }

    def _logical_row(self, new: NewImage, channel: ChannelRecord) -> dict[str, object]:
        metadata = channel.metadata
        photometric = "RGB" if new.image.is_rgb else "Monochrome"
        return {
            **new.details,
            **_quantity("excitationWave", metadata.excitation),
            **_quantity("emissionWave", metadata.emission),
            "name": metadata.name,
            "fluor": metadata.fluor,
            "mode_id": self._enumerations("AcquisitionMode").get(metadata.mode or ""),
            "photometricInterpretation_id": self._enumerations("PhotometricInterpretation")[photometric],
            "samplesPerPixel": 3 if new.image.is_rgb else 1,
        }

    def _lookup_table(self, channel: ChannelRecord) -> str | None:
        """Return the name of the lookup table of a channel that has a palette, entered if need be."""
        palette = channel.metadata.palette
        if palette is None:
            return None
        return enter_palette(self._schema, self._connection, bytes.fromhex(palette))

    def _format_id(self, value: str) -> int:
        """Return the id of a format, entered if need be; OMERO enters all of its formats at its start (DBEnumCheck)."""
        known = self._enumerations("Format")
        if value not in known:
            known[value] = self._insert("Format", [{"value": value}])[0]
        return known[value]

    def _enumerations(self, class_name: str) -> dict[str, int]:
        if class_name not in self._known:
            table = self._schema.table(class_name)
            rows = self._connection.execute(select(table.c.value, table.c.id))
            self._known[class_name] = {row.value: row.id for row in rows}
        return self._known[class_name]

    @cached_property
    def _known(self) -> dict[str, dict[str, int]]:
        return {}

    def _insert(self, class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
        return insert_rows(self._schema, self._connection, class_name, rows)


def _quantity(name: str, measure: ValueWithUnit | None) -> dict[str, object]:
    return {name: measure.value, name + "_unit": measure.unit} if measure else {name: None, name + "_unit": None}


def _color_columns(channel: ChannelRecord) -> dict[str, int | None]:
    color = channel.metadata.color or (None,) * 4
    return dict(zip(("red", "green", "blue", "alpha"), color, strict=True))
