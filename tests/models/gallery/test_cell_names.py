"""Names where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.models.gallery.cell_names import CellNames, SharedParts

anything = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)
of_files = st.from_regex(r"[a-z]{1,3}[_ -][0-9]{1,4}(\.ome)?\.(tiff|png|lsm)", fullmatch=True)
galleries = st.one_of(st.lists(of_files, min_size=1, max_size=20), st.lists(anything, min_size=1, max_size=20))


def cell_names(names: Sequence[str]) -> CellNames:
    parts = SharedParts()
    parts.add(names)
    return parts.found


def within(letters: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= letters


def shown(names: list[str], letters: int) -> list[list[str]]:
    rule, fits = cell_names(names), within(letters)
    return [rule.shown(name, rule.lines(fits), fits) for name in names]


@given(galleries)
def test_that_names_stay_distinguishable_where_they_have_room(names: list[str]) -> None:
    cells = {name: tuple(lines) for name, lines in zip(names, shown(names, 60), strict=True)}
    assert len(set(cells.values())) == len(set(names))


@given(galleries)
def test_that_no_ending_and_no_prefix_makes_two_names_one(names: list[str]) -> None:
    rule = cell_names(names)
    assert len({rule.stem(name)[rule.prefix :] for name in names}) == len(set(names))
    assert all(len(rule.stem(name)) > rule.prefix for name in names)


@given(galleries, st.integers(1, 50))
def test_that_every_line_fits_and_no_cell_has_more_of_them_than_the_gallery(names: list[str], letters: int) -> None:
    rule, fits = cell_names(names), within(letters)
    for name in names:
        lines = rule.shown(name, rule.lines(fits), fits)
        assert 1 <= len(lines) <= rule.lines(fits)
        assert all(len(line) <= letters for line in lines)


@given(st.text(min_size=1, max_size=2000), st.integers(3, 40))
def test_that_a_name_that_is_cut_keeps_its_beginning_and_its_end(name: str, letters: int) -> None:
    (*_, last) = CellNames().shown(name, 2, within(letters))
    assert "…" in last or last == name[len(name) - len(last) :]
    assert last[-1] == name.rstrip()[-1] if last and name.strip() == name else True


@pytest.mark.parametrize(
    ("names", "letters", "cells"),
    [
        (["HeLa_001.ome.tiff", "HeLa_002.ome.tiff"], 8, [["HeLa_001"], ["HeLa_002"]]),
        (["a.tif", "a.png", "b.tif"], 8, [["a.tif"], ["a.png"], ["b.tif"]]),
        (["HeLa nocodazole, field 01", "HeLa_3"], 17, [["HeLa nocodazole, ", "field 01"], ["HeLa_3"]]),
        (["a long name before 0001", "a long name before 0002"], 5, [["…0001"], ["…0002"]]),
        (["Colon, block 1, FHL2 with haematoxylin, scan 3"], 16, [["Colon, block 1, ", "FHL2 wit… scan 3"]]),
        ([".hidden", "v1.2", "x"], 9, [[".hidden"], ["v1.2"], ["x"]]),
        (["ends with a dot.", "…"], 20, [["ends with a dot."], ["…"]]),
    ],
)
def test_that_what_all_share_goes_before_what_tells_apart(
    names: list[str], letters: int, cells: list[list[str]]
) -> None:
    assert shown(names, letters) == cells


def test_that_one_name_that_needs_two_lines_gives_two_to_the_gallery() -> None:
    short = [f"image {number}" for number in range(1000)]
    assert cell_names(short).lines(within(12)) == 1
    assert cell_names([*short, "an image of another sort"]).lines(within(12)) == 2
