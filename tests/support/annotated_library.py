"""A library with all sorts of annotations, in groups of the four kinds of permissions, on a server of its own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
import tifffile
from omero.gateway import BlitzGateway
from sqlalchemy import Connection

from omero_desk.entities.annotations import COMPANION, RATING, TABLE, TAG_SET
from omero_desk.entities.objects import Ref, SignIn
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.access.permissions import parse
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.server.demo.microscopes import add_microscope
from omero_desk.server.demo.shelf import Shelf
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.images.library import REPOSITORY
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import ServerProcess, running_server

GROUPS = {"private": "rw----", "read": "rwr---", "annotate": "rwra--", "write": "rwrw--"}
"""The groups of both people, by their names, with OMERO's permissions."""
MANY = 1_000
"""Images in the group that people may annotate in, which have two tags each."""
LONG = 100_001


@dataclass
class AnnotatedLab:
    """Ids and places of files by name, and the server; passwords are the users' names."""

    ids: dict[str, int] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    many: list[int] = field(default_factory=list)
    server: ServerProcess | None = None

    def __getitem__(self, name: str) -> int:
        return self.ids[name]

    def ref(self, kind: str, name: str) -> Ref:
        """The key of an object by its name here."""
        return Ref(kind, self.ids[name])

    def sign_in(self, user: str = "ada") -> SignIn:
        """What the connection dialog would hand over."""
        assert self.server is not None
        return SignIn(self.server.host, self.server.ssl_port, user, user)

    @contextmanager
    def gateway(self, user: str = "ada", password: str = "") -> Iterator[BlitzGateway]:
        """Plain omero-py, looking into all groups."""
        assert self.server is not None
        made = BlitzGateway(user, password or user, host=self.server.host, port=self.server.ssl_port, secure=True)
        assert made.connect()
        made.SERVICE_OPTS.setOmeroGroup("-1")
        try:
            yield made
        finally:
            made.close()


@contextmanager
def annotated_lab(folder: Path) -> Iterator[AnnotatedLab]:
    """Furnish a library and serve it."""
    lab = AnnotatedLab()
    store = Store(folder)
    with store.write() as connection:
        _furnish(lab, store, connection)
    store.close()
    with running_server(folder) as lab.server:
        yield lab


def _furnish(lab: AnnotatedLab, store: Store, connection: Connection) -> None:
    groups = {name: create_group(store.schema, connection, name, rights) for name, rights in GROUPS.items()}
    lab.ids |= {f"group {name}": group for name, group in groups.items()}
    for name in ("ada", "ben"):
        lab.ids[name] = create_user(
            store.schema,
            connection,
            name,
            first_name=name,
            last_name="Lab",
            groups=[groups["annotate"], *(group for kind, group in groups.items() if kind != "annotate")],
            password=name,
        )
    for name, group in groups.items():
        ada, ben = (LibraryWriter(store, connection, lab[person], group) for person in ("ada", "ben"))
        (lab.ids[f"image {name}"],) = ada.named("Image", f"Image {name}")
        (lab.ids[f"tag {name}"],) = ben.add("TagAnnotation", {"textValue": f"ben's {name}"})
        ben.link("ImageAnnotationLink", [lab[f"image {name}"]], [lab[f"tag {name}"]])
    ada, ben = (LibraryWriter(store, connection, lab[person], groups["annotate"]) for person in ("ada", "ben"))
    _furnish_image(lab, store, ada, ben)
    _furnish_places(lab, store, ada)
    _furnish_microscope(lab, store, connection)
    _furnish_files(lab, store, ada)
    lab.many = ada.named("Image", *(f"{n}" for n in range(MANY)))
    tags = ada.add("TagAnnotation", *({"textValue": f"many {n}"} for n in range(2)))
    for tag in tags:
        ada.link("ImageAnnotationLink", lab.many, [tag] * MANY)


def _pairs(store: Store, ada: LibraryWriter, annotation: int, pairs: list[tuple[str, str]]) -> None:
    insert_named_values(store.schema, ada.connection, "MapAnnotation", "mapValue", {annotation: pairs})


