"""Tags, key-value pairs, comments, files, ratings and the rarer annotations of the demo."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import select

from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.demo.ome_tiff import set_time
from omero_desk.server.demo.shelf import DAY, FIRST_DAY, Shelf
from omero_desk.server.filesets.image_rows import ImageRows
from omero_desk.server.images.library import REPOSITORY

TAG_SET: Final = "openmicroscopy.org/omero/insight/tagset"
RATING: Final = "openmicroscopy.org/omero/insight/rating"
CLIENT_MAP: Final = "openmicroscopy.org/omero/client/mapAnnotation"

_TIME: Final = FIRST_DAY + 1600 * DAY
_TAG_SETS: Final = {
    "Cell cycle": ("interphase", "prophase", "metaphase", "anaphase", "telophase"),
    "Quality": ("sharp", "out of focus", "for publication", "take again"),
}
_TAGS: Final = ("todo", "重要", "👍 favourite", "control")
_COMMENTS: Final = (
    "Lovely spindle in the lower left.",
    "The focus drifted here; compare with the next one.",
    "Which passage was this?",
    "Counted twice, same result.",
)
_GENES: Final = ("TUBB", "ACTB", "KIF11", "AURKA", "PLK1", "BUB1")
_CONTAINERS: Final = ("Project", "Dataset", "Screen", "Plate", "PlateAcquisition", "Well")
_OTHERS: Final[Sequence[tuple[str, dict[str, object]]]] = (
    ("BooleanAnnotation", {"boolValue": True, "ns": "example.org/checked"}),
    ("XmlAnnotation", {"textValue": "<stage><drift unit='nm'>12</drift></stage>", "ns": "example.org/stage"}),
    ("DoubleAnnotation", {"doubleValue": 0.842, "ns": "example.org/score"}),
    ("LongAnnotation", {"longValue": 1_844_674_407, "ns": "example.org/count"}),
    ("TermAnnotation", {"termValue": "GO:0000278", "ns": "example.org/ontology"}),
    ("TimestampAnnotation", {"timeValue": FIRST_DAY, "ns": "example.org/fixed-at"}),
)


def annotate(shelf: Shelf, data_dir: Path, images: Sequence[int], many: Sequence[int]) -> None:
    """Annotate a section's images, the many of them more sparsely, and its containers."""
    annotator = _Annotator(shelf, data_dir)
    annotator.add_tags()
    annotator.annotate_images(images)
    annotator.annotate_many(many)
    annotator.annotate_containers()


def discuss(shelf: Shelf, images: Sequence[int]) -> None:
    """Comment on and rate images of somebody else."""
    annotator = _Annotator(shelf, Path())
    annotator.comment_on(images)


