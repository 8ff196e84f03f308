"""Many clients at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import server_kills, server_load
from tests.server.conftest import Lab


@pytest.mark.alone
def test_that_thirty_two_clients_at_once_meet_no_error(lab: Lab) -> None:
    found = server_load.run(lab.server, clients=32, rounds=1)
    assert found["errors"] == []
    assert found["calls"] >= 32 * (1 + 4)


@pytest.mark.alone
def test_that_a_server_killed_in_the_middle_of_writes_leaves_a_whole_library(tmp_path: Path) -> None:
    found = server_kills.run(tmp_path, rounds=2)
    assert found.problems == []
    assert found.writes
