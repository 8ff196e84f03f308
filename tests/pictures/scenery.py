"""A small library that is the same every time, down to its ids and dates: what the stored pictures show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from omero import columns as grid
from sqlalchemy import Connection

from omero_desk.entities.annotations import RATING, TABLE
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.server.demo.ome_tiff import ChannelDescription, Description, write_image, write_pyramid
from omero_desk.server.demo.tables import BULK_ANNOTATIONS
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.images.library import REPOSITORY, read_image_file
from omero_desk.server.tables import store
from tests.support.gallery import Gallery, people
from tests.support.library_writer import LibraryWriter

WIDTH, HEIGHT = 240, 180
SLIDE_SIDE, SLIDE_LEVELS, TILE = 2048, 4, 256
ROWS, COLUMNS = 4, 6
MEASURE: Final = "Dose"
ANNOTATED: Final = "Annotated"
NAMES: Final = ("Cells", "Slide", *(f"Field {number}" for number in range(1, 11)))
_CHANNELS: Final = (
    ChannelDescription("DAPI", "0000FF", 358, 461),
    ChannelDescription("GFP", "00FF00", 488, 507),
    ChannelDescription("mCherry", "FF0000", 587, 610),
)
_DAY: Final = 24 * 3_600_000
_SPRING: Final = 1_712_000_000_000
"""A moment in April 2024, in milliseconds since 1970."""
_GENES: Final = ("TUBB", "ACTB", "KIF11", "AURKA")
_COMMENTS: Final = (
    "Three of nine are in mitosis.",
    "The focus drifts towards the right edge; compare with the next field.",
)
_TABLE_ROWS: Final = 240
_KEY_VALUES: Final = "openmicroscopy.org/omero/client/mapAnnotation"
_YELLOW, _PINK, _WHITE = (value - (1 << 32) for value in (0xFFEB3BFF, 0xFF6EC7FF, 0xFFFFFFFF))


@dataclass(frozen=True)
class Scenery:
    """Ids of what there is to look at."""

    dataset: int
    plate: int
    cells: int
    slide: int
    noted: int
    """The image with most annotations, the first of a dataset of its own."""
    table: int
    """The id of the file of a table that hangs on the plate."""


def make(folder: Path) -> Scenery:
    """Write the library, whose images are ada's; her password is her name."""
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    pictures = _write_pictures(gallery)
    with store.write() as connection:
        painter = _Painter(
            store, connection, gallery.details, LibraryWriter(store, connection, ids["ada"], ids["shared"])
        )
        scenery = painter.paint(pictures)
        connection.execute(store.schema.table("Event").update().values(time=_SPRING))
    store.close()
    return scenery


def _write_pictures(gallery: Gallery) -> list[Path]:
    """The cells, the slide, and three fields."""
    paths = [gallery.path(name) for name in ("cells", "slide", "field 1", "field 2", "field 3")]
    stack = np.stack([_cells(channel, section) for channel in range(3) for section in range(5)])
    stack = stack.reshape(3, 5, HEIGHT, WIDTH)
    write_image(paths[0], stack, "CZYX", Description("Cells", "2024-04-01T19:30:00", _CHANNELS, 0.25, 1.0))
    levels = [_slide(SLIDE_SIDE >> level) for level in range(SLIDE_LEVELS)]
    write_pyramid(
        paths[1],
        [(level.shape, _tiles(level)) for level in levels],
        TILE,
        Description("Slide", "2024-04-01T19:30:00", _CHANNELS[:2], 0.5),
    )
    for number, path in enumerate(paths[2:]):
        field = np.stack([_cells(channel, number + 1)[::2, ::2] for channel in range(2)])
        write_image(path, field, "CYX", Description(path.name, "2024-04-01T19:30:00", _CHANNELS[:2], 0.5))
    return paths


