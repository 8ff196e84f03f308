"""What shapes cover, and statistics of the values there."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import omero
import omero.model
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from omero.rtypes import rdouble, rint, rstring

from omero_desk.server.measuring.outlines import points_of
from tests.server.conftest import Connect


def shape(kind: str, *, points: str | None = None, matrix: tuple[float, ...] | None = None, **numbers: float) -> Any:
    made = getattr(omero.model, f"{kind}I")()
    for name, value in numbers.items():
        setattr(made, name, rdouble(value))
    if points is not None:
        made.points = rstring(points)
    if matrix is not None:
        made.transform = omero.model.AffineTransformI()
        for name, value in zip(("a00", "a10", "a01", "a11", "a02", "a12"), matrix, strict=True):
            setattr(made.transform, name, rdouble(value))
    return made


def covered(made: Any, size: tuple[int, int] | None = None) -> set[tuple[int, int]]:
    return {(x, y) for x, y in points_of(made, size).tolist()}


def box(width: int, height: int, x: int = 0, y: int = 0) -> set[tuple[int, int]]:
    return {(x + dx, y + dy) for dx in range(width) for dy in range(height)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (shape("Rectangle", x=2, y=3, width=4, height=2), box(4, 2, 2, 3)),
        (shape("Mask", x=0, y=0, width=2, height=2), box(2, 2)),
        (shape("Rectangle", x=0, y=0, width=2, height=2, matrix=(1, 0, 0, 1, 5, 7)), box(2, 2, 5, 7)),
        (shape("Rectangle", x=0, y=0, width=2, height=1, matrix=(2, 0, 0, 3, 0, 0)), box(4, 3)),
        (shape("Point", x=1.9, y=2.2), {(1, 2)}),
        (shape("Label", x=-0.5, y=0), {(0, 0)}),
        (shape("Line", x1=0, y1=0, x2=3, y2=0), box(4, 1)),
        (shape("Line", x1=1, y1=1, x2=1, y2=1), {(1, 1)}),
        (shape("Polyline", points="0,0 0,2 2,2"), {(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)}),
        (shape("Polygon", points="0,0 4,0 4,3 0,3"), box(4, 3)),
        (shape("Polygon", points="points[0,0, 4,0, 4,3, 0,3] points1[9,9, 8,8] points2[7,7] mask[0,1]"), box(4, 3)),
        (shape("Polygon", points="0,0 4,0 0,4"), {(x, y) for x in range(4) for y in range(4) if x + y < 4}),
        (shape("Ellipse", x=0, y=0, radiusX=1, radiusY=1), {(-1, 0), (0, -1), (0, 0)}),
        (shape("Ellipse", x=5, y=5, radiusX=0, radiusY=1), set()),
    ],
)
def test_that_shapes_cover_what_omero_says(made: Any, expected: set[tuple[int, int]]) -> None:
    assert covered(made) == expected


@given(
    x=st.floats(-20, 40), y=st.floats(-20, 40), radius_x=st.floats(0.1, 30), radius_y=st.floats(0.1, 30)
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_that_an_ellipse_is_its_equation_within_the_image(x: float, y: float, radius_x: float, radius_y: float) -> None:
    found = covered(shape("Ellipse", x=x, y=y, radiusX=radius_x, radiusY=radius_y), (32, 24))
    for column in range(math.ceil(2 * radius_x)):
        for row in range(math.ceil(2 * radius_y)):
            px, py = x - radius_x + column, y - radius_y + row
            inside = ((px - x) / radius_x) ** 2 + ((py - y) / radius_y) ** 2
            if -1 < px < 32 and -1 < py < 24 and abs(inside - 1) > 0.05:
                assert ((int(px), int(py)) in found) is (inside < 1) or inside > 1
    assert all(0 <= px < 32 and 0 <= py < 24 for px, py in found)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_that_no_numbers_take_memory_or_time(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["Ellipse", "Rectangle", "Line"]))
    names = {"Ellipse": ("x", "y", "radiusX", "radiusY"), "Rectangle": ("x", "y", "width", "height")}
    chosen = names.get(kind, ("x1", "y1", "x2", "y2"))
    numbers: dict[str, Any] = {name: data.draw(st.floats()) for name in chosen}
    made = shape(kind, **numbers)
    try:
        assert len(points_of(made, (16, 16))) <= 3 * 256
    except omero.ApiUsageException as refused:
        assert refused.message


@pytest.mark.parametrize("points", ["", "no numbers", "1,2 nan", "1e999,3"])
def test_that_a_polygon_without_points_is_refused(points: str) -> None:
    if points == "1,2 nan":
        assert covered(shape("Polygon", points=points)) == set()
        return
    with pytest.raises(omero.ApiUsageException):
        points_of(shape("Polygon", points=points))


def image_of(client: Any, values: np.ndarray[Any, Any]) -> int:
    """Make an image of values by T, C, Z, Y, X."""
    session = client.getSession()
    kind = session.getTypesService().getEnumeration("PixelsType", "int16")
    size_t, size_c, size_z, size_y, size_x = values.shape
    service = session.getPixelsService()
    made = service.createImage(size_x, size_y, size_z, size_t, list(range(size_c)), kind, "measured", "").val
    hql = f"select p from Pixels p where p.image.id = {made}"
    store = session.createRawPixelsStore()
    store.setPixelsId(session.getQueryService().findByQuery(hql, None).id.val, False)
    for t, c, z in np.ndindex(values.shape[:3]):
        store.setPlane(values[t, c, z].astype(">i2").tobytes(), z, c, t)
    store.save()
    store.close()
    return int(made)


def test_that_statistics_are_those_of_the_values_in_the_shape(connect: Connect) -> None:
    client = connect("ada")
    values = np.random.default_rng(5).integers(-999, 999, (2, 2, 3, 12, 16)).astype(np.int16)
    image_id = image_of(client, values)
    roi = omero.model.RoiI()
    roi.image = omero.model.ImageI(image_id, False)
    on_plane = shape("Rectangle", x=3, y=2, width=5, height=4)
    on_plane.theZ, on_plane.theT = rint(1), rint(0)
    roi.addShape(on_plane)
    roi.addShape(shape("Rectangle", x=-5, y=-5, width=9, height=9))
    saved = client.getSession().getUpdateService().saveAndReturnObject(roi)
    service = client.getSession().getRoiService()
    first, second = (one.id.val for one in saved.copyShapes())
    (found,) = service.getShapeStatsRestricted([first], 0, 0, [1])
    inside = values[0, 1, 1, 2:6, 3:8].ravel().tolist()
    assert (found.shapeId, found.channelIds, found.pointsCount) == (first, [1], [20])
    assert (found.min, found.max, found.sum) == ([min(inside)], [max(inside)], [sum(inside)])
    assert found.mean == pytest.approx([statistics.mean(inside)])
    assert found.stdDev == pytest.approx([statistics.stdev(inside)])
    everywhere = service.getShapeStats(second)
    assert everywhere.pointsCount == [16 * 3 * 2] * 2
    assert everywhere.sum == [float(values[:, c, :, :4, :4].sum()) for c in range(2)]
    whole = service.getRoiStats(saved.id.val)
    assert [one.shapeId for one in whole.perShape] == [first, second]
    assert whole.imageId == image_id
    points = service.getPoints(first)
    assert set(zip(points.x, points.y, strict=True)) == box(5, 4, 3, 2)


def test_that_what_cannot_be_measured_says_why(connect: Connect) -> None:
    service = connect("ada").getSession().getRoiService()
    refused: tuple[Callable[[], object], ...] = (
        lambda: service.getPoints(-1),
        lambda: service.getShapeStats(-1),
        lambda: service.getShapeStatsRestricted([], 0, 0, [0]),
        lambda: service.getShapeStatsRestricted([1], 0, 0, []),
    )
    for ask in refused:
        with pytest.raises(omero.ApiUsageException):
            ask()
    with pytest.raises(omero.ValidationException):
        service.getRoiStats(-1)
