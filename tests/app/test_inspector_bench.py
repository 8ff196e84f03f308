"""The bench of the inspector and the spreadsheet, over a small library: what it counts is what they ask for."""

from __future__ import annotations

from pathlib import Path

from bench import inspector, inspector_library
from bench.inspector_table import Scale, rows
from tests.support.server_process import running_server

SCALE = Scale(images=60, walked=3, some=30, repeats=1, edited=2)


def test_that_what_is_shown_of_images_takes_a_request_each(tmp_path: Path) -> None:
    dataset = inspector_library.fill(tmp_path / "library", SCALE.images)
    with running_server(tmp_path / "library") as server:
        found = inspector.measured(server, dataset, tmp_path / "home", 0.0, SCALE)
    assert found["header"]["sent"] == {"about": 1}
    assert {one["sent"]["section_of"] for one in found["sections"].values()} == {1}
    assert found["walks"]["held down"]["sent"]["about"] == 1
    assert (found["some"]["sections"], found["some"]["sent"]["counts"]) == (3, 1)
    assert found["tag"][0]["sent"]["write"] == 1
    assert found["tag"][0]["sent after"]["counts"] == 1
    assert found["sheet"][0]["columns"] == 30
    assert found["sheet"][0]["sent"] == {"rows": 1}
    assert len({row[0] for row in rows(found, found, SCALE)}) == len(rows(found, found, SCALE))