def _cells(channel: int, section: int) -> NDArray[np.uint16]:
    """Discs with soft edges on an even ground: large nuclei, rings around them, and rows of spots."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    light = np.zeros((HEIGHT, WIDTH))
    for number in range(9):
        row, column = divmod(number, 3)
        middle = 32 + row * 58 + 6 * (column == 1), 42 + column * 76 + 3 * row
        away = np.hypot((y - middle[0]) / (15 + number % 3 * 3), (x - middle[1]) / (20 + section))
        light = np.maximum(light, _SHAPES[channel](away) * (1 - 0.07 * number))
    return np.asarray(120 + np.round(light * 20) * 150, np.uint16)


_SHAPES: Final = (
    lambda away: 1 / (1 + np.exp(np.clip((away - 0.9) * 14, -50, 50))),
    lambda away: np.exp(-(((away - 1.15) / 0.22) ** 2)),
    lambda away: 0.8 * np.exp(-(((away - 0.35) / 0.2) ** 2)),
)


def _slide(side: int) -> NDArray[np.uint8]:
    """Two channels of rings and bands, at any size."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    away = np.hypot(y, x * 0.9)
    rings = (0.5 + 0.5 * np.cos(away * 28)) * (away < 0.92)
    bands = (0.5 + 0.5 * np.sin(x * 9 + y * 5)) * (away < 0.7)
    return np.asarray(np.round(np.stack([rings, bands]) * 15) * 16, np.uint8)


def _tiles(level: NDArray[Any]) -> list[NDArray[Any]]:
    channels, height, width = level.shape
    return [
        level[channel, top : top + TILE, left : left + TILE]
        for channel in range(channels)
        for top in range(0, height, TILE)
        for left in range(0, width, TILE)
    ]


