"""The application's entry: `python -m omero_desk`, and what the icon starts."""

from __future__ import annotations

import os
import sys

from omero_desk.late import load
from omero_desk.preflight import problem


def main() -> int:
    """Start the application with the command line's options, or say in one line why Qt cannot start."""
    if reason := problem(os.environ):
        sys.stderr.write(f"{reason}\n")
        return 1
    return int(load("omero_desk.app").main())  # imports Qt, which is safe only now


if __name__ == "__main__":
    sys.exit(main())
