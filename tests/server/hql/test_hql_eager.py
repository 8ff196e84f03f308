"""What OMERO loads unasked: the to-one relations that an abstract class declares."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.server.hql.conftest import Library


@pytest.fixture
def drawn(library: Library) -> Any:
    """A connection to a library in which ada drew two points of one region, the first with a transform."""
    with library.scratch() as connection:
        (roi,) = library.insert(connection, "Roi", {"name": "region", "image_id": 2})
        (moved,) = library.insert(
            connection, "AffineTransform", dict.fromkeys(("a00", "a10", "a01", "a11", "a02", "a12"), 1.0)
        )
        library.insert(
            connection,
            "Point",
            {"roi_id": roi, "roi_index": 0, "x": 1.0, "transform_id": moved},
            {"roi_id": roi, "roi_index": 1, "x": 2.0},
        )
        yield connection


@pytest.mark.parametrize(
    "hql",
    [
        "select s from Shape s join s.roi r where r.name = 'region' order by s.id",
        "select s from Point s where s.roi.name = 'region' order by s.id",
        "select s from Roi r join r.shapes s where r.name = 'region' order by s.id",
    ],
)
def test_that_a_shape_comes_with_its_region_and_its_transform(library: Library, drawn: Any, hql: str) -> None:
    first, second = library.objects(hql, connection=drawn)
    assert first.roi is second.roi
    assert (first.roi.name.val, first.roi.isShapesLoaded()) == ("region", False)
    assert (first.roi.image.isLoaded(), first.roi.details.owner.isLoaded()) == (False, False)
    assert (first.transform.a00.val, second.transform) == (1.0, None)


def test_that_a_shape_in_a_projection_comes_with_its_region_too(library: Library, drawn: Any) -> None:
    rows = library.project("select s.x, s from Point s where s.roi.name = 'region' order by s.id", connection=drawn)
    assert [(x.val, shape.val.roi.name.val) for x, shape in rows] == [(1.0, "region"), (2.0, "region")]


def test_that_a_fetched_region_is_the_shapes_own(library: Library, drawn: Any) -> None:
    (roi,) = library.objects("select r from Roi r join fetch r.shapes where r.name = 'region'", connection=drawn)
    assert [shape.roi is roi for shape in roi.copyShapes()] == [True, True]


def test_that_a_source_of_light_comes_with_its_instrument_and_a_detector_without(library: Library) -> None:
    with library.scratch() as connection:
        (instrument,) = library.insert(connection, "Instrument", {})
        for kind in ("Filament", "Detector"):
            kinds = library.store.schema.table(kind + "Type")
            row = {"instrument_id": instrument, "type_id": connection.scalar(sa.select(kinds.c.id).limit(1))}
            library.insert(connection, kind, row)
        lamp, detector = (
            library.objects(f"select o from {kind} o where o.instrument.id = {instrument}", connection=connection)[0]
            for kind in ("LightSource", "Detector")
        )
        assert (lamp.instrument.isLoaded(), detector.instrument.isLoaded()) == (True, False)
