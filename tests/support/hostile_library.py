"""A library in which every text that people can write is the same hostile one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from sqlalchemy import update

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.store import Store
from omero_desk.server.filesets.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import read_image_file
from tests.support.gallery import Gallery
from tests.support.library_writer import LibraryWriter

KEY_VALUES = "openmicroscopy.org/omero/client/mapAnnotation"
PASSWORD = "ada"
CHANNELS = 2


def make(folder: Path, text: str) -> int:
    """Write the library, whose user is ada with her name as password; returns the id of an image with channels."""
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, text, "rwra--")
        ada = create_user(
            store.schema, connection, PASSWORD, first_name=text, last_name=text, groups=[group], password=PASSWORD
        )
        create_user(store.schema, connection, "ben", first_name=text, last_name=text, groups=[group], password="ben")
    gallery = Gallery(store, ada, group)
    image = gallery.add("picture", np.arange(CHANNELS * 64 * 64, dtype="uint16").reshape(CHANNELS, 64, 64), "CYX")
    path = gallery.path("picture")
    with store.write() as connection:
        writer = LibraryWriter(store, connection, ada, group)
        schema = store.schema
        file = read_image_file(path)
        rows = ImageRows(schema, connection)
        original = rows.add_image_file(folder, file, gallery.details)
        (fileset,) = rows.add_filesets(folder, [(file, original, gallery.details)])
        fields = rows.add_images([NewImage(replace(file.images[0]), fileset, text, gallery.details) for _ in range(2)])
        connection.execute(update(schema.table("Image")).values(name=text, description=text))
        connection.execute(update(schema.table("LogicalChannel")).values(name=text))
        (project,) = writer.add("Project", {"name": text, "description": text})
        (dataset,) = writer.add("Dataset", {"name": text, "description": text})
        (empty,) = writer.named("Image", text)
        writer.link("ProjectDatasetLink", [project], [dataset])
        writer.link("DatasetImageLink", [dataset, dataset], [image, empty])
        (screen,) = writer.named("Screen", text)
        (plate,) = writer.add("Plate", {"name": text, "rows": 2, "columns": 2, "columnNamingConvention": text})
        writer.link("ScreenPlateLink", [screen], [plate])
        (run,) = writer.add("PlateAcquisition", {"name": text, "plate_id": plate})
        wells = writer.add(
            "Well",
            *({"plate_id": plate, "row": n, "column": 0, "type": text, "externalDescription": text} for n in range(2)),
        )
        writer.add(
            "WellSample",
            *(
                {"well_id": well, "image_id": field, "plateAcquisition_id": run, "well_index": 0}
                for well, field in zip(wells, fields, strict=True)
            ),
        )
        tags = writer.add("TagAnnotation", {"textValue": text}, {"textValue": f"{text} "})
        writer.link("WellAnnotationLink", wells, tags)
        writer.link("ImageAnnotationLink", [image, image], tags)
        maps = writer.add("MapAnnotation", {"ns": KEY_VALUES}, {"ns": KEY_VALUES})
        writer.link("WellAnnotationLink", wells, maps)
        insert_named_values(
            schema, connection, "MapAnnotation", "mapValue", {one: [(text, "7"), ("Dose", text)] for one in maps}
        )
        _draw(writer, image, text)
    store.close()
    return image


def _draw(writer: LibraryWriter, image: int, text: str) -> None:
    shapes = [
        ("Rectangle", {"x": 4.0, "y": 4.0, "width": 20.0, "height": 20.0}),
        ("Label", {"x": 30.0, "y": 30.0}),
        ("Point", {"x": 50.0, "y": 50.0}),
    ]
    rois = writer.add("Roi", *({"image_id": image, "name": text} for _ in shapes))
    for roi, (kind, shape) in zip(rois, shapes, strict=True):
        writer.add(kind, {**shape, "roi_id": roi, "roi_index": 0, "textValue": text})
