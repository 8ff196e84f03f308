"""`python -m bench.clients MODULE HOST PORT FOLDER`: run the tasks of one client, and print results as JSON lines."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.clients.tasks import Place, Tasks


def main() -> None:
    """The first line names the client, each other one is a task's result."""
    name, host, port, folder = sys.argv[1:]
    tasks: Tasks = import_module(f"bench.clients.{name}").TASKS
    print(json.dumps({"client": tasks.client, "versions": tasks.versions()}), flush=True)
    for result in tasks.run(Place(host, int(port), Path(folder))):
        print(json.dumps(asdict(result)), flush=True)


main()
