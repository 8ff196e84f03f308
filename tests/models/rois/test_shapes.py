"""Shapes by the hundred thousand: what is where, what has changed, and what is undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from omero_desk.entities.rois import Matrix, Shape, StoredShape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.imaging.outlines import area, box
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.rois.handles import TURN, dragged, handles, turned, with_vertex, without_vertex
from omero_desk.models.rois.shape_index import MOST_DRAWN, ShapeIndex
from omero_desk.models.rois.shapes import Shapes

NUMBERS = st.floats(-100, 100)
RECTANGLES = st.builds(
    lambda numbers, z, t: Shape(ShapeKind.RECTANGLE, numbers, z=z, t=t),
    st.tuples(NUMBERS, NUMBERS, st.floats(0, 50), st.floats(0, 50)),
    st.none() | st.integers(0, 2),
    st.none() | st.integers(0, 2),
)


def square(x: float, y: float, size: float = 10.0) -> Shape:
    return Shape(ShapeKind.RECTANGLE, (x, y, size, size))


@given(st.lists(RECTANGLES, max_size=30), st.tuples(NUMBERS, NUMBERS), st.integers(0, 2), st.integers(0, 2))
def test_that_what_meets_a_box_on_a_plane_is_found(
    shapes: list[Shape], corner: tuple[float, float], z: int, t: int
) -> None:
    index = ShapeIndex()
    index.add(shapes, [box(shape) for shape in shapes])
    view = (*corner, corner[0] + 40, corner[1] + 40)
    expected = [
        key
        for key, shape in enumerate(shapes)
        if shape.z in (None, z)
        and shape.t in (None, t)
        and box(shape)[0] <= view[2]
        and box(shape)[2] >= view[0]
        and box(shape)[1] <= view[3]
        and box(shape)[3] >= view[1]
    ]
    assert index.inside(view, z, t).tolist() == expected


def test_that_too_many_and_too_small_shapes_are_dots() -> None:
    index = ShapeIndex()
    shapes = [square(x * 20, y * 20, 4 + (x + y) % 3) for x in range(60) for y in range(60)]
    index.add(shapes, [box(shape) for shape in shapes])
    view = Viewport(1200, 1200, 1.0, 600, 600)
    scene = index.scene(view, 0, 0)
    assert len(scene.keys) == MOST_DRAWN
    assert scene.dots is not None
    assert np.count_nonzero(scene.dots[..., 3]) >= 3600 - MOST_DRAWN
    assert index.scene(Viewport(100, 100, 0.01, 600, 600), 0, 0).keys == ()
    near = index.scene(Viewport(100, 100, 4.0, 30, 30), 0, 0)
    assert (near.keys, near.dots) == ((61, 62, 121, 122), None)


def test_that_hidden_and_deleted_shapes_are_not_found() -> None:
    shapes = Shapes()
    shapes.draw([square(0, 0), square(0, 0), square(0, 0)], "Draw")
    shapes.index.hide([1], True)
    shapes.change({2: None}, "Delete")
    assert shapes.at(5, 5, 0, 0, 1) == [0]
    shapes.index.hide([1], False)
    shapes.undo()
    assert sorted(shapes.at(5, 5, 0, 0, 1)) == [0, 1, 2]


def test_that_the_smallest_shape_at_a_place_comes_first() -> None:
    shapes = Shapes()
    shapes.draw([square(0, 0, 5), square(0, 0, 50), square(0, 0, 20)], "Draw")
    assert shapes.at(2, 2, 0, 0, 0.5) == [0, 2, 1]


def test_that_the_moves_of_one_drag_are_undone_as_one() -> None:
    shapes = Shapes()
    (key,) = shapes.draw([square(0, 0)], "Draw")
    run = object()
    for step in (1, 2, 3):
        shapes.change({key: square(step, 0)}, "Move", run)
    shapes.change({key: square(9, 9)}, "Move", object())
    shapes.undo()
    assert shapes[key] == square(3, 0)
    shapes.undo()
    assert shapes[key] == square(0, 0)
    shapes.redo()
    assert shapes[key] == square(3, 0)


def test_that_what_was_changed_while_it_was_saved_is_still_unsaved() -> None:
    shapes = Shapes()
    (key,) = shapes.draw([square(0, 0)], "Draw")
    (change,) = shapes.to_save()
    shapes.change({key: square(1, 1)}, "Move")
    assert change.shape == square(0, 0)
    shapes.saved({key: StoredShape(7, 8, 9, square(0, 0))})
    (again,) = shapes.to_save()
    assert (again.shape, again.stored) == (square(1, 1), StoredShape(7, 8, 9, square(0, 0)))
    shapes.undo()
    assert shapes.to_save() == []


def test_that_a_deletion_that_was_saved_can_be_undone_and_is_then_a_new_shape() -> None:
    shapes = Shapes()
    (key,) = shapes.load([StoredShape(7, 8, 9, square(0, 0))], [box(square(0, 0))])
    shapes.change({key: None}, "Delete")
    shapes.saved({key: None})
    assert shapes.to_save() == []
    shapes.undo()
    (change,) = shapes.to_save()
    assert (change.shape, change.stored) == (square(0, 0), None)


class History(RuleBasedStateMachine):
    """Whatever is drawn, changed, deleted, undone and saved: what is unsaved is what differs from the server's."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes = Shapes()
        self.server: dict[int, Shape] = {}

    @rule(shape=RECTANGLES)
    def draw(self, shape: Shape) -> None:
        self.shapes.draw([shape], "Draw")

    @rule(shape=RECTANGLES, at=st.integers(0, 100))
    def change(self, shape: Shape, at: int) -> None:
        if len(self.shapes) and self.shapes[at % len(self.shapes)] is not None:
            self.shapes.change({at % len(self.shapes): shape}, "Change")

    @rule(at=st.integers(0, 100))
    def delete(self, at: int) -> None:
        if len(self.shapes):
            self.shapes.change({at % len(self.shapes): None}, "Delete")

    @rule()
    def undo(self) -> None:
        self.shapes.undo()

    @rule()
    def redo(self) -> None:
        self.shapes.redo()

    @rule()
    def save(self) -> None:
        for change in self.shapes.to_save():
            stored = None
            self.server.pop(change.key, None)
            if change.shape is not None:
                self.server[change.key] = change.shape
                stored = StoredShape(change.key, change.key, 1, change.shape)
            self.shapes.saved({change.key: stored})

    @invariant()
    def what_differs_is_unsaved(self) -> None:
        now = {key: self.shapes[key] for key in range(len(self.shapes))}
        assert self.shapes.unsaved == tuple(key for key, shape in now.items() if shape != self.server.get(key))


