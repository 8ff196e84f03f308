"""Many clients at once."""

from __future__ import annotations

from bench import server_load
from tests.server.conftest import Lab


def test_that_thirty_two_clients_at_once_meet_no_error(lab: Lab) -> None:
    found = server_load.run(lab.server, clients=32, rounds=1)
    assert found["errors"] == []
    assert found["calls"] >= 32 * (1 + 4)