class _Painter:
    """Enters the pictures as images, in a dataset and in a plate, with regions and key-value pairs."""

    def __init__(self, store: Store, connection: Connection, details: dict[str, int], writer: LibraryWriter) -> None:
        self._store, self._connection, self._details, self._writer = store, connection, details, writer
        self._rows = ImageRows(store.schema, connection)

    def paint(self, paths: list[Path]) -> Scenery:
        """Write all rows."""
        cells, slide, *fields = map(self._entry, paths)
        entries = [cells, slide, *(fields[number % 3] for number in range(10))]
        images = self._rows.add_images(
            [
                replace(entry, name=name, acquired=_SPRING + number * _DAY)
                for number, (name, entry) in enumerate(zip(NAMES, entries, strict=True))
            ]
        )
        (project,) = self._writer.named("Project", "Pictures")
        dataset, annotated = self._writer.named("Dataset", "All sorts", ANNOTATED)
        self._writer.link("ProjectDatasetLink", [project] * 2, [dataset, annotated])
        self._writer.link("DatasetImageLink", [dataset] * len(images), images)
        self._draw_regions(images[0])
        plate = self._add_plate(fields)
        noted = self._rows.add_images(
            [
                replace(entry, name=f"Embryo {number}", acquired=_SPRING + number * _DAY)
                for number, entry in enumerate((cells, *fields * 3), 1)
            ]
        )
        self._writer.link("DatasetImageLink", [annotated] * len(noted), noted)
        self._annotate(noted)
        return Scenery(dataset, plate, images[0], images[1], noted[0], self._add_table(plate))

    def _entry(self, path: Path) -> NewImage:
        file = read_image_file(path)
        folder = self._store.folder
        assert path.is_relative_to(folder / REPOSITORY)
        original = self._rows.add_image_file(folder, file, self._details)
        (fileset,) = self._rows.add_filesets(folder, [(file, original, self._details)])
        return NewImage(file.images[0], fileset, path.name, self._details)

    def _draw_regions(self, image: int) -> None:
        shapes: list[tuple[str, dict[str, Any]]] = [
            ("Rectangle", {"x": 14.0, "y": 10.0, "width": 60.0, "height": 46.0, "textValue": "box"}),
            ("Ellipse", {"x": 124.0, "y": 96.0, "radiusX": 34.0, "radiusY": 26.0, "textValue": "oval"}),
            ("Polygon", {"points": "160,120 226,112 230,172 176,176", "textValue": "corner"}),
            ("Line", {"x1": 20.0, "y1": 165.0, "x2": 100.0, "y2": 130.0}),
        ]
        colours = (_YELLOW, _PINK, _WHITE, _YELLOW)
        rois = self._writer.add("Roi", *({"image_id": image} for _ in shapes))
        for roi, colour, (kind, shape) in zip(rois, colours, shapes, strict=True):
            look = {"strokeColor": colour, "strokeWidth": 2.0, "strokeWidth_unit": "PIXEL", "roi_index": 0}
            self._writer.add(kind, {**shape, **look, "roi_id": roi})

    def _annotate(self, images: list[int]) -> None:
        """Add tags, pairs, comments, a rating and a description; most of them to the first image."""
        cells, fields = images[0], images[1:]
        tags = self._writer.add("TagAnnotation", *({"textValue": text} for text in ("mitosis", "sharp", "figure 2")))
        first = [(cells, tag) for tag in tags]
        self._hang([*first, *((image, tags[number % 2]) for number, image in enumerate(fields))])
        maps = self._writer.add("MapAnnotation", *({"ns": _KEY_VALUES} for _ in (cells, *fields)))
        self._hang(zip((cells, *fields), maps, strict=True))
        pairs = {
            one: [("Gene", _GENES[number % len(_GENES)]), ("Concentration", f"{25 * number} nM"), ("Passage", "7")]
            for number, one in enumerate(maps)
        }
        insert_named_values(self._store.schema, self._connection, "MapAnnotation", "mapValue", pairs)
        comments = self._writer.add("CommentAnnotation", *({"textValue": text} for text in _COMMENTS))
        stars = self._writer.add("LongAnnotation", *({"longValue": stars, "ns": RATING} for stars in (4, 2)))
        self._hang([*((cells, one) for one in comments), (cells, stars[0]), (fields[1], stars[1])])
        table = self._store.schema.table("Image")
        said = "Fixed after 4 h; tubulin in green."
        self._connection.execute(table.update().where(table.c.id == cells).values(description=said))

    def _hang(self, pairs: Iterable[tuple[int, int]]) -> None:
        images, annotations = zip(*pairs, strict=True)
        self._writer.link("ImageAnnotationLink", images, annotations)

    def _add_table(self, plate: int) -> int:
        """Hang a table of measurements on the plate; returns the id of its file."""
        name = "measurements.h5"
        times = dict.fromkeys(("atime", "mtime", "ctime"), _SPRING)
        (file_id,) = self._writer.add("OriginalFile", {"name": name, "path": name, "mimetype": TABLE, **times})
        path, holder, numbers = place_by_id(self._store.folder, file_id), object(), np.arange(_TABLE_ROWS)
        areas = 180 + 60 * np.sin(numbers / 9) + numbers % 11
        columns = [
            grid.LongColumnI("Cell", "", numbers.tolist()),
            grid.DoubleColumnI("Area", "in square micrometres", areas.round(2).tolist()),
            grid.DoubleColumnI("Roundness", "", (0.5 + (numbers * 7 % 50) / 100).tolist()),
            grid.StringColumnI("Drug", "", 8, [("DMSO", "taxol")[number % 2] for number in numbers.tolist()]),
        ]
        tables = store()
        storage = tables.attach(path, holder)
        storage.initialize(columns)
        storage.append(columns)
        tables.detach(path, storage, holder)
        files = self._store.schema.table("OriginalFile")
        size = path.stat().st_size
        self._connection.execute(files.update().where(files.c.id == file_id).values(size=size))
        (annotation,) = self._writer.add("FileAnnotation", {"file_id": file_id, "ns": BULK_ANNOTATIONS})
        self._writer.link("PlateAnnotationLink", [plate], [annotation])
        return file_id

    def _add_plate(self, fields: list[NewImage]) -> int:
        (screen,) = self._writer.named("Screen", "Doses")
        (plate,) = self._writer.add("Plate", {"name": "Plate 1", "rows": ROWS, "columns": COLUMNS})
        self._writer.link("ScreenPlateLink", [screen], [plate])
        places = [divmod(number, COLUMNS) for number in range(ROWS * COLUMNS)]
        rows = ({"plate_id": plate, "row": row, "column": column} for row, column in places)
        wells = self._writer.add("Well", *rows)
        images = self._rows.add_images(
            [replace(fields[(row + column) % 3], name=f"Well {row}.{column}") for row, column in places]
        )
        pairs = zip(wells, images, strict=True)
        self._writer.add(
            "WellSample", *({"well_id": well, "image_id": image, "well_index": 0} for well, image in pairs)
        )
        maps = self._writer.add("MapAnnotation", *({"ns": _KEY_VALUES} for _ in wells))
        self._writer.link("WellAnnotationLink", wells, maps)
        doses = {one: [(MEASURE, str(10 * number))] for number, one in enumerate(maps)}
        insert_named_values(self._store.schema, self._connection, "MapAnnotation", "mapValue", doses)
        return plate
