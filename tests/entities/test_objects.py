"""The frozen types, and the order of names."""

import re

from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.objects import Ref, SignIn, natural_key


def test_that_image_2_comes_before_image_10() -> None:
    names = ["Image10", "image2", "Image1", "Image02b", "Image 3"]
    assert sorted(names, key=natural_key) == ["Image 3", "Image1", "image2", "Image02b", "Image10"]


@given(st.integers(min_value=0), st.integers(min_value=0), st.text(alphabet=st.characters(exclude_categories=["Nd"])))
def test_that_numbers_of_any_length_sort_by_value(one: int, other: int, prefix: str) -> None:
    keys = natural_key(f"{prefix}{one}"), natural_key(f"{prefix}{other}")
    assert (keys[0] < keys[1]) == (one < other)


@given(st.text())
def test_that_any_text_has_a_key_that_forgets_case_and_leading_zeros(name: str) -> None:
    assert natural_key(name) == natural_key(name.casefold())
    padded = re.sub(r"[0-9]+", lambda digits: f"0{digits.group()}", name)
    assert natural_key(padded) == natural_key(name)


def test_that_a_project_and_an_image_of_the_same_number_are_different_keys() -> None:
    assert len({Ref("Project", 5), Ref("Image", 5), Ref("Well", 5), Ref("Well", 5, run=2)}) == 4


def test_that_secrets_of_a_sign_in_never_show_in_its_repr() -> None:
    shown = repr(SignIn("omero.example.org", user="ada", password="s3cret", session="uu-id-1"))
    assert "ada" in shown
    assert "s3cret" not in shown
    assert "uu-id-1" not in shown
