"""What comes with omero-py, unmodified: OMERO's documented BlitzGateway examples and the `omero` command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.clients import blitzgateway, blitzgateway_writing, command_line
from bench.clients.tasks import FAILS, REFUSED, SKIPPED, WORKS, Place, RefusedError, Tasks
from tests.clients.conftest import Results

_NOT_PART = {
    "OMERO.scripts: list, and run one": REFUSED,
    "import: needs Java and OMERO's importer": SKIPPED,
}
_CLIENTS = {
    "blitzgateway": blitzgateway.TASKS,
    "blitzgateway_writing": blitzgateway_writing.TASKS,
    "command_line": command_line.TASKS,
}


@pytest.mark.parametrize(("module", "task"), [(name, task) for name, tasks in _CLIENTS.items() for task in tasks.all])
def test_that_a_client_finds_the_server_that_it_knows(
    results_of: Callable[[str], Results], module: str, task: str
) -> None:
    result = results_of(module)[task]
    assert result["outcome"] == _NOT_PART.get(task, WORKS), result["detail"]


def test_that_a_task_that_goes_wrong_does_not_keep_others_from_running(tmp_path: Path) -> None:
    tasks = Tasks("a client", "omero-py")

    @tasks("breaks")
    def breaks(place: Place) -> None:
        raise ValueError("no such thing")

    @tasks("is refused")
    def is_refused(place: Place) -> None:
        raise RefusedError("not here")

    tasks("works")(lambda place: place.user)
    found = [(each.outcome, each.detail) for each in tasks.run(Place("nowhere", 0, tmp_path))]
    assert found == [(FAILS, "ValueError: no such thing"), (REFUSED, "not here"), (WORKS, "demo")]
    assert "omero-py 5" in tasks.versions()
