"""Words are found whatever their case and however their marks are written, and the best names come first."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.words import folded
from omero_desk.models.finding.matching import Fit, Needle, spans, starts_word


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("12", "", 12),
        ("Image:12", "image", 12),
        (" image 12 ", "image", 12),
        ("Dataset: 7", "dataset", 7),
        ("x12", "", None),
        ("12 13", "", None),
        ("9" * 19, "", None),
        ("", "", None),
    ],
)
def test_that_ids_are_understood(text: str, kind: str, number: int | None) -> None:
    assert (Needle.of(text).kind, Needle.of(text).id) == (kind, number)


@pytest.mark.parametrize(
    ("text", "name", "fit"),
    [
        ("hela", "HeLa", Fit.WHOLE),
        ("hela", "HeLa cells", Fit.START),
        ("cell", "HeLa cells", Fit.WORD),
        ("003", "HeLa_noc100_003.tiff", Fit.WORD),
        ("ell", "HeLa cells", Fit.INSIDE),
        ("cells hela", "HeLa cells", Fit.WORD),
        ("hela file", "HeLa cells", Fit.BESIDE),
        ("hela dead", "HeLa cells", None),
        ("MÜNCHEN", normalize("NFD", "münchen"), Fit.WHOLE),
        ("strasse", "Straße", Fit.WHOLE),
    ],
)
def test_how_well_a_name_fits(text: str, name: str, fit: Fit | None) -> None:
    assert Needle.of(text).fit(folded(name), "file menu") is fit


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        ("noc", "2024 Nocodazole, nocturnal", ["Noc", "noc"]),
        ("ü", normalize("NFD", "Müller"), [normalize("NFD", "ü")]),
        ("mü", normalize("NFD", "Müller"), [normalize("NFD", "Mü")]),
        ("ss", "Straße", ["ß"]),
        ("국", normalize("NFD", "한국"), [normalize("NFD", "국")]),
        ("a ab", "xabx", ["ab"]),
        ("none", "other", []),
        ("", "other", []),
    ],
)
def test_that_what_was_looked_for_is_marked_as_it_is_written(words: str, text: str, marked: list[str]) -> None:
    assert [text[start : start + length] for start, length in spans(folded(words).split(), text)] == marked


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_that_marks_lie_in_any_text_in_order_and_apart(text: str, words: list[str]) -> None:
    end = 0
    for start, length in spans([folded(word) for word in words], text):
        assert length > 0
        assert start >= end
        end = start + length
    assert end <= len(text)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_that_a_needle_that_narrows_another_finds_nothing_that_this_one_does_not(old: str, new: str, name: str) -> None:
    one, other = Needle.of(old), Needle.of(new)
    if other.narrows(one) and other.fit(folded(name), "") is not None:
        assert one.fit(folded(name), "") is not None


def test_that_a_word_may_begin_later_than_it_is_first_found() -> None:
    assert starts_word("man", "woman, man")
    assert not starts_word("man", "woman")
