"""Texts are compared by their letters, in whatever way these are written."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.objects import natural_key
from omero_desk.entities.plates import PlateInfo, Well
from omero_desk.entities.words import folded
from omero_desk.models.plates.content import PlateContent


@given(st.text())
def test_that_a_text_is_the_same_composed_and_decomposed_and_in_any_case(text: str) -> None:
    assert folded(normalize("NFD", text)) == folded(normalize("NFC", text)) == folded(folded(text))
    assert natural_key(normalize("NFD", text)) == natural_key(normalize("NFC", text))


@pytest.mark.parametrize(("one", "other"), [("M\u00fcller", "mu\u0308LLER"), ("\u212bngstrom", "A\u030angstrom")])
def test_that_a_file_name_of_a_mac_is_found_by_what_a_keyboard_types(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("A1", "A1"), ("A01", "A1"), ("a001", "A1"), ("B 02", "B2"), ("AF048", "AF48"), ("AA01", "AA1"), ("a10", "A10")],
)
def test_that_a_well_is_found_by_its_name_with_zeros_before_the_number(typed: str, found: str) -> None:
    content = PlateContent(PlateInfo(1, "P", 32, 48))
    content.add_wells(Well(row * 48 + column, row, column) for row in range(32) for column in range(48))
    passing = content.passing(typed)
    assert passing is not None
    assert [content.name(well) for well in content.wells.values() if well.id in passing] == [found]
