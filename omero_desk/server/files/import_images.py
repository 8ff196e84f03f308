"""What becomes of the files of an import: images, in the container and with the names that the client asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import omero
from omero.rtypes import unwrap
from sqlalchemy import Connection

from omero_desk.server.access.permissions import PRIVATE
from omero_desk.server.backend import Backend
from omero_desk.server.database.schema import Schema
from omero_desk.server.files.fileset_rows import finish_jobs
from omero_desk.server.files.imports import Import
from omero_desk.server.hql import run_query
from omero_desk.server.images.image_rows import ImageRows, NewImage
from omero_desk.server.images.library import PENDING_SHA1, Image, ImageFile
from omero_desk.server.images.ome_xml import Measure
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph

_PIXELS = (
    "select p from Pixels p join fetch p.image join fetch p.pixelsType join fetch p.dimensionOrder "
    "where p.image.fileset.id = :id order by p.image.series"
)


def enter_images(process: Import, file: ImageFile, settle: Callable[[], None]) -> Any:
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
        links = [link for image_id in ids for link in _links(settings, image_id)]
        save_graph(schema, connection, caller, links)
        finish_jobs(schema, connection, process.fileset_id)
        settle()
    return _response(backend, process)


def _new_image(process: Import, file: ImageFile, image: Image, details: dict[str, int]) -> NewImage:
    settings = process.settings
    if unwrap(settings.noStatsInfo):
        unmeasured = tuple(replace(channel, extremes=None) for channel in image.channels)
        image = replace(image, channels=unmeasured, sha1=PENDING_SHA1)
    sizes = [size or 0 for size in settings.userSpecifiedPixels or ()]
    if len(sizes) >= 3:
        image = replace(image, metadata=_sized(image.metadata, sizes))
    name = image_name(process.title, unwrap(settings.userSpecifiedName), file, image)
    description = unwrap(settings.userSpecifiedDescription)
    return NewImage(image, process.fileset_id, name, details, description=description)


def image_name(file_name: str, chosen: str | None, file: ImageFile, image: Image) -> str:
    """Return an image's name: the chosen or the file's, with its own for one of several (PixelsProcessor)."""
    name = (chosen or "").strip() or file_name
    if len(file.images) > 1:
        own = (image.metadata.name or "").strip() or str(image.series)
        name += f" [{own}]"
    return name


def _sized(metadata: Any, sizes: Sequence[float]) -> Any:
    """Replace the physical sizes that are given, in micrometres."""
    names = ("physical_size_x", "physical_size_y", "physical_size_z")
    given = {name: Measure(size, "MICROMETER") for name, size in zip(names, sizes, strict=False) if size > 0}
    return replace(metadata, **given)


def _links(settings: Any, image_id: int) -> list[Any]:
    links: list[Any] = []
    image = omero.model.ImageI(image_id, False)
    target = settings.userSpecifiedTarget
    if isinstance(target, omero.model.Dataset):
        links.append(_link(omero.model.DatasetImageLinkI(), omero.model.DatasetI(target.id, False), image))
    for annotation in settings.userSpecifiedAnnotationList or ():
        if annotation is not None:
            links.append(_link(omero.model.ImageAnnotationLinkI(), image, annotation))
    return links


def _link(link: Any, parent: Any, child: Any) -> Any:
    link.parent, link.child = parent, child
    return link


def _response(backend: Backend, process: Import) -> Any:
    with backend.store.read() as connection:
        pixels = _query(backend.store.schema, connection, process)
    return omero.grid.ImportResponse(pixels=pixels, objects=[each.image for each in pixels])


def _query(schema: Schema, connection: Connection, process: Import) -> list[Any]:
    values = omero.sys.ParametersI().addId(process.fileset_id)
    return list(run_query(connection, schema, process.caller, process.caller.group_id, _PIXELS, values))
