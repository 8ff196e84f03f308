"""Enters the images of an import into the container and with the names that the client asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import omero
import omero.grid
from omero.rtypes import unwrap
from sqlalchemy import Connection

from omero_desk.server.access.permissions import PRIVATE
from omero_desk.server.backend import Backend
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.filesets.fileset_rows import finish_jobs
from omero_desk.server.filesets.image_rows import ImageRows, NewImage, image_name
from omero_desk.server.filesets.imports import Import
from omero_desk.server.filesets.plate_rows import add_plates
from omero_desk.server.hql.query import run_query
from omero_desk.server.images.library import ImageFileRecord, ImageRecord
from omero_desk.server.images.measuring import PENDING_SHA1
from omero_desk.server.images.ome_xml import ImageMetadata, ValueWithUnit
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph

_PIXELS = (
    "select p from Pixels p join fetch p.image join fetch p.pixelsType join fetch p.dimensionOrder "
    "where p.image.fileset.id in (:ids) order by p.image.series"
)
_PLATES = "select p from Plate p where p.id in (:ids) order by p.id"


def enter_images(process: Import, file: ImageFileRecord, settle: Callable[[], None]) -> omero.grid.ImportResponse:
    """Enter the images of a file that has come in; return the omero.grid.ImportResponse.

    All of it is kept, or nothing; raises as saving does where the target or annotations cannot be linked to, and
    whatever `settle` raises, which is called last of all.
    """
    backend, caller, settings = process.backend, process.caller, process.settings
    schema = backend.store.schema
    with backend.write() as connection:
        events = EventWriter(schema, connection, caller)
        details = {
            "owner_id": caller.user_id,
            "group_id": caller.group_id,
            "creation_id": events.event_id,
            "update_id": events.event_id,
            "permissions": caller.group_permissions or PRIVATE,
        }
        new = [_new_image(process, file, image, details) for image in file.images]
        ids = ImageRows(schema, connection).add_images(new)
        events.log("INSERT", "ome.model.core.Image", ids)
        plates = _add_plates(process, connection, details, list(zip(file.images, ids, strict=True)))
        events.log("INSERT", "ome.model.screen.Plate", plates)
        links = [link for image_id in ids for link in _links(settings, image_id)]
        links += [link for plate_id in plates for link in _plate_links(settings, plate_id)]
        save_graph(schema, connection, caller, links, anywhere=True)
        finish_jobs(schema, connection, process.fileset_id)
        settle()
    return _response(backend, process, plates)


def _add_plates(
    process: Import, connection: Connection, details: dict[str, int], images: Sequence[tuple[ImageRecord, int]]
) -> list[int]:
    """Enter the plates of images that are fields of some; return their ids."""
    schema = process.backend.store.schema

    def add(class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
        return insert_rows(schema, connection, class_name, [{**details, **row} for row in rows])

    fields = [(image.metadata.well, image_id) for image, image_id in images if image.metadata.well is not None]
    return add_plates(add, fields, (unwrap(process.settings.userSpecifiedName) or "").strip())


def _new_image(process: Import, file: ImageFileRecord, image: ImageRecord, details: dict[str, int]) -> NewImage:
    settings = process.settings
    if unwrap(settings.noStatsInfo):
        unmeasured = tuple(replace(channel, extremes=None) for channel in image.channels)
        image = replace(image, channels=unmeasured, sha1=PENDING_SHA1)
    sizes = [size or 0 for size in settings.userSpecifiedPixels or ()]
    if len(sizes) >= 3:
        image = replace(image, metadata=_sized(image.metadata, sizes))
    chosen = (unwrap(settings.userSpecifiedName) or "").strip()
    name = image_name(chosen or process.title, image, len(file.images))
    description = unwrap(settings.userSpecifiedDescription)
    return NewImage(image, process.fileset_id, name, details, description=description)


def _sized(metadata: ImageMetadata, sizes: Sequence[float]) -> ImageMetadata:
    """Replace the physical sizes of x, y and z, in micrometres; one of 0 stays as it is."""
    x, y, z = (ValueWithUnit(size, "MICROMETER") if size > 0 else None for size in sizes[:3])
    return replace(
        metadata,
        physical_size_x=x or metadata.physical_size_x,
        physical_size_y=y or metadata.physical_size_y,
        physical_size_z=z or metadata.physical_size_z,
    )


def _links(settings: omero.grid.ImportSettings, image_id: int) -> list[omero.model.IObject]:
    links: list[omero.model.IObject] = []
    image = omero.model.ImageI(image_id, False)
    target = settings.userSpecifiedTarget
    if isinstance(target, omero.model.Dataset):
        links.append(_link(omero.model.DatasetImageLinkI(), omero.model.DatasetI(target.id, False), image))
    for annotation in settings.userSpecifiedAnnotationList or ():
        if annotation is not None:
            links.append(_link(omero.model.ImageAnnotationLinkI(), image, annotation))
    return links


def _plate_links(settings: omero.grid.ImportSettings, plate_id: int) -> list[omero.model.IObject]:
    """Return the link of a plate to the screen that it is imported into (ome.formats.model.TargetProcessor)."""
    target = settings.userSpecifiedTarget
    if not isinstance(target, omero.model.Screen):
        return []
    screen = omero.model.ScreenI(target.id, False)
    return [_link(omero.model.ScreenPlateLinkI(), screen, omero.model.PlateI(plate_id, False))]


def _link(link: Any, parent: Any, child: Any) -> Any:
    link.parent, link.child = parent, child
    return link


def _response(backend: Backend, process: Import, plates: Sequence[int]) -> omero.grid.ImportResponse:
    """Return plates, then images, as ManagedImportRequestI does."""
    with backend.store.read() as connection:
        pixels = _query(backend.store.schema, connection, process, _PIXELS, [process.fileset_id])
        found = _query(backend.store.schema, connection, process, _PLATES, plates) if plates else []
    return omero.grid.ImportResponse(pixels=pixels, objects=[*found, *(each.image for each in pixels)])


def _query(schema: Schema, connection: Connection, process: Import, hql: str, ids: Sequence[int]) -> list[Any]:
    values = omero.sys.ParametersI().addIds(ids)
    return run_query(connection, schema, process.caller, process.caller.group_id, hql, values)