TestHistory = History.TestCase


def test_that_a_box_is_changed_by_its_handles() -> None:
    corners = handles(square(0, 0, 10))
    assert corners[:4] == ((0, 0), (5, 0), (10, 0), (10, 5))
    assert dragged(square(0, 0, 10), 0, 2, 3).numbers == (2, 3, 8, 7)
    assert dragged(square(0, 0, 10), 3, 25, 99).numbers == (0, 0, 25, 10)
    assert dragged(square(0, 0, 10), 0, 15, 20).numbers == (10, 10, 5, 10)
    ellipse = Shape(ShapeKind.ELLIPSE, (5.0, 5.0, 5.0, 5.0))
    assert dragged(ellipse, 4, 20, 10).numbers == (10, 5, 10, 5)


TURNED = (0.0, 1.0, -1.0, 0.0, 100.0, 50.0)
"""A quarter turn: (x, y) goes to (100 - y, 50 + x)."""
SLANTED = (1.0, 0.5, -0.25, 2.0, 7.0, -3.0)
PATH = Shape(ShapeKind.PATH, (), data="M0 0H10V20H0z")


def test_that_a_shape_with_a_transform_is_changed_in_its_own_space() -> None:
    shape = replace(square(0, 0, 10), transform=TURNED)
    assert handles(shape)[:3] == ((100, 50), (100, 55), (100, 60))
    assert dragged(shape, 4, 80, 90) == replace(shape, numbers=(0, 0, 40, 20))
    line = Shape(ShapeKind.LINE, (0.0, 0.0, 5.0, 5.0), transform=TURNED)
    assert dragged(line, 1, 90, 70) == replace(line, numbers=(0, 0, 20, 10))
    triangle = Shape(ShapeKind.POLYGON, (0.0, 0.0, 10.0, 0.0, 0.0, 10.0), transform=TURNED)
    assert with_vertex(triangle, 94.5, 55) == replace(triangle, numbers=(0, 0, 10, 0, 5, 5.5, 0, 10))


@given(
    st.sampled_from([square(3, 4, 20), Shape(ShapeKind.ELLIPSE, (5.0, 5.0, 5.0, 8.0)), PATH]),
    st.sampled_from([None, TURNED, SLANTED]),
    st.sampled_from([0, 2, 4, 6]),
    NUMBERS,
    NUMBERS,
)
def test_that_a_corner_goes_where_it_is_dragged(
    shape: Shape, matrix: Matrix | None, n: int, x: float, y: float
) -> None:
    moved = dragged(replace(shape, transform=matrix), n, x, y)
    corners = np.array(handles(moved)[:8:2])
    assert np.hypot(*(corners - (x, y)).T).min() < 0.05
    assert shape.kind == ShapeKind.PATH or moved.transform == matrix


@given(
    st.sampled_from([square(3, 4, 20), Shape(ShapeKind.ELLIPSE, (5.0, 5.0, 5.0, 8.0)), PATH]),
    st.sampled_from([None, TURNED]),
    st.floats(0, 6.28),
)
def test_that_the_handle_above_turns_a_box(shape: Shape, matrix: Matrix | None, angle: float) -> None:
    shape = replace(shape, transform=matrix)
    places = handles(shape, 10)
    middle = (np.array(places[0]) + places[4]) / 2
    to = middle + 50 * np.array([np.cos(angle), np.sin(angle)])
    after = dragged(shape, TURN, *to)
    above = np.array(handles(after, 10)[TURN]) - middle
    assert np.allclose(above / np.hypot(*above), (to - middle) / 50)
    assert np.allclose((np.array(handles(after)[0]) + handles(after)[4]) / 2, middle)
    assert area(after) == pytest.approx(area(shape))
    assert (after.numbers, after.data) == (shape.numbers, shape.data)


def test_that_what_a_transform_has_made_nothing_of_has_no_handles() -> None:
    assert handles(replace(square(0, 0), transform=(0.0, 0.0, 0.0, 0.0, 5.0, 5.0))) == ()
    assert handles(Shape(ShapeKind.PATH, (), data="nothing")) == ()
    assert turned(Shape(ShapeKind.PATH, (), data="nothing"), 1.0).transform is None


def test_that_vertices_come_and_go() -> None:
    triangle = Shape(ShapeKind.POLYGON, (0.0, 0.0, 10.0, 0.0, 0.0, 10.0))
    four = with_vertex(triangle, 5.0, 5.5)
    assert four.numbers == (0.0, 0.0, 10.0, 0.0, 5.0, 5.5, 0.0, 10.0)
    assert without_vertex(four, 2) == triangle
    assert without_vertex(triangle, 0) == triangle
    assert dragged(triangle, 1, 7, 8).numbers == (0, 0, 7, 8, 0, 10)
