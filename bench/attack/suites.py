"""The tests that send the embedded server what nobody would write, with as many tries as the limits ask for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Final

TRIES: Final = 10_000
_SUITES: Final = (
    ("HQL", "HQL_FUZZ", "tests/server/hql/test_hql_fuzz.py"),
    ("calls of services", "OMERO_DESK_FUZZ", "tests/server/wire/test_wire_fuzz.py"),
)


def run(tries: int = TRIES) -> list[tuple[str, str, float]]:
    """Return for each half of the tries what was sent, how that ended, and the seconds that it took."""
    found = []
    share = tries // len(_SUITES)
    for name, variable, path in _SUITES:
        started = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", path]
        environment = {**os.environ, variable: str(share), "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        told = "all answered" if done.returncode == 0 else (lines[-1] if lines else f"exit code {done.returncode}")
        found.append((f"{share:,} {name} at random", told, time.perf_counter() - started))
    return found
