"""The order in which planes are played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.models.viewer.playing import Playing, following


@pytest.mark.parametrize(
    ("playing", "expected"),
    [
        (Playing.LOOP, [1, 2, 3, 0, 1, 2, 3]),
        (Playing.TO_AND_FRO, [1, 2, 3, 2, 1, 0, 1]),
        (Playing.ONCE, [1, 2, 3]),
    ],
)
def test_that_planes_follow_each_other_as_it_is_wanted(playing: Playing, expected: list[int]) -> None:
    found: list[int] = []
    at = (0, 1)
    while len(found) < len(expected) and (next_ := following(playing, *at, 4)) is not None:
        found.append(next_[0])
        at = next_
    assert found == expected


@given(st.sampled_from(Playing), st.integers(0, 9), st.sampled_from([1, -1]), st.integers(1, 10))
def test_that_what_follows_is_always_another_plane_that_there_is(
    playing: Playing, plane: int, step: int, count: int
) -> None:
    found = following(playing, min(plane, count - 1), step, count)
    if found is None:
        assert count == 1 or playing is Playing.ONCE
    else:
        assert found[0] != min(plane, count - 1)
        assert 0 <= found[0] < count
