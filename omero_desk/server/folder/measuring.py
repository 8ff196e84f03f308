"""Measures the pixels of large files after all files are listed, because it takes long."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from omero_desk.server.folder.ledger import Known, Ledger
from omero_desk.server.folder.own_rows import OwnRows
from omero_desk.server.folder.reading import inside
from omero_desk.server.folder.scan import Subject
from omero_desk.server.images.library import Measured, measure_image
from omero_desk.server.workers.crew import CrewClosedError

log = logging.getLogger(__name__)

MeasureImage = Callable[[Path, int], Measured]
"""A function that measures the image of a number in a file, in this process or in another."""


def measure_next(subject: Subject, check: Callable[[], object], measure: MeasureImage = measure_image) -> bool:
    """Measure the pixels of one more file; return False if none is left. `check` may raise to stop."""
    with subject.store.read() as connection:
        one = Ledger(connection).unmeasured()
    if one is None:
        return False
    found = _measured(subject, one, check, measure)
    with subject.store.write() as connection:
        rows = OwnRows(subject.store.schema, connection, subject.owner)
        ledger = Ledger(connection)
        if ledger.at([one.path]).get(one.path) == one:  # and not entered anew meanwhile
            for each in found:
                _write(rows, *each)
            ledger.put([replace(one, measured=True)])
    return True


def _measured(
    subject: Subject, one: Known, check: Callable[[], object], measure: MeasureImage
) -> list[tuple[int, Measured]]:
    """Return what was found of the pixels of each id."""
    found: list[tuple[int, Measured]] = []
    for pixels_id, series in _pixels_of(subject, one):
        check()
        try:
            found.append((pixels_id, measure(inside(subject.root, one.path), series)))
        except CrewClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - one file of strangers must not keep the others waiting
            log.warning("%s was not measured: %s", one.path, error)
    return found


def _pixels_of(subject: Subject, one: Known) -> list[tuple[int, int]]:
    images, pixels = subject.store.schema.table("Image"), subject.store.schema.table("Pixels")
    found = select(pixels.c.id, images.c.series).join(images, images.c.id == pixels.c.image_id)
    with subject.store.read() as connection:
        return [(row.id, row.series) for row in connection.execute(found.where(images.c.fileset_id == one.fileset_id))]


def _write(rows: OwnRows, pixels_id: int, found: Measured) -> None:
    table = rows.schema.table("Channel")
    channels = select(table.c.id).where(table.c.pixels_id == pixels_id, table.c.statsInfo_id.is_(None))
    ids = list(rows.connection.execute(channels.order_by(table.c.pixels_index)).scalars())
    if len(ids) == len(found.extremes):
        statistics = rows.add("StatsInfo", [{"globalMin": low, "globalMax": high} for low, high in found.extremes])
        for channel_id, statistics_id in zip(ids, statistics, strict=True):
            rows.change("Channel", channel_id, statsInfo_id=statistics_id)
    rows.change("Pixels", pixels_id, sha1=found.sha1)
