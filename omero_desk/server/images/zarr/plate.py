"""Plates in OME-Zarr: rows of wells, each with fields (OME-Zarr 0.4, "plate" and "well" metadata)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import PurePath, PurePosixPath
from typing import Any, Final

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.ome_xml import PlateMetadata, WellPosition

_MOST_LINES: Final = 1000
"""The most rows, and the most columns, of a plate; the largest that are made have 48 and 72."""


def plate_fields(
    plate: Mapping[str, Any], name: str, attributes_of: Callable[[str], Mapping[str, Any]]
) -> Iterator[tuple[str, WellPosition]]:
    """Give the path of each field's image with its place; no path twice. `attributes_of` are those of a well's path.

    Raises ReasonError for wells at places that make no sense.
    """
    rows, columns = (_names(plate.get(axis)) for axis in ("rows", "columns"))
    metadata = PlateMetadata(str(plate.get("name") or name), len(rows), len(columns))
    seen: set[str] = set()
    for well in plate.get("wells") or ():
        path = str(PurePosixPath(str(well["path"])))
        if path in seen:
            continue
        seen.add(path)
        row, column = (
            _index(well, key, path, part, names)
            for key, part, names in (("rowIndex", 0, rows), ("columnIndex", 1, columns))
        )
        images = attributes_of(path).get("well", {}).get("images") or ()
        fields = dict.fromkeys(str(PurePosixPath(path, str(image["path"]))) for image in images)
        for number, field in enumerate(fields):
            yield field, WellPosition(metadata, row, column, number)


def field_name(path: PurePath, well: WellPosition) -> str:
    """Return the name of a field: "A1, field 2"."""
    return f"{''.join(path.parts[:-1])}, field {well.field + 1}"


def _names(lines: object) -> Sequence[str]:
    found = lines if isinstance(lines, list) else []
    if len(found) > _MOST_LINES:
        raise ReasonError("its plate has more rows or columns than there are plates of")
    return [str(line.get("name", "")) for line in found]


def _index(well: Mapping[str, Any], key: str, path: str, part: int, names: Sequence[str]) -> int:
    """Return the number of a well's row or column; before version 0.4 its path alone tells it."""
    parts = path.split("/")
    index = well.get(key)
    if index is None and len(parts) == 2 and parts[part] in names:
        index = names.index(parts[part])
    if not isinstance(index, int) or not 0 <= index < _MOST_LINES:
        raise ReasonError(f"it does not say where on its plate the well {path!r} is")
    return index
