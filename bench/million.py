"""A library of a million images, made once in a folder, straight into the database: a few minutes, a gigabyte."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.library import PASSWORD, USER
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.library_writer import LibraryWriter

LARGE = 200_000
DATASETS, IN_DATASET = 300, 1_000
ORPHANED = 250_400
PLATES, WELLS, FIELDS = 26, 96, 100
ANNOTATED = 10_000

IMAGES = LARGE + DATASETS * IN_DATASET + ORPHANED + PLATES * WELLS * FIELDS
RARE_TAG = "needle"

_PART = 10_000
_DONE = "complete with pixels"
_SIZES = {"sizeX": 512, "sizeY": 512, "sizeZ": 1, "sizeC": 2, "sizeT": 1}
_PIXELS: dict[str, object] = {**_SIZES, "image_index": 0, "sha1": "", "pixelsType_id": 1, "dimensionOrder_id": 1}


def library(folder: Path) -> Path:
    """Return the folder with the library in it, made anew if it was never finished."""
    if not (folder / _DONE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        store = Store(folder)
        try:
            _fill(store)
        finally:
            store.close()
        (folder / _DONE).touch()
    return folder


def _fill(store: Store) -> None:
    with store.write() as connection:
        group = create_group(store.schema, connection, "bench", "rwra--")
        names = {"first_name": "Bench", "last_name": "Mark"}
        user = create_user(store.schema, connection, USER, groups=[group], password=PASSWORD, **names)
    filler = _Filler(store, user, group)
    filler.add_datasets()
    filler.add_images(ORPHANED)
    filler.add_plates()


class _Filler:
    """Writes a part at a time, so that neither memory nor the log grow large."""

    def __init__(self, store: Store, user: int, group: int) -> None:
        self._store, self._user, self._group = store, user, group
        self._made = 0

    def add_datasets(self) -> None:
        """A project of many datasets, and a dataset of many images, some of which are annotated."""
        (project,) = self._add("Project", [{"name": f"{DATASETS} datasets"}])
        (large,) = self._add("Dataset", [{"name": f"{LARGE:,} images"}])
        datasets = self._add("Dataset", [{"name": f"Dataset {n}"} for n in range(1, DATASETS + 1)])
        self._link("ProjectDatasetLink", [project] * len(datasets), datasets)
        for dataset, count in ((large, LARGE), *((each, IN_DATASET) for each in datasets)):
            images = self.add_images(count)
            self._link("DatasetImageLink", [dataset] * count, images)
            if dataset == large:
                self._annotate(images[:ANNOTATED])

    def add_plates(self) -> None:
        """A screen of plates, each with one run."""
        (screen,) = self._add("Screen", [{"name": f"{PLATES} plates"}])
        plates = self._add("Plate", [{"name": f"Plate {n}"} for n in range(1, PLATES + 1)])
        self._link("ScreenPlateLink", [screen] * PLATES, plates)
        for plate in plates:
            (run,) = self._add("PlateAcquisition", [{"name": "Run 1", "plate_id": plate}])
            wells = self._add("Well", [{"plate_id": plate, "row": n // 12, "column": n % 12} for n in range(WELLS)])
            images = iter(self.add_images(WELLS * FIELDS))
            fields: list[dict[str, object]] = [
                {"well_id": well, "image_id": next(images), "plateAcquisition_id": run, "well_index": n}
                for well in wells
                for n in range(FIELDS)
            ]
            self._add("WellSample", fields)

    def add_images(self, count: int) -> list[int]:
        """Images in no container."""
        first, self._made = self._made, self._made + count
        rows = [
            # The order of the names is not that of the ids.
            {"name": f"2026-11-{n % 28 + 1:02}_plate{n * 7919 % 10_007}_Image{n}.ome.tiff", "series": 0}
            for n in range(first, first + count)
        ]
        images = self._add("Image", rows)
        self._add("Pixels", [{**_PIXELS, "image_id": image} for image in images])
        return images

    def _annotate(self, images: Sequence[int]) -> None:
        texts = [*(f"tag {n}" for n in range(10)), RARE_TAG]
        *tags, rare = self._add("TagAnnotation", [{"textValue": text} for text in texts])
        self._link("ImageAnnotationLink", images, [tags[n % len(tags)] for n in range(len(images))])
        self._link("ImageAnnotationLink", images[:10], [rare] * 10)

    def _add(self, class_name: str, rows: Sequence[dict[str, object]]) -> list[int]:
        made: list[int] = []
        for part in _parts(rows):
            with self._store.write() as connection:
                writer = LibraryWriter(self._store, connection, self._user, self._group)
                made += writer.add(class_name, *part)
        return made

    def _link(self, class_name: str, parents: Sequence[int], children: Sequence[int]) -> None:
        self._add(class_name, [{"parent_id": a, "child_id": b} for a, b in zip(parents, children, strict=True)])


def _parts(rows: Sequence[dict[str, object]]) -> Iterator[Sequence[dict[str, object]]]:
    for start in range(0, len(rows), _PART):
        yield rows[start : start + _PART]
