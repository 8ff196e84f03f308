"""ezomero's functions: its own tests, which are in its repository; EZOMERO_TESTS names the folder they are in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bench.clients.omero_web import address
from bench.clients.tasks import FAILS, SKIPPED, WORKS, Place, Result, Tasks

_PROJECT = Path(__file__).parents[2]
_JAVA = "ezimport needs OMERO's importer in Java, which it fetches from OME's own site"
_KNOWN = {
    "test_ezimport": (SKIPPED, _JAVA),
    "test_get_original_filepaths_and_series_index": (SKIPPED, _JAVA),
}


class OwnTests(Tasks):
    """A client's own tests: a result for each file, and one for each test that does not pass."""

    def run(self, place: Place) -> Iterator[Result]:
        """Run them as the administrator, as they want it, with an OMERO.web."""
        folder = os.environ.get("EZOMERO_TESTS")
        if not folder:
            yield Result("its own tests", SKIPPED, "EZOMERO_TESTS does not name the folder of its tests", 0)
            return
        report = place.folder / "ezomero.xml"
        self._run(Path(folder), place, report)
        yield from _results(report)

    @staticmethod
    def _run(folder: Path, place: Place, report: Path) -> None:
        programs = _stand_in(place.folder / "bin")
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(_PROJECT)}
        server = ["--omero-host", place.host, "--omero-port", str(place.port), "--omero-web-host", address(place)]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *server]
        said = sys.stderr
        subprocess.run([*command, folder.name], cwd=folder.parent, env=environment, stdout=said, check=False)


def _stand_in(folder: Path) -> Path:
    """Make a folder with an `omero` that imports without Java."""
    folder.mkdir(exist_ok=True)
    program = folder / "omero"
    # The tests are run beside a package `tests` of their own.
    run = f'PYTHONSAFEPATH=1 exec "{sys.executable}" -W ignore -m bench.clients.stand_in_import "$@"'
    program.write_text(f"#!/bin/sh\n{run}\n")
    program.chmod(0o755)
    return folder


def _results(report: Path) -> Iterator[Result]:
    files: dict[str, list[float]] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name, seconds = case.get("name", ""), float(case.get("time", 0))
        trouble = next(
            (case.find(kind) for kind in ("failure", "error", "skipped") if case.find(kind) is not None), None
        )
        if trouble is None:
            files.setdefault(case.get("classname", ""), []).append(seconds)
            continue
        outcome, reason = _KNOWN.get(name, (FAILS, (trouble.get("message") or "")[:300]))
        yield Result(name, outcome, reason, round(seconds, 2))
    for name, times in files.items():
        yield Result(f"{name.rpartition('.')[2]}.py", WORKS, f"{len(times)} tests pass", round(sum(times), 2))


TASKS = OwnTests("ezomero, its own tests", "ezomero", "omero-py", "omero-web")
