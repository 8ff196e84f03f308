"""`./run bench clients [PYTHON]`: what comes of each client's tasks, as a table in docs/clients.md.

PYTHON is that of an environment with the clients that this project does not need, made by `python -m venv` and
`pip install omero-py omero-web ezomero napari-omero omero-rois omero-marshal selenium requests pytest
PySide6-Essentials omero-cli-render omero-cli-duplicate omero-metadata omero-cli-zarr omero-cli-transfer` and a wheel
of zeroc-ice 3.6.5. EZOMERO_TESTS names the folder `tests` of a checkout of ezomero, and Chromium with its driver must
be installed. What is missing is told in the table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.clients.tasks import FAILS, SKIPPED
from bench.results import save
from omero_desk.server.configuration import VERSION
from tests.support.server_process import ServerProcess, running_server

_PROJECT = Path(__file__).parents[2]
_TABLE = _PROJECT / "docs/clients.md"
_OURS = ("blitzgateway", "blitzgateway_writing", "command_line")
_OTHERS = ("plugins", "web_pages", "web_forms", "web_browser", "napari", "marshal", "ezomero_tests")
_SECONDS = 600
_OWN_TESTS = "## OME's own tests\n"

_HEAD = """# Clients and the embedded server

Programs that were written for OMERO.server, unmodified, against the embedded server (it answers as OMERO.server
{version}) with the demo library. `./run bench clients PYTHON` made this table on {day}; `bench/clients/report.py`
says which environment it needs. {counts}

*works*: the task's checks passed. *refused*: it is no part of this server, which says so as OMERO does. *client's
fault*: it goes wrong before a server is asked. *not run*: the reason is given.
"""


def main(python: str = "") -> None:
    """Run all clients, one after the other, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        print("Making the demo library…", flush=True)
        # OMERO.web asks as a guest whether a server is there.
        with running_server(Path(folder) / "library", "--demo", "--set", "desk.guests=true") as server:
            found = [_client(module, sys.executable, server, Path(folder)) for module in _OURS]
            found += [_client(module, python, server, Path(folder)) for module in _OTHERS]
    _TABLE.write_text("\n".join([*_document(found), *_kept()]) + "\n", encoding="utf-8")
    save("clients", {"clients": found})
    print(f"Written to {_TABLE.relative_to(_PROJECT)}")


def _client(module: str, python: str, server: ServerProcess, folder: Path) -> dict[str, Any]:
    print(f"Running {module}…", flush=True)
    place = folder / module
    place.mkdir()
    if not python:
        return _not_run(module, "its environment was not named")
    command = [python, "-W", "ignore", "-m", "bench.clients", module, "localhost", str(server.ssl_port), str(place)]
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=_SECONDS, cwd=_PROJECT, check=False
        )
    except subprocess.TimeoutExpired:
        return _not_run(module, f"it took more than {_SECONDS} s", FAILS)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        return _not_run(module, done.stderr.strip().rpartition("\n")[2])
    tasks = [line for line in lines[1:] if "task" in line]
    return {**lines[0], "tasks": tasks}


def _not_run(module: str, why: str, outcome: str = SKIPPED) -> dict[str, Any]:
    task = {"task": "all tasks", "outcome": outcome, "detail": why, "seconds": 0}
    return {"client": module, "versions": "", "tasks": [task]}


def _document(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    counts = Counter(task["outcome"] for client in found for task in client["tasks"])
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
    yield _HEAD.format(version=VERSION, day=f"{datetime.now(UTC):%Y-%m-%d}", counts=f"In all: {told}.")
    for client in found:
        yield f"## {client['client']}\n"
        if client["versions"]:
            yield f"{client['versions']}\n"
        yield "| task | result | in detail |\n|---|---|---|"
        yield from (_row(task) for task in client["tasks"])
        yield ""


def _kept() -> Iterator[str]:
    """What is written by hand at the table's end: the section of OME's own tests."""
    _, heading, text = _TABLE.read_text("utf-8").partition(_OWN_TESTS)
    if heading:
        yield f"{heading}{text.rstrip()}"


def _row(task: dict[str, Any]) -> str:
    return (
        "| "
        + " | ".join(" ".join(str(task[key]).replace("|", "\\|").split()) for key in ("task", "outcome", "detail"))
        + " |"
    )
