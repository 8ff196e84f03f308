"""A short run of `./run bench attack`: what strangers and members try gets nothing, and others are served."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.attack import fuzz, members, run, strangers

SEED = 1


@pytest.mark.alone
@pytest.mark.timeout(900)  # for a busy computer; a minute and a half on an idle one
def test_that_attacks_get_nothing_and_the_server_goes_on_serving(tmp_path: Path) -> None:
    rows = run.run(tmp_path, seconds=4, seed=SEED)
    assert [row for row in rows if row[1] != "held"] == []
    assert len(rows) == len(strangers.ATTACKS) + len(members.ATTACKS) + len(fuzz.STEPS)
