"""What is known of a plate: names, filters, numbers and colours, with no server."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.images import Length
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Run, Well
from omero_desk.models.plates.content import PlateContent
from omero_desk.models.plates.heat import WellMeasure, heat, number_text, parse_number
from omero_desk.models.plates.well_fields import rectangles

ROWS, COLUMNS = 32, 48


@pytest.fixture
def content() -> PlateContent:
    """A plate of 1536 wells in two runs; of the first run wells have two fields, of the second one."""
    places = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
    counts = tuple((number, run, 3 - run) for number in range(len(places)) for run in (1, 2))
    info = PlateInfo(1, "Plate", ROWS, COLUMNS, "letter", "number", (Run(1, "One"), Run(2, "Two")), counts)
    made = PlateContent(info)
    made.add_wells(
        Well(number, row, column, "DMSO" if column == 0 else "compound", f"Batch {row}", annotations=column)
        for number, (row, column) in enumerate(places)
    )
    made.show_run(1, 0)
    made.show_fields(Field(number, number, 10_000 + number, f"Picture {number}") for number in range(len(places)))
    made.show_labels(PlateLabels(((0, "Mitosis"), (5, "mitosis")), ((0, "Gene", "TUBB"), (1, "Gene", "KIF11"))))
    return made


def names(content: PlateContent, text: str) -> list[str]:
    passing = content.passing(text)
    assert passing is not None
    return [content.name(well) for well in content.wells.values() if well.id in passing]


def test_that_the_name_of_a_well_finds_that_well_alone(content: PlateContent) -> None:
    assert names(content, "A1") == ["A1"]
    assert names(content, " af48 ") == ["AF48"]


def test_that_the_name_of_a_row_or_a_column_finds_all_of_it(content: PlateContent) -> None:
    assert names(content, "AF") == [f"AF{column}" for column in range(1, COLUMNS + 1)]
    assert len(names(content, "48")) == ROWS
    assert names(content, "B 12") == ["B12"]


def test_that_other_words_are_looked_for_in_all_that_is_known_of_a_well(content: PlateContent) -> None:
    assert names(content, "MITOSIS") == ["A1", "A6"]
    assert names(content, "gene=kif") == ["A2"]
    assert len(names(content, "dmso")) == ROWS
    assert names(content, "picture mitosis dmso") == ["A1"]
    assert names(content, "nothing-like-that") == []


def test_that_a_word_like_a_place_that_the_plate_does_not_have_is_looked_for_as_a_word(content: PlateContent) -> None:
    content.show_labels(PlateLabels(((7, "p53"),)))
    assert names(content, "p53") == ["A8"]


def test_that_no_words_let_every_well_pass(content: PlateContent) -> None:
    assert content.passing("  ") is None


@given(st.text(max_size=40))
def test_that_any_text_can_be_a_filter(text: str) -> None:
    content = PlateContent(PlateInfo(1, "", 1, 2))
    content.add_wells([Well(1, 0, 0, text), Well(2, 0, 1)])
    passing = content.passing(text)
    assert passing is None or passing <= {1, 2}


def test_that_turning_to_another_run_keeps_to_the_fields_that_it_has(content: PlateContent) -> None:
    content.show_run(1, 1)
    assert (content.most_fields, content.field) == (2, 1)
    content.show_run(2, content.field)
    assert (content.most_fields, content.field) == (1, 0)
    content.show_run(0, 9)
    assert (content.most_fields, content.field) == (3, 2)


def test_that_a_well_is_an_entity_of_the_run_that_it_is_seen_through(content: PlateContent) -> None:
    entity = content.entity(content.wells[1, 2])
    assert (entity.name, entity.ref.run, entity.child_count, entity.annotation_count) == ("B3", 1, 2, 2)


def test_that_a_tooltip_tells_name_type_description_image_and_what_hangs_on_a_well(content: PlateContent) -> None:
    lines = list(content.lines(content.wells[0, 0]))
    assert lines == ["Well A1 · DMSO", "Batch 0", "Picture 0 (image 10000)", "Mitosis", "Gene=TUBB"]


def test_that_a_tooltip_shows_line_ends_and_floods_for_what_they_are(content: PlateContent) -> None:
    content.show_labels(PlateLabels(tuple((0, f"tag\n{n}") for n in range(40))))
    lines = list(content.lines(content.wells[0, 0]))
    assert len(lines) < 20
    assert not any("\n" in line for line in lines)
    assert lines[-1] == "… and 28 more"


def test_that_numbers_are_read_with_their_units() -> None:
    assert parse_number("10 nM") == (10.0, "nM")
    assert parse_number(" -2.5e3 ") == (-2500.0, "")
    assert parse_number("37°C") == (37.0, "°C")
    assert parse_number("TUBB") is None
    assert parse_number("") is None
    assert parse_number("1,5") is None
    assert parse_number("2023-01-02") is None
    assert parse_number("1e999") is None


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_that_whatever_a_number_is_written_like_it_is_read_so(number: float) -> None:
    assert parse_number(repr(number)) == (number, "")


@given(st.text(max_size=60))
def test_that_any_text_is_a_finite_number_or_none(text: str) -> None:
    parsed = parse_number(text)
    assert parsed is None or math.isfinite(parsed[0])


def test_that_each_key_and_unit_is_a_measure_and_several_values_have_their_mean(content: PlateContent) -> None:
    pairs = (0, "Dose", "10 nM"), (0, "Dose", "20 nM"), (1, "Dose", "3 µM"), (2, "Dose", "none"), (2, "Gene", "KIF11")
    content.show_labels(PlateLabels(values=pairs))
    measured = {measure.name: dict(measure.values) for measure in content.measures()}
    assert measured["Dose (nM)"] == {0: 15.0}
    assert measured["Dose (µM)"] == {1: 3.0}
    assert "Gene" not in measured
    assert measured["Annotations of wells"][47] == 47


def test_that_the_least_is_darkest_the_greatest_lightest_and_what_has_no_number_has_no_colour() -> None:
    found = heat(WellMeasure("Dose", {1: 0.0, 2: 5.0, 3: 10.0}))
    assert found is not None
    assert (found.low, found.high) == (0.0, 10.0)
    assert sum(found.colors[1]) < sum(found.colors[2]) < sum(found.colors[3])
    assert (found.legend[0], found.legend[-1]) == (found.colors[1], found.colors[3])
    assert 4 not in found.colors
    assert heat(WellMeasure("Dose")) is None


def test_that_one_value_alone_has_a_colour_too() -> None:
    found = heat(WellMeasure("Dose", {1: 7.0, 2: 7.0}))
    assert found is not None
    assert found.colors[1] == found.colors[2]


def test_that_numbers_are_written_short() -> None:
    assert [number_text(value) for value in (1536.0, 0.125, -3.0, 1e9, 1 / 3)] == [
        "1,536",
        "0.125",
        "-3",
        "1e+09",
        "0.3333",
    ]


def test_that_fields_lie_to_scale_and_without_a_size_just_do_not_touch() -> None:
    def field(number: int, x: float, y: float, size: float | None = None) -> Field:
        return Field(number, 1, number, "", Length(x, "µm"), Length(y, "µm"), size, size)

    assert rectangles([field(0, 0, 0, 10), field(1, 10, 0, 10)]) == {0: (-5, -5, 10, 10), 1: (5, -5, 10, 10)}
    (left, _, width, _), (right, *_) = rectangles([field(0, 0, 0), field(1, 10, 0)]).values()
    assert left + width < right
    assert rectangles([Field(0, 1, 1), field(1, 3, 3, 2)]) == {1: (2, 2, 2, 2)}
    assert rectangles([]) == {}
