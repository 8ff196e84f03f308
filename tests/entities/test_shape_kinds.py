"""Every kind of shape, as each layer knows it: a kind that is new is complete once these pass."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import FORMS, Gesture, ShapeKind
from omero_desk.gateway.rois.objects import filled, new_shape, shape_of
from omero_desk.imaging.outlines import box, contours, is_at, within
from omero_desk.imaging.shapes.kinds import GEOMETRIES
from omero_desk.models.rois.handles import TURN, dragged, drawn, grown, handles, turned, with_vertex, without_vertex
from omero_desk.views.rois.shape_painters import PAINTERS, path

PLACES = [(2.0, 3.0), (10.0, 3.0), (10.0, 9.0)]
PATH = Shape(ShapeKind.PATH, (), data="M2 3H10V9H2z")
MASK = Shape(ShapeKind.MASK, (2.0, 3.0, 8.0, 6.0))
DRAWN = [
    shape
    for kind in FORMS
    if (shape := drawn(Shape(kind, (), text="words", z=1, stroke=7, font_size=12.0), PLACES, True)) is not None
]
SHAPES = [*DRAWN, PATH, MASK]


def kind_of(shape: Shape) -> str:
    return shape.kind


def test_that_every_kind_has_a_form_and_a_geometry() -> None:
    kinds = {kind for name, kind in vars(ShapeKind).items() if name.isupper()}
    assert set(FORMS) == set(GEOMETRIES) == kinds == set(map(kind_of, SHAPES))
    assert set(PAINTERS) <= kinds


@pytest.mark.parametrize("shape", SHAPES, ids=kind_of)
def test_that_a_shape_is_where_the_mouse_has_drawn_it(shape: Shape) -> None:
    left, top, right, bottom = box(shape)
    is_spot = shape.form.gesture is Gesture.CLICK
    assert (left, top, right, bottom) == pytest.approx((2, 3, 2, 3) if is_spot else (2, 3, 10, 9))
    x, y = contours(shape)[0].places[0]
    assert is_at(shape, x, y, 0.01)
    assert within(shape, 20, 20)[2].any()
    assert shape.moved(5, 6).form is shape.form
    assert box(shape.moved(5, 6)) == pytest.approx((left + 5, top + 6, right + 5, bottom + 6))


@pytest.mark.parametrize("shape", SHAPES, ids=kind_of)
def test_that_its_path_for_painting_has_its_box(shape: Shape) -> None:
    there = path(shape).boundingRect()
    painted = (there.left(), there.top(), there.right(), there.bottom())
    assert painted == pytest.approx((0, 0, 0, 0) if shape.form.is_spot else box(shape))


@pytest.mark.parametrize("shape", SHAPES, ids=kind_of)
def test_that_a_handle_goes_where_it_is_dragged(shape: Shape) -> None:
    for number, (x, y) in enumerate(handles(shape)[:TURN]):
        after = handles(dragged(shape, number, x + 3, y + 4))
        distances = np.hypot(*(np.array(after) - (x + 3, y + 4)).T)
        on_edge = shape.form.has_box and number % 2
        assert on_edge or distances.min() < 0.05


@pytest.mark.parametrize("shape", SHAPES, ids=kind_of)
def test_that_what_a_kind_cannot_do_leaves_the_shape_as_it_is(shape: Shape) -> None:
    assert (turned(shape, 0.5) == shape) is not shape.form.has_box
    assert (with_vertex(shape, 6.0, 6.0) == shape) is not bool(shape.form.fewest_vertices)
    assert without_vertex(replace(shape), 0).form is shape.form
    assert (grown(shape, 1, 2) == shape) is (not handles(shape) or bool(shape.form.fewest_vertices))


@pytest.mark.parametrize("shape", SHAPES, ids=kind_of)
def test_that_a_shape_comes_back_from_the_objects_of_omero(shape: Shape) -> None:
    assert shape_of(new_shape(shape)) == shape
    marked = replace(shape, end="Arrow") if shape.form.has_markers else shape
    assert shape_of(filled(new_shape(shape), marked.moved(1, 2))) == marked.moved(1, 2)


@pytest.mark.parametrize("kind", [kind for kind in FORMS if FORMS[kind].fields])
def test_that_numbers_that_are_none_are_nowhere(kind: str) -> None:
    shape = Shape(kind, (math.nan,) * len(FORMS[kind].fields))
    assert contours(shape) == ()
    assert math.isnan(box(shape)[0])
