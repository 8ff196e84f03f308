"""Services that a server may have opened although nobody heard of it."""

from collections import Counter

import Ice
import pytest

from omero_desk.gateway.connection.openings import LOOKS, Openings


def test_that_an_opening_without_an_answer_is_missed_by_the_next_connection() -> None:
    openings = Openings()
    with openings.one("RawFileStore"):
        assert openings.unknown == Counter(RawFileStore=1)
    assert openings.unknown == Counter()
    with pytest.raises(Ice.ConnectionLostException), openings.one("RawFileStore"):
        raise Ice.ConnectionLostException
    with pytest.raises(Ice.UserException), openings.one("ThumbnailStore"):
        raise Ice.UserException
    after = Openings(openings.unknown)
    assert after.missed(["1/ThumbnailStore", "2/RawFileStore", "3/RawFileStore"]) == ["2/RawFileStore"]
    after.closed(["2/RawFileStore"])
    assert after.missed(["3/RawFileStore"]) == []
    assert after.unknown == Counter()


def test_that_nothing_is_quiet_while_a_service_is_opened() -> None:
    openings = Openings()
    before = openings.quiet_since
    with openings.one("RawFileStore"):
        assert openings.quiet_since is None
    assert openings.quiet_since not in (None, before)


def test_that_it_is_looked_a_few_times_and_only_for_what_is_missed() -> None:
    assert not Openings().look_again()
    missing = Openings(Counter(RawFileStore=1))
    assert [missing.look_again() for _ in range(LOOKS + 2)] == [True] * LOOKS + [False] * 2
    found = Openings(Counter(RawFileStore=1))
    found.closed(["1/RawFileStore"])
    assert not found.look_again()
