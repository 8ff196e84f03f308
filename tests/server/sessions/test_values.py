"""What a session keeps for its clients."""

from __future__ import annotations

import omero
import pytest
from omero.rtypes import rlist, rmap, rstring

from omero_desk.server.sessions.values import MOST, TooMuchError, keep, weight


def test_that_values_are_kept_and_taken_out() -> None:
    values: dict[str, omero.RType | None] = {}
    keep(values, "a", rstring("one"))
    keep(values, "a", rstring("two"))
    assert values == {"a": rstring("two")}
    keep(values, "a", None)
    keep(values, "b", None)
    assert values == {}


def test_that_more_than_the_bound_is_refused_however_it_is_spread() -> None:
    values: dict[str, omero.RType | None] = {}
    keep(values, "half", rstring("x" * (MOST // 2)))
    for much in (
        rstring("x" * (MOST // 2)),
        rlist([rstring("x" * (MOST // 4)), rmap({"a": rstring("y" * (MOST // 4))})]),
        rlist([rstring("x") for _ in range(MOST // 8)]),
    ):
        with pytest.raises(TooMuchError):
            keep(values, "more", much)
    with pytest.raises(TooMuchError):
        keep(values, "k" * MOST, rstring(""))
    assert list(values) == ["half"]


def test_that_a_value_in_itself_is_weighed_once() -> None:
    ring = rlist([rstring("x" * 100)])
    ring.val.append(ring)
    assert 100 < weight(ring) < 200