def _furnish_image(lab: AnnotatedLab, store: Store, ada: LibraryWriter, ben: LibraryWriter) -> None:
    (image,) = ada.add("Image", {"name": "All sorts", "description": "é" * LONG, "acquisitionDate": 1_000})
    lab.ids["image"] = image
    add_pixels(store, ada, image)

    def put(class_name: str, by: LibraryWriter = ada, **values: Any) -> int:
        (made,) = by.add(class_name, values)
        by.link("ImageAnnotationLink", [image], [made])
        return made

    lab.ids["tag"] = put("TagAnnotation", textValue="mitosis", description="Cells that divide")
    (tag_set,) = ada.add("TagAnnotation", {"textValue": "Cell cycle", "ns": TAG_SET})
    ada.link("AnnotationAnnotationLink", [tag_set], [lab["tag"]])
    ben.link("ImageAnnotationLink", [image], [lab["tag"]])
    lab.ids["pairs"] = put("MapAnnotation", ns="openmicroscopy.org/omero/client/mapAnnotation")
    _pairs(store, ada, lab["pairs"], [("b", "1"), ("a", "2"), ("b", ""), ("b", "1")])
    lab.ids["comment"] = put("CommentAnnotation", by=ben, textValue="x" * LONG)
    lab.ids["stars"] = put("LongAnnotation", longValue=4, ns=RATING)
    put("LongAnnotation", by=ben, longValue=2, ns=RATING)
    put("LongAnnotation", by=ben, longValue=77_777, ns=RATING)
    for name, mimetype, size in (("notes.txt", "text/plain", 5), ("measured", TABLE, None), ("companion", "", None)):
        (file,) = ada.add("OriginalFile", {"name": name, "path": "p/", "mimetype": mimetype, "size": size})
        lab.ids[name] = file
        put("FileAnnotation", file_id=file, ns=COMPANION if name == "companion" else None)
    put("LongAnnotation", longValue=7)
    put("DoubleAnnotation", doubleValue=float("inf"))
    put("DoubleAnnotation", doubleValue=0.5)
    put("BooleanAnnotation", boolValue=True)
    put("TimestampAnnotation", timeValue=86_400_000)
    put("TermAnnotation", termValue="GO:1")
    put("XmlAnnotation", textValue="<a/>")


def add_pixels(store: Store, ada: LibraryWriter, image: int) -> None:
    """Give an image pixels of two channels, "DAPI" and "GFP"."""

    def first(class_name: str, value: str) -> int:
        return int(ada.connection.scalars(_ids(store, class_name, value)).one())

    (pixels,) = ada.add(
        "Pixels",
        {
            "image_id": image,
            "image_index": 0,
            "sizeX": 30,
            "sizeY": 20,
            "sizeZ": 3,
            "sizeC": 2,
            "sizeT": 1,
            "sha1": "x",
            "physicalSizeX": 0.5,
            "physicalSizeX_unit": "MICROMETER",
            "pixelsType_id": first("PixelsType", "uint16"),
            "dimensionOrder_id": first("DimensionOrder", "XYZCT"),
        },
    )
    wavelengths = {"emissionWave": 450.5, "emissionWave_unit": "NANOMETER"}
    excited = {"excitationWave": 405, "excitationWave_unit": "NANOMETER"}
    channels = ada.add("LogicalChannel", {"name": "DAPI", **wavelengths, **excited}, {"name": "GFP"})
    colour = {"red": 0, "green": 0, "blue": 255, "alpha": 255}
    for number, channel in enumerate(channels):
        ada.add("Channel", {"pixels_id": pixels, "pixels_index": number, "logicalChannel_id": channel, **colour})
    ada.add("Roi", *[{"image_id": image}] * 3)


