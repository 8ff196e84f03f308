"""The application's entry: `python -m omero_desk`, and what the icon starts."""

from __future__ import annotations

import os
import sys

from omero_desk.system.child_process import run_as_asked
from omero_desk.system.lazy_imports import load
from omero_desk.system.preflight import problem


def main() -> int:
    """Start the application with the command line's options, or say in one line why Qt cannot start.

    In a process that a frozen program has started for one of its modules, run that module instead.
    """
    if run_as_asked(sys.argv[1:]):
        return 0
    if reason := problem(os.environ):
        sys.stderr.write(f"{reason}\n")
        return 1
    return int(load("omero_desk.app").main())  # imports Qt, which is safe only now


if __name__ == "__main__":
    sys.exit(main())