class _Annotator:
    """Writes annotations for one owner in one group; how many a thing gets depends on its place in the list."""

    def __init__(self, shelf: Shelf, data_dir: Path) -> None:
        self._shelf = shelf
        self._data_dir = data_dir
        self._tags: list[int] = []

    def add_tags(self) -> None:
        """Add tag sets with their tags, and tags outside sets."""
        for name, tags in _TAG_SETS.items():
            (set_id,) = self._add("TagAnnotation", [{"textValue": name, "ns": TAG_SET}])
            children = self._add("TagAnnotation", [{"textValue": tag} for tag in tags])
            self._shelf.link("AnnotationAnnotationLink", [(set_id, child) for child in children], _TIME)
            self._tags += children
        self._tags += self._add("TagAnnotation", [{"textValue": tag} for tag in _TAGS])

    def annotate_images(self, images: Sequence[int]) -> None:
        """Add every kind of annotation by turns, so that some images have all and some have none."""
        pairs = [(image, self._tags[(n + k) % len(self._tags)]) for n, image in enumerate(images) for k in range(n % 4)]
        self._link("Image", pairs)
        self._each("Image", images[::2], "MapAnnotation", lambda _: {"ns": CLIENT_MAP}, self._key_values)
        self._each("Image", images[::3], "CommentAnnotation", _comment)
        self._each("Image", images[1::6], "CommentAnnotation", lambda n: _comment(n + 1))
        self._each("Image", images[::4], "LongAnnotation", _rating)
        for n, (class_name, row) in enumerate(_OTHERS):
            self._each("Image", images[n * 3 :: 20], class_name, _always(row))
        self._attach("Image", images[::8], "measurements.csv", _measurements())

    def annotate_many(self, images: Sequence[int]) -> None:
        """Add a few kinds of annotations to many images."""
        self._link("Image", [(image, self._tags[n % 3]) for n, image in enumerate(images[::5])])
        self._each("Image", images[::7], "LongAnnotation", _rating)

    def comment_on(self, images: Sequence[int]) -> None:
        """Add comments and ratings."""
        self._each("Image", images[::5], "CommentAnnotation", _comment)
        self._each("Image", images[::9], "LongAnnotation", _rating)

    def annotate_containers(self) -> None:
        """Add tags, key-value pairs, comments and files to the containers of the images."""
        for class_name in _CONTAINERS:
            found = self._mine(class_name)
            self._link(class_name, [(each, self._tags[n % len(self._tags)]) for n, each in enumerate(found) if n % 3])
            self._each(class_name, found[::2], "MapAnnotation", lambda _: {"ns": CLIENT_MAP}, self._key_values)
            self._each(class_name, found[::3], "CommentAnnotation", _comment)
            self._each(class_name, found[::5], "LongAnnotation", _rating)
        self._attach("Project", self._mine("Project")[::2], "protocol.txt", _PROTOCOL.encode())
        self._attach("Dataset", self._mine("Dataset")[::4], "summary.csv", _measurements())
        self._attach("Screen", self._mine("Screen"), "plate layout.csv", _plate_layout())

    def _mine(self, class_name: str) -> list[int]:
        table = self._shelf.schema.table(class_name)
        details = self._shelf.owned(table)
        return list(self._shelf.connection.scalars(select(table.c.id).where(*details).order_by(table.c.id)))

    def _each(
        self,
        target: str,
        ids: Sequence[int],
        class_name: str,
        row: Callable[[int], Mapping[str, object]],
        then: Callable[[Sequence[int]], None] | None = None,
    ) -> None:
        """Give each target an annotation of its own."""
        annotations = self._add(class_name, [row(n) for n in range(len(ids))])
        self._link(target, list(zip(ids, annotations, strict=True)))
        if then is not None:
            then(annotations)

    def _key_values(self, annotations: Sequence[int]) -> None:
        pairs = {
            annotation: [
                ("Gene", _GENES[n % len(_GENES)]),
                ("Concentration", f"{(n % 5) * 25} nM"),
                ("Passage", str(3 + n % 9)),
                *([("備考", "確認済み")] if n % 7 == 0 else []),
            ]
            for n, annotation in enumerate(annotations)
        }
        insert_named_values(self._shelf.schema, self._shelf.connection, "MapAnnotation", "mapValue", pairs)

    def _attach(self, target: str, ids: Sequence[int], name: str, content: bytes) -> None:
        """Attach one file to all of the targets."""
        if not ids:
            return
        path = self._data_dir / REPOSITORY / self._shelf.owner / self._shelf.group / "attachments" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        set_time(path, _TIME / 1000)
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        rows = ImageRows(self._shelf.schema, self._shelf.connection)
        file_id = rows.add_file(self._data_dir, path, len(content), digest, _TIME, self._shelf.details(_TIME))
        (annotation,) = self._add("FileAnnotation", [{"file_id": file_id, "description": "From the analysis"}])
        self._link(target, [(each, annotation) for each in ids])

    def _link(self, target: str, pairs: Sequence[tuple[int, int]]) -> None:
        self._shelf.link(target + "AnnotationLink", pairs, _TIME)

    def _add(self, class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
        return self._shelf.add(class_name, rows, _TIME)


def _always(row: Mapping[str, object]) -> Callable[[int], Mapping[str, object]]:
    return lambda _: row


def _comment(number: int) -> dict[str, str]:
    return {"textValue": _COMMENTS[number % len(_COMMENTS)]}


def _rating(number: int) -> dict[str, object]:
    return {"longValue": 1 + number * 7 % 5, "ns": RATING}


def _measurements() -> bytes:
    """Return a CSV file of areas and intensities of nuclei, as an analysis writes it."""
    rng = np.random.default_rng(11)
    areas, intensities = rng.normal(180, 30, 40), rng.lognormal(6, 0.4, 40)
    rows = [
        (n + 1, f"{area:.1f}", f"{mean:.1f}") for n, (area, mean) in enumerate(zip(areas, intensities, strict=True))
    ]
    return _table([("nucleus", "area_um2", "mean_intensity"), *rows])


def _plate_layout() -> bytes:
    rows = [
        (f"{row}{column}", _GENES[(n + column) % len(_GENES)])
        for n, row in enumerate("ABCDEFGH")
        for column in range(1, 13)
    ]
    return _table([("well", "gene"), *rows])


def _table(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


_PROTOCOL: Final = """Fixation and staining

1. Fix in 4 % PFA for 10 min at room temperature; wash three times in PBS.
2. Permeabilise in 0.2 % Triton X-100 for 5 min.
3. Block in 3 % BSA for 30 min.
4. First antibody 1:200 overnight at 4 °C; second antibody 1:500 for 1 h.
5. DAPI 0.5 µg/ml for 5 min; mount.
"""