def _furnish_places(lab: AnnotatedLab, store: Store, ada: LibraryWriter) -> None:
    image = lab["image"]
    datasets = ada.named("Dataset", "In two projects", "Alone")
    projects = ada.named("Project", "First", "Second")
    ada.link("DatasetImageLink", [datasets[0], datasets[1]], [image, image])
    ada.link("ProjectDatasetLink", projects, [datasets[0]] * 2)
    (screen,) = ada.named("Screen", "Screen")
    (plate,) = ada.add("Plate", {"name": "Plate", "columnNamingConvention": "letter", "rowNamingConvention": "number"})
    ada.link("ScreenPlateLink", [screen], [plate])
    (run,) = ada.add("PlateAcquisition", {"name": "Run", "plate_id": plate})
    (well,) = ada.add("Well", {"plate_id": plate, "row": 1, "column": 2, "externalDescription": "DMSO"})
    ada.add("WellSample", {"well_id": well, "image_id": image, "plateAcquisition_id": run, "well_index": 0})
    lab.ids |= {"dataset": datasets[0], "lonely dataset": datasets[1], "project": projects[0], "screen": screen}
    lab.ids |= {"other project": projects[1], "plate": plate, "run": run, "well": well}
    for kind, name in (("Dataset", "dataset"), ("Screen", "screen"), ("Well", "well"), ("PlateAcquisition", "run")):
        (pairs,) = ada.add("MapAnnotation", {"ns": f"of {name}"})
        _pairs(store, ada, pairs, [("from", name)])
        ada.link(f"{kind}AnnotationLink", [lab[name]], [pairs])
        if name == "dataset":
            ada.link("ProjectAnnotationLink", [lab["project"]], [pairs])


def _furnish_microscope(lab: AnnotatedLab, store: Store, connection: Connection) -> None:
    owner, group = ("ada", lab["ada"]), ("annotate", lab["group annotate"])
    add_microscope(Shelf(store.schema, connection, owner, group, parse(GROUPS["annotate"])), [lab["image"]])


def _furnish_files(lab: AnnotatedLab, store: Store, ada: LibraryWriter) -> None:
    """An image of a TIFF file that was imported in place, and files of bytes, one of which is shorter than it says."""
    folder = store.folder / REPOSITORY / "ada"
    folder.mkdir(parents=True)
    tifffile.imwrite(folder / "x.tif", np.zeros((4, 4), "uint8"), description="Made for a test", metadata=None)
    (folder / "broken.tif").write_bytes(b"no picture")
    for name, transfer in (("x.tif", "ome.formats.importer.transfers.SymlinkFileTransfer"), ("broken.tif", None)):
        (file,) = ada.add("OriginalFile", {"name": name, "path": "ada/", "size": (folder / name).stat().st_size})
        (fileset,) = ada.add("Fileset", {"templatePrefix": "ada/"})
        entry = {"fileset_id": fileset, "originalFile_id": file, "clientPath": f"home/ada/{name}", "fileset_index": 0}
        ada.add("FilesetEntry", entry)
        (image,) = ada.add("Image", {"name": name, "fileset_id": fileset})
        lab.ids |= {f"fileset of {name}": fileset, f"image of {name}": image, name: file}
        lab.places[name] = folder / name
        if transfer:
            namespace = "openmicroscopy.org/omero/import/fileTransfer"
            (comment,) = ada.add("CommentAnnotation", {"textValue": transfer, "ns": namespace})
            ada.link("FilesetAnnotationLink", [fileset], [comment])
    (sha1,) = ada.connection.scalars(_ids(store, "ChecksumAlgorithm", "SHA1-160"))
    for name, content in (("whole", os.urandom(9 * 1024 * 1024 + 17)), ("short", b"short"), ("empty", b"")):
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        row = {"name": name, "path": "", "size": len(content) + (name == "short"), "hash": digest, "hasher_id": sha1}
        (lab.ids[name],) = ada.add("OriginalFile", row)
        lab.places[name] = place_by_id(store.folder, lab[name])
        lab.places[name].parent.mkdir(parents=True, exist_ok=True)
        lab.places[name].write_bytes(content)


def _ids(store: Store, class_name: str, value: str) -> sa.Select[int]:
    table = store.schema.table(class_name)
    return sa.select(table.c.id).where(table.c.value == value)
