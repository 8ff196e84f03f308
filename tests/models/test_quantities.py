"""Numbers, lengths and dates for people."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from omero_desk.models import quantities


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (1.3e-7, "130 nm"),
        (6.45e-6, "6.45 µm"),
        (1e-3, "1.00 mm"),
        (0.9996e-3, "1.00 mm"),
        (0.25, "250 mm"),
        (12.0, "12.0 m"),
        (0.0, ""),
        (-1.0, ""),
        (float("nan"), ""),
        (float("inf"), ""),
    ],
)
def test_that_a_length_has_three_digits_in_the_unit_that_suits_it(metres: float, said: str) -> None:
    assert quantities.length(metres) == said.replace(" ", "\N{NO-BREAK SPACE}")


@given(st.floats(1e-12, 999))
def test_that_a_length_says_what_it_is_to_half_a_per_cent(metres: float) -> None:
    number, unit = quantities.length(metres).split("\N{NO-BREAK SPACE}")
    size = {"m": 1.0, "mm": 1e-3, "µm": 1e-6, "nm": 1e-9, "pm": 1e-12}[unit]
    assert float(number.replace(",", "")) * size == pytest.approx(metres, rel=0.006)


def test_that_numbers_have_groups_as_the_language_has() -> None:
    before = QLocale()
    try:
        assert quantities.number(1_234_567) == "1,234,567"
        QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
        assert quantities.number(1_234_567) == "1.234.567"
        assert quantities.length(6.45e-6) == "6,45\N{NO-BREAK SPACE}µm"
    finally:
        QLocale.setDefault(before)


def test_that_a_date_is_short_and_in_full_says_utc() -> None:
    then = int(datetime(2024, 3, 12, 17, 2, 5).timestamp() * 1000)
    assert quantities.when(then) == "12 Mar 2024, 17:02"
    assert quantities.in_table(then) == "2024-03-12 17:02"
    assert quantities.in_full(then).startswith("2024-03-12 17:02:05 (2024-03-1")
    assert quantities.in_full(then).endswith(" UTC)")
    now = datetime.now()
    assert quantities.when(int(now.timestamp() * 1000)) == f"{now:%H:%M}"


@given(st.integers(-(2**63), 2**63 - 1))
def test_that_no_time_of_a_server_is_too_much(milliseconds: int) -> None:
    for said in (quantities.when, quantities.in_table, quantities.in_full):
        assert isinstance(said(milliseconds), str)


@pytest.mark.parametrize(
    ("things", "said", "in_full"),
    [
        (0, "0", ""),
        (99_999, "99,999", ""),
        (100_000, "100 thousand", "100,000"),
        (123_456, "120 thousand", "123,456"),
        (999_999, "1 million", "999,999"),
        (1_234_567, "1.2 million", "1,234,567"),
        (98_765_432, "99 million", "98,765,432"),
        (7_800_000_000, "7.8 billion", "7,800,000,000"),
    ],
)
def test_that_a_count_is_exact_as_far_as_a_person_reads_it(things: int, said: str, in_full: str) -> None:
    assert (quantities.count(things), quantities.exact(things)) == (said, in_full)
    words = f"{quantities.number(things)} images"
    assert quantities.rounded(words, things) == f"{said} images"


@pytest.mark.parametrize(
    ("number_of_bytes", "said"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (1000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_960, "1.00 MB"),
        (3_900_000, "3.90 MB"),
        (2.5e12, "2.50 TB"),
        (float("nan"), "0 B"),
    ],
)
def test_that_bytes_have_three_digits_and_units_of_a_thousand(number_of_bytes: float, said: str) -> None:
    assert quantities.size(number_of_bytes) == said.replace(" ", "\N{NO-BREAK SPACE}")
