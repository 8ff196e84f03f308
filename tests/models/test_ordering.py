"""Rows that are merged into an order, and sorted in slices."""

from __future__ import annotations

from collections.abc import Generator

from hypothesis import given
from hypothesis import strategies as st

from omero_desk.models.ordering import Turned, arrivals, merge, place_of, sorting

numbers = st.lists(st.integers(0, 30), max_size=60)


def tens(pair: tuple[int, int]) -> int:
    return pair[0] // 2


def result_of(work: Generator[None, None, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    try:
        while True:
            next(work)
    except StopIteration as end:
        found: list[tuple[int, int]] = end.value
        return found


@given(numbers, numbers)
def test_that_rows_that_arrive_stand_where_sorting_all_would_put_them(here: list[int], new: list[int]) -> None:
    ordered = sorted((number, place) for place, number in enumerate(here))
    come = [(number, 1000 + place) for place, number in enumerate(new)]
    both = sorted([*ordered, *come], key=tens)
    merge(ordered, arrivals(ordered, come, tens))
    assert [tens(one) for one in ordered] == [tens(one) for one in both]
    assert sorted(ordered) == sorted(both)


@given(numbers, st.integers(1, 9))
def test_that_sorting_in_slices_is_sorting(values: list[int], size: int) -> None:
    rows = [(value, place) for place, value in enumerate(values)]
    assert result_of(sorting(rows, tens, size)) == sorted(rows, key=tens)


@given(numbers)
def test_that_each_row_is_found_by_its_key_among_others_of_the_same(values: list[int]) -> None:
    rows = sorted([(value, place) for place, value in enumerate(values)], key=tens)
    assert [place_of(rows, row, tens) for row in rows] == list(range(len(rows)))
    turned = rows[::-1]
    assert [place_of(Turned(turned), row, tens) for row in rows] == list(range(len(rows)))
    assert place_of(rows, (99, 99), tens) is None


def test_that_few_rows_are_looked_at_for_one_that_arrives() -> None:
    asked = [0]

    def key(row: int) -> int:
        asked[0] += 1
        return row

    arrivals(range(0, 200_000, 2), [77_777], key)
    assert asked[0] < 30
