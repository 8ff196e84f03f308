"""The plates that fields of a file in a folder become."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from omero_desk.server.filesets.plate_rows import add_plates
from omero_desk.server.folder.own_rows import OwnRows
from omero_desk.server.images.ome_xml import WellPosition


def add_plate(rows: OwnRows, fields: Sequence[tuple[WellPosition, int]]) -> None:
    """Enter the plate of images with their places on it, unless one of them is in a well already."""
    samples = rows.schema.table("WellSample")
    ids = [image_id for _, image_id in fields]
    if not rows.connection.scalar(select(samples.c.id).where(samples.c.image_id.in_(ids)).limit(1)):
        add_plates(rows.add, fields)
