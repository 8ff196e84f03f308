"""A library of plates: a large one, one with runs and gaps, and an empty one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tifffile
from sqlalchemy import Connection

from omero_desk.entities.objects import Kind, Ref, SignIn
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.bootstrap import EVENT_ID
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import REPOSITORY, read_image_file
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ServerProcess, running_server

ROWS, COLUMNS = 32, 48
MID_ROWS, MID_COLUMNS = 16, 24
GAP = (0, 1)
"""A place of the plate with runs that has no well."""
BARE = (0, 2)
"""A well that has no fields."""
BLIND = (0, 3)
"""A well whose images have no pixels."""
_KEY_VALUES = "openmicroscopy.org/omero/client/mapAnnotation"
PIXEL_UM, SIDE_PX, APART_UM = 0.5, 24, 20.0


@dataclass
class PlateLab:
    """Ids by name of what the library holds, ids of wells by plate and place, and the server."""

    ids: dict[str, int] = field(default_factory=dict)
    wells: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)
    server: ServerProcess | None = None
    start: Callable[..., ServerProcess] | None = field(default=None, repr=False)

    def kill(self) -> None:
        """End the server as a power cut does."""
        assert self.server is not None
        self.server.kill()

    def start_again(self) -> None:
        """Start the server that was killed, where it was."""
        assert self.server is not None
        assert self.start is not None
        self.server = self.start("--port", str(self.server.ssl_port))

    def ref(self, name: str) -> Ref:
        """A plate, or a run whose name starts so."""
        return Ref(Kind.RUN if name.startswith("run") else Kind.PLATE, self.ids[name])

    def sign_in(self, **changes: object) -> SignIn:
        """What the connection dialog would hand over."""
        assert self.server is not None
        settings = {"port": self.server.ssl_port, "user": "ada", "password": "ada"} | changes
        return SignIn(self.server.host, **settings)  # type: ignore[arg-type]


@contextmanager
def plate_lab(folder: Path) -> Iterator[PlateLab]:
    """A server with such a library, made in `folder`."""
    lab = PlateLab()
    make(lab, folder)
    with ExitStack() as stack:
        lab.start = lambda *arguments: stack.enter_context(running_server(folder, *arguments))
        lab.server = lab.start("--set", "desk.faults=")
        yield lab


def make(lab: PlateLab, folder: Path) -> None:
    """Write the library."""
    store = Store(folder)
    with store.write() as connection:
        group = lab.ids["group"] = create_group(store.schema, connection, "lab", "rwra--")
        ada = create_user(
            store.schema, connection, "ada", first_name="Ada", last_name="Lab", groups=[group], password="ada"
        )
        _Plates(lab, store, connection, ada, group).write()
    store.close()


class _Plates:
    def __init__(self, lab: PlateLab, store: Store, connection: Connection, owner: int, group: int) -> None:
        self._lab, self._store, self._connection = lab, store, connection
        self._writer = LibraryWriter(store, connection, owner, group)
        self._details = {"owner_id": owner, "group_id": group, "creation_id": EVENT_ID, "update_id": EVENT_ID}
        self._rows = ImageRows(store.schema, connection)
        path = store.folder / REPOSITORY / "field.ome.tif"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.add.outer(np.arange(SIDE_PX), np.arange(SIDE_PX)).astype("uint8")
        size = {"PhysicalSizeX": PIXEL_UM, "PhysicalSizeY": PIXEL_UM}
        tifffile.imwrite(path, pixels, ome=True, metadata={"axes": "YX", **size})
        file = read_image_file(path)
        original = self._rows.add_image_file(store.folder, file, self._details)
        (self._fileset,) = self._rows.add_filesets(store.folder, [(file, original, self._details)])
        self._picture = file.images[0]

    def write(self) -> None:
        """Write three plates."""
        (self._lab.ids["empty"],) = self._writer.add("Plate", {"name": "Empty plate", "rows": 8, "columns": 12})
        self._write_large()
        self._write_with_runs()

    def _write_large(self) -> None:
        places = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
        wells = self._add_plate("large", places)
        images = self._images(f"Field of {row} {column}" for row, column in places)
        self._writer.add("WellSample", *(_field(well, image) for well, image in zip(wells, images, strict=True)))
        self._hang_key_values(wells, [[("Dose", f"{row * 10 + column} nM")] for row, column in places])

    def _write_with_runs(self) -> None:
        places = [(r, c) for r in range(MID_ROWS) for c in range(MID_COLUMNS) if (r, c) != GAP]
        wells = self._add_plate(
            "mid", places, rowNamingConvention="Number", columnNamingConvention="letter", rows=2, columns=2
        )
        runs = self._writer.add("PlateAcquisition", *({"plate_id": self._lab.ids["mid"]} for _ in range(2)))
        self._lab.ids |= {"run 1": runs[0], "run 2": runs[1]}
        for number, run in enumerate((runs[0], runs[0], runs[1])):
            pairs = [(well, place) for well, place in zip(wells, places, strict=True) if place != BARE]
            images = self._images(f"{place} {number}" for _, place in pairs)
            (images[[place for _, place in pairs].index(BLIND)],) = self._writer.named("Image", "No pixels")
            fields = (_field(well, image, run, number) for (well, _), image in zip(pairs, images, strict=True))
            self._writer.add("WellSample", *fields)
            self._lab.ids[f"first image {number}"] = images[0]
        self._annotate(wells, self._lab.ids["first image 0"])

    def _annotate(self, wells: list[int], image: int) -> None:
        tag, other = self._writer.add("TagAnnotation", {"textValue": "Control"}, {"textValue": "Looked at"})
        self._writer.link("WellAnnotationLink", wells[:3], [tag] * 3)
        self._writer.link("ImageAnnotationLink", [image], [other])
        self._writer.add("Roi", *({"image_id": image} for _ in range(4)))
        self._hang_key_values(wells[:2], [[("Gene", "TUBB"), ("Dose", "2.5")], [("Dose", "n/a")]])

    def _add_plate(self, name: str, places: list[tuple[int, int]], **columns: object) -> list[int]:
        (plate,) = self._writer.add("Plate", {"name": name, **columns})
        kinds = {0: "DMSO", 1: "untreated"}
        rows = (
            {"plate_id": plate, "row": row, "column": column, "type": kinds.get(column, "compound")}
            for row, column in places
        )
        wells = self._writer.add("Well", *rows)
        self._lab.ids[name] = plate
        self._lab.wells[name] = dict(zip(places, wells, strict=True))
        return wells

    def _images(self, names: Iterator[str]) -> list[int]:
        return self._rows.add_images([NewImage(self._picture, self._fileset, name, self._details) for name in names])

    def _hang_key_values(self, wells: list[int], pairs: list[list[tuple[str, str]]]) -> None:
        maps = self._writer.add(
            "MapAnnotation", *({"ns": "openmicroscopy.org/omero/client/mapAnnotation"} for _ in wells)
        )
        self._writer.link("WellAnnotationLink", wells, maps)
        values = dict(zip(maps, pairs, strict=True))
        insert_named_values(self._store.schema, self._connection, "MapAnnotation", "mapValue", values)


def _field(well: int, image: int, run: int | None = None, number: int = 0) -> dict[str, object]:
    return {
        "well_id": well,
        "image_id": image,
        "plateAcquisition_id": run,
        "well_index": number,
        "posX": number * APART_UM / 1000,
        "posX_unit": "MILLIMETER",
        "posY": 0.0,
        "posY_unit": "MICROMETER",
    }
