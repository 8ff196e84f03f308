"""The extremes of the pixels of large files: looked for when everything is listed, for that takes its time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from omero_desk.server.folder.ledger import Known, Ledger
from omero_desk.server.folder.own_rows import OwnRows
from omero_desk.server.folder.reading import inside
from omero_desk.server.folder.scan import Subject
from omero_desk.server.images.measuring import measure
from omero_desk.server.images.pixels import open_source

log = logging.getLogger(__name__)

Measured = tuple[int, Sequence[tuple[float, float]], str]
"""The id of pixels, the extremes of their channels, and their SHA-1."""


def measure_next(subject: Subject, check: Callable[[], object]) -> bool:
    """Look at the pixels of one more file; False when there is none. `check` is called on the way and may raise."""
    with subject.store.read() as connection:
        one = Ledger(connection).unmeasured()
    if one is None:
        return False
    found = _measured(subject, one, check)
    with subject.store.write() as connection:
        rows = OwnRows(subject.store.schema, connection, subject.owner)
        ledger = Ledger(connection)
        if ledger.at([one.path]).get(one.path) == one:  # and not entered anew meanwhile
            for each in found:
                _write(rows, *each)
            ledger.put([replace(one, measured=True)])
    return True


def _measured(subject: Subject, one: Known, check: Callable[[], object]) -> list[Measured]:
    found: list[Measured] = []
    for pixels_id, series in _pixels_of(subject, one):
        check()
        try:
            source = open_source(inside(subject.root, one.path), series)
            try:
                found.append((pixels_id, *measure(source)))
            finally:
                source.close()
        except Exception as error:  # noqa: BLE001 - one file of strangers must not keep the others waiting
            log.warning("%s was not measured: %s", one.path, error)
    return found


def _pixels_of(subject: Subject, one: Known) -> list[tuple[int, int]]:
    images, pixels = subject.store.schema.table("Image"), subject.store.schema.table("Pixels")
    found = select(pixels.c.id, images.c.series).join(images, images.c.id == pixels.c.image_id)
    with subject.store.read() as connection:
        return [(row.id, row.series) for row in connection.execute(found.where(images.c.fileset_id == one.fileset_id))]


def _write(rows: OwnRows, pixels_id: int, extremes: Sequence[tuple[float, float]], sha1: str) -> None:
    table = rows.schema.table("Channel")
    channels = select(table.c.id).where(table.c.pixels_id == pixels_id, table.c.statsInfo_id.is_(None))
    ids = list(rows.connection.execute(channels.order_by(table.c.pixels_index)).scalars())
    if len(ids) == len(extremes):
        statistics = rows.add("StatsInfo", [{"globalMin": low, "globalMax": high} for low, high in extremes])
        for channel_id, statistics_id in zip(ids, statistics, strict=True):
            rows.change("Channel", channel_id, statsInfo_id=statistics_id)
    rows.change("Pixels", pixels_id, sha1=sha1)
