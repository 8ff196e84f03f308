"""The way back leads through all places in their order, and past those that are gone."""

from __future__ import annotations

import pytest

from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.navigation import NavigationModel, Place
from tests.support.left_over import ends_with_the_test

A, B, C, D = (Place((((Ref(Kind.DATASET, number)),),)) for number in range(4))
IMAGE = Place(image=Ref(Kind.IMAGE, 1), name="one.tiff")


class Walk:
    """A model with what it was told to show; `gone` cannot be shown."""

    def __init__(self, *visited: Place) -> None:
        self.shown: list[Place] = []
        self.gone: set[Place] = set()
        self.model = ends_with_the_test(NavigationModel(self._go))
        for place in visited:
            self.model.visit(place)

    def _go(self, place: Place) -> bool:
        if place in self.gone:
            return False
        self.shown.append(place)
        self.model.visit(D)  # what a view shows on the way is no new place
        return True


def test_that_back_and_forward_go_through_selections_and_images() -> None:
    walk = Walk(A, IMAGE, B)
    assert not walk.model.can_go_forward
    walk.model.back()
    walk.model.back()
    assert walk.shown == [IMAGE, A]
    assert not walk.model.can_go_back
    walk.model.forward()
    walk.model.forward()
    assert walk.shown == [IMAGE, A, IMAGE, B]
    assert not walk.model.can_go_forward


def test_that_the_ends_are_ends() -> None:
    walk = Walk()
    walk.model.back()
    walk.model.forward()
    assert walk.model.place is None
    walk.model.visit(A)
    walk.model.back()
    assert walk.shown == []
    assert walk.model.place == A


def test_that_a_place_that_is_visited_twice_in_a_row_stands_once() -> None:
    walk = Walk(A, B, B)
    walk.model.back()
    assert walk.model.place == A
    assert not walk.model.can_go_back


def test_that_a_new_place_forgets_those_ahead() -> None:
    walk = Walk(A, B)
    walk.model.back()
    walk.model.visit(C)
    assert not walk.model.can_go_forward
    walk.model.back()
    assert walk.model.place == A


def test_that_places_that_are_gone_are_passed_over_and_forgotten() -> None:
    walk = Walk(A, B, C)
    walk.gone = {B}
    walk.model.back()
    assert walk.model.place == A
    walk.model.forward()
    assert walk.model.place == C
    assert walk.shown == [A, C]


def test_that_where_all_before_is_gone_the_user_stays() -> None:
    walk = Walk(A, B, C)
    walk.gone = {A, B}
    walk.model.back()
    assert walk.model.place == C
    assert not walk.model.can_go_back


def test_that_another_user_finds_no_places() -> None:
    walk = Walk(A, B)
    told: list[bool] = []
    walk.model.changed.connect(lambda: told.append(walk.model.can_go_back))
    walk.model.clear()
    assert walk.model.place is None
    assert told == [False]


@pytest.mark.parametrize("number", [101, 300])
def test_that_only_so_many_places_are_remembered(number: int) -> None:
    walk = Walk(*(Place(image=Ref(Kind.IMAGE, one)) for one in range(number)))
    steps = 0
    while walk.model.can_go_back:
        walk.model.back()
        steps += 1
    assert steps == 99
    assert walk.model.place == Place(image=Ref(Kind.IMAGE, number - 100))
