"""Selected objects as runs: they look like a list, and are looked at only where somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.objects import Entity
from omero_desk.models.chosen import Chosen, Run, chosen
from omero_desk.models.selection import SelectionModel
from tests.support.fake_library import images
from tests.support.left_over import ends_with_the_test

ROWS = images(40)
runs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5)


@given(runs, st.integers(-50, 50), st.integers(-50, 50))
def test_that_it_is_what_a_list_would_be(bounds: list[tuple[int, int]], first: int, last: int) -> None:
    parts = [Run(ROWS, min(pair), max(pair)) for pair in bounds]
    listed = [entity for run in parts for entity in ROWS[run.start : run.stop]]
    found = Chosen(parts)
    assert list(found) == listed
    assert found == listed
    assert len(found) == len(listed)
    assert list(found[first:last]) == listed[first:last]
    assert [found[place] for place in range(-len(listed), len(listed))] == [*listed, *listed]
    assert list(found[::-1]) == listed[::-1]


def test_that_nothing_is_looked_at_before_somebody_asks() -> None:
    looked_at = [0]

    def entities(rows: Sequence[Any]) -> list[Entity]:
        looked_at[0] += len(rows)
        return list(rows)

    found = Chosen([Run(ROWS, 0, 40, entities), Run(ROWS, 3, 9, entities)])
    selection = ends_with_the_test(SelectionModel())
    selection.choose(found)
    assert (len(selection.entities), looked_at[0]) == (46, 0)
    assert found.has_the_objects_of(Chosen([Run(ROWS, 0, 40, entities), Run(ROWS, 3, 9, entities)]))
    assert looked_at[0] == 0
    assert found[45] is ROWS[8]
    assert looked_at[0] == 1


def test_that_the_same_objects_in_other_lists_are_the_same_and_others_are_not() -> None:
    assert chosen(ROWS).has_the_objects_of(chosen(list(ROWS)))
    assert not chosen(ROWS).has_the_objects_of(chosen(ROWS[1:]))
    assert not chosen(ROWS).has_the_objects_of(chosen(ROWS[::-1]))
    assert chosen(()) == ()
    assert chosen(found := chosen(ROWS)) is found


def test_that_the_first_ones_of_each_run_are_found_without_a_look_at_the_others() -> None:
    looked_at: list[Entity] = []

    def entities(rows: Sequence[Any]) -> list[Entity]:
        looked_at.extend(rows)
        return list(rows)

    found = Chosen([Run(ROWS, 0, 40, entities), Run(ROWS, 5, 7, entities)])
    assert list(found.first_ones(3)) == looked_at == [*ROWS[:3], *ROWS[5:7]]
